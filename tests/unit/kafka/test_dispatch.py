"""Keys in parallel, in order within a key; a failing key waits alone."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import pytest

from amends.eventstore.records import Envelope
from amends.kafka.dispatch import AT_ONCE, Dispatch, Gathering, Handle, Task
from tests.kafka.events import WITHIN, Heard, said, story


class Begin(Protocol):
    """Starts a dispatch with four workers."""

    def __call__(self, handle: Handle, *, gathering: Gathering = AT_ONCE) -> Dispatch: ...


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Starts a dispatch with four workers; all are stopped in the end."""
    begun: list[Dispatch] = []

    def start(handle: Handle, *, gathering: Gathering = AT_ONCE) -> Dispatch:
        dispatch = Dispatch(handle, 4, gathering)
        dispatch.start()
        begun.append(dispatch)
        return dispatch

    yield start
    for dispatch in begun:
        dispatch.stop(WITHIN)


class Finished:
    """Notes which tasks were finished."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self._changed = threading.Condition()

    def tasks(self, envelopes: Sequence[Envelope]) -> list[Task]:
        return [Task(one, lambda one=one: self._note(one)) for one in envelopes]  # type: ignore[misc]

    def wait_for(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.envelopes) == count, WITHIN)

    def _note(self, envelope: Envelope) -> None:
        with self._changed:
            self.envelopes.append(envelope)
            self._changed.notify_all()


def test_a_key_keeps_its_order(begin: Begin) -> None:
    heard, finished = Heard(), Finished()
    dispatch = begin(heard)
    for version in range(1, 51):
        dispatch.put(finished.tasks([said(f"esc_{name}", version) for name in "abcdefgh"]))
    assert finished.wait_for(400)
    assert all(heard.versions(f"esc_{name}") == list(range(1, 51)) for name in "abcdefgh")
    assert dispatch.unfinished == 0


def test_keys_do_not_wait_for_each_other(begin: Begin) -> None:
    both = threading.Barrier(2)

    def handle(_envelopes: Sequence[Envelope]) -> None:
        both.wait(WITHIN)

    finished = Finished()
    dispatch = begin(handle)
    dispatch.put(finished.tasks([said("esc_a", 1)]))
    dispatch.put(finished.tasks([said("esc_b", 1)]))
    assert finished.wait_for(2)


def test_few_keys_are_one_batch_however_many_workers_are_idle(begin: Begin) -> None:
    heard: list[int] = []
    finished = Finished()
    dispatch = begin(lambda envelopes: heard.append(len(envelopes)), gathering=Gathering(0.01))
    for each in range(1, 20):
        dispatch.put(finished.tasks([said(f"esc_{name}", each) for name in "abc"]))
        assert finished.wait_for(3 * each)
    assert heard == [3] * 19


def test_what_is_urgent_waits_for_nothing_and_takes_with_it_what_waits(begin: Begin) -> None:
    heard: list[int] = []
    finished, urgent = Finished(), said("esc_b", 1)
    later = replace(said("esc_a", 1), type="amends.v1.SomethingElse")
    gathering = Gathering(3600.0, frozenset({urgent.type}))
    dispatch = begin(lambda envelopes: heard.append(len(envelopes)), gathering=gathering)
    dispatch.put(finished.tasks([later]))
    dispatch.put(finished.tasks([urgent]))
    assert finished.wait_for(2)
    assert heard == [2]


def test_keys_that_gather_apart_are_hurried_by_their_own_urgent_events_only(begin: Begin) -> None:
    heard: list[list[int]] = []
    finished, urgent = Finished(), replace(said("esc_b", 2), type="amends.v1.Urgent")
    gathering = Gathering(3600.0, frozenset({urgent.type}), apart=True)
    dispatch = begin(lambda got: heard.append([one.version for one in got]), gathering=gathering)
    dispatch.put(finished.tasks([said("esc_a", 1), said("esc_b", 1)]))
    dispatch.put(finished.tasks([urgent]))
    assert finished.wait_for(2)
    dispatch.put(finished.tasks([replace(urgent, stream=said("esc_a", 1).stream)]))
    assert finished.wait_for(4)
    assert heard == [[1, 2], [1, 2]]


def test_a_key_that_gathers_apart_waits_for_its_time_only(begin: Begin) -> None:
    heard, finished = Heard(), Finished()
    gathering = Gathering(0.01, frozenset({"amends.v1.Urgent"}), apart=True)
    dispatch = begin(heard, gathering=gathering)
    for one in story("esc_a", 3):
        dispatch.put(finished.tasks([one]))
    assert finished.wait_for(3)
    dispatch.put(finished.tasks([said("esc_a", 4)]))
    assert finished.wait_for(4)
    assert heard.versions("esc_a") == [1, 2, 3, 4]


def test_a_failed_key_that_gathers_apart_is_tried_again(begin: Begin) -> None:
    broken = threading.Event()
    broken.set()
    heard = Heard(fails=lambda _one: broken.is_set())
    finished, urgent = Finished(), replace(said("esc_a", 2), type="amends.v1.Urgent")
    gathering = Gathering(0.01, frozenset({urgent.type}), apart=True)
    dispatch = begin(heard, gathering=gathering)
    dispatch.put(finished.tasks([said("esc_a", 1)]))
    assert heard.wait_for(lambda: len(heard.attempts) >= 1)
    dispatch.put(finished.tasks([urgent]))
    broken.clear()
    assert finished.wait_for(2)
    assert heard.versions("esc_a") == [1, 2]


def test_what_is_not_urgent_waits_for_its_time_only(begin: Begin) -> None:
    finished = Finished()
    dispatch = begin(lambda _: None, gathering=Gathering(0.01, frozenset({"amends.v1.Urgent"})))
    dispatch.put(finished.tasks([said("esc_a", 1)]))
    assert finished.wait_for(1)


def test_what_is_patient_waits_and_goes_with_what_is_not(begin: Begin) -> None:
    heard: list[int] = []
    finished, other = Finished(), said("esc_b", 1)
    patient = replace(said("esc_a", 1), type="amends.v1.Patient")
    gathering = Gathering(3600.0, patient=frozenset({patient.type}))
    dispatch = begin(lambda envelopes: heard.append(len(envelopes)), gathering=gathering)
    dispatch.put(finished.tasks([patient]))
    dispatch.put(finished.tasks([other]))
    assert finished.wait_for(2)
    assert heard == [2]


def test_a_key_is_with_one_worker_at_a_time(begin: Begin) -> None:
    inside = threading.Semaphore(1)

    def handle(_envelopes: Sequence[Envelope]) -> None:
        assert inside.acquire(blocking=False)
        inside.release()

    finished = Finished()
    dispatch = begin(handle)
    for one in story("esc_a", 200):
        dispatch.put(finished.tasks([one]))
    assert finished.wait_for(200)
    assert [one.version for one in finished.envelopes] == list(range(1, 201))


def test_a_failing_key_holds_back_itself_only(begin: Begin) -> None:
    broken = threading.Event()
    broken.set()
    heard = Heard(fails=lambda one: one == said("esc_a", 2) and broken.is_set())
    finished = Finished()
    dispatch = begin(heard)
    dispatch.put(finished.tasks([*story("esc_a", 3), *story("esc_b", 3)]))
    assert heard.wait_for(lambda: heard.versions("esc_b") == [1, 2, 3])
    dispatch.put(finished.tasks([said("esc_b", 4), said("esc_a", 4)]))
    assert heard.wait_for(lambda: heard.versions("esc_b") == [1, 2, 3, 4])
    assert finished.wait_for(4)
    broken.clear()
    assert finished.wait_for(8)
    assert heard.versions("esc_a") == [1, 2, 3, 4]


def test_nothing_is_finished_that_failed(begin: Begin) -> None:
    heard, finished = Heard(fails=lambda _one: True), Finished()
    dispatch = begin(heard)
    dispatch.put(finished.tasks([said("esc_a", 1)]))
    assert heard.wait_for(lambda: len(heard.attempts) >= 3)
    assert finished.envelopes == []
    assert dispatch.unfinished == 1


def test_the_line_of_what_failed_names_the_event(
    begin: Begin, capsys: pytest.CaptureFixture[str]
) -> None:
    fails = iter([True])
    finished, event = Finished(), said("esc_a", 1)

    def once(_envelopes: Sequence[Envelope]) -> None:
        if next(fails, False):
            raise ConnectionError("my daughter's shoes")

    begin(once).put(finished.tasks([event]))
    assert finished.wait_for(1)
    [line] = [json.loads(one) for one in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["batch"]) == ("handler_failed", 1)
    assert (line["escalation"], line["correlation_id"]) == ("esc_a", event.meta.correlation_id)
    assert (line["event_id"], line["stream"]) == (event.event_id, str(event.stream))
    assert "daughter" not in json.dumps(line)


def test_what_waits_is_left_at_a_stop() -> None:
    go_on, heard, finished = threading.Event(), Heard(), Finished()

    def handle(envelopes: Sequence[Envelope]) -> None:
        heard(envelopes)
        assert go_on.wait(WITHIN)

    dispatch = Dispatch(handle, 1)
    dispatch.start()
    dispatch.put(finished.tasks([said("esc_a", 1)]))
    assert heard.wait_for_count(1)
    dispatch.put(finished.tasks([said("esc_a", 2)]))
    stopping = threading.Thread(target=dispatch.stop, args=(WITHIN,))
    stopping.start()
    go_on.set()
    stopping.join(WITHIN)
    assert [one.version for one in finished.envelopes] == [1]
