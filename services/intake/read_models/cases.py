"""Read models: how each case stands, which one is open, and the queries over them.

Kept in the transactions of the events that they come from, and rebuilt from those alone.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

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
    bindparam,
    delete,
    select,
    text,
    tuple_,
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
from services.intake.read_models.advancing import Said, advance_cases, columns_of, progress_of

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

_ITS_OWN = and_(
    cases.c.tenant == bindparam("its_tenant"), cases.c.escalation_id == bindparam("its_id")
)
_BEGIN = insert(cases)
_PROGRESS_OF = select(cases.c.progress).where(_ITS_OWN)
_ENTRY = insert(open_cases)
_TAKE = _ENTRY.on_conflict_do_nothing().returning(open_cases.c.escalation_id)
_DISPLACE = _ENTRY.on_conflict_do_update(
    index_elements=list(open_cases.primary_key.columns),
    set_={"escalation_id": _ENTRY.excluded.escalation_id},
).returning(open_cases.c.escalation_id)
_KEYS = [column.name for column in open_cases.columns]
_TAKE_AGAIN = _ENTRY.from_select(
    _KEYS, select(*(cases.columns[name] for name in _KEYS)).where(_ITS_OWN)
).on_conflict_do_nothing()
_OPEN = text("""
    SELECT escalation_id FROM open_cases WHERE tenant = :tenant
        AND customer_digest = :customer AND order_digest = :order AND cause = :cause
""")

SOURCE = "intake"
OTHERS = ("routing", "resolution", "followup")
"""The services that intake listens to."""


class OpenAlready(Exception):
    """A case of the same customer, order and cause is open: this one must not be."""


class Cases:
    """One row per case: how it stands, from intake's own events."""

    tables: Sequence[Table] = (cases,)

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """A case begins, or goes on."""
        fact = wire.fact(stored.envelope(SOURCE))
        if isinstance(event, EscalationOpened):
            conn.execute(_BEGIN, _begun(stored.stream.tenant, event, fact))
            return
        priority = event.priority if isinstance(event, ContactRecorded) else None
        advance_cases(conn, [Said(stored.stream, fact, priority)])


class OpenCases:
    """At most one open case per customer, order and cause.

    While it is `replaying`, a later opening takes the place of an earlier one: it was let in only
    since that one was closed.
    """

    tables: Sequence[Table] = (open_cases,)

    def __init__(self, *, replaying: bool = False) -> None:
        self._replaying = replaying

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes the place of the case.

        Raises:
            OpenAlready: another case has it.
        """
        if not isinstance(event, EscalationOpened):
            return
        place = {
            "tenant": stored.stream.tenant,
            "customer_digest": event.customer_digest,
            "order_digest": event.order_digest,
            "cause": event.cause.name,
            "escalation_id": event.escalation,
        }
        taken = conn.execute(_DISPLACE if self._replaying else _TAKE, place)
        if taken.one_or_none() is None:
            raise OpenAlready


def take_place(conn: Connection, tenant: Tenant, escalation: EscalationId) -> None:
    """Makes it the open case of its customer, order and cause again, where no other one is.

    A case that is reopened while another one of the same was opened stays beside it: both go on,
    and who comes back is heard in the other one until that is closed.
    """
    conn.execute(_TAKE_AGAIN, _its(tenant, escalation))


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


def _its(tenant: Tenant, escalation: str) -> dict[str, str]:
    return {"its_tenant": tenant, "its_id": escalation}


def _begun(tenant: Tenant, event: EscalationOpened, fact: Fact) -> dict[str, Any]:
    """The row of a case that begins."""
    return {
        "tenant": tenant,
        "escalation_id": event.escalation,
        "opened_at": event.opened_at,
        "channel": event.channel.name,
        "cause": event.cause.name,
        "priority": event.priority,
        "customer_digest": event.customer_digest,
        "order_digest": event.order_digest,
        **columns_of(advance(Progress(), fact)),
    }


_USUAL_PAGE = 50


class Queries:
    """Reads only; each on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reader(engine)

    def standing(self, tenant: Tenant, escalation: EscalationId) -> Standing:
        """What other services said about a case, as far as it has arrived."""
        with self._engine.connect() as conn:
            found = conn.execute(_PROGRESS_OF, _its(tenant, escalation)).scalar()
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
        case = {"customer": customer, "order": order_digest, "cause": cause.name}
        with self._engine.connect() as conn:
            found = conn.execute(_OPEN, {"tenant": tenant, **case}).scalar()
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
