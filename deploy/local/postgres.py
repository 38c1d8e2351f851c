"""PostgreSQL from its wheel: one cluster per stack."""

import contextlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from deploy.local import databases, unprivileged, wheels
from deploy.local.home import Home
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.private import write_private
from deploy.local.refused import Refused

ADMIN = "amends"
"""Made with the cluster; may do everything."""
SERVICE = "amends_{service}"
"""As `AMENDS_DATABASE_URL` spells the users of the services."""

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # No socket: its path would be limited to 107 characters.
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %d ",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """The database server of one stack."""

    home: Home
    ports: Ports

    def address(self, user: str) -> str:
        """Of the server, for one of its users; a database's name is appended."""
        return f"postgresql://{user}:{self.password()}@{self.ports.address('postgres')}/"

    @property
    def url(self) -> str:
        """SQLAlchemy's address of the server for the services, each with a user of its own."""
        return self._for_sqlalchemy(SERVICE)

    @property
    def owner_url(self) -> str:
        """The same for whoever makes the tables."""
        return self._for_sqlalchemy(databases.OWNER)

    def part(self) -> Part:
        """How the supervisor runs it: in the foreground, as its own child."""
        return Part(
            name="postgres",
            command=(*self._as_whom(), str(wheels.postgres("postgres")), *self._arguments()),
            ready=self._answers,
            address=self.ports.address("postgres"),
            prepare=self._prepare,
            settle=self._create_databases,
            stop_signal="INT",  # fast shutdown: roll back, disconnect, checkpoint
        )

    @property
    def _data(self) -> Path:
        return self.home.data / "postgres"

    @property
    def _cluster(self) -> Path:
        return self._data / "cluster"

    def _as_whom(self) -> tuple[str, ...]:
        return unprivileged.prefix(wheels.postgres("postgres"), self._data)

    def _arguments(self) -> tuple[str, ...]:
        settings = {"port": str(self.ports["postgres"]), **_SETTINGS}
        options = (("-c", f"{name}={value}") for name, value in settings.items())
        return ("-D", str(self._cluster), *(word for option in options for word in option))

    def password(self) -> str:
        """Of every user: this stack is of one person."""
        file = self.home.keys / "postgres.password"
        if not file.exists():
            write_private(file, secrets.token_urlsafe(24))
        return file.read_text().strip()

    def _prepare(self) -> None:
        if not self._cluster.exists():
            self._initialise()
        self._forget_dead_server()

    def _initialise(self) -> None:
        """Makes the cluster beside its place and moves it there whole."""
        self._data.mkdir(parents=True, exist_ok=True)
        prefix = self._as_whom()
        half = self._data / "half-made"
        shutil.rmtree(half, ignore_errors=True)
        with self._password_for_initdb() as password:
            made = subprocess.run(
                [*prefix, str(wheels.postgres("initdb")), *_initdb_options(half, password)],
                capture_output=True,
                text=True,
                check=False,
            )
        if made.returncode != 0:
            raise Refused(f"initdb failed: {made.stderr.strip()}", f"look at {self._data}")
        half.rename(self._cluster)

    @contextlib.contextmanager
    def _password_for_initdb(self) -> Iterator[Path]:
        """A file for whoever owns the data folder: that user may not enter the one of the keys."""
        file = self._data / "password"
        write_private(file, self.password())
        owner = self._data.stat()
        os.chown(file, owner.st_uid, owner.st_gid)
        yield file
        file.unlink()

    def _forget_dead_server(self) -> None:
        """After kill -9 of everything the pid file stays; its pid may be another program's now."""
        file = self._cluster / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            if not _is_postgres(int(file.read_text().split("\n", 1)[0])):
                file.unlink()

    def _answers(self) -> bool:
        with self._connect():
            return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.ports["postgres"],
            user=ADMIN,
            password=self.password(),
            dbname="postgres",
            connect_timeout=2,
            autocommit=True,
        )

    def _create_databases(self) -> None:
        databases.create(self.address(ADMIN), self.password())

    def _for_sqlalchemy(self, user: str) -> str:
        return self.address(user).replace("postgresql://", "postgresql+psycopg://")


def _initdb_options(cluster: Path, password: Path) -> tuple[str, ...]:
    return (
        f"--pgdata={cluster}",
        f"--username={ADMIN}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",  # the same order of words on every machine
        "--locale=C.UTF-8",
        "--no-instructions",
    )


def _is_postgres(pid: int) -> bool:
    try:
        return pid != os.getpid() and psutil.Process(pid).name() == "postgres"
    except psutil.NoSuchProcess:
        return False
