"""The rules of resolution: pure, a file per idea."""
