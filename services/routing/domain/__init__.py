"""What routing decides: pure rules, a file per idea."""
