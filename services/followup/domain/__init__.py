"""What follow-up decides: pure rules, a file per idea."""
