"""Routing takes every case straight to one person who holds the authority to decide it."""
