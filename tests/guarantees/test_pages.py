"""A case larger than any one message is read, shown, taken over and gone on with, page by page."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from amends.client import Caller, MintedToken, new_request_id, whole_case
from amends.v1 import event_pb2
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Role
from deploy.demo.cast import Cast, patiently, wait_for
from deploy.local.home import CHECKOUT
from tests.guarantees.beyond import beyond_everybody
from workflows import names
from workflows.messages import Progress

ONE_MESSAGE = 4 << 20  # bytes that a gRPC client takes
SHOE = "\U0001f45f"  # four bytes
LONGEST = 10_000  # characters
CONTACTS = ONE_MESSAGE // (4 * LONGEST) + 1

pytestmark = pytest.mark.timeout(300)  # making so large a case takes a busy machine its time


@dataclass(frozen=True)
class Big:
    """A case of more than 4 MiB, and how many of its events are intake's."""

    id: str
    version: int


@pytest.fixture(scope="module")
def big(cast: Cast) -> Big:
    case = cast.platform.intake.OpenEscalation(beyond_everybody()).escalation_id
    for number in range(CONTACTS):
        contact(cast, case, number)
    known = cast.operator.intake.GetEscalation(pb.GetEscalationRequest(escalation_id=case))
    return Big(case, known.case_file.versions["intake"])


def contact(cast: Cast, case: str, number: int) -> None:
    """The customer says as much as one may say at once."""
    said = pb.RecordContactRequest(
        request_id=new_request_id(),
        escalation_id=case,
        channel="CHANNEL_EMAIL",
        words=f"{number:04}{SHOE * (LONGEST - 4)}",
    )
    patiently(cast.platform.intake.RecordContact, said)


def test_a_log_above_four_mebibytes_is_read_in_pages_of_about_one(cast: Cast, big: Big) -> None:
    log, after, pages = cast.workflow.logs["intake"], 0, []
    while True:
        request = event_pb2.ReadEventsRequest(subject=big.id, after_version=after)
        page = log.ReadEvents(request, metadata=cast.as_tenant())
        pages.append(page)
        after = page.next_after_version
        if not after:
            break
    assert sum(page.ByteSize() for page in pages) > ONE_MESSAGE
    assert max(page.ByteSize() for page in pages) < ONE_MESSAGE // 2
    assert [one.version for page in pages for one in page.events] == [*range(1, big.version + 1)]


def test_a_page_is_no_longer_than_asked(cast: Cast, big: Big) -> None:
    request = event_pb2.ReadEventsRequest(subject=big.id, after_version=1, page_size=2)
    page = cast.workflow.logs["intake"].ReadEvents(request, metadata=cast.as_tenant())
    assert [one.version for one in page.events] == [2, 3]
    assert page.next_after_version == 3
    request.after_version = big.version - 2
    last = cast.workflow.logs["intake"].ReadEvents(request, metadata=cast.as_tenant())
    assert [one.version for one in last.events] == [big.version - 1, big.version]
    assert last.next_after_version == 0


def test_a_case_file_tells_the_latest_first_and_all_of_it_to_who_goes_back(
    cast: Cast, big: Big
) -> None:
    intake, request = cast.operator.intake, pb.GetEscalationRequest(escalation_id=big.id)
    latest = intake.GetEscalation(request)
    assert latest.ByteSize() < ONE_MESSAGE // 2
    assert latest.next_timeline_page_token
    whole = whole_case(intake, big.id)
    assert [*whole.timeline][-len(latest.case_file.timeline) :] == [*latest.case_file.timeline]
    said = sorted(one.words[:4] for one in whole.contacts)
    assert said == [f"{number:04}" for number in range(CONTACTS)]
    told = [entry.version for entry in whole.timeline if entry.source == "intake"]
    assert told == [*range(1, big.version + 1)]
    assert whole.timeline[0].event == "EscalationOpened"
    request.timeline_page_size = 3
    assert len(intake.GetEscalation(request).case_file.timeline) == 3


def test_the_terminal_shows_the_whole_story(cast: Cast, big: Big) -> None:
    program = "import sys; from amends.cli import main; sys.exit(main())"
    shown = subprocess.run(
        [sys.executable, "-c", program, "show", big.id, "--json"],
        env={**os.environ, **cast.environment},
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    case_file = json.loads(shown.stdout)["case_file"]
    assert len(case_file["contacts"]) == CONTACTS


def test_who_missed_all_of_it_takes_it_over_from_its_owner(cast: Cast, big: Big) -> None:
    url = cast.settings.database_owner_url_for("routing").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as routing:
        wait_for(lambda: taken(routing, big.id) >= big.version, "routing heard of it")
        routing.execute("DELETE FROM inbox WHERE stream_id LIKE %s", [f"%/{big.id}"])
        routing.execute("DELETE FROM inbox_heads WHERE stream_id LIKE %s", [f"%/{big.id}"])
        contact(cast, big.id, CONTACTS)
        wait_for(lambda: taken(routing, big.id) > big.version, "routing has all of it again")


def taken(routing: psycopg.Connection, case: str) -> int:
    """How many of intake's events of the case routing has."""
    [[count]] = routing.execute(
        "SELECT count(*) FROM inbox WHERE source = 'intake' AND stream_id LIKE %s", [f"%/{case}"]
    )
    return int(count)


async def test_a_workflow_that_begins_anew_reads_all_of_it(cast: Cast, big: Big) -> None:
    client = await Client.connect(
        cast.settings.temporal_address, namespace=cast.settings.temporal_namespace
    )
    handle = client.get_workflow_handle(names.workflow_id(big.id))
    ended = (await handle.describe()).run_id
    await handle.terminate("what it knew is lost")
    restate(cast, big.id)
    known, limit = 0, time.monotonic() + 60
    while known < big.version:
        assert time.monotonic() < limit
        again = client.get_workflow_handle(names.workflow_id(big.id))
        if (await again.describe()).run_id == ended:
            continue
        with suppress(RPCError):
            progress = await again.query(names.PROGRESS, result_type=Progress)
            known = progress.versions["intake"]


def restate(cast: Cast, case: str) -> None:
    """A handler says the problem back, which is news for the workflow."""
    key_file = cast.settings.signing_key_file
    assert key_file is not None
    token = MintedToken(key_file, "hanna", cast.settings.tenant, Role.HANDLER)
    with Caller(cast.settings.addresses, token) as handler:
        said = pb.RestateProblemRequest(
            request_id=new_request_id(), escalation_id=case, words="They fell apart"
        )
        handler.intake.RestateProblem(said)
