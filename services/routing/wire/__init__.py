"""Routing as the contract spells it, where names alone do not say it; a module per idea."""
