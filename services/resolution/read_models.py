"""What resolution keeps of what others decide: cases with their owners, who may grant what.

Fed by subscriptions only, so all rebuild from the inbox. No customer's word stands here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    bindparam,
    delete,
    false,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from amends.eventstore.engine import reader
from amends.eventstore.streams import StreamId
from amends.values.authority import Limit
from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import Call, DecisionMakerId, EscalationId, GrantId, Subject, Tenant
from amends.values.money import Money
from amends.values.refusal import EscalationNotFound, Refusal
from amends.values.remedy import Action
from services.resolution.domain.case import Case, Owner

R = TypeVar("R")
CatchUp = Callable[[str, Tenant, str], None]
"""Asks a service what is new about a subject (`Inbox.catch_up`): (source, tenant, subject)."""

_CALLER = ("tenant", "subject")
_OWNERS = ("intake", "routing", "followup")
metadata = MetaData()
cases = Table(
    "cases",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("escalation", Text, primary_key=True),
    # What routing or follow-up said may come before what intake said: until then these are empty.
    Column("channel", Text),
    Column("cause", Text),
    Column("policy_version", Integer),
    Column("need_by", DateTime(timezone=True)),
    Column("zone", Text),
    Column("owner", Text),
    Column("owner_subject", Text),
    Column("owner_name", Text),
    Column("reopened_at", DateTime(timezone=True)),
    Column("closed", Boolean, nullable=False, server_default=false()),
)
grants = Table(
    "grants",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("decision_maker", Text, primary_key=True),
    Column("grant_id", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("decision_maker", Text, nullable=False),
)


_FIND = select(cases).where(
    cases.c.tenant == bindparam("tenant"), cases.c.escalation == bindparam("escalation")
)


def note(conn: Connection, tenant: Tenant, escalation: str, **news: object) -> None:
    """Keeps what was said about a case, whoever said something about it first."""
    conn.execute(_noting(*news), {"tenant": tenant, "escalation": escalation, **news})


@cache
def _noting(*columns: str) -> Insert:
    """Made once for the columns of each kind of news; making it costs more than sending it."""
    written = insert(cases)
    news = {name: written.excluded[name] for name in columns}
    return written.on_conflict_do_update(index_elements=["tenant", "escalation"], set_=news)


def need_by_columns(need_by: NeedBy | None) -> Mapping[str, datetime | str | None]:
    """The columns of a need-by."""
    return {
        "need_by": need_by.by if need_by else None,
        "zone": need_by.zone if need_by else None,
    }


def grant(
    conn: Connection, tenant: Tenant, maker: DecisionMakerId, grant_id: GrantId, limit: Limit
) -> None:
    """Keeps a grant; one of the same action and currency is replaced by it."""
    conn.execute(
        delete(grants).where(
            grants.c.tenant == tenant,
            grants.c.decision_maker == maker,
            grants.c.action == limit.action.name,
            grants.c.currency == limit.per_case.currency,
        )
    )
    conn.execute(
        insert(grants).values(
            tenant=tenant,
            decision_maker=maker,
            grant_id=grant_id,
            action=limit.action.name,
            currency=limit.per_case.currency,
            minor=limit.per_case.minor,
        )
    )


def revoke(conn: Connection, tenant: Tenant, maker: str, grant_id: str) -> None:
    """Forgets a grant."""
    conn.execute(
        delete(grants).where(
            grants.c.tenant == tenant,
            grants.c.decision_maker == maker,
            grants.c.grant_id == grant_id,
        )
    )


def person(conn: Connection, tenant: Tenant, maker: DecisionMakerId, subject: str) -> None:
    """Keeps who somebody of the directory is as a caller; "" for a team, which is nobody."""
    said = people.c.tenant == tenant, people.c.decision_maker == maker
    conn.execute(delete(people).where(*said))
    if subject:
        entered = {"tenant": tenant, "subject": subject, "decision_maker": maker}
        written = insert(people).values(**entered)
        news = {"decision_maker": maker}
        conn.execute(written.on_conflict_do_update(index_elements=_CALLER, set_=news))


class Cases:
    """Queries over what others told."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reader(engine)

    def find(self, tenant: Tenant, escalation: EscalationId) -> Case | None:
        """The case, None while intake has not told of it."""
        with self._engine.connect() as conn:
            row = conn.execute(_FIND, {"tenant": tenant, "escalation": escalation}).one_or_none()
        return None if row is None or row.channel is None else _case(row)

    def limits(self, tenant: Tenant, maker: DecisionMakerId) -> tuple[Limit, ...]:
        """What a decision-maker may grant, as far as it was told."""
        held = (
            select(grants)
            .where(grants.c.tenant == tenant, grants.c.decision_maker == maker)
            .order_by(grants.c.action, grants.c.currency)
        )
        with self._engine.connect() as conn:
            rows = conn.execute(held).all()
        return tuple(Limit(Action[row.action], Money(row.currency, row.minor)) for row in rows)

    def person(self, tenant: Tenant, subject: Subject) -> DecisionMakerId:
        """Who a caller is in the directory, "" where that was not told."""
        found = select(people.c.decision_maker).where(
            people.c.tenant == tenant, people.c.subject == subject
        )
        with self._engine.connect() as conn:
            return DecisionMakerId(conn.execute(found).scalar() or "")


class KnownCases:
    """Cases as the other services told of them; asks those again before a no rests on it."""

    def __init__(self, cases: Cases, catch_up: CatchUp) -> None:
        self._cases = cases
        self._catch_up = catch_up

    def of(self, call: Call, escalation: EscalationId) -> Case:
        """The case; EscalationNotFound only where intake does not know it either."""
        tenant = call.actor.tenant
        found = self._cases.find(tenant, escalation)
        if found is None:
            self._catch_up("intake", tenant, escalation)
            found = self._cases.find(tenant, escalation)
        if found is None:
            raise EscalationNotFound(escalation)
        return found

    def refresh(self, call: Call, escalation: EscalationId) -> None:
        """Asks everyone who decides about the case."""
        for owner in _OWNERS:
            self._catch_up(owner, call.actor.tenant, escalation)

    def asked(self, stream: StreamId) -> Case | None:
        """The case once everyone who decides about it was asked; None where intake has none."""
        for owner in _OWNERS:
            self._catch_up(owner, stream.tenant, stream.subject)
        return self._cases.find(stream.tenant, EscalationId(stream.subject))

    def checked(self, call: Call, escalation: EscalationId, ask: Callable[[Case], R]) -> R:
        """What `ask` makes of the case; asked again before it refuses."""
        try:
            return ask(self.of(call, escalation))
        except Refusal:
            self.refresh(call, escalation)
        return ask(self.of(call, escalation))

    def person(self, call: Call) -> DecisionMakerId:
        """Who the caller is in the directory, "" where that was not heard; routing knows."""
        return self._cases.person(call.actor.tenant, call.who.subject)

    def limits(self, call: Call, maker: DecisionMakerId) -> tuple[Limit, ...]:
        """What a decision-maker may grant, by routing's directory."""
        tenant = call.actor.tenant
        held = self._cases.limits(tenant, maker)
        if not held:
            self._catch_up("routing", tenant, maker)
            held = self._cases.limits(tenant, maker)
        return held


def _case(row: Row[tuple[object, ...]]) -> Case:
    return Case(
        escalation=EscalationId(row.escalation),
        channel=Channel[row.channel],
        cause=Cause[row.cause],
        policy_version=row.policy_version,
        need_by=NeedBy(row.need_by, row.zone) if row.need_by else None,
        owner=_owner(row),
        reopened_at=row.reopened_at,
        closed=row.closed,
    )


def _owner(row: Row[tuple[object, ...]]) -> Owner | None:
    if row.owner is None:
        return None
    return Owner(DecisionMakerId(row.owner), Subject(row.owner_subject), row.owner_name)
