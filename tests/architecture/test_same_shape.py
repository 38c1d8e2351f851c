"""The four services have the same rooms, and each room the same names."""

import ast
from pathlib import Path

import pytest

from deploy.local.home import CHECKOUT

SERVICES = ("intake", "routing", "resolution", "followup")
ROOMS = {
    "README.md",
    "__init__.py",
    "__main__.py",
    "bootstrap.py",
    "servicer",
    "subscriptions.py",
    "gateways",
    "handlers",
    "read_models",
    "migrations",
    "wire",
    "domain",
}
EITHER = {f"{room}.py": room for room in ("servicer", "gateways", "read_models", "wire")}
"""Rooms that are one module, or a package of the same name with a module per idea."""


def rooms_of(service: str) -> set[str]:
    """What stands in a service's folder; a room that is there twice has no name."""
    folder = CHECKOUT / "services" / service
    found = [place.name for place in folder.iterdir() if place.name != "__pycache__"]
    rooms = [EITHER.get(name, name) for name in found]
    return {room for room in rooms if rooms.count(room) == 1}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_exactly_the_rooms_of_the_others(service: str) -> None:
    assert rooms_of(service) == ROOMS


@pytest.mark.parametrize("service", SERVICES)
def test_bootstrap_builds_the_app(service: str) -> None:
    tree = ast.parse((CHECKOUT / "services" / service / "bootstrap.py").read_text())
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert "build" in functions


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_explains_itself_on_one_page(service: str) -> None:
    text = (CHECKOUT / "services" / service / "README.md").read_text()
    assert 5 <= len(text.splitlines()) <= 45


def domain_files() -> list[Path]:
    return sorted(CHECKOUT.glob("services/*/domain/*.py"))


@pytest.mark.parametrize("file", domain_files(), ids=lambda file: "/".join(file.parts[-3:]))
def test_a_domain_reads_no_clock_and_draws_no_lots(file: Path) -> None:
    names = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert not names & {
        "datetime.now",
        "datetime.utcnow",
        "time.time",
        "time.monotonic",
        "uuid.uuid4",
        "date.today",
    }
