"""Forgetting in one service's store: what may happen beside it, and what a crash leaves."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from amends.eventstore.person_keys import empty_past
from amends.eventstore.retention import keep_emptying
from amends.eventstore.sealing import Vault
from amends.eventstore.streams import StreamId
from amends.rpc.privacy import PrivacyHandlers
from amends.v1 import event_pb2, privacy_service_pb2
from amends.values.forgetting import CustomerIsForgotten, KeptByLaw, OpenClaim, PersonalData
from amends.values.identity import Call, EscalationId
from amends.values.personal import FORGOTTEN, Personal
from amends.values.refusal import DependencyUnavailable, RequestIdReused
from tests.eventstore.problems import PROBLEMS, Restate, respond
from tests.eventstore.world import MASTER_KEY, SHOP, Store, a_call, a_case, rows, sealed

CUSTOMER = "C-1042"
LATER = datetime.now(UTC) + timedelta(days=2000)


@dataclass
class Cases:
    """The part of a service: which cases are open, what was paid, which were told."""

    open: set[StreamId] = field(default_factory=set)
    paid_until: datetime | None = None
    asked: list[StreamId] = field(default_factory=list)
    told: list[tuple[StreamId, datetime | None]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def open_claim(self, case: StreamId) -> OpenClaim | None:
        self.asked.append(case)
        return OpenClaim(EscalationId(case.subject), LATER) if case in self.open else None

    def record_until(self, _cases: Sequence[StreamId]) -> datetime | None:
        return self.paid_until

    def tell(self, case: StreamId, record_until: datetime | None, _call: Call) -> None:
        if self.fails:
            raise self.fails.pop()
        self.told.append((case, record_until))


@pytest.fixture
def cases() -> Cases:
    return Cases()


def forget(
    store: Store, cases: Cases, call: Call | None = None
) -> privacy_service_pb2.ForgetCustomerResponse:
    handlers = PrivacyHandlers(store.engine, store.vault, cases)
    return handlers.forget(CUSTOMER, call or a_call())


def says(store: Store, words: str = "it squeaks", case: StreamId | None = None) -> StreamId:
    """The customer says something in a case."""
    case = case or a_case()
    store.restate(case, words=words, person=store.vault.customer_digest(SHOP, CUSTOMER))
    return case


def said(store: Store, case: StreamId) -> Personal[str]:
    return store.log.load(case, PROBLEMS).state.said[-1]


def test_another_process_that_has_just_read_the_words_reads_them_no_more(
    store: Store, cases: Cases
) -> None:
    case = says(store, "before")
    elsewhere = Vault(store.engine, MASTER_KEY)
    assert elsewhere.reveal(said(store, case)) == "before"
    forget(store, cases)
    assert elsewhere.reveal(said(store, case)) is FORGOTTEN


def test_nothing_is_destroyed_while_a_case_is_open(store: Store, cases: Cases) -> None:
    one, other = says(store), says(store)
    cases.open = {other}
    with pytest.raises(KeptByLaw, match=f"escalation {other.subject} .* nothing was forgotten"):
        forget(store, cases)
    assert store.vault.reveal(said(store, one)) == "it squeaks"
    assert cases.told == []


def test_nothing_is_destroyed_while_an_owner_cannot_be_asked(store: Store, cases: Cases) -> None:
    case = says(store)

    class Away(Cases):
        def open_claim(self, _case: StreamId) -> OpenClaim | None:
            raise DependencyUnavailable("resolution")

    with pytest.raises(DependencyUnavailable):
        forget(store, Away())
    assert store.vault.reveal(said(store, case)) == "it squeaks"


def test_a_case_that_is_opened_meanwhile_is_asked_about_too(store: Store, cases: Cases) -> None:
    first = says(store)
    opened: list[StreamId] = []

    class Opening(Cases):
        def record_until(self, _cases: Sequence[StreamId]) -> datetime | None:
            if not opened:
                opened.append(says(store))
                self.open = set(opened)
            return None

    with pytest.raises(KeptByLaw, match="nothing was forgotten"):
        forget(store, Opening())
    for case in (first, *opened):
        assert store.vault.reveal(said(store, case)) == "it squeaks"


def test_who_opens_a_case_at_that_moment_is_waited_for_and_heard(
    store: Store, cases: Cases
) -> None:
    """Else their case would stand there without a word, and nobody would have been told."""
    first, case, pool = says(store), a_case(), ThreadPoolExecutor(1)
    forgetting: list[Future[privacy_service_pb2.ForgetCustomerResponse]] = []

    def forget_meanwhile(_conn: Connection, _recorded: object) -> None:
        forgetting.append(pool.submit(forget, store, cases))
        wait_until(lambda: forgetting[0].done() or someone_waits(store))

    store.log.decide(
        case,
        PROBLEMS,
        Restate(EscalationId(case.subject), Personal("just now"), store.clock.now()),
        a_call(),
        respond=respond,
        person=store.vault.customer_digest(SHOP, CUSTOMER),
        rows=forget_meanwhile,
    )
    assert forgetting[0].result().cases == 2
    assert set(cases.asked) == {first, case}
    assert {told for told, _ in cases.told} == {first, case}
    assert store.vault.reveal(said(store, case)) is FORGOTTEN


def someone_waits(store: Store) -> bool:
    """Whether a transaction in this database waits for another one."""
    waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
    """
    with store.engine.connect() as conn:
        return bool(conn.execute(text(waiting)).scalar_one())


def wait_until(happened: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < limit
        time.sleep(0.01)  # between two looks at the locks


def test_a_crash_after_the_keys_are_gone_is_finished_by_the_same_call(
    store: Store, cases: Cases
) -> None:
    case, call = says(store), a_call()
    cases.fails = [ConnectionError()]
    with pytest.raises(ConnectionError):
        forget(store, cases, call)
    assert store.vault.reveal(said(store, case)) is FORGOTTEN
    cases.open = {case}  # as when the customer reopened it meanwhile: it was decided before
    answer = forget(store, cases, call)
    assert cases.told == [(case, None)]
    assert answer == forget(store, cases, call) == forget(store, cases)


def test_another_body_under_the_same_request_id_is_refused(store: Store, cases: Cases) -> None:
    call = a_call()
    forget(store, cases, call)
    with pytest.raises(RequestIdReused):
        forget(store, cases, a_call(call.request_id, body=b"another"))


def test_who_was_never_heard_of_is_forgotten_all_the_same(store: Store, cases: Cases) -> None:
    answer = forget(store, cases)
    assert (answer.cases, list(answer.kept)) == (0, [])
    assert set(answer.forgotten) == {
        event_pb2.PERSONAL_DATA_WORDS,
        event_pb2.PERSONAL_DATA_RECORD,
    }
    with pytest.raises(CustomerIsForgotten, match="a new customer reference"):
        says(store)


def test_the_answer_and_the_rows_hold_no_reference(store: Store, cases: Cases) -> None:
    says(store)
    forget(store, cases)
    for table in ("answers", "persons", "person_keys", "events"):
        assert CUSTOMER not in repr(rows(store.engine, table))


# What the law has kept.


def with_record(store: Store, case: StreamId) -> Personal[str]:
    """A reference of the case's payment, sealed with the key of the record."""
    person = store.vault.customer_digest(SHOP, CUSTOMER)
    with store.engine.begin() as conn:
        key = store.vault.new_key(conn, SHOP, person, PersonalData.RECORD)
        context = sealed(said(store, case)).context
        return store.vault.seal(key, Personal("SM-1"), context, conn).as_personal()


def test_a_record_that_is_kept_opens_for_those_who_must_show_it_alone(
    store: Store, cases: Cases
) -> None:
    case = says(store)
    reference = with_record(store, case)
    cases.paid_until = LATER
    answer = forget(store, cases)
    assert list(answer.forgotten) == [event_pb2.PERSONAL_DATA_WORDS]
    [kept] = answer.kept
    assert (kept.data, kept.until.ToDatetime(UTC)) == (event_pb2.PERSONAL_DATA_RECORD, LATER)
    assert cases.told == [(case, LATER)]
    assert store.vault.reveal(reference) is FORGOTTEN
    assert store.vault.opener(of_records=True).reveal(reference) == "SM-1"
    assert store.vault.opener(of_records=True).reveal(said(store, case)) is FORGOTTEN


def test_from_its_date_on_a_record_counts_as_forgotten_and_its_row_is_emptied(
    store: Store, cases: Cases
) -> None:
    reference = with_record(store, says(store))
    cases.paid_until = LATER
    forget(store, cases)
    with store.engine.begin() as conn:
        assert empty_past(conn) == 0
        conn.execute(text("UPDATE person_keys SET destroy_at = now() WHERE purpose = 'RECORD'"))
    assert store.vault.opener(of_records=True).reveal(reference) is FORGOTTEN
    with store.engine.begin() as conn:
        assert empty_past(conn) == 1
        kept = "SELECT count(*) FROM person_keys WHERE wrapped IS NOT NULL"
        assert conn.execute(text(kept)).scalar_one() == 0
    assert list(forget(store, cases).kept) == []


def test_a_process_takes_away_by_itself_what_is_kept_no_longer(store: Store, cases: Cases) -> None:
    with_record(store, says(store))
    cases.paid_until = datetime.now(UTC)
    forget(store, cases)
    stop = threading.Event()
    loop = threading.Thread(target=keep_emptying, args=(store.engine, stop))
    loop.start()
    wait_until(lambda: not any(wrapped for *_, wrapped, _, _ in key_rows(store)))
    stop.set()
    loop.join()


def key_rows(store: Store) -> list[tuple[object, ...]]:
    wanted = "SELECT purpose, key_id, wrapped, destroyed_at, destroy_at FROM person_keys"
    with store.engine.connect() as conn:
        return [tuple(row) for row in conn.execute(text(wanted))]
