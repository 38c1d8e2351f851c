"""Read models: tables kept in the transaction of the events, and the questions asked of them.

A column that is only read as a whole holds the event that said it; `wire` makes values of it.
"""

from services.routing.read_models.tables import metadata

__all__ = ["metadata"]
