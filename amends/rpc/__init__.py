"""The gRPC edge that every service shares: identity, validation, limits, refusals, channels."""
