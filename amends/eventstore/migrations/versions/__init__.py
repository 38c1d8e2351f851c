"""The revisions of the store's own tables, in the order of their numbers."""
