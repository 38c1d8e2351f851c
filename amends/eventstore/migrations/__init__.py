"""How the store's own tables came to be: `env.py` is Alembic's, `versions` are the revisions."""
