"""`make bench`: from OpenEscalation called until the assignment is seen in the live queue.

One case at a time on a stack of its own; the floor is a bare one-activity workflow on the same
server in the same run.
"""

import asyncio
import json
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import grpc
from rich.console import Console
from rich.table import Table

from amends.cli import directory
from amends.client import new_request_id
from amends.v1 import intake_service_pb2, routing_service_pb2, types_pb2
from bench.bare_workflow import floor
from deploy.demo.cast import Cast, gather
from deploy.local.home import CHECKOUT
from deploy.local.ports import Ports
from deploy.local.stack import Stack

CASES = 100
WARM_UP = 10
RESULT = CHECKOUT / "bench" / "results" / "latest.json"
_PATIENCE = 30.0
_HOLDER = {
    "entry": {
        "decision_maker_id": "dm_bench",
        "kind": "DECISION_MAKER_KIND_TEAM",
        "public_name": "The bench",
        "subjects": ["bench"],
        "seniority": 1,
        "capacity": 1000,
    },
    "grants": {"reship": "200.00 GBP"},
}


class Queue:
    """The live queue, watched: when each case was first seen in it."""

    def __init__(self, cast: Cast) -> None:
        self._stream = cast.operator.routing.WatchAssignments(
            routing_service_pb2.WatchAssignmentsRequest()
        )
        self._seen: dict[str, float] = {}
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def seen_at(self, escalation: str) -> float:
        """`time.perf_counter()` of the moment at which the case stood in the queue."""
        with self._changed:
            if not self._changed.wait_for(lambda: escalation in self._seen, _PATIENCE):
                raise TimeoutError(escalation)
            return self._seen[escalation]

    def close(self) -> None:
        """Ends the watching."""
        self._stream.cancel()
        self._reader.join()

    def _read(self) -> None:
        with suppress(grpc.RpcError):
            for news in self._stream:
                with self._changed:
                    self._seen.setdefault(news.assignment.escalation_id, time.perf_counter())
                    self._changed.notify_all()


def opened_to_assigned(cast: Cast, times: int) -> list[float]:
    """Seconds from each call until its assignment is seen, one case after the other."""
    queue = Queue(cast)
    found = []
    for number in range(times):
        request = intake_service_pb2.OpenEscalationRequest(
            request_id=new_request_id(),
            channel=types_pb2.CHANNEL_WEB,
            cause=types_pb2.CAUSE_DAMAGED,
            customer="C-1042",
            order=f"BENCH-{number}-{new_request_id()}",
            words="It came broken.",
            remedy_sought=types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_REPLACEMENT]),
        )
        began = time.perf_counter()
        opened = cast.platform.intake.OpenEscalation(request)
        found.append(queue.seen_at(opened.escalation_id) - began)
    queue.close()
    return found


def figures(seconds: list[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20)
    return {
        "p50_ms": round(statistics.median(seconds) * 1000, 1),
        "p95_ms": round(cuts[-1] * 1000, 1),
    }


def measure(home: Path) -> dict[str, object]:
    """Everything, on a stack that ends with it."""
    with Stack(home, Ports.free()) as stack:
        cast = gather(stack.env())
        directory.enter(cast.operator, _HOLDER)
        opened_to_assigned(cast, WARM_UP)
        ours = figures(opened_to_assigned(cast, CASES))
        settings = cast.settings
        bare = figures(
            asyncio.run(floor(settings.temporal_address, settings.temporal_namespace, CASES))
        )
        cast.close()
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "cases": CASES,
        "open_to_assigned": ours,
        "bare_one_activity_workflow": bare,
        "ratio_p50": round(ours["p50_ms"] / bare["p50_ms"], 2),
    }


def show(found: Mapping[str, object], console: Console) -> None:
    """The same as a table."""
    drawn = Table(title=f"One at a time, {CASES} times", title_justify="left")
    for column in ("what", "p50 ms", "p95 ms"):
        drawn.add_column(column)
    for name in ("open_to_assigned", "bare_one_activity_workflow"):
        row = found[name]
        assert isinstance(row, dict)  # noqa: S101 - `measure` made it
        drawn.add_row(name.replace("_", " "), str(row["p50_ms"]), str(row["p95_ms"]))
    console.print(drawn)
    console.print(f"ratio of the p50: {found['ratio_p50']}; written to {RESULT}")


def main() -> None:
    """Measures, shows, and writes the figures."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=2) + "\n")
    show(found, Console(highlight=False))


if __name__ == "__main__":
    main()
