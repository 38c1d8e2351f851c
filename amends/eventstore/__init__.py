"""The event store: what a service said, kept for ever, told to others, and readable again.

It holds no business rule and never calls another service inside a transaction.
"""
