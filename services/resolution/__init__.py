"""Resolution makes it right: offers, remedies carried out once, everything said to a customer."""
