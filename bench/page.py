"""Writes the figures of the last whole run into docs/performance.md: `python -m bench.page`."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from bench.report import RESULT, said
from deploy.local.home import CHECKOUT

_PAGE = CHECKOUT / "docs" / "performance.md"
_BEGIN, _END = "<!-- figures -->", "<!-- until here -->"


def main() -> int:
    """Refuses where there was no whole run."""
    if not RESULT.exists():
        sys.stderr.write(f"Refused: there is no {RESULT}\nDo this: make bench\n")
        return 1
    before, rest = _PAGE.read_text().split(_BEGIN, 1)
    after = rest.split(_END, 1)[1]
    _PAGE.write_text(f"{before}{_BEGIN}\n{table(json.loads(RESULT.read_text()))}{_END}{after}")
    return 0


def table(run: Mapping[str, Any]) -> str:
    """Where it ran, and every figure with its aim."""
    machine = run["environment"]
    where = (
        f"{machine['cpu']}, {machine['cores']} cores, Python {machine['python']}, "
        f"commit {machine['commit']}, seed {run['seed']}, size {run['size']}; load average at the "
        f"end {machine['load_average_1_min']}."
    )
    rows = [
        f"| {name.replace('_', ' ')} | {said(one['value'])} {one['unit']} | {_aim(one)} |"
        for name, one in run["figures"].items()
    ]
    return "\n".join([where, "", "| figure | value | aim |", "|---|---|---|", *rows, ""])


def _aim(one: Mapping[str, Any]) -> str:
    if "aim" not in one:
        return ""
    return f"{one['aim']}: {'yes' if one['holds'] else 'no'}"


if __name__ == "__main__":
    sys.exit(main())
