"""Read models: routing's tables, kept in the transaction of the events that change them.

`queries` asks them. What others say of a case is written by `subscriptions`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from amends.eventstore.records import StoredEvent
from amends.eventstore.schema import Xid8
from services.routing.domain.assignment import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    AssignmentState,
    DecisionMakerAssigned,
    NoDecisionMakerFound,
)
from services.routing.domain.directory import AvailabilityChanged, DecisionMakerUpdated
from services.routing.domain.grants import AuthorityGranted, AuthorityRevoked

SETTLE = "settle"
RELEASE = "release"
"""What becomes of a reservation that is due."""

metadata = MetaData()

holders = Table(
    "holders",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("decision_maker", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("public_name", Text, nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("seniority", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("calendar", JSONB),
    Column("manager", Text, nullable=False),
    Column("stand_in", Text, nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("available", Boolean, nullable=False, server_default=true()),
    Column("away_until", DateTime(timezone=True)),
    Column("away_stand_in", Text, nullable=False, server_default=""),
)
grants = Table(
    "grants",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("grant_id", Text, primary_key=True),
    Column("decision_maker", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Index("grants_holder", "tenant", "decision_maker"),
)
assignments = Table(
    "assignments",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("assignment", Text, primary_key=True),
    Column("escalation", Text, nullable=False),
    Column("decision_maker", Text, nullable=False),
    Column("assigned", LargeBinary, nullable=False),  # the event DecisionMakerAssigned
    Column("accept_by", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("owner_subject", Text, nullable=False, server_default=""),
    # Offered, or owned and not over: what counts against the holder's capacity.
    Column("open", Boolean, nullable=False),
    # The transaction that changed it last: how far a watcher has seen.
    Column("tx", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Index("assignments_open", "tenant", "decision_maker", postgresql_where=text("open")),
    Index("assignments_case", "tenant", "escalation"),
    Index("assignments_tx", "tenant", "tx"),
)
waiting = Table(
    "waiting",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("escalation", Text, primary_key=True),
)
cases = Table(
    "cases",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("escalation", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("need_by", DateTime(timezone=True)),
    Column("zone", Text),
    Column("kinds", ARRAY(Text)),
    Column("currency", Text),
    Column("minor", BigInteger),
    Column("policy_version", Integer, nullable=False),
)
endings = Table(
    "endings",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("escalation", Text, primary_key=True),
    Column("ended_at", DateTime(timezone=True)),
    Column("reopened_at", DateTime(timezone=True)),
    # Two services tell of ends and reopenings: the later one counts, whichever came first.
    Column("over", Boolean, nullable=False, server_default=false()),
)
offers = Table(
    "offers",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("offer", Text, primary_key=True),
    Column("reservation", Text, nullable=False),
)
due = Table(
    "due",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("escalation", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("reservation", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)

_ENTER = text("""
    INSERT INTO holders (tenant, decision_maker, kind, public_name, subjects, seniority, capacity,
        calendar, manager, stand_in, skills, languages)
    VALUES (:tenant, :decision_maker, :kind, :public_name, :subjects, :seniority, :capacity,
        CAST(:calendar AS jsonb), :manager, :stand_in, :skills, :languages)
    ON CONFLICT (tenant, decision_maker) DO UPDATE SET
        kind = excluded.kind, public_name = excluded.public_name, subjects = excluded.subjects,
        seniority = excluded.seniority, capacity = excluded.capacity,
        calendar = excluded.calendar, manager = excluded.manager, stand_in = excluded.stand_in,
        skills = excluded.skills, languages = excluded.languages
""")
_BE_THERE = text("""
    UPDATE holders SET available = :available, away_until = :away_until,
        away_stand_in = :away_stand_in
    WHERE tenant = :tenant AND decision_maker = :decision_maker
""")
_GRANT = text("""
    INSERT INTO grants (tenant, grant_id, decision_maker, action, currency, minor)
    VALUES (:tenant, :grant_id, :decision_maker, :action, :currency, :minor)
""")
_REVOKE = text("DELETE FROM grants WHERE tenant = :tenant AND grant_id = :grant_id")
# Assigned is no longer waiting: one statement, this is the path that a customer waits for.
_ASSIGN = text("""
    WITH found AS (DELETE FROM waiting WHERE tenant = :tenant AND escalation = :escalation)
    INSERT INTO assignments
        (tenant, assignment, escalation, decision_maker, assigned, accept_by, state, open)
    VALUES (:tenant, :assignment, :escalation, :decision_maker, :assigned, :accept_by, :state,
        NOT EXISTS (SELECT 1 FROM endings
            WHERE tenant = :tenant AND escalation = :escalation AND over))
""")
_ANSWER = text("""
    UPDATE assignments SET state = :state, owner_subject = :owner_subject, open = open AND :open,
        tx = pg_current_xact_id()
    WHERE tenant = :tenant AND assignment = :assignment
""")
_WAIT = text("""
    INSERT INTO waiting (tenant, escalation) VALUES (:tenant, :escalation) ON CONFLICT DO NOTHING
""")


class Directory:
    """Who may be asked, and what they may grant."""

    tables: Sequence[Table] = (holders, grants)

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes one event of the directory in."""
        tenant = stored.stream.tenant
        match event:
            case DecisionMakerUpdated():
                conn.execute(_ENTER, {"tenant": tenant, **_entry(event)})
            case AvailabilityChanged():
                presence = asdict(event) | {"away_stand_in": event.stand_in}
                conn.execute(_BE_THERE, {"tenant": tenant, **presence})
            case AuthorityGranted():
                conn.execute(_GRANT, {"tenant": tenant, **_granted(event)})
            case AuthorityRevoked():
                conn.execute(_REVOKE, {"tenant": tenant, "grant_id": event.grant})


class Queue:
    """Who was asked what, and which cases wait because nobody can be asked."""

    tables: Sequence[Table] = (assignments, waiting)

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes one event of a case in."""
        tenant = stored.stream.tenant
        match event:
            case DecisionMakerAssigned():
                conn.execute(_ASSIGN, {"tenant": tenant, **_assigned(event, stored.data)})
            case AssignmentAccepted():
                state = AssignmentState.ACCEPTED
                conn.execute(_ANSWER, _answered(tenant, event, state, event.owner_subject))
            case AssignmentDeclined():
                conn.execute(_ANSWER, _answered(tenant, event, AssignmentState.DECLINED))
            case AssignmentExpired():
                conn.execute(_ANSWER, _answered(tenant, event, AssignmentState.EXPIRED))
            case NoDecisionMakerFound():
                conn.execute(_WAIT, {"tenant": tenant, "escalation": event.escalation})


def _entry(event: DecisionMakerUpdated) -> dict[str, object]:
    calendar = None if event.calendar is None else json.dumps(asdict(event.calendar))
    lists = {name: list(getattr(event, name)) for name in ("subjects", "skills", "languages")}
    return asdict(event) | lists | {"kind": event.kind.name, "calendar": calendar}


def _granted(event: AuthorityGranted) -> dict[str, object]:
    return {
        "grant_id": event.grant,
        "decision_maker": event.decision_maker,
        "action": event.action.name,
        "currency": event.per_case.currency,
        "minor": event.per_case.minor,
    }


def _assigned(event: DecisionMakerAssigned, data: bytes) -> dict[str, object]:
    return {
        "assignment": event.assignment,
        "escalation": event.escalation,
        "decision_maker": event.decision_maker,
        "assigned": data,
        "accept_by": event.accept_by,
        "state": AssignmentState.OFFERED.name,
    }


def _answered(
    tenant: str,
    event: AssignmentAccepted | AssignmentDeclined | AssignmentExpired,
    state: AssignmentState,
    owner: str = "",
) -> dict[str, object]:
    return {
        "tenant": tenant,
        "assignment": event.assignment,
        "state": state.name,
        "owner_subject": owner,
        "open": state is AssignmentState.ACCEPTED,
    }
