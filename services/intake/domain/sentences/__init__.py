"""Sentences: each event of the four services in one sentence, without personal words."""
