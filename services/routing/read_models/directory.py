"""The directory as a read model: who may be asked, what they may grant, which person is who."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, text

from amends.eventstore.records import StoredEvent
from services.routing.domain.directory import (
    AvailabilityChanged,
    DecisionMakerKind,
    DecisionMakerUpdated,
)
from services.routing.domain.grants import AuthorityGranted, AuthorityRevoked
from services.routing.read_models.tables import grants, holders, subjects

_ENTER = text("""
    INSERT INTO holders (tenant, decision_maker, seniority, capacity, subjects, entered, tx)
    VALUES (:tenant, :decision_maker, :seniority, :capacity, :subjects, :entered,
        CAST(:tx AS xid8))
    ON CONFLICT (tenant, decision_maker) DO UPDATE SET seniority = excluded.seniority,
        capacity = excluded.capacity, subjects = excluded.subjects, entered = excluded.entered,
        tx = excluded.tx
""")
_BE_THERE = text("""
    UPDATE holders SET presence = :presence, tx = CAST(:tx AS xid8)
    WHERE tenant = :tenant AND decision_maker = :decision_maker
""")
# Who may decide about a draft changes with the grants, and who watches hears of it.
_MAY_DO = text("""
    UPDATE holders SET tx = CAST(:tx AS xid8)
    WHERE tenant = :tenant AND decision_maker = :decision_maker
""")
_LEAVE = text("""
    DELETE FROM subjects WHERE tenant = :tenant AND decision_maker = :decision_maker
""")
_BE = """
    INSERT INTO subjects (tenant, subject, decision_maker)
    VALUES (:tenant, :subject, :decision_maker)
    ON CONFLICT (tenant, subject) DO {} RETURNING subject"""
_BE_IF_FREE = text(_BE.format("NOTHING"))
_BE_INSTEAD = text(_BE.format("UPDATE SET decision_maker = excluded.decision_maker"))
_GRANT = text("""
    INSERT INTO grants (tenant, grant_id, decision_maker, granted)
    VALUES (:tenant, :grant_id, :decision_maker, :granted)
""")
_REVOKE = text("DELETE FROM grants WHERE tenant = :tenant AND grant_id = :grant_id")


class Outdated(Exception):
    """What was known when it was decided is no longer so: look again and decide again."""


class People:
    """Which person a subject is: a subject is one person only.

    While it is `replaying`, a later entry takes a subject from an earlier one: a log from before
    this rule may hold two of them.
    """

    tables: Sequence[Table] = (subjects,)

    def __init__(self, *, replaying: bool = False) -> None:
        self._be = _BE_INSTEAD if replaying else _BE_IF_FREE

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes the entry's subject, and leaves the one that it had.

        Raises:
            Outdated: it is another person by now.
        """
        if not isinstance(event, DecisionMakerUpdated):
            return
        who = {"tenant": stored.stream.tenant, "decision_maker": stored.stream.subject}
        conn.execute(_LEAVE, who)
        if event.kind is not DecisionMakerKind.PERSON:
            return
        for subject in event.subjects:
            if conn.execute(self._be, {**who, "subject": subject}).one_or_none() is None:
                raise Outdated


class Directory:
    """Who may be asked, and what they may grant."""

    tables: Sequence[Table] = (holders, grants)

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes one event of the directory in."""
        who = {"tenant": stored.stream.tenant, "decision_maker": stored.stream.subject}
        changed = {**who, "tx": str(stored.tx)}
        match event:
            case DecisionMakerUpdated(seniority=seniority, capacity=capacity):
                subjects = list(event.subjects)
                ranked = {"seniority": seniority, "capacity": capacity, "subjects": subjects}
                conn.execute(_ENTER, {**changed, **ranked, "entered": stored.data})
            case AvailabilityChanged():
                conn.execute(_BE_THERE, {**changed, "presence": stored.data})
            case AuthorityGranted():
                conn.execute(_GRANT, {**who, "grant_id": event.grant, "granted": stored.data})
                conn.execute(_MAY_DO, changed)
            case AuthorityRevoked():
                conn.execute(_REVOKE, {**who, "grant_id": event.grant})
                conn.execute(_MAY_DO, changed)
