"""The services: one process each, one shape; none imports another."""
