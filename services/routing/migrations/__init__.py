"""The revisions of routing's own tables, in the order of their numbers."""
