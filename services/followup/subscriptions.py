"""What follow-up listens to: that a case is open, whose it is, and whether it is made right.

A refund that failed after that is written down as due; `handlers.reopening` says what follows.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from google.protobuf.message import Message
from sqlalchemy import Connection, Table

from amends.eventstore.records import Envelope, from_timestamp
from amends.eventstore.sealing import know_person
from amends.eventstore.subscription import Handler
from amends.v1 import intake_events_pb2 as intake_pb
from amends.v1 import resolution_events_pb2 as resolution_pb
from amends.v1 import routing_events_pb2 as routing_pb
from services.followup.read_models import cases, failed_refunds, note, note_failed_refund

DUE = frozenset({"amends.v1.RefundFailed", "amends.v1.EscalationOpened"})
"""The types after which a case may have to go on: a refund waits until intake told of its case."""


class IntakeSubscription:
    """Which cases there are, whose they are, their policy, and that the customer was forgotten."""

    source = "intake"
    tables: Sequence[Table] = (cases,)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By protobuf full name."""
        return {
            "amends.v1.EscalationOpened": _opened,
            "amends.v1.CustomerForgotten": _forgotten,
        }


class RoutingSubscription:
    """Who owns the case."""

    source = "routing"
    tables: Sequence[Table] = (cases,)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By protobuf full name."""
        return {
            "amends.v1.AssignmentAccepted": _owned,
            "amends.v1.OwnershipHandedOver": _owned,
            "amends.v1.OwnershipTaken": _owned,
            "amends.v1.EscalationDeescalated": _owned,
        }


class ResolutionSubscription:
    """That the customer has the answer, that the case is made right, and that money came back."""

    source = "resolution"
    tables: Sequence[Table] = (cases, failed_refunds)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By protobuf full name."""
        return {
            "amends.v1.ResponseDelivered": _delivered,
            "amends.v1.EscalationResolved": _resolved,
            "amends.v1.RefundFailed": _refund_failed,
        }


def _opened(conn: Connection, message: Message, envelope: Envelope) -> None:
    opened = cast("intake_pb.EscalationOpened", message)
    know_person(conn, envelope.tenant, envelope.subject, opened.customer_digest)
    note(conn, envelope.stream, policy_version=opened.policy_version)


def _forgotten(conn: Connection, message: Message, envelope: Envelope) -> None:
    forgotten = cast("intake_pb.CustomerForgotten", message)
    note(conn, envelope.stream, forgotten_at=from_timestamp(forgotten.forgotten_at))


def _owned(conn: Connection, message: Message, envelope: Envelope) -> None:
    owned = cast(
        "routing_pb.AssignmentAccepted | routing_pb.OwnershipHandedOver"
        " | routing_pb.OwnershipTaken | routing_pb.EscalationDeescalated",
        message,
    )
    note(conn, envelope.stream, owner=owned.decision_maker_id)


def _delivered(conn: Connection, message: Message, envelope: Envelope) -> None:
    delivered = cast("resolution_pb.ResponseDelivered", message)
    if delivered.kind == resolution_pb.RESPONSE_KIND_ANSWER:
        note(conn, envelope.stream, answered_at=from_timestamp(delivered.delivered_at))


def _resolved(conn: Connection, message: Message, envelope: Envelope) -> None:
    resolved = cast("resolution_pb.EscalationResolved", message)
    note(conn, envelope.stream, resolved_at=from_timestamp(resolved.resolved_at))


def _refund_failed(conn: Connection, message: Message, envelope: Envelope) -> None:
    failed = cast("resolution_pb.RefundFailed", message)
    note_failed_refund(conn, envelope, failed.remedy_id)
