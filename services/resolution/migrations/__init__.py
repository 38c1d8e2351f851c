"""The revisions of resolution's own tables, in the order of their numbers."""
