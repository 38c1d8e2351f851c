"""What routing listens to: what a case needs, when it is over, and how its offers end.

How an offer ends is written down as due here, in the transaction that takes the event in;
`Settling` says it in routing's own log right after, before the consumer's offset is committed.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import cast

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import Connection, Table, text

from amends.eventstore.received import tx_of
from amends.eventstore.records import Envelope
from amends.eventstore.sealing import know_person
from amends.eventstore.subscription import Handler
from amends.v1 import followup_events_pb2 as followup_pb
from amends.v1 import intake_events_pb2 as intake_pb
from amends.v1 import resolution_events_pb2 as resolution_pb
from services.routing.read_models.tables import cases, drafts, due, endings, offers
from services.routing.wire import queue as wire

# What routing keeps of a case; the words stay with intake.
_KEPT = ("escalation_id", "channel", "cause", "priority", "policy_version")

_OPEN = text("""
    INSERT INTO cases (tenant, escalation, need_by, opened)
    VALUES (:tenant, :escalation, :need_by, :opened)
    ON CONFLICT (tenant, escalation) DO UPDATE SET need_by = excluded.need_by,
        opened = excluded.opened
""")
_STANDS = text("""
    SELECT opened FROM cases WHERE tenant = :tenant AND escalation = :escalation
""")
# Who watches a queue hears that an assignment in it became more urgent.
_STIR = text("""
    UPDATE assignments SET tx = CAST(:tx AS xid8)
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
# Who watches hears of what leaves a queue so, or comes back to it.
_FREE = text("""
    UPDATE assignments AS a SET open = NOT e.over, tx = CAST(:tx AS xid8)
    FROM endings AS e
    WHERE e.tenant = a.tenant AND e.escalation = a.escalation
        AND a.tenant = :tenant AND a.escalation = :escalation
        AND a.state IN ('OFFERED', 'ACCEPTED') AND a.open = e.over
""")
_OFFER = text("""
    INSERT INTO offers (tenant, offer, reservation) VALUES (:tenant, :offer, :reservation)
    ON CONFLICT DO NOTHING
""")
_DRAFT = text("""
    INSERT INTO drafts (tenant, offer, escalation, maker, asked, approve_by, open, tx)
    VALUES (:tenant, :offer, :escalation, :maker, :asked, :approve_by, true, CAST(:tx AS xid8))
    ON CONFLICT DO NOTHING
""")
_DECIDED = text("""
    UPDATE drafts SET open = false, tx = CAST(:tx AS xid8)
    WHERE tenant = :tenant AND offer = :offer AND open
""")
# Who watches hears that a draft's case is over, or goes on again.
_STIR_DRAFTS = text("""
    UPDATE drafts SET tx = CAST(:tx AS xid8)
    WHERE tenant = :tenant AND escalation = :escalation AND open
""")
_REMEDY_ENDS = text("""
    INSERT INTO due (event_id, tenant, escalation, settles, reservation, remedy)
    VALUES (:event_id, :tenant, :escalation, :settles, :reservation, :remedy)
""")
_OFFER_ENDS = text("""
    INSERT INTO due (event_id, tenant, escalation, settles, reservation, remedy)
    SELECT :event_id, :tenant, :escalation, false, reservation, ''
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
    """Which drafts wait, how offers and remedies end, and that a case is made right."""

    source = "resolution"
    tables: Sequence[Table] = (endings, offers, drafts, due)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By protobuf full name."""
        return {
            "amends.v1.OfferDrafted": _drafted,
            "amends.v1.OfferApproved": _draft_decided,
            "amends.v1.OfferMade": _offer_made,
            "amends.v1.OfferDeclined": _offer_ended,
            "amends.v1.OfferCountered": _offer_ended,
            "amends.v1.OfferExpired": _offer_ended,
            "amends.v1.OfferRejected": _draft_or_offer_ended,
            "amends.v1.OfferWithdrawn": _draft_or_offer_ended,
            "amends.v1.RemedyCompleted": _remedy_ended,
            "amends.v1.RemedyFailed": _remedy_ended,
            "amends.v1.RemedyCompensated": _remedy_ended,
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
    opened = cast("intake_pb.EscalationOpened", message)
    know_person(conn, envelope.tenant, envelope.subject, opened.customer_digest)
    kept = intake_pb.EscalationOpened(**{name: getattr(opened, name) for name in _KEPT})
    _keep(conn, envelope, kept, opened)


def _contact_recorded(conn: Connection, message: Message, envelope: Envelope) -> None:
    said = cast("intake_pb.ContactRecorded", message)
    stands = conn.execute(_STANDS, _of(envelope)).scalar_one()
    kept = intake_pb.EscalationOpened.FromString(stands)
    kept.priority = said.priority or kept.priority
    _keep(conn, envelope, kept, said)
    conn.execute(_STIR, _of(envelope) | {"tx": tx_of(conn, envelope)})


def _keep(
    conn: Connection,
    envelope: Envelope,
    kept: intake_pb.EscalationOpened,
    said: intake_pb.EscalationOpened | intake_pb.ContactRecorded,
) -> None:
    """Keeps what a case needs as it stands now: what is said anew replaces what was said."""
    if said.HasField("need_by"):
        kept.need_by.CopyFrom(said.need_by)
    if said.HasField("remedy_sought"):
        kept.remedy_sought.CopyFrom(said.remedy_sought)
    need_by = kept.need_by.by.ToDatetime(UTC) if kept.HasField("need_by") else None
    values = {"need_by": need_by, "opened": kept.SerializeToString()}
    conn.execute(_OPEN, _of(envelope) | values)


def _drafted(conn: Connection, message: Message, envelope: Envelope) -> None:
    said = cast("resolution_pb.OfferDrafted", message)
    draft = {
        "offer": said.offer_id,
        "maker": said.maker_subject,
        "asked": wire.asked_by_draft(said),
        "approve_by": said.approve_by.ToDatetime(UTC),
    }
    conn.execute(_DRAFT, {**_of(envelope), **draft, "tx": tx_of(conn, envelope)})


def _draft_decided(conn: Connection, message: Message, envelope: Envelope) -> None:
    offer = cast("resolution_pb.OfferApproved", message).offer_id
    said = {"tenant": envelope.tenant, "offer": offer, "tx": tx_of(conn, envelope)}
    conn.execute(_DECIDED, said)


def _draft_or_offer_ended(conn: Connection, message: Message, envelope: Envelope) -> None:
    _draft_decided(conn, message, envelope)
    _offer_ended(conn, message, envelope)


def _offer_made(conn: Connection, message: Message, envelope: Envelope) -> None:
    made = cast("resolution_pb.OfferMade", message)
    said = {"offer": made.offer_id, "reservation": made.reservation_id}
    conn.execute(_OFFER, {"tenant": envelope.tenant, **said})


def _offer_ended(conn: Connection, message: Message, envelope: Envelope) -> None:
    ended = cast("resolution_pb.OfferDeclined", message)
    said = {"event_id": envelope.event_id, "offer": ended.offer_id}
    conn.execute(_OFFER_ENDS, _of(envelope) | said)


def _remedy_ended(conn: Connection, message: Message, envelope: Envelope) -> None:
    ended = cast("resolution_pb.RemedyCompleted", message)  # the others have these fields too
    said = {
        "event_id": envelope.event_id,
        "settles": isinstance(ended, resolution_pb.RemedyCompleted),
        "reservation": ended.reservation_id,
        "remedy": ended.remedy_id,
    }
    conn.execute(_REMEDY_ENDS, _of(envelope) | said)


def _resolved(conn: Connection, message: Message, envelope: Envelope) -> None:
    _end(conn, envelope, cast("resolution_pb.EscalationResolved", message).resolved_at)


def _closed(conn: Connection, message: Message, envelope: Envelope) -> None:
    _end(conn, envelope, cast("followup_pb.EscalationClosed", message).closed_at)


def _end(conn: Connection, envelope: Envelope, at: Timestamp) -> None:
    conn.execute(_ENDED, _of(envelope) | {"at": at.ToDatetime(UTC)})
    _stir(conn, envelope)


def _reopened(conn: Connection, message: Message, envelope: Envelope) -> None:
    at = cast("followup_pb.EscalationReopened", message).reopened_at
    conn.execute(_REOPENED, _of(envelope) | {"at": at.ToDatetime(UTC)})
    _stir(conn, envelope)


def _stir(conn: Connection, envelope: Envelope) -> None:
    """What is over leaves the queues, what goes on comes back to them."""
    case = _of(envelope) | {"tx": tx_of(conn, envelope)}
    conn.execute(_FREE, case)
    conn.execute(_STIR_DRAFTS, case)


def _of(envelope: Envelope) -> dict[str, object]:
    return {"tenant": envelope.tenant, "escalation": envelope.subject}


def _handled_by(*handlers: Handler) -> frozenset[str]:
    every = (IntakeSubscription(), ResolutionSubscription(), FollowUpSubscription())
    return frozenset(
        full_name
        for one in every
        for full_name, handler in one.handlers.items()
        if handler in handlers
    )


STIRRING = _handled_by(
    _contact_recorded,
    _drafted,
    _draft_decided,
    _draft_or_offer_ended,
    _resolved,
    _reopened,
    _closed,
)
"""The types that change what stands in a queue."""
ENDING = _handled_by(_offer_ended, _draft_or_offer_ended, _remedy_ended)
"""The types that make something due."""
