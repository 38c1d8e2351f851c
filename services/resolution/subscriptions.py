"""What resolution listens to: the case from intake, its owner and grants from routing, its end.

Handlers write what was told and decide nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from google.protobuf.message import Message
from sqlalchemy import Connection, Table

from amends.eventstore.codec import from_message
from amends.eventstore.records import Envelope
from amends.eventstore.sealing import know_person
from amends.eventstore.subscription import Handler
from amends.v1 import followup_events_pb2, intake_events_pb2, routing_events_pb2
from amends.values.authority import Limit
from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import CustomerDigest, DecisionMakerId, GrantId
from amends.values.money import Money
from amends.values.remedy import Action
from services.resolution import read_models
from services.resolution.read_models import need_by_columns, note


@dataclass(frozen=True, slots=True)
class CaseSubscription:
    """One service's events, each with what is kept of it."""

    source: str
    handlers: Mapping[str, Handler]
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class _Opened:
    channel: Channel
    cause: Cause
    policy_version: int
    need_by: NeedBy | None
    customer_digest: CustomerDigest


@dataclass(frozen=True, slots=True)
class _Contacted:
    need_by: NeedBy | None


@dataclass(frozen=True, slots=True)
class _Owned:
    decision_maker: DecisionMakerId
    owner_subject: str
    public_name: str


@dataclass(frozen=True, slots=True)
class _Granted:
    decision_maker: DecisionMakerId
    grant: GrantId
    action: Action
    per_case: Money


@dataclass(frozen=True, slots=True)
class _Revoked:
    decision_maker: DecisionMakerId
    grant: GrantId


@dataclass(frozen=True, slots=True)
class _Reopened:
    reopened_at: datetime


def subscriptions() -> tuple[CaseSubscription, ...]:
    """Everything that resolution listens to."""
    intake = {
        _name(intake_events_pb2.EscalationOpened): _opened,
        _name(intake_events_pb2.ContactRecorded): _contacted,
    }
    routing = {
        _name(routing_events_pb2.AssignmentAccepted): _owned,
        _name(routing_events_pb2.OwnershipHandedOver): _owned,
        _name(routing_events_pb2.OwnershipTaken): _owned,
        _name(routing_events_pb2.EscalationDeescalated): _owned,
        _name(routing_events_pb2.DecisionMakerUpdated): _entered,
        _name(routing_events_pb2.AuthorityGranted): _granted,
        _name(routing_events_pb2.AuthorityRevoked): _revoked,
    }
    followup = {
        _name(followup_events_pb2.EscalationReopened): _reopened,
        _name(followup_events_pb2.EscalationClosed): _closed,
    }
    return (
        CaseSubscription("intake", intake, (read_models.cases,)),
        CaseSubscription(
            "routing", routing, (read_models.cases, read_models.grants, read_models.people)
        ),
        CaseSubscription("followup", followup, (read_models.cases,)),
    )


def _name(message: type[Message]) -> str:
    return message.DESCRIPTOR.full_name


def _opened(conn: Connection, message: Message, envelope: Envelope) -> None:
    told = from_message(message, _Opened)
    know_person(conn, envelope.tenant, envelope.subject, told.customer_digest)
    note(
        conn,
        envelope.tenant,
        envelope.subject,
        channel=told.channel.name,
        cause=told.cause.name,
        policy_version=told.policy_version,
        **need_by_columns(told.need_by),
    )


def _contacted(conn: Connection, message: Message, envelope: Envelope) -> None:
    """Another need-by counts from now on; none said means the earlier one stands."""
    told = from_message(message, _Contacted)
    if told.need_by is not None:
        note(conn, envelope.tenant, envelope.subject, **need_by_columns(told.need_by))


def _owned(conn: Connection, message: Message, envelope: Envelope) -> None:
    told = from_message(message, _Owned)
    note(
        conn,
        envelope.tenant,
        envelope.subject,
        owner=told.decision_maker,
        owner_subject=told.owner_subject,
        owner_name=told.public_name,
    )


def _entered(conn: Connection, message: Message, envelope: Envelope) -> None:
    told = cast("routing_events_pb2.DecisionMakerUpdated", message)
    person = told.kind == routing_events_pb2.DECISION_MAKER_KIND_PERSON
    subject = told.subjects[0] if person else ""
    maker = DecisionMakerId(told.decision_maker_id)
    read_models.person(conn, envelope.tenant, maker, subject)


def _granted(conn: Connection, message: Message, envelope: Envelope) -> None:
    told = from_message(message, _Granted)
    limit = Limit(told.action, told.per_case)
    read_models.grant(conn, envelope.tenant, told.decision_maker, told.grant, limit)


def _revoked(conn: Connection, message: Message, envelope: Envelope) -> None:
    told = from_message(message, _Revoked)
    read_models.revoke(conn, envelope.tenant, told.decision_maker, told.grant)


def _reopened(conn: Connection, message: Message, envelope: Envelope) -> None:
    """Also of a case that was closed: a late "not solved" is heard."""
    told = from_message(message, _Reopened)
    note(conn, envelope.tenant, envelope.subject, reopened_at=told.reopened_at, closed=False)


def _closed(conn: Connection, _message: Message, envelope: Envelope) -> None:
    note(conn, envelope.tenant, envelope.subject, closed=True)
