"""Kafka's jars, exactly those of the committed lock, fetched with jgo and checked by their hash.

They lie in the virtual environment, since they are installed, not data. After a change of
`kafka/jgo.toml`, `jgo --class-path-only lock` in that folder writes the lock anew.
"""

import hashlib
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests
import truststore
from jgo.maven import MavenContext

from deploy.local.refused import Refused

LOCK = Path(__file__).parent / "kafka" / "jgo.lock.toml"
FOLDER = Path(sys.prefix) / "share" / "kafka"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked jar."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file(self) -> Path:
        """Where it is installed."""
        return FOLDER / f"{self.artifact}-{self.version}.jar"

    def installed(self) -> bool:
        """Whether exactly this jar is there."""
        return self.file.is_file() and _sha256(self.file) == self.sha256


def locked() -> list[Jar]:
    """The jars of the lock."""
    dependencies = tomllib.loads(LOCK.read_text())["dependencies"]
    return [
        Jar(one["groupId"], one["artifactId"], one["version"], one["sha256"])
        for one in dependencies
    ]


def require() -> None:
    """Refuses when a jar is missing; trusts the hashes checked when they were installed."""
    missing = [jar.file.name for jar in locked() if not jar.file.is_file()]
    if missing:
        raise Refused(f"Kafka's jars are not installed ({missing[0]}, ...)", "run `make setup`")


def install(installed: Callable[[Jar], None]) -> None:
    """Fetches what is missing or differs, telling of each jar; removes what the lock left."""
    truststore.inject_into_ssl()
    FOLDER.mkdir(parents=True, exist_ok=True)
    jars = locked()
    for stranger in set(FOLDER.glob("*.jar")) - {jar.file for jar in jars}:
        stranger.unlink()
    with ThreadPoolExecutor(max_workers=8) as pool:
        for jar in pool.map(_install, jars):
            installed(jar)


def _install(jar: Jar) -> Jar:
    if not jar.installed():
        for _ in range(_TRIES):
            if _fetch(jar):
                break
        else:
            raise Refused(
                f"{jar.file.name} could not be fetched from the Java package registry with the "
                "hash of the lock",
                "check the network and its proxy, then run `make setup` again",
            )
    return jar


def _fetch(jar: Jar) -> bool:
    """Each try has a cache of its own: a fetch that broke off leaves nothing behind."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as cache:
        context = MavenContext(repo_cache=Path(cache), timeout=30)
        artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
        try:
            fetched = artifact.resolve()
        except (requests.RequestException, RuntimeError):
            return False
        if _sha256(fetched) != jar.sha256:
            return False
        shutil.move(fetched, jar.file)
        return True


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
