"""Cases that rest at a step while something is done to the world; each call is made once.

So a call that is refused while a part is away is seen: nothing here makes it again.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from types import TracebackType
from typing import Self

import grpc
import psycopg
from sqlalchemy import make_url

from amends.settings import Settings
from bench.life import STEPS, Life, Lives
from deploy.local.processes import EVENT_SOURCED
from tests.chaos.scene import Scene

_AT_ONCE = 8
_PATIENCE = 90.0
_PAUSE = 0.5
_SAID = """
    SELECT stream_id, version, type, event_id::text FROM events
    WHERE stream_id = ANY(%s) ORDER BY 1, 2
"""
_OWN = {"amends.v1.ResponseSent", "amends.v1.ContextRecorded"}
"""What a new case says of itself, once each."""
Said = tuple[str, int, str, str]
"""Stream, version, type and id of an event."""


class Resting:
    """Such cases, beside those of the load; acknowledged in the same journal."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._settings = Settings.of(scene.stack.env())
        tenant = self._settings.tenant
        answered = scene.load.journal.of(tenant)
        self._lives = Lives(
            self._settings, tenant, orders=2_000, patience=_PATIENCE, answered=answered
        )
        self._numbers = count()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lives.close()

    def bring(self, many: int, step: str) -> list[Life]:
        """New cases, as far as a step; raises what a call is refused with.

        Past the first step nothing but that step is waited for: the process has done its own.
        """
        fresh = [self._lives.begin(next(self._numbers)) for _ in range(many)]
        self.go_on(fresh, "opened", step)
        if step != "opened":
            self.wait_begun(fresh)
        return fresh

    def wait_begun(self, cases: list[Life]) -> None:
        """Until each is acknowledged and looked up, which nobody's assignment waits for."""
        ends = time.monotonic() + _PATIENCE
        while (done := self._own_steps(cases)) < len(_OWN) * len(cases):
            if time.monotonic() > ends:
                msg = f"{done} steps instead of {len(_OWN)} of each of {len(cases)} cases"
                raise TimeoutError(msg)
            time.sleep(_PAUSE)  # between two looks at four stores

    def _own_steps(self, cases: list[Life]) -> int:
        said = [one for events in self.said(cases).values() for one in events]
        return sum(kind in _OWN for _stream, _version, kind, _id in said)

    def go_on(self, cases: list[Life], first: str, last: str) -> None:
        """Takes the steps from one to another with each of them."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda life: _take(life, first, last), cases))

    def open_for(self, seconds: float) -> list[Life]:
        """Opens cases for so long, a few a second."""
        opened: list[Life] = []
        pause, ends = threading.Event(), time.monotonic() + seconds
        while time.monotonic() < ends:
            opened += self.bring(2, "opened")
            pause.wait(_PAUSE)
        return opened

    def open_without(self, part: str, seconds: float, fault: str, *, wiped: bool) -> list[Life]:
        """Cases that were opened while a part was away, with or without all that it kept.

        It is started again; where one was refused the scene says so.
        """
        stack = self._scene.stack
        stack.stop(part)
        self._scene.faults[fault] += 1
        if wiped:
            stack.wipe(part)
        try:
            return self.open_for(seconds)
        except grpc.RpcError as error:
            self._scene.wrong.append(f"{fault}: a case was refused: {error}")
            return []
        finally:
            stack.start(part)

    def said(self, cases: list[Life]) -> dict[str, list[Said]]:
        """Every event of these cases by service."""
        streams = [f"{self._settings.tenant}/escalation/{life.escalation}" for life in cases]
        return {service: self._said(service, streams) for service in EVENT_SOURCED}

    def _said(self, service: str, streams: list[str]) -> list[Said]:
        url = make_url(self._settings.database_url_for(service)).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
            return [tuple(row) for row in connection.execute(_SAID, [streams]).fetchall()]


def _take(life: Life, first: str, last: str) -> None:
    for step in STEPS[STEPS.index(first) : STEPS.index(last) + 1]:
        life.take(step)
