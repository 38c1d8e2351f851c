"""`amends`: what people do with the system from a terminal, over gRPC only."""

from amends.cli.app import main

__all__ = ["main"]
