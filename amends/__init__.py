"""Amends: every customer escalation as one durable process."""
