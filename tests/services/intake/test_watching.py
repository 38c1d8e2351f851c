import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import intake_service_pb2 as pb
from tests.services.intake.conftest import WORDS, Intake, moment
from tests.services.intake.football_shoes import Others


@pytest.fixture
def case(intake: Intake) -> str:
    return intake.open().escalation_id


@pytest.fixture
def others(intake: Intake, case: str) -> Others:
    return Others(intake, case, moment(intake.show(case).opened_at))


def watch(intake: Intake, case: str, token: str = "") -> Iterator[pb.WatchEscalationResponse]:
    request = pb.WatchEscalationRequest(escalation_id=case, watch_token=token)
    stream = intake.ask("WatchEscalation", request)
    assert isinstance(stream, Iterator)
    return stream


def test_each_event_of_each_service_is_sent_once(intake: Intake, case: str, others: Others) -> None:
    stream = watch(intake, case)
    assert next(stream).entry.event == "EscalationOpened"
    intake.hear(others.assigned())
    assert next(stream).entry.summary.startswith("Maya was asked to accept")
    intake.restate(case)
    restated = next(stream)
    assert (restated.entry.source, restated.entry.version) == ("intake", 2)
    assert WORDS.encode() not in restated.event.data
    intake.hear(others.accepted(), *others.follow_up())
    assert [sent.entry.event for sent in stream] == [
        "AssignmentAccepted",
        "FollowUpScheduled",
        "FollowUpAsked",
        "FollowUpAnswered",
        "EscalationClosed",
    ]


def test_a_watch_resumes_after_what_was_sent(intake: Intake, case: str, others: Others) -> None:
    intake.hear(others.assigned(), others.accepted(), *others.follow_up())
    everything = list(watch(intake, case))
    for reached, sent in enumerate(everything, 1):
        assert list(watch(intake, case, sent.watch_token)) == everything[reached:]


def test_what_is_committed_is_seen_at_once(intake: Intake, case: str) -> None:
    stream = watch(intake, case)
    next(stream)
    said: list[datetime] = []

    def restate() -> None:
        intake.restate(case)
        said.append(datetime.now(UTC))

    late = threading.Timer(0.2, restate)
    late.start()
    assert next(stream).entry.event == "ProblemRestated"
    seen = datetime.now(UTC)
    late.join()
    assert seen - said[0] < timedelta(milliseconds=700)


def test_a_strange_token_is_refused(intake: Intake, case: str) -> None:
    with pytest.raises(grpc.RpcError) as error:
        next(watch(intake, case, "yesterday"))
    assert refusal_of(error.value).reason == "INVALID_FIELD"


def test_there_is_nothing_to_watch_of_a_case_that_never_was(intake: Intake) -> None:
    with pytest.raises(grpc.RpcError) as error:
        next(watch(intake, "esc_none"))
    assert refusal_of(error.value).reason == "ESCALATION_NOT_FOUND"


def test_a_watch_ends_when_the_server_stops(intake: Intake, case: str) -> None:
    stream = watch(intake, case)
    next(stream)
    stopping = threading.Thread(target=intake.app.server.stop)
    stopping.start()
    assert not list(stream)
    stopping.join()
