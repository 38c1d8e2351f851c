"""The reference merchant behind the CommerceService contract; merchants put their own here."""
