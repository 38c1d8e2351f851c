"""Handlers: load, decide, append; one transaction each.

What a rule knows from the read models is read before the transaction; where a limit or a place
counts, the row is locked inside it, and what is no longer so is looked up and decided again.
"""
