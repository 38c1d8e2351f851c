"""Databases that a test makes for one service, and what stands in their catalogue."""

import uuid
from importlib import import_module
from pathlib import Path

import psycopg

from amends.eventstore.migrate import STORE
from deploy.local.databases import OWNER
from deploy.local.postgres import ADMIN, Postgres
from deploy.local.stack import Stack

_CATALOGUE = """
    SELECT format('%s.%s %s%s default %s', c.relname, attname, format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN ' not null' ELSE '' END,
        coalesce(pg_get_expr(adbin, adrelid), attidentity::text))
    FROM pg_attribute
    JOIN pg_class AS c ON c.oid = attrelid AND relnamespace = 'public'::regnamespace
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND relkind = 'r'
    UNION ALL
    SELECT format('%s: %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def folders_of(service: str) -> list[Path]:
    own: Path = import_module(f"services.{service}.bootstrap").MIGRATIONS
    return [own] if service == "commerce" else [STORE, own]


class Database:
    """A database of one test, and its addresses."""

    def __init__(self, server: Stack, service: str) -> None:
        self._server, self._name = Postgres(server.home, server.ports), f"test_{uuid.uuid4().hex}"
        with psycopg.connect(self._server.address(ADMIN) + "postgres", autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {self._name} OWNER {OWNER}")
        self.admin = self._server.address(ADMIN) + self._name
        self.plain_url = self.address_for(service)
        self.url = self.plain_url.replace("postgresql:", "postgresql+psycopg:")
        self.owner_url = self._server.owner_url + self._name

    def address_for(self, service: str) -> str:
        """As the user of a service."""
        return self._server.address(f"amends_{service}") + self._name

    def catalogue(self) -> set[str]:
        with psycopg.connect(self.admin) as conn:
            return catalogue(conn)


def catalogue(conn: psycopg.Connection) -> set[str]:
    """Every column, constraint and index, but what Alembic keeps for itself."""
    found = {line for (line,) in conn.execute(_CATALOGUE)}
    return {line for line in found if "alembic_version" not in line}
