"""Rights: what a service's own user may do in its database, and nobody else's.

A service never needs to change or remove an event, so its user may not; the trigger refuses it to
the owner of the tables too. MAINTAIN lets a rebuild lock what it may not write.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection, inspect, text

STORE: Mapping[str, str] = MappingProxyType(
    {
        "alembic_version": "SELECT",
        "answers": "SELECT, INSERT",
        "events": "SELECT, INSERT, MAINTAIN",
        "inbox": "SELECT, INSERT",
        "inbox_heads": "SELECT, INSERT, UPDATE",
        "outbox": "SELECT, INSERT, UPDATE",
        "outbox_topic": "SELECT, INSERT, UPDATE",
        "parked": "SELECT, INSERT, UPDATE, DELETE",
        "person_keys": "SELECT, INSERT, UPDATE",
        "persons": "SELECT, INSERT",
    }
)
"""By table of the store. Every other table is the service's own: it reads and writes all rows."""

_OWN = "SELECT, INSERT, UPDATE, DELETE"
_LACKING = text("""
    SELECT count(*) FROM unnest(CAST(:tables AS text[]), CAST(:rights AS text[])) AS due (name, may)
    WHERE NOT has_table_privilege(:user, quote_ident(name), may)
""")
# TEMPORARY: tables that only its own session sees, into which `compare` rebuilds.
_MAY_CONNECT = text("""
    SELECT has_database_privilege(:user, current_database(), 'CONNECT')
        AND has_database_privilege(:user, current_database(), 'TEMPORARY')
""")


def are_granted(conn: Connection, user: str | None) -> bool:
    """Whether the user may do all that a service does; nobody named needs nothing."""
    if user is None:
        return True
    due = [
        (table, right) for table, rights in _by_table(conn).items() for right in rights.split(", ")
    ]
    wanted = {
        "user": user,
        "tables": [table for table, _ in due],
        "rights": [right for _, right in due],
    }
    lacking = conn.execute(_LACKING, wanted).scalar_one()
    return not lacking and bool(conn.execute(_MAY_CONNECT, {"user": user}).scalar_one())


def grant(conn: Connection, user: str) -> None:
    """Lets the user do what a service does, and no more, and keeps all others out."""
    quote = conn.dialect.identifier_preparer.quote
    who, database = quote(user), quote(conn.engine.url.database or "")
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {who}",
        *(f"GRANT {may} ON {quote(table)} TO {who}" for table, may in _by_table(conn).items()),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {who}",
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {who}",
    ]
    for statement in statements:
        conn.execute(text(statement))


def _by_table(conn: Connection) -> dict[str, str]:
    return {table: STORE.get(table, _OWN) for table in inspect(conn).get_table_names()}
