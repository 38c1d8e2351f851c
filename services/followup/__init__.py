"""Follow-up: asks weeks later whether it is solved, and closes the case with its outcome."""
