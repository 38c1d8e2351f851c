"""The revisions of commerce's own tables, in the order of their numbers."""
