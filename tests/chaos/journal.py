"""The client's own record of what it was told: every acknowledgement, on disk before it counts.

Beside the file it keeps in memory whose ids are whose, so that each answer can be looked through
for an id of another tenant (I10).
"""

import json
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

Answered = Callable[[str, Message, Message], None]
_IDS = re.compile(rb"\b(?:esc|asg|off|rem|rsp|rfd|crd|rep)_[0-9a-z]+\b|\b[CO]-[0-9a-f]{8}-\d+\b")


class Journal:
    """One load's acknowledgements. Thread-safe."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._owners: dict[bytes, str] = {}
        self.path = path
        self.opened: dict[str, str] = {}
        """The tenant of each acknowledged case."""
        self.foreign: list[str] = []
        """Ids that an answer carried to somebody of another tenant."""

    def of(self, tenant: str) -> Answered:
        """What takes the answers of one tenant's callers."""

        def answered(rpc: str, request: Message, answer: Message) -> None:
            self._look_through(tenant, answer)
            if "request_id" in request.DESCRIPTOR.fields_by_name:
                self._note(tenant, rpc, request, answer)

        return answered

    def close(self) -> None:
        """Nothing more is acknowledged."""
        self._file.close()

    def _note(self, tenant: str, rpc: str, request: Any, answer: Any) -> None:  # noqa: ANN401
        escalation = getattr(answer, "escalation_id", "") or getattr(request, "escalation_id", "")
        line = {
            "at": time.time(),
            "tenant": tenant,
            "rpc": rpc,
            "request_id": request.request_id,
            "escalation": escalation,
        }
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            if rpc == "OpenEscalation":
                self.opened[escalation] = tenant

    def _look_through(self, tenant: str, answer: Message) -> None:
        found = set(_IDS.findall(answer.SerializeToString()))
        with self._lock:
            strangers = {one for one in found if self._owners.setdefault(one, tenant) != tenant}
            self.foreign += sorted(one.decode() for one in strangers)
