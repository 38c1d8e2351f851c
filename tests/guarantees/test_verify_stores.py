"""Where the stores contradict each other it is found, named, and mended if it can be.

Each test breaks one thing on a running stack, sees it named, and puts it back.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, TopicPartition
from psycopg import sql
from temporalio.client import Client

from amends.clock import Clock
from amends.eventstore.findings import Finding
from amends.eventstore.snapshot import reading
from amends.kafka.topics import SERVICES, topic_of
from amends.v1 import commerce_service_pb2
from amends.verify.cases import cases_of
from amends.verify.deadlines import DeadlineCheck
from amends.verify.running import Verification, Wanted
from bench import shop
from bench.life import STEPS, Life, Lives
from deploy.demo.cast import Cast, wait_for
from deploy.local.stack import Stack
from tests.guarantees.stores import Stores
from workflows import names

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Desk:
    """A running stack with one case that was made right, and one that is open."""

    stack: Stack
    stores: Stores
    cast: Cast
    run: str
    whole: Life
    open: Life

    def stream(self, life: Life) -> str:
        return f"{self.cast.settings.tenant}/escalation/{life.escalation}"


@pytest.fixture(scope="module")
def desk(stack: Stack, cast: Cast) -> Iterator[Desk]:
    with Lives(cast.settings, orders=4) as lives:
        whole, open_ = lives.live(0), lives.begin(1)
        for step in STEPS[:2]:
            open_.take(step)
        yield Desk(stack, Stores.at(stack), cast, lives.run, whole, open_)


@pytest.fixture(autouse=True)
def environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What programs that are started from here are told about the stack."""
    for name, value in desk.stack.env().items():
        monkeypatch.setenv(name, value)


def found(desk: Desk, check: str, life: Life, **wanted: Any) -> list[Finding]:  # noqa: ANN401
    """What a check says of one case, at once."""
    only = Wanted(only=frozenset({check}), grace=timedelta(0), **wanted)
    [told] = Verification(desk.cast.settings, only).run()
    assert list(told.unchecked) == []
    assert told.looked
    return [one for one in told.findings if life.escalation in f"{one.stream} {one.about}"]


def named(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(one.wrong.value, one.about) for one in findings]


def command(desk: Desk, *options: str) -> tuple[int, dict[str, Any]]:
    """As operations run it: its exit code and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", "from amends.cli import main; main()", "verify", *options, "--json"],
        env={**os.environ, **desk.stack.env()},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


@contextmanager
def changed(desk: Desk, service: str, table: str, where: str, **to: object) -> Iterator[None]:
    """Rows of a service are other than they were, and afterwards as before."""
    name, condition = sql.Identifier(table), sql.SQL(where)
    columns = sql.SQL(", ").join(map(sql.Identifier, to))
    with desk.stores.tampering(service) as conn:
        read = sql.SQL("SELECT {}, ctid FROM {} WHERE {}").format(columns, name, condition)
        before = conn.execute(read).fetchall()
        assert before
        parts = [sql.SQL("{} = %s").format(sql.Identifier(one)) for one in to]
        change = sql.SQL("UPDATE {} SET {} WHERE {} RETURNING ctid")
        made = change.format(name, sql.SQL(", ").join(parts), condition)
        [[place]] = conn.execute(made, list(to.values())).fetchall()
    try:
        yield
    finally:
        with desk.stores.tampering(service) as conn:
            again = sql.SQL("UPDATE {} SET {} WHERE ctid = %s")
            values = [*before[0][:-1], place]
            conn.execute(again.format(name, sql.SQL(", ").join(parts)), values)


def test_a_stack_at_work_is_whole_and_everything_was_looked_at(desk: Desk) -> None:
    wait_for(lambda: not found(desk, "kafka", desk.open), "everything is published")
    for check in ("money", "nothing-lost", "transitions", "tenants", "workflows", "deadlines"):
        assert found(desk, check, desk.whole) == found(desk, check, desk.open) == []


def test_a_second_payout_at_the_merchant_is_named_by_its_key(desk: Desk) -> None:
    refund = commerce_service_pb2.CreateRefundRequest(
        key=f"{desk.whole.escalation}-again",
        order=shop.order(desk.run, 1),
        amount={"currency_code": "GBP", "units": 1},
        method="REFUND_METHOD_ORIGINAL_PAYMENT",
        reference=desk.whole.escalation,
    )
    desk.cast.workflow.commerce.CreateRefund(refund, metadata=desk.cast.as_tenant())
    assert named(found(desk, "money", desk.whole)) == [("PAID_TWICE", refund.key)]


def test_what_a_caller_wrote_down_and_nobody_has_is_named(desk: Desk, tmp_path: Path) -> None:
    journal = tmp_path / "acknowledged.jsonl"
    lost = "0b7f3f0e-54a5-4b3e-8a43-5d1c2c0e7a55"
    lines = [
        {"rpc": "OpenEscalation", "request_id": "", "escalation": desk.whole.escalation},
        {"rpc": "OpenEscalation", "request_id": "", "escalation": "esc_neverseen"},
        {"rpc": "MakeOffer", "request_id": lost, "escalation": desk.whole.escalation},
    ]
    journal.write_text("\n".join(map(json.dumps, lines)) + '\n{"rpc": "cut o')
    only = Wanted(only=frozenset({"nothing-lost"}), acknowledged=journal)
    [told] = Verification(desk.cast.settings, only).run()
    lines_found = {(one.wrong.value, one.stream, one.about) for one in told.findings}
    assert ("LOST", "esc_neverseen", "") in lines_found
    assert ("LOST", desk.whole.escalation, lost) in lines_found
    code, said = command(desk, "--only", "nothing-lost", "--acknowledged", str(journal))
    assert code == 1
    assert "esc_neverseen" in json.dumps(said)


def test_an_event_that_cannot_have_come_then_is_named(desk: Desk) -> None:
    where = f"stream_id = '{desk.stream(desk.whole)}' AND type = 'amends.v1.RemedyCompleted'"
    with changed(desk, "resolution", "events", where, type="amends.v1.RemedyCompensated"):
        [finding] = found(desk, "transitions", desk.whole)
        assert finding.wrong.value == "IMPOSSIBLE"
        assert finding.what == f"RemedyCompensated of {finding.about} after RefundSucceeded"
    assert found(desk, "transitions", desk.whole) == []


def test_an_event_with_another_case_in_it_is_named(desk: Desk) -> None:
    place = desk.stream(desk.whole)
    where = f"stream_id = '{place}' AND version = 1"
    with desk.stores.tampering("routing") as conn:
        read = "SELECT data FROM events WHERE stream_id = %s AND version = 1"
        [[data]] = conn.execute(read, [place]).fetchall()
    foreign = data.replace(desk.whole.escalation.encode(), desk.open.escalation.encode())
    with changed(desk, "routing", "events", where, data=foreign):
        assert ("FOREIGN", desk.open.escalation) in named(found(desk, "tenants", desk.whole))
    assert found(desk, "tenants", desk.whole) == []


def test_a_read_model_that_is_not_its_rebuild_is_named_by_its_row(desk: Desk) -> None:
    where = f"escalation = '{desk.open.escalation}'"
    with changed(desk, "routing", "assignments", where, state="DECLINED"):
        wrong = rows(desk, desk.open.assignment)
        assert [one.wrong.value for one in wrong] == ["DIFFERS"]
        assert wrong[0].next_step.startswith("`python -m services.routing rebuild`")
    assert rows(desk, desk.open.assignment) == []


def rows(desk: Desk, key: str) -> list[Finding]:
    """What is said of rows with this key."""
    [told] = Verification(desk.cast.settings, Wanted(only=frozenset({"read-models"}))).run()
    assert not [one for one in told.unchecked if "routing" in one]
    return [one for one in told.findings if key in one.about]


def test_what_kafka_lacks_is_named_and_published_again(desk: Desk) -> None:
    erase(desk, "resolution")
    lost = found(desk, "kafka", desk.whole)
    assert {one.wrong.value for one in lost} == {"NOT_PUBLISHED"}
    assert {(one.place.service, one.version) for one in lost} == {("resolution", 1)}
    code, said = command(desk, "--only", "kafka", "--repair")
    assert "resolution:" in said["repaired"][0]
    assert said["repaired"][0].endswith(": done")
    assert desk.whole.escalation not in json.dumps(said["checks"])
    assert code == (1 if any(one["findings"] for one in said["checks"]) else 0)


def erase(desk: Desk, service: str) -> None:
    """Kafka forgets everything that a service said so far."""
    admin = KafkaAdminClient(bootstrap_servers=desk.cast.settings.kafka_bootstrap)
    try:
        admin.delete_records({TopicPartition(topic_of(service), one): -1 for one in range(12)})
    finally:
        admin.close()


async def test_an_open_case_without_a_workflow_is_named_and_started(desk: Desk) -> None:
    settings = desk.cast.settings
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    handle = client.get_workflow_handle(names.workflow_id(desk.open.escalation))
    desk.stack.kill("workflows", signal.SIGSTOP)  # its reconciler would be first
    try:
        await handle.terminate("planted")
        only = Wanted(only=frozenset({"workflows"}), grace=timedelta(0))
        verification = Verification(settings, only)
        told = await asyncio.to_thread(verification.run)
        lost = [one for one in told[0].findings if desk.open.escalation in one.stream]
        assert named(lost) == [("NOT_RUNNING", names.workflow_id(desk.open.escalation))]
        [line] = await asyncio.to_thread(partial(verification.repair, told))
        assert line.endswith("that were missing were started")
        again = await asyncio.to_thread(verification.run)
        assert [one for one in again[0].findings if desk.open.escalation in one.stream] == []
    finally:
        desk.stack.kill("workflows", signal.SIGCONT)


def test_a_deadline_that_passes_in_silence_is_named(desk: Desk) -> None:
    now = Clock(None, desk.cast.settings.clock_file).now()
    check = DeadlineCheck(lambda: now + timedelta(days=30))
    with ExitStack() as opened:
        urls = {one: desk.cast.settings.database_url_for(one) for one in SERVICES}
        logs = {one: opened.enter_context(reading(url)) for one, url in urls.items()}
        check.before()
        for case in cases_of(logs, [desk.stream(desk.open)]):
            check.look(case)
        check.after(lambda streams: list(cases_of(logs, streams)))
    assert ("SILENT", desk.open.assignment) in named(check.checked().findings)


def test_a_word_that_stands_somewhere_in_clear_is_named_and_not_repeated(
    desk: Desk, tmp_path: Path
) -> None:
    words, logs = tmp_path / "words", tmp_path / "logs"
    words.write_text("Schnürsenkelgespräch\nVöglein im Baum\n")
    logs.mkdir()
    (logs / "intake.log").write_bytes(b"x" * (1 << 20) + json.dumps("Vöglein im Baum").encode())
    code, said = command(desk, "--only", "words", "--words", str(words), "--in", str(logs))
    [told] = said["checks"]
    assert code == 1
    assert [(one["service"], one["what"]) for one in told["findings"]] == [
        ("file", "word 2 of the file stands there in clear")
    ]
    assert told["findings"][0]["about"].endswith("intake.log")
    assert "Vöglein" not in json.dumps(said, ensure_ascii=False)
    looked: Mapping[str, int] = {one["where"]: one["count"] for one in told["looked"]}
    assert {"intake", "kafka", "temporal", str(logs)} <= looked.keys()
