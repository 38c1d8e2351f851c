"""Handlers: load, decide, append; one transaction each."""
