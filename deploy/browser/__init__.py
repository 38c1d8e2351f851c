"""The Temporal UI in a real browser: what operations see, looked at as they look at it."""
