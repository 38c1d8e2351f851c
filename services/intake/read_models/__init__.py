"""Read models: how each case stands, which one is open, and the questions asked of them."""

from services.intake.read_models.cases import metadata

__all__ = ["metadata"]
