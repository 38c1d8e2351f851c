"""What routing listens to: what a case needs, when it is over, and how its offers end.

How an offer ends is written down as due here, in the transaction that takes the event in;
`settling` makes it an event of routing's own right after.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import cast

from google.protobuf.message import Message
from sqlalchemy import Connection, Table, text

from amends.eventstore.codec import from_message
from amends.eventstore.records import Envelope
from amends.eventstore.sealing import know_person
from amends.eventstore.subscription import Handler
from amends.v1 import (
    followup_events_pb2,
    intake_events_pb2,
    resolution_events_pb2,
)
from amends.values.deadline import NeedBy
from amends.values.remedy import RemedySought
from services.routing.domain.case import Case
from services.routing.read_models import RELEASE, SETTLE, cases, due, endings, offers

_OPEN = text("""
    INSERT INTO cases (tenant, escalation, channel, cause, priority, need_by, zone, kinds,
        currency, minor, policy_version)
    VALUES (:tenant, :escalation, :channel, :cause, :priority, :need_by, :zone, :kinds,
        :currency, :minor, :policy_version)
    ON CONFLICT DO NOTHING
""")
_NEED_BY = text("""
    UPDATE cases SET need_by = :need_by, zone = :zone
    WHERE tenant = :tenant AND escalation = :escalation
""")
_SOUGHT = text("""
    UPDATE cases SET kinds = :kinds, currency = :currency, minor = :minor
    WHERE tenant = :tenant AND escalation = :escalation
""")
_PRIORITY = text("""
    UPDATE cases SET priority = :priority WHERE tenant = :tenant AND escalation = :escalation
""")
# Who watches a queue hears that an assignment in it became more urgent.
_STIR = text("""
    UPDATE assignments SET tx = pg_current_xact_id()
    WHERE tenant = :tenant AND escalation = :escalation AND open
""")
_END = """
    INSERT INTO endings (tenant, escalation, {column}, over)
    VALUES (:tenant, :escalation, :at, {over})
    ON CONFLICT (tenant, escalation) DO UPDATE SET
        {column} = greatest(endings.{column}, excluded.{column}),
        over = coalesce(greatest(endings.ended_at, excluded.ended_at), '-infinity')
            > coalesce(greatest(endings.reopened_at, excluded.reopened_at), '-infinity')"""
_ENDED = text(_END.format(column="ended_at", over="true"))
_REOPENED = text(_END.format(column="reopened_at", over="false"))
_FREE = text("""
    UPDATE assignments AS a SET open = a.state IN ('OFFERED', 'ACCEPTED') AND NOT e.over
    FROM endings AS e
    WHERE e.tenant = a.tenant AND e.escalation = a.escalation
        AND a.tenant = :tenant AND a.escalation = :escalation
""")
_OFFER = text("""
    INSERT INTO offers (tenant, offer, reservation) VALUES (:tenant, :offer, :reservation)
    ON CONFLICT DO NOTHING
""")
_DUE = text("""
    INSERT INTO due (event_id, tenant, escalation, what, reservation, remedy)
    VALUES (:event_id, :tenant, :escalation, :what, :reservation, :remedy)
""")
_DUE_OF_OFFER = text("""
    INSERT INTO due (event_id, tenant, escalation, what, reservation, remedy)
    SELECT :event_id, :tenant, :escalation, :what, reservation, ''
    FROM offers WHERE tenant = :tenant AND offer = :offer
""")


class IntakeSubscription:
    """What a case needs, by when, and how urgent it is."""

    source = "intake"
    tables: Sequence[Table] = (cases,)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By protobuf full name."""
        return {
            "amends.v1.EscalationOpened": _opened,
            "amends.v1.ContactRecorded": _contact_recorded,
        }


class ResolutionSubscription:
    """How offers and remedies end, and that a case is made right."""

    source = "resolution"
    tables: Sequence[Table] = (endings, offers, due)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By protobuf full name."""
        return {
            "amends.v1.OfferMade": _offer_made,
            "amends.v1.OfferDeclined": _offer_ended,
            "amends.v1.OfferCountered": _offer_ended,
            "amends.v1.OfferExpired": _offer_ended,
            "amends.v1.RemedyCompleted": _remedy_completed,
            "amends.v1.RemedyFailed": _remedy_failed,
            "amends.v1.EscalationResolved": _resolved,
        }


class FollowUpSubscription:
    """That a case is closed, or goes on."""

    source = "followup"
    tables: Sequence[Table] = (endings,)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By protobuf full name."""
        return {
            "amends.v1.EscalationReopened": _reopened,
            "amends.v1.EscalationClosed": _closed,
        }


def _opened(conn: Connection, message: Message, envelope: Envelope) -> None:
    opened = cast("intake_events_pb2.EscalationOpened", message)
    know_person(conn, envelope.tenant, envelope.subject, opened.customer_digest)
    case = from_message(message, Case)
    said = {
        "channel": case.channel.name,
        "cause": case.cause.name,
        "priority": case.priority,
        "policy_version": case.policy_version,
    }
    conn.execute(_OPEN, _of(envelope) | said | _need_by(case.need_by) | _sought(case.remedy_sought))


def _contact_recorded(conn: Connection, message: Message, envelope: Envelope) -> None:
    said = cast("intake_events_pb2.ContactRecorded", message)
    if said.HasField("need_by"):
        conn.execute(_NEED_BY, _of(envelope) | _need_by(from_message(said.need_by, NeedBy)))
    if said.HasField("remedy_sought"):
        sought = from_message(said.remedy_sought, RemedySought)
        conn.execute(_SOUGHT, _of(envelope) | _sought(sought))
    if said.priority:
        conn.execute(_PRIORITY, _of(envelope) | {"priority": said.priority})
    conn.execute(_STIR, _of(envelope))


def _offer_made(conn: Connection, message: Message, envelope: Envelope) -> None:
    made = cast("resolution_events_pb2.OfferMade", message)
    said = {"offer": made.offer_id, "reservation": made.reservation_id}
    conn.execute(_OFFER, {"tenant": envelope.tenant, **said})


def _offer_ended(conn: Connection, message: Message, envelope: Envelope) -> None:
    ended = cast("resolution_events_pb2.OfferDeclined", message)
    said = {"event_id": envelope.event_id, "what": RELEASE, "offer": ended.offer_id}
    conn.execute(_DUE_OF_OFFER, _of(envelope) | said)


def _remedy_completed(conn: Connection, message: Message, envelope: Envelope) -> None:
    completed = cast("resolution_events_pb2.RemedyCompleted", message)
    said = {"reservation": completed.reservation_id, "remedy": completed.remedy_id}
    conn.execute(_DUE, _of(envelope) | {"event_id": envelope.event_id, "what": SETTLE} | said)


def _remedy_failed(conn: Connection, message: Message, envelope: Envelope) -> None:
    failed = cast("resolution_events_pb2.RemedyFailed", message)
    said = {"reservation": failed.reservation_id, "remedy": failed.remedy_id}
    conn.execute(_DUE, _of(envelope) | {"event_id": envelope.event_id, "what": RELEASE} | said)


def _resolved(conn: Connection, message: Message, envelope: Envelope) -> None:
    at = cast("resolution_events_pb2.EscalationResolved", message).resolved_at
    conn.execute(_ENDED, _of(envelope) | {"at": at.ToDatetime(UTC)})
    conn.execute(_FREE, _of(envelope))


def _closed(conn: Connection, message: Message, envelope: Envelope) -> None:
    at = cast("followup_events_pb2.EscalationClosed", message).closed_at
    conn.execute(_ENDED, _of(envelope) | {"at": at.ToDatetime(UTC)})
    conn.execute(_FREE, _of(envelope))


def _reopened(conn: Connection, message: Message, envelope: Envelope) -> None:
    at = cast("followup_events_pb2.EscalationReopened", message).reopened_at
    conn.execute(_REOPENED, _of(envelope) | {"at": at.ToDatetime(UTC)})
    conn.execute(_FREE, _of(envelope))


def _of(envelope: Envelope) -> dict[str, object]:
    return {"tenant": envelope.tenant, "escalation": envelope.subject}


def _need_by(need_by: NeedBy | None) -> dict[str, object]:
    if need_by is None:
        return {"need_by": None, "zone": None}
    return {"need_by": need_by.by, "zone": need_by.zone}


def _sought(sought: RemedySought | None) -> dict[str, object]:
    if sought is None:
        return {"kinds": None, "currency": None, "minor": None}
    amount = sought.amount
    return {
        "kinds": [kind.name for kind in sought.kinds],
        "currency": None if amount is None else amount.currency,
        "minor": None if amount is None else amount.minor,
    }
