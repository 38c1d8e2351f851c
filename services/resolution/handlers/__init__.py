"""Handlers: load, decide, append; one transaction each, and whom to ask before it.

A yes may rest on what others told; before a no that rests on it, they are asked. Three things are
always asked: authority and ownership for an offer, the confirmed restatement for a remedy.
"""
