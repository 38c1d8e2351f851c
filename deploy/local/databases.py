"""One database per service, one user per service, and the user who owns all tables.

A service's user gets its rights with the tables (`amends/eventstore/rights.py`).
"""

import psycopg
from psycopg import sql

from deploy.local.refused import Refused

DATABASES = tuple(
    f"amends_{service}" for service in ("intake", "routing", "resolution", "followup", "commerce")
)
USERS = DATABASES
"""Each service's user is named like its database."""
OWNER = "amends_owner"

_THEIR_OWN = """
    SELECT format('ALTER TABLE %s OWNER TO', oid::regclass) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO', oid::regprocedure) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
"""


def create(admin: str, password: str) -> None:
    """Makes users and databases that are missing on our own server; harmless when repeated.

    What an older stack's one user owned goes to the owner.
    """
    with psycopg.connect(f"{admin}postgres", connect_timeout=2, autocommit=True) as connection:
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for name in {OWNER, *USERS} - there:
            make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(make.format(sql.Identifier(name), sql.Literal(password)))
        _create_missing(connection)
        owned = sql.SQL(
            "SELECT datname FROM pg_database WHERE datname = ANY(%s) AND datdba = %s::regrole"
        )
        done = {name for (name,) in connection.execute(owned, [list(DATABASES), OWNER])}
        for name in set(DATABASES) - done:
            _hand_over(f"{admin}{name}")


def create_at(url: str) -> None:
    """Creates the services' databases on a server that is not ours; its one user owns them."""
    plain = url.replace("postgresql+psycopg://", "postgresql://").rstrip("/")
    try:
        with psycopg.connect(
            f"{plain}/postgres", connect_timeout=5, autocommit=True, client_encoding="utf8"
        ) as connection:
            _create_missing(connection)
    except psycopg.Error as error:
        raise Refused(
            f"the database server of AMENDS_DATABASE_URL cannot be used: {error}",
            "name a server on which the user may create databases "
            "(postgresql+psycopg://user:password@host:port/), or unset the variable",
        ) from error


def _create_missing(connection: psycopg.Connection) -> None:
    """In UTF-8, whatever the server's own databases are in."""
    make = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
    there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    for name in DATABASES:
        if name not in there:
            connection.execute(make.format(sql.Identifier(name)))


def _hand_over(address: str) -> None:
    owner = sql.Identifier(OWNER)
    with psycopg.connect(address, connect_timeout=2) as connection:
        for (statement,) in connection.execute(_THEIR_OWN).fetchall():
            connection.execute(sql.SQL(statement + " {}").format(owner))
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, owner))
