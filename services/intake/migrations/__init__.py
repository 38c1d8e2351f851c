"""The revisions of intake's own tables, in the order of their numbers."""
