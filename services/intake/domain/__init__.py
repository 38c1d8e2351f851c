"""What intake decides: pure rules, a file per idea."""
