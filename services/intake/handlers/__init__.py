"""Handlers: load, decide, append; one transaction each. And whole cases, read from the events."""
