"""Queues as a read model: who was asked what, and which cases wait for somebody to ask."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, text

from amends.eventstore.records import StoredEvent
from amends.eventstore.sealing import sealed_bytes
from services.routing.domain.assignment import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    AssignmentState,
    DecisionMakerAssigned,
    NoDecisionMakerFound,
)
from services.routing.domain.hand_over import (
    HandOverOffered,
    HandOverReturned,
    OwnershipHandedOver,
)
from services.routing.domain.take_over import (
    EscalationDeescalated,
    OwnershipTaken,
    given_at,
)
from services.routing.read_models.tables import assignments, waiting
from services.routing.wire import queue as wire

# Assigned is no longer waiting: one statement, this is the path that a customer waits for.
_ASSIGN = text("""
    WITH found AS (DELETE FROM waiting WHERE tenant = :tenant AND escalation = :escalation)
    INSERT INTO assignments
        (tenant, assignment, escalation, decision_maker, assigned, accept_by, state, open, tx)
    VALUES (:tenant, :assignment, :escalation, :decision_maker, :assigned, :accept_by, 'OFFERED',
        NOT EXISTS (SELECT 1 FROM endings
            WHERE tenant = :tenant AND escalation = :escalation AND over), CAST(:tx AS xid8))
""")
_OFFER = text("""
    INSERT INTO assignments (tenant, assignment, escalation, decision_maker, assigned, hand_over,
        note, accept_by, state, open, tx)
    VALUES (:tenant, :assignment, :escalation, :decision_maker, :assigned, :hand_over,
        :note, :accept_by, 'OFFERED', true, CAST(:tx AS xid8))
""")
# Who watches the owner's queue hears of it, too.
_OWNED = text("""
    UPDATE assignments SET state = :state, open = open AND :state = 'ACCEPTED',
        tx = CAST(:tx AS xid8)
    WHERE tenant = :tenant AND escalation = :escalation AND state = 'ACCEPTED'
""")
# Whoever is asked for it, or owns it, does no longer.
_GIVE_UP = text("""
    UPDATE assignments SET state = 'TAKEN_OVER', open = false, tx = CAST(:tx AS xid8)
    WHERE tenant = :tenant AND escalation = :escalation AND state IN ('OFFERED', 'ACCEPTED')
""")
_GIVE = text("""
    WITH found AS (DELETE FROM waiting WHERE tenant = :tenant AND escalation = :escalation)
    INSERT INTO assignments (tenant, assignment, escalation, decision_maker, assigned, note,
        accept_by, state, open, tx)
    VALUES (:tenant, :assignment, :escalation, :decision_maker, :assigned, :note,
        :accept_by, 'ACCEPTED',
        NOT EXISTS (SELECT 1 FROM endings
            WHERE tenant = :tenant AND escalation = :escalation AND over), CAST(:tx AS xid8))
""")
_ANSWER = text("""
    UPDATE assignments SET state = :state, open = open AND :state = 'ACCEPTED',
        tx = CAST(:tx AS xid8)
    WHERE tenant = :tenant AND assignment = :assignment
""")
_DECLINE = text("""
    UPDATE assignments SET state = 'DECLINED', open = false, note = :note, tx = CAST(:tx AS xid8)
    WHERE tenant = :tenant AND assignment = :assignment
""")
_WAIT = text("""
    INSERT INTO waiting (tenant, escalation) VALUES (:tenant, :escalation) ON CONFLICT DO NOTHING
""")


class Queue:
    """Who was asked what, and which cases wait because nobody can be asked."""

    tables: Sequence[Table] = (assignments, waiting)

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes one event of a case in."""
        tenant, escalation = stored.stream.tenant, stored.stream.subject
        case = {"tenant": tenant, "escalation": escalation, "tx": str(stored.tx)}
        match event:
            case DecisionMakerAssigned(assignment=which):
                asked = {"decision_maker": event.decision_maker, "accept_by": event.accept_by}
                conn.execute(
                    _ASSIGN, {**case, **asked, "assignment": which, "assigned": stored.data}
                )
            case AssignmentAccepted(assignment=which):
                state = AssignmentState.ACCEPTED.name
                conn.execute(_ANSWER, {**case, "assignment": which, "state": state})
            case AssignmentDeclined(assignment=which, note=note):
                conn.execute(_DECLINE, {**case, "assignment": which, "note": sealed_bytes(note)})
            case AssignmentExpired(assignment=which):
                state = AssignmentState.EXPIRED.name
                conn.execute(_ANSWER, {**case, "assignment": which, "state": state})
            case HandOverOffered():
                conn.execute(_OFFER, case | _offer(event, stored.data))
                conn.execute(_OWNED, {**case, "state": AssignmentState.ACCEPTED.name})
            case HandOverReturned(hand_over=which):
                state = AssignmentState.RETURNED.name
                conn.execute(_ANSWER, {**case, "assignment": which, "state": state})
                conn.execute(_OWNED, {**case, "state": AssignmentState.ACCEPTED.name})
            case OwnershipHandedOver(hand_over=which):
                conn.execute(_OWNED, {**case, "state": AssignmentState.HANDED_OVER.name})
                state = AssignmentState.ACCEPTED.name
                conn.execute(_ANSWER, {**case, "assignment": which, "state": state})
            case OwnershipTaken() | EscalationDeescalated():
                conn.execute(_GIVE_UP, case)
                conn.execute(_GIVE, case | _given(event))
            case NoDecisionMakerFound():
                conn.execute(_WAIT, case)


def _offer(event: HandOverOffered, said: bytes) -> dict[str, object]:
    """The row of a hand-over, beside the case's keys; its note stays sealed."""
    return {
        "assignment": event.hand_over,
        "decision_maker": event.to_decision_maker,
        "assigned": wire.asked_by_owner(said),
        "hand_over": said,
        "note": sealed_bytes(event.note),
        "accept_by": event.return_by,
    }


def _given(event: OwnershipTaken | EscalationDeescalated) -> dict[str, object]:
    """The row of the next owner, beside the case's keys; the note stays sealed."""
    return {
        "assignment": event.assignment,
        "decision_maker": event.decision_maker,
        "assigned": wire.given_as(event),
        "note": sealed_bytes(event.note),
        "accept_by": given_at(event),
    }
