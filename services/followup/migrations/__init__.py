"""The revisions of followup's own tables, in the order of their numbers."""
