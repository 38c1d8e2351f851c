"""`amends`: what people do with the system from a terminal, over gRPC only."""

from amends.cli.program import main

__all__ = ["main"]
