"""What a person says is sealed from the first event on: nothing that is written anywhere shows it.

A whole case is played with a text that can be recognised in every field that the contract seals.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from google.protobuf.message import Message
from temporalio.client import Client, WorkflowExecution

from amends.client import LOGS
from amends.v1 import event_pb2
from deploy.local.stack import Stack
from tests.guarantees.calling import Answer
from tests.guarantees.foreign import anybody
from tests.guarantees.planted import (
    REFERENCES,
    WORDS,
    Person,
    forms,
    found_in,
    planted_fields,
    sealed_fields,
)
from tests.guarantees.reflected import Reflected, rpcs_of
from tests.guarantees.requests import Ids, minimal
from tests.guarantees.two_customers import TwoCustomers, connected
from tests.scenario import message_of

pytestmark = pytest.mark.timeout(300)  # the first test waits for the stack and four cases

_TABLES = "SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables ORDER BY relname"
_DATABASES = "SELECT datname FROM pg_database WHERE datname LIKE 'amends%' ORDER BY datname"


def tables(stack: Stack) -> Iterator[tuple[str, str, bytes]]:
    """(database, table, every row of it as PostgreSQL stores it)."""
    with connected(stack, "postgres") as conn:
        databases = [name for (name,) in conn.execute(_DATABASES)]
    for database in databases:
        with connected(stack, database) as conn:
            for (table,) in conn.execute(_TABLES).fetchall():
                with conn.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)".encode()) as rows:
                    yield database, table, b"".join(rows)


def events(customers: TwoCustomers) -> Iterator[event_pb2.EventEnvelope]:
    """Every event about the cases, of every service."""
    caller, acting = customers.cast.workflow, customers.cast.as_tenant()
    for case in customers.cases:
        request = event_pb2.ReadEventsRequest(subject=case.escalation)
        for name in LOGS:
            yield from caller.logs[name].ReadEvents(request, metadata=acting).events


def test_every_field_that_the_contract_seals_was_said_and_is_sealed(
    customers: TwoCustomers,
) -> None:
    assert planted_fields() == set(customers.ann.said) == set(customers.ben.said)
    sealed = set()
    for event in events(customers):
        sealed |= set(sealed_in(message_of(event)))
    assert sealed == set(sealed_fields())


def sealed_in(message: Message) -> Iterator[str]:
    """The full names of its fields that hold sealed words, here or further in."""
    for one, value in message.ListFields():
        if one.message_type is None:
            continue
        for part in value if one.is_repeated else (value,):
            if not isinstance(part, event_pb2.Sealed):
                yield from sealed_in(part)
            elif part.ciphertext:
                yield one.full_name


def test_those_who_may_read_it_read_it(customers: TwoCustomers) -> None:
    found = customers.bens.case()
    assert found.words in customers.ben.said["amends.v1.OpenEscalationRequest.words"]
    assert found.customer == customers.ben.customer
    assert customers.bens.follow_up().words.startswith(WORDS)


@pytest.mark.parametrize("service", LOGS)
def test_no_word_is_in_what_read_events_answers(customers: TwoCustomers, service: str) -> None:
    said = [one for one in events(customers) if one.source == service]
    assert said
    assert found_in(b"".join(one.SerializeToString() for one in said)) == []


def test_no_word_is_in_any_table_and_no_reference_in_any_but_the_merchants(
    stack: Stack, customers: TwoCustomers
) -> None:
    seen, found = set(), []
    for database, table, rows in tables(stack):
        seen.add((database, table))
        found += [(database, table, text) for text in found_in(rows, [WORDS])]
        if database != "amends_commerce":
            found += [(database, table, text) for text in found_in(rows, [REFERENCES])]
        elif table == "public.customers":
            assert found_in(rows, [REFERENCES]), "the search finds what is there"
    assert found == []
    assert {("amends_intake", "public.inbox"), ("amends_routing", "public.answers")} <= seen


def test_no_word_is_in_any_file_of_the_stack(stack: Stack, customers: TwoCustomers) -> None:
    """The databases' files, Kafka's and Temporal's, the logs, `stack.env`.

    The merchant's database knows the references, and its files lie among PostgreSQL's.
    """
    with connected(stack, "postgres") as conn:
        conn.execute("CHECKPOINT")
    home = stack.home
    found, searched = [], set()
    for file in (one for one in home.path.rglob("*") if one.is_file()):
        marks = [WORDS] if file.is_relative_to(home.data / "postgres") else [WORDS, REFERENCES]
        searched.add(file.relative_to(home.path).parts[:2])
        found += [(str(file), text) for text in found_in(_content(file), marks)]
    assert found == []
    parts = {("data", "postgres"), ("data", "kafka"), ("logs", "intake.log"), ("stack.env",)}
    assert parts <= searched
    assert any(part[0] == "data" and "temporal" in part[1] for part in searched if len(part) > 1)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # PostgreSQL and Kafka remove files while they run
        return b""


async def test_no_word_is_in_what_temporal_answers_about_a_case(customers: TwoCustomers) -> None:
    """Histories with inputs, signals, results and failures; search attributes, memo, summary."""
    settings = customers.cast.settings
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    for case in customers.cases:
        runs = client.list_workflows(f"WorkflowId = 'escalation/{case.escalation}'")
        told = [part async for run in runs async for part in _told_about(client, run)]
        assert len(told) > 20
        assert case.escalation.encode() in b"".join(told)
        assert found_in(b"".join(told)) == []


async def _told_about(client: Client, run: WorkflowExecution) -> AsyncIterator[bytes]:
    handle = client.get_workflow_handle(run.id, run_id=run.run_id)
    described = await handle.describe()
    yield described.raw_description.SerializeToString()
    async for event in handle.fetch_history_events():
        yield event.SerializeToString()


def test_no_refusal_repeats_a_word(customers: TwoCustomers) -> None:
    refused = 0
    with anybody(customers.cast) as callers:
        for rpc in rpcs_of({name: customers.cast.settings.addresses[name] for name in LOGS}):
            for request in wrong(rpc):
                role = min(rpc.roles, key=lambda one: one.value)
                answer = callers.ask(rpc, request, callers.as_(role, "planted-nobody"))
                assert found_in(told(answer)) == [], rpc
                refused += bool(answer.reason)
    assert refused > 2 * len(planted_fields())


def wrong(rpc: Reflected) -> Iterator[Message]:
    """Requests full of planted words that are refused, each for another reason."""
    fields = rpc.request.fields_by_name
    if "escalation_id" in fields:
        yield Person("eve").says(minimal(rpc.request, Ids()))
    for text in (f"{WORDS} of eve", WORDS * 2000):
        request = minimal(rpc.request, Ids())
        for one in fields.values():
            # Ids and codes too: whoever mistakes a field is not told what they wrote.
            if one.type == one.TYPE_STRING and not one.is_repeated:
                setattr(request, one.name, text)
        yield request


def told(answer: Answer) -> bytes:
    return answer.told.encode()


@pytest.mark.parametrize("mark", [WORDS, REFERENCES])
def test_the_search_knows_a_word_in_whatever_form_it_is_written(mark: str) -> None:
    assert len(forms(mark)) > 10
    for form in forms(mark):
        assert found_in(b"\0 before " + form + b" behind")
    assert found_in(b"nothing of it") == []
