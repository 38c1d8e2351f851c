"""A customer is forgotten on the whole stack: nobody reads a word of theirs, all else stays.

Ann has a closed case with a coupon paid and one that waits for its follow-up; Ben has cases too.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from psycopg import sql
from temporalio.client import Client, WorkflowExecutionStatus
from typer.testing import CliRunner, Result

from amends.cli.app import app
from amends.client import LOGS, Caller, MintedToken, new_request_id
from amends.rpc.refusals import RemoteRefusal
from amends.rpc.status import as_sent
from amends.settings import Settings
from amends.v1 import (
    event_pb2,
    followup_events_pb2,
    followup_service_pb2,
    intake_service_pb2,
    privacy_service_pb2,
    types_pb2,
)
from amends.values.identity import Role
from amends.values.refusal import Refusal
from amends.verify.running import chain_check
from deploy.demo.cast import wait_for
from deploy.local import environment
from deploy.local.stack import Stack
from tests.guarantees.calling import Callers
from tests.guarantees.foreign import anybody
from tests.guarantees.planted import Person
from tests.guarantees.reflected import Reflected, rpcs_of
from tests.guarantees.requests import Ids, minimal
from tests.guarantees.two_customers import Case, TwoCustomers, connected
from workflows.messages import LifecycleInput
from workflows.starting import start

pytestmark = pytest.mark.timeout(300)  # the first test waits for the stack and four cases

READS = ("Get", "List", "Watch", "Read", "Preview", "Suggest")
STORE = {
    "alembic_version",
    "answers",
    "events",
    "inbox",
    "inbox_heads",
    "outbox",
    "outbox_topic",
    "parked",
    "person_keys",
    "persons",
}
_KEYS = "SELECT purpose, wrapped, destroyed_at, destroy_at FROM person_keys WHERE tenant = %s"
_TABLES = "SELECT relname FROM pg_stat_user_tables ORDER BY relname"
_ROWS = "SELECT to_jsonb(t) - 'tx' FROM {} AS t WHERE tenant = %s"
_LIMIT = 60  # seconds for a run to end
_LISTENS = 0.5  # seconds; a stream that has something to say says it in milliseconds


@dataclass
class Forgotten:
    """What was seen before, while and after Ann was forgotten."""

    both: TwoCustomers
    refused: Refusal
    untouched: bool
    words_before: str
    listed: list[intake_service_pb2.EscalationSummary]
    outcomes: Mapping[str, int]
    wrapped: list[bytes]
    opened_again: str
    away: Result
    command: Result
    answers: dict[str, privacy_service_pb2.ForgetCustomerResponse] = field(default_factory=dict)

    @property
    def until(self) -> datetime:
        """From when on the record of the payment may be forgotten: six years after its year."""
        paid = [
            one.at.ToDatetime(UTC)
            for case in self.both.anns
            for one in case.case().timeline
            if one.event == "CreditIssued" and one.source == "resolution"
        ]
        return datetime(max(paid).year + 7, 1, 1, tzinfo=UTC)


def listed(both: TwoCustomers) -> list[intake_service_pb2.EscalationSummary]:
    request = intake_service_pb2.ListEscalationsRequest(page_size=500)
    return list(both.cast.operator.intake.ListEscalations(request).escalations)


def outcomes(both: TwoCustomers) -> Mapping[str, int]:
    """How the closed cases ended, by case."""
    closed = {case.escalation: case.follow_up() for case in both.cases}
    return {name: found.outcome for name, found in closed.items() if found.closed_at.seconds}


def logs(both: TwoCustomers) -> list[bytes]:
    """Everything that any service said about Ann's cases, byte for byte."""
    caller, acting = both.cast.workflow, both.cast.as_tenant()
    return [
        event.SerializeToString(deterministic=True)
        for case in both.anns
        for name in LOGS
        for event in caller.logs[name]
        .ReadEvents(event_pb2.ReadEventsRequest(subject=case.escalation), metadata=acting)
        .events
    ]


def keys(stack: Stack, both: TwoCustomers, service: str) -> list[tuple[Any, ...]]:
    """The key rows of Ann, whose digest nobody else's cases have."""
    whose = " AND customer = (SELECT customer FROM persons WHERE subject = %s)"
    with connected(stack, f"amends_{service}") as conn:
        rows = conn.execute(
            _KEYS + whose, (both.cast.settings.tenant, both.over.escalation)
        ).fetchall()
    return sorted(rows, key=lambda row: str(row[0]))


def run(both: TwoCustomers, **addresses: str) -> Result:
    """`amends forget` as operations type it."""
    env = {**both.cast.environment, **addresses}
    return CliRunner().invoke(app, ["forget", both.ann.customer], env=env)


@pytest.fixture(scope="session")
def forgotten(stack: Stack, customers: TwoCustomers) -> Forgotten:
    before = logs(customers)
    with pytest.raises(grpc.RpcError) as error:
        customers.forget()
    # A case may still say something of its own meanwhile; nothing said before may differ.
    untouched = set(before) <= set(logs(customers)) and all(
        row[1] and not row[2] for name in LOGS for row in keys(stack, customers, name)
    )
    customers.resolve()
    seen = Forgotten(
        both=customers,
        refused=as_sent(error.value),
        untouched=untouched,
        words_before=customers.over.case().words,
        listed=listed(customers),
        outcomes=outcomes(customers),
        wrapped=[row[1] for name in LOGS for row in keys(stack, customers, name)],
        opened_again=customers.cast.platform.intake.OpenEscalation(
            customers.over.opening
        ).escalation_id,
        away=run(customers, AMENDS_RESOLUTION_ADDRESS="127.0.0.1:1"),
        command=run(customers),
    )
    seen.answers = {name: customers.forget(name) for name in LOGS}
    return seen


# While a case is open.


def test_nothing_is_forgotten_while_a_case_is_open(forgotten: Forgotten) -> None:
    refused = forgotten.refused
    assert refused.reason == "KEPT_BY_LAW"
    assert refused.metadata["because"] == "OPEN_CLAIM"
    assert refused.metadata["escalation_id"] == forgotten.both.resolved.escalation
    until = datetime.fromisoformat(refused.metadata["kept_until"])
    assert until.tzinfo is not None
    assert "ask again once it is resolved" in refused.message
    assert forgotten.untouched
    assert forgotten.words_before in forgotten.both.ann.texts


@pytest.mark.parametrize("service", LOGS)
def test_each_service_itself_keeps_what_is_open(customers: TwoCustomers, service: str) -> None:
    request = privacy_service_pb2.ForgetCustomerRequest(
        request_id=new_request_id(), customer=customers.ben.customer
    )
    with pytest.raises(grpc.RpcError) as error:
        customers.cast.operator.privacy[service].ForgetCustomer(request)
    refused = as_sent(error.value)
    assert isinstance(refused, RemoteRefusal)
    assert (refused.reason, refused.status.name) == ("KEPT_BY_LAW", "FAILED_PRECONDITION")
    assert refused.metadata["escalation_id"] == customers.bens_open.escalation


# The command.


def test_a_service_that_is_away_is_named_and_the_same_command_finishes(
    forgotten: Forgotten,
) -> None:
    away, command = forgotten.away, forgotten.command
    assert away.exit_code == 1
    assert "resolution: DEPENDENCY_UNAVAILABLE" in away.stderr
    assert "not finished in resolution: repeat the same command" in away.stderr
    assert command.exit_code == 0, command.output
    assert command.stderr == ""


def test_the_command_says_what_is_forgotten_and_what_is_kept_until_when_and_why(
    forgotten: Forgotten,
) -> None:
    lines = forgotten.command.stdout.splitlines()
    kept = f"intake: kept until {forgotten.until:%Y-%m-%d}: record (PAYMENT_RECORD: "
    assert lines[0] == "intake: forgotten: words (2 cases)"
    assert lines[1].startswith(kept)
    assert [line.split(":")[0] for line in lines[2:]] == ["followup", "resolution", "routing"]
    assert forgotten.both.ann.customer not in forgotten.command.output + forgotten.away.output


def test_forgetting_again_answers_the_same(forgotten: Forgotten) -> None:
    both, again = forgotten.both, new_request_id()
    for service, answer in forgotten.answers.items():
        assert both.forget(service) == answer
        assert both.forget(service, again) == both.forget(service, again) == answer
        other = privacy_service_pb2.ForgetCustomerRequest(request_id=again, customer="another")
        with pytest.raises(grpc.RpcError) as error:
            both.cast.operator.privacy[service].ForgetCustomer(other)
        assert as_sent(error.value).reason == "REQUEST_ID_REUSED"


# Afterwards.


def readable(rpc: Reflected) -> bool:
    return rpc.name.startswith(READS)


def all_of(callers: Callers, rpc: Reflected, request: Message, role: Role, tenant: str) -> bytes:
    """Everything that an RPC answers; of a stream what it says until it is quiet."""
    metadata = callers.as_(role, tenant, "helen" if role is Role.DECISION_MAKER else "")
    channel, data = callers.channels[rpc.server], request.SerializeToString()
    make: Any = channel.unary_stream if rpc.streams else channel.unary_unary
    said = bytearray()
    with suppress(grpc.RpcError):  # quiet from now on, or refused: there is nothing more to read
        heard = make(rpc.path)(data, metadata=metadata, timeout=_LISTENS if rpc.streams else 20)
        for one in heard if rpc.streams else [heard]:
            said += one
    return bytes(said)


def answers_to_everybody(both: TwoCustomers, case: Case) -> dict[str, bytes]:
    """What each RPC that reads answers to each role that may ask it, about one case."""
    ids = Ids({"esc_": case.escalation, "dm_": "dm_helen"}, optional=True)
    tenant, addresses = both.cast.settings.tenant, both.cast.settings.addresses
    with anybody(both.cast) as callers:
        return {
            f"{rpc} {role.value}": all_of(callers, rpc, minimal(rpc.request, ids), role, tenant)
            for rpc in rpcs_of({name: addresses[name] for name in LOGS})
            if readable(rpc)
            for role in sorted(rpc.roles, key=lambda one: one.value)
        }


def test_nobody_reads_a_word_of_hers_anywhere(forgotten: Forgotten) -> None:
    both = forgotten.both
    for case in both.anns:
        found = answers_to_everybody(both, case)
        assert len(found) > 30
        assert any(case.escalation.encode() in answer for answer in found.values())
        assert [name for name, answer in found.items() if _hers(both.ann, answer)] == []


def _hers(person: Person, answer: bytes) -> bool:
    return any(text.encode() in answer for text in person.texts)


def test_where_words_were_it_says_so(forgotten: Forgotten) -> None:
    both = forgotten.both
    found = both.over.case()
    assert {found.words, found.stake, found.expected_outcome, found.occasion} == {"[forgotten]"}
    assert found.restatement.words == found.contacts[0].words == "[forgotten]"
    assert (found.customer, found.order) == ("", "")
    made = both.over.resolution()
    assert {one.explanation for one in made.offers} == {"[forgotten]"}
    assert {one.words for one in made.responses} == {"[forgotten]"}
    assert both.over.follow_up().words == "[forgotten]"
    told = [entry for entry in found.timeline if entry.event == "CustomerForgotten"]
    assert [(entry.actor, entry.source) for entry in told] == [("operations", "intake")]
    assert "the record of the payment is kept until" in told[0].summary


def test_the_record_of_the_payment_is_there_for_auditors_alone(forgotten: Forgotten) -> None:
    both = forgotten.both
    [kept] = forgotten.answers["intake"].kept
    assert kept.data == event_pb2.PERSONAL_DATA_RECORD
    assert kept.reason == privacy_service_pb2.KEPT_REASON_PAYMENT_RECORD
    assert kept.until.ToDatetime(UTC) == forgotten.until
    seen = {
        role: _references(both, role) for role in Role if role not in {Role.PARTNER, Role.MERCHANT}
    }
    assert seen.pop(Role.AUDITOR) == (both.ann.customer, both.over.order)
    assert set(seen.values()) == {("", "")}


def _references(both: TwoCustomers, role: Role) -> tuple[str, str]:
    settings = both.cast.settings
    assert settings.signing_key_file is not None
    token = MintedToken(settings.signing_key_file, "somebody", settings.tenant, role)
    request = intake_service_pb2.GetEscalationRequest(escalation_id=both.over.escalation)
    metadata = both.cast.as_tenant() if role is Role.SERVICE else ()
    with Caller(settings.addresses, token) as caller:
        found = caller.intake.GetEscalation(request, metadata=metadata).case_file
    return found.customer, found.order


def test_her_key_rows_are_empty_but_for_the_record(stack: Stack, forgotten: Forgotten) -> None:
    for service in LOGS:
        rows = {row[0]: row[1:] for row in keys(stack, forgotten.both, service)}
        assert set(rows) == {"WORDS", "RECORD"}
        wrapped, destroyed_at, _ = rows["WORDS"]
        assert (wrapped, destroyed_at is not None) == (None, True)
        wrapped, destroyed_at, destroy_at = rows["RECORD"]
        if service == "intake":
            assert wrapped
            assert (destroyed_at, destroy_at) == (None, forgotten.until)
        else:
            assert (wrapped, destroyed_at is not None) == (None, True)


def test_nothing_of_a_destroyed_key_is_left_in_the_tables_files(
    stack: Stack, forgotten: Forgotten
) -> None:
    """Once what an update leaves behind is cleaned away.

    The write-ahead log and backups are another matter (docs/privacy.md).
    """
    gone = set(forgotten.wrapped)
    for service in LOGS:
        gone -= {bytes(row[1]) for row in keys(stack, forgotten.both, service) if row[1]}
        with connected(stack, f"amends_{service}") as conn:
            conn.execute("VACUUM (FULL) person_keys")
    assert len(gone) > 3
    with connected(stack, "postgres") as conn:
        conn.execute("CHECKPOINT")
    base = stack.home.data / "postgres" / "cluster" / "base"
    left = [
        file.name
        for file in base.rglob("*")
        if file.is_file() and any(one in file.read_bytes() for one in gone)
    ]
    assert left == []


def test_the_other_customers_words_stay(forgotten: Forgotten) -> None:
    both = forgotten.both
    found = both.bens.case()
    assert found.words in both.ben.texts
    assert found.customer == both.ben.customer
    assert both.bens.resolution().offers[0].explanation in both.ben.texts
    assert both.bens.follow_up().words in both.ben.texts
    read = answers_to_everybody(both, both.bens)
    assert sum(_hers(both.ben, answer) for answer in read.values()) > 10


def test_the_hash_chains_still_verify(forgotten: Forgotten) -> None:
    checked = chain_check(forgotten.both.cast.settings).run()
    mine = {case.escalation for case in forgotten.both.cases}
    assert [one for one in checked.findings if one.stream.rpartition("/")[2] in mine] == []
    assert checked.unchecked == []


def test_the_reports_still_count(forgotten: Forgotten) -> None:
    both = forgotten.both
    wait_for(lambda: both.resolved.case().closed_at.seconds, "intake hears that the case ended")
    before, after = forgotten.listed, listed(both)
    assert len(after) == len(before) == len(both.cases)
    waited = both.resolved.escalation
    assert [one for one in after if one.escalation_id != waited] == [
        one for one in before if one.escalation_id != waited
    ]
    unknown = {waited: followup_events_pb2.OUTCOME_UNKNOWN}
    assert outcomes(both) == {**forgotten.outcomes, **unknown}


def test_the_follow_up_is_withdrawn_and_the_case_ends(forgotten: Forgotten) -> None:
    case = forgotten.both.resolved
    found = case.follow_up()
    assert found.state == followup_service_pb2.FOLLOW_UP_STATE_CANCELLED
    assert found.closed_at.seconds
    wait_for(lambda: case.case().stage == types_pb2.STAGE_CLOSED, "intake hears of it")
    told = {entry.event for entry in case.case().timeline}
    assert {"FollowUpCancelled", "EscalationClosed"} <= told
    assert "FollowUpAsked" not in told


async def test_its_workflow_ends_also_when_it_is_built_anew(forgotten: Forgotten) -> None:
    case, settings = forgotten.both.resolved, forgotten.both.cast.settings
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    handle = client.get_workflow_handle(f"escalation/{case.escalation}")
    await asyncio.wait_for(handle.result(), _LIMIT)
    said = len(logs(forgotten.both))
    await start(client, LifecycleInput(settings.tenant, case.escalation))
    await asyncio.wait_for(handle.result(), _LIMIT)
    found = await handle.describe()
    assert found.status is WorkflowExecutionStatus.COMPLETED
    assert len(logs(forgotten.both)) == said, "a run that finds it closed says nothing"


def test_nothing_new_is_heard_of_her(forgotten: Forgotten) -> None:
    both = forgotten.both
    platform = both.cast.platform
    another = Case(both.cast, both.ann).opening
    assert _refusal(platform.intake.OpenEscalation, another) == "CUSTOMER_FORGOTTEN"
    contact = both.ann.says(
        intake_service_pb2.RecordContactRequest(
            request_id=new_request_id(),
            escalation_id=both.resolved.escalation,
            channel=types_pb2.CHANNEL_CHAT,
        )
    )
    assert _refusal(platform.intake.RecordContact, contact) == "CUSTOMER_FORGOTTEN"
    late = both.ann.says(
        followup_service_pb2.RecordFollowUpRequest(
            request_id=new_request_id(), escalation_id=both.resolved.escalation
        )
    )
    assert _refusal(platform.followup.RecordFollowUp, late) == "CUSTOMER_FORGOTTEN"
    same = platform.intake.OpenEscalation(both.over.opening)
    assert same.escalation_id == both.over.escalation == forgotten.opened_again


def _refusal(call: Any, request: Message) -> str:  # noqa: ANN401 - any stub's method
    with pytest.raises(grpc.RpcError) as error:
        call(request)
    return as_sent(error.value).reason


@pytest.mark.parametrize("service", LOGS)
def test_every_read_model_rebuilds_to_the_same(
    stack: Stack, forgotten: Forgotten, service: str
) -> None:
    before = _rows(stack, forgotten.both, service)
    built = import_module(f"services.{service}.bootstrap").build(
        Settings.of(environment.of_processes(stack.home))
    )
    built.rebuild()
    built.close()
    assert before
    assert _rows(stack, forgotten.both, service) == before


def _rows(stack: Stack, both: TwoCustomers, service: str) -> list[str]:
    """Every row of the tenant in the service's own tables; not in which transaction it changed.

    What is due is work that a rebuild hands out again, to be found done.
    """
    with connected(stack, f"amends_{service}") as conn:
        own = [name for (name,) in conn.execute(_TABLES) if name not in STORE | {"due"}]
        found = [
            f"{name} {json.dumps(row, sort_keys=True)}"
            for name in own
            for (row,) in conn.execute(
                sql.SQL(_ROWS).format(sql.Identifier(name)),
                (both.cast.settings.tenant,),
            )
        ]
    return sorted(found)
