"""Migrate: brings a service's database to the tables that this program knows, and no further.

Revisions stand in folders, each a line of its own: the store's, and the service's. A revision is a
file named for its id, such as `store_0001_baseline.py`; the last of a folder is its head. There is
no way down: what a revision dropped is only in the backup.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, inspect, make_url, text

from amends.eventstore import rights

STORE = Path(__file__).with_name("migrations") / "versions"
"""The revisions of the store's own tables."""

_ENVIRONMENT = Path(__file__).with_name("migrations")
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('amends migrate'))")
_AT = text("SELECT version_num FROM alembic_version")
_VERSIONS = "alembic_version"


class DatabaseIsNewer(RuntimeError):
    """The database has revisions that this program does not know: a newer one made them."""


def migrate(url: str, owner_url: str, folders: Sequence[Path]) -> None:
    """Makes what is missing, and lets the user of `url` do with it what a service does.

    The user of `owner_url` owns the tables; where both are the same, that one may do everything.
    Harmless when repeated, and when several processes do it at the same time. Tables that were
    made before there were revisions are taken over as they are.

    Raises:
        DatabaseIsNewer: nothing was changed.
    """
    user, owner = make_url(url).username, make_url(owner_url).username
    grantee = None if user == owner else user
    engine = create_engine(owner_url, poolclass=NullPool, connect_args={"connect_timeout": 3})
    with engine.connect() as conn:
        ready = _is_at_head(conn, folders) and rights.are_granted(conn, grantee)
    if ready:
        return
    with engine.begin() as conn:
        conn.execute(_ONE_AT_A_TIME)
        if not _is_at_head(conn, folders):
            _upgrade(conn, folders)
        if grantee is not None:
            rights.grant(conn, grantee)


def heads(folders: Sequence[Path]) -> frozenset[str]:
    """The newest revision of each folder."""
    return frozenset(_revisions(folder)[-1] for folder in folders)


def _revisions(folder: Path) -> list[str]:
    """`store_0001` of `store_0001_baseline.py`, in order."""
    names = sorted(file.stem for file in folder.glob("[a-z]*_[0-9]*.py"))
    return ["_".join(name.split("_", 2)[:2]) for name in names]


def _is_at_head(conn: Connection, folders: Sequence[Path]) -> bool:
    if not inspect(conn).has_table(_VERSIONS):
        return False
    found = frozenset(conn.execute(_AT).scalars())
    known = {one for folder in folders for one in _revisions(folder)}
    if strangers := found - known:
        msg = (
            f"{conn.engine.url.database} is at {', '.join(sorted(strangers))}, which this program "
            f"does not know; start the program that made it, or a newer one"
        )
        raise DatabaseIsNewer(msg)
    return found == heads(folders)


def _upgrade(conn: Connection, folders: Sequence[Path]) -> None:
    # Only here: most starts find nothing to do, and importing it takes a tenth of a second.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", _literal(_ENVIRONMENT))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(_literal, folders)))
    config.attributes["connection"] = conn
    command.upgrade(config, "heads")


def _literal(folder: Path) -> str:
    """As an option's value, in which % has a meaning."""
    return str(folder).replace("%", "%%")
