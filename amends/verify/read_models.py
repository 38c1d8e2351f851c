"""I5: every read model is what a rebuild would make of the log and the inbox.

Only a service knows how its read models are made, so each compares its own: `python -m
services.<name> compare`, a process that ends with its answer. All of them at once.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from amends.eventstore.findings import Checked, Finding, Place, Wrong
from amends.verify.report import Report

_SAME, _DIFFERS = 0, 1


class ReadModelCheck:
    """The check `read-models` over the services of these names, which begin at once."""

    name = "read-models"

    def __init__(self, services: Iterable[str]) -> None:
        self._asked = {service: _begin(service) for service in services}
        self._report = Report(self.name)

    def run(self) -> Checked:
        """Waits for all of them."""
        for service, process in self._asked.items():
            told, _ = process.communicate()
            if process.returncode in {_SAME, _DIFFERS} and told.strip():
                self._take(service, json.loads(told.splitlines()[-1]))
            else:
                failed = (
                    f"exit code {process.returncode}; see `python -m services.{service} compare`"
                )
                self._report.unchecked(f"the read models of {service} were not compared ({failed})")
        return self._report.checked()

    def _take(self, service: str, compared: Iterable[Mapping[str, Any]]) -> None:
        for table in compared:
            self._report.count(service, f"rows of {table['table']}", table["rows"])
            for key in table["keys"]:
                self._report.found(
                    Finding(
                        place=Place(service, table["table"]),
                        wrong=Wrong.DIFFERS,
                        what=f"{table['differ']} rows differ from what a rebuild makes, or lack",
                        about=f"row {key}",
                        witnesses=("the rebuild",),
                    )
                )


def _begin(service: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - a program of ours
        [sys.executable, "-m", f"services.{service}", "compare"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
