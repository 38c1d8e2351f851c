"""Calls to others: the merchant, intake's case file, routing's authority.

Every failure to answer is a `DependencyUnavailable`, every refusal of theirs is theirs. Nothing
here is called inside a transaction.
"""
