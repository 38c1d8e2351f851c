"""Read models: how each case stands, which one is open, and the queries over them.

Kept in the transactions of the events that they come from, and rebuilt from those alone.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    and_,
    delete,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from amends.eventstore.engine import reader
from amends.eventstore.records import StoredEvent
from amends.rpc.tokens import ANY_TENANT
from amends.values.case import Cause, Channel, Stage
from amends.values.identity import CustomerDigest, EscalationId, OrderDigest, Subject, Tenant
from amends.values.refusal import InvalidField
from services.intake import wire
from services.intake.domain.advance import advance
from services.intake.domain.case import Standing
from services.intake.domain.contact import ContactRecorded
from services.intake.domain.facts import Fact
from services.intake.domain.lists import Page, Summary, Wanted
from services.intake.domain.opening import EscalationOpened
from services.intake.domain.progress import Progress
from services.intake.domain.waiting import stage, waiting

metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("escalation_id", Text, primary_key=True),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("channel", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("customer_digest", Text, nullable=False),
    Column("order_digest", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("waiting_for", Text, nullable=False),
    Column("waiting_until", DateTime(timezone=True)),
    Column("owner_name", Text, nullable=False),
    Column("has_alarm", Boolean, nullable=False),
    Column("progress", JSONB, nullable=False),
    Index("cases_newest", "tenant", "opened_at", "escalation_id"),
    # For the reconciler, which asks for the open cases of all tenants every 30 s.
    Index("cases_open", "opened_at", "escalation_id", postgresql_where=text("stage <> 'CLOSED'")),
    # For the case that goes on beside one that is closed now (`give_place_back`).
    Index(
        "cases_beside",
        "tenant",
        "customer_digest",
        "order_digest",
        "cause",
        postgresql_where=text("stage <> 'CLOSED'"),
    ),
)
open_cases = Table(
    "open_cases",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("customer_digest", Text, primary_key=True),
    Column("order_digest", Text, primary_key=True),
    Column("cause", Text, primary_key=True),
    Column("escalation_id", Text, nullable=False),
    Index("open_cases_escalation", "tenant", "escalation_id"),
)


SOURCE = "intake"
OTHERS = ("routing", "resolution", "followup")
"""The services that intake listens to."""

_PROGRESS = TypeAdapter(Progress)


class OpenAlready(Exception):
    """A case of the same customer, order and cause is open: this one must not be."""


class Cases:
    """One row per case: how it stands, from intake's own events."""

    tables: Sequence[Table] = (cases,)

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """A case begins, or goes on."""
        if isinstance(event, EscalationOpened):
            self._begin(conn, stored, event)
        escalation = EscalationId(stored.stream.subject)
        advance_case(conn, stored.stream.tenant, escalation, wire.fact(stored.envelope(SOURCE)))
        if isinstance(event, ContactRecorded):
            changed = _one(stored.stream.tenant, escalation)
            conn.execute(update(cases).where(changed).values(priority=event.priority))

    def _begin(self, conn: Connection, stored: StoredEvent, event: EscalationOpened) -> None:
        tenant = stored.stream.tenant
        begun = {
            "tenant": tenant,
            "escalation_id": event.escalation,
            "opened_at": event.opened_at,
            "channel": event.channel.name,
            "cause": event.cause.name,
            "priority": event.priority,
            "customer_digest": event.customer_digest,
            "order_digest": event.order_digest,
            **_columns(Progress()),
        }
        conn.execute(insert(cases).values(begun))


class OpenCases:
    """At most one open case per customer, order and cause.

    While it is `replaying`, a later opening takes the place of an earlier one: it was let in only
    since that one was closed.
    """

    tables: Sequence[Table] = (open_cases,)

    def __init__(self, *, replaying: bool = False) -> None:
        self._replaying = replaying

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes the place of the case, after `Cases` has entered it.

        Raises:
            OpenAlready: another case has it.
        """
        if not isinstance(event, EscalationOpened):
            return
        tenant, escalation = stored.stream.tenant, event.escalation
        if not take_place(conn, tenant, escalation, displacing=self._replaying):
            raise OpenAlready


def take_place(
    conn: Connection, tenant: Tenant, escalation: EscalationId, *, displacing: bool = False
) -> bool:
    """Makes it the open case of its customer, order and cause; False where another one is.

    A case that is reopened while another one of the same was opened stays beside it: both go on,
    and who comes back is heard in the other one until that is closed.
    """
    names = [column.name for column in open_cases.columns]
    its_own = select(*(cases.columns[name] for name in names)).where(_one(tenant, escalation))
    row = conn.execute(its_own).one_or_none()
    if row is None:
        return True
    entry = insert(open_cases).values(row._asdict())
    if displacing:
        taken = entry.on_conflict_do_update(
            index_elements=list(open_cases.primary_key.columns),
            set_={"escalation_id": escalation},
        )
    else:
        taken = entry.on_conflict_do_nothing()
    mine = conn.execute(taken.returning(open_cases.c.escalation_id)).one_or_none()
    return mine is not None


def give_place_back(conn: Connection, tenant: Tenant, escalation: EscalationId) -> None:
    """The case is over: the one that went on beside it takes its place, or another is opened."""
    its_own = and_(open_cases.c.tenant == tenant, open_cases.c.escalation_id == escalation)
    place = conn.execute(delete(open_cases).where(its_own).returning(open_cases)).one_or_none()
    if place is None:
        return
    beside = select(cases.c.escalation_id).where(
        cases.c.tenant == tenant,
        cases.c.customer_digest == place.customer_digest,
        cases.c.order_digest == place.order_digest,
        cases.c.cause == place.cause,
        cases.c.stage != Stage.CLOSED.name,
    )
    latest = beside.order_by(cases.c.opened_at.desc(), cases.c.escalation_id.desc()).limit(1)
    goes_on = conn.execute(latest).scalar()
    if goes_on is not None:
        take_place(conn, tenant, EscalationId(goes_on))


def advance_case(conn: Connection, tenant: Tenant, escalation: EscalationId, fact: Fact) -> None:
    """Takes one fact of any service into the row of the case.

    A case that intake has never opened has no row: nothing is said about it.
    """
    its_own = _one(tenant, escalation)
    found = conn.execute(select(cases.c.progress).where(its_own).with_for_update()).scalar()
    if found is None:
        return
    before = progress_of(found)
    after = advance(before, fact)
    if after != before:
        conn.execute(update(cases).where(its_own).values(_columns(after)))


def progress_of(column: Any) -> Progress:  # noqa: ANN401 - JSON
    """The progress that a row holds."""
    return _PROGRESS.validate_python(column)


def _one(tenant: Tenant, escalation: EscalationId) -> Any:  # noqa: ANN401 - a clause
    return and_(cases.c.tenant == tenant, cases.c.escalation_id == escalation)


def _columns(progress: Progress) -> dict[str, Any]:
    """What a list shows, and the progress itself."""
    waits = waiting(progress)
    owner = progress.routed.owner
    return {
        "stage": stage(progress).name,
        "waiting_for": waits.what,
        "waiting_until": waits.until,
        "owner_name": owner.name if owner else "",
        "has_alarm": bool(progress.alarms),
        "progress": _PROGRESS.dump_python(progress, mode="json"),
    }


_USUAL_PAGE = 50


class Queries:
    """Reads only; each on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reader(engine)

    def standing(self, tenant: Tenant, escalation: EscalationId) -> Standing:
        """What other services said about a case, as far as it has arrived."""
        wanted = select(cases.c.progress).where(
            cases.c.tenant == tenant, cases.c.escalation_id == escalation
        )
        with self._engine.connect() as conn:
            found = conn.execute(wanted).scalar()
        if found is None:
            return Standing()
        progress = progress_of(found)
        owner = progress.routed.owner
        stands = Standing(resolved=progress.resolved, closed=progress.closed)
        if owner is None:
            return stands
        return replace(stands, owner=Subject(owner.subject), owner_name=owner.name)

    def open_case(
        self, tenant: Tenant, customer: CustomerDigest, order_digest: OrderDigest, cause: Cause
    ) -> EscalationId | None:
        """The case of this customer, order and cause that is open."""
        wanted = select(open_cases.c.escalation_id).where(
            open_cases.c.tenant == tenant,
            open_cases.c.customer_digest == customer,
            open_cases.c.order_digest == order_digest,
            open_cases.c.cause == cause.name,
        )
        with self._engine.connect() as conn:
            found = conn.execute(wanted).scalar()
        return None if found is None else EscalationId(found)

    def page(self, wanted: Wanted) -> Page:
        """Cases, newest first.

        Raises:
            InvalidField: the page token is none of ours.
        """
        size = wanted.page_size or _USUAL_PAGE
        newest = select(cases).order_by(cases.c.opened_at.desc(), cases.c.escalation_id.desc())
        chosen = newest.where(*_conditions(wanted)).limit(size + 1)
        with self._engine.connect() as conn:
            rows = conn.execute(chosen).all()
        found = tuple(map(_summary, rows[:size]))
        return Page(found, _token(found[-1]) if len(rows) > size else "")


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.tenant != ANY_TENANT:
        yield cases.c.tenant == wanted.tenant
    if wanted.stages:
        yield cases.c.stage.in_([one.name for one in wanted.stages])
    if wanted.open_only:
        yield cases.c.stage != Stage.CLOSED.name
    if wanted.page_token:
        yield tuple_(cases.c.opened_at, cases.c.escalation_id) < _place(wanted.page_token)


def _summary(row: Row[Any]) -> Summary:
    return Summary(
        escalation_id=EscalationId(row.escalation_id),
        tenant=Tenant(row.tenant),
        stage=Stage[row.stage],
        waiting_for=row.waiting_for,
        waiting_until=row.waiting_until,
        cause=Cause[row.cause],
        channel=Channel[row.channel],
        priority=row.priority,
        opened_at=row.opened_at,
        owner_name=row.owner_name,
        has_alarm=row.has_alarm,
    )


def _token(last: Summary) -> str:
    place = f"{last.opened_at.isoformat()} {last.escalation_id}"
    return base64.urlsafe_b64encode(place.encode()).decode()


def _place(token: str) -> tuple[datetime, str]:
    try:
        moment, escalation = base64.urlsafe_b64decode(token).decode().split(" ")
        opened_at = datetime.fromisoformat(moment).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no_place() from None
    if not escalation.isprintable():
        raise _no_place()
    return opened_at, escalation


def _no_place() -> InvalidField:
    return InvalidField("page_token", "page_token must be one of this list; begin without one")
