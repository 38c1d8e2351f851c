"""Reading: one question, one connection, no transaction that waits for anybody."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row, TextClause

from amends.eventstore.engine import reader


class Reader:
    """Reads only; each question on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reader(engine)

    def rows(self, statement: TextClause, **values: object) -> Sequence[Row[Any]]:
        """The rows that answer it."""
        with self._engine.connect() as conn:
            return conn.execute(statement, values).all()
