"""Read models: tables kept in the transaction of the events, and the questions asked of them.

A column that is only read as a whole holds the event that said it; `wire` makes values of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    TextClause,
    false,
    text,
)
from sqlalchemy.schema import SchemaItem

from amends.eventstore.records import StoredEvent
from amends.eventstore.schema import Xid8
from amends.eventstore.sealing import sealed_bytes, words_of
from amends.values.identity import (
    AssignmentId,
    DecisionMakerId,
    EscalationId,
    HandOverId,
    Subject,
    Tenant,
)
from services.routing import wire
from services.routing.domain.assignment import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    AssignmentState,
    DecisionMakerAssigned,
    NoDecisionMakerFound,
)
from services.routing.domain.case import Case
from services.routing.domain.directory import (
    AvailabilityChanged,
    DecisionMakerKind,
    DecisionMakerUpdated,
    Others,
)
from services.routing.domain.grants import AuthorityGranted, AuthorityRevoked, Grantor
from services.routing.domain.hand_over import (
    HandOverOffered,
    HandOverReturned,
    OwnershipHandedOver,
)
from services.routing.domain.matching import Holder
from services.routing.domain.told import Told
from services.routing.wire import Item, Listed, Place

metadata = MetaData()


def table_of(name: str, key: str, *more: SchemaItem) -> Table:
    """A table whose rows belong to a tenant, one per key."""
    keys = (Column(one, Text, primary_key=True) for one in ("tenant", key))
    return Table(name, metadata, *keys, *more)


holders = table_of(
    "holders",
    "decision_maker",
    Column("seniority", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("entered", LargeBinary, nullable=False),  # DecisionMakerUpdated
    Column("presence", LargeBinary),  # AvailabilityChanged
)
subjects = table_of(
    "subjects",
    "subject",
    Column("decision_maker", Text, nullable=False),
    Index("subjects_person", "tenant", "decision_maker"),
)
grants = table_of(
    "grants",
    "grant_id",
    Column("decision_maker", Text, nullable=False),
    Column("granted", LargeBinary, nullable=False),  # AuthorityGranted
    Index("grants_holder", "tenant", "decision_maker"),
)
assignments = table_of(
    "assignments",
    "assignment",
    Column("escalation", Text, nullable=False),
    Column("decision_maker", Text, nullable=False),
    Column("assigned", LargeBinary, nullable=False),  # DecisionMakerAssigned
    # Where the owner asked: a hand-over stands in its receiver's queue like an assignment.
    Column("hand_over", LargeBinary),  # HandOverOffered
    Column("note", LargeBinary),  # sealed; of the hand-over, or of whoever declined
    Column("accept_by", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    # Offered, or owned and not over: what counts against the holder's capacity.
    Column("open", Boolean, nullable=False),
    # The transaction that changed it last: how far a watcher has seen.
    Column("tx", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Index("assignments_open", "tenant", "decision_maker", postgresql_where=text("open")),
    Index("assignments_case", "tenant", "escalation"),
    Index("assignments_tx", "tenant", "tx"),
)
waiting = table_of("waiting", "escalation")
cases = table_of(
    "cases",
    "escalation",
    Column("need_by", DateTime(timezone=True)),
    Column("opened", LargeBinary, nullable=False),  # EscalationOpened, with what came later
)
endings = table_of(
    "endings",
    "escalation",
    Column("ended_at", DateTime(timezone=True)),
    Column("reopened_at", DateTime(timezone=True)),
    # Two services tell of ends and reopenings: the later one counts, whichever came first.
    Column("over", Boolean, nullable=False, server_default=false()),
)

_ENTER = text("""
    INSERT INTO holders (tenant, decision_maker, seniority, capacity, subjects, entered)
    VALUES (:tenant, :decision_maker, :seniority, :capacity, :subjects, :entered)
    ON CONFLICT (tenant, decision_maker) DO UPDATE SET seniority = excluded.seniority,
        capacity = excluded.capacity, subjects = excluded.subjects, entered = excluded.entered
""")
_BE_THERE = text("""
    UPDATE holders SET presence = :presence
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
_HOLDERS = """
    SELECT h.*, coalesce(l.load, 0) AS load, g.granted
    FROM holders AS h
    LEFT JOIN (
        SELECT decision_maker, count(DISTINCT escalation) AS load FROM assignments
        WHERE tenant = :tenant AND open GROUP BY decision_maker
    ) AS l USING (decision_maker)
    LEFT JOIN (
        SELECT decision_maker, array_agg(granted) AS granted
        FROM grants WHERE tenant = :tenant GROUP BY decision_maker
    ) AS g USING (decision_maker)
    WHERE h.tenant = :tenant"""
_EVERYBODY = text(f"{_HOLDERS} ORDER BY h.decision_maker")
_ONE = text(f"{_HOLDERS} AND h.decision_maker = :decision_maker")
_PAGE = text(f"""{_HOLDERS}
    AND (h.seniority, h.decision_maker) > (:seniority, :decision_maker)
    ORDER BY h.seniority, h.decision_maker LIMIT :limit""")
_IDS = text("SELECT decision_maker FROM holders WHERE tenant = :tenant")
_PERSONS = text("""
    SELECT subject, decision_maker FROM subjects
    WHERE tenant = :tenant AND subject = ANY (:subjects)
""")
_MEMBER_OF = text(f"{_HOLDERS} AND :subject = ANY (h.subjects) ORDER BY h.decision_maker")
_CASE = text("""
    SELECT c.opened, coalesce(e.over, false) AS over
    FROM cases AS c LEFT JOIN endings AS e USING (tenant, escalation)
    WHERE c.tenant = :tenant AND c.escalation = :escalation
""")
_ASKED = text("""
    SELECT escalation, decision_maker FROM assignments
    WHERE tenant = :tenant AND assignment = :assignment
""")
_OWNER = text("""
    SELECT decision_maker FROM assignments
    WHERE tenant = :tenant AND escalation = :escalation AND state = 'ACCEPTED'
""")
# Shared by those who record that nobody was found, and waited for by whoever changed the directory
# and asks who waits: either the one sees the change or the other the case.
_NOBODY = text("""
    SELECT pg_advisory_xact_lock_shared(hashtext('amends nobody'), hashtext(:tenant))
""")
_NOBODY_RECORDED = text("""
    SELECT pg_advisory_xact_lock(hashtext('amends nobody'), hashtext(:tenant))
""")
_WAITING = text("SELECT escalation FROM waiting WHERE tenant = :tenant ORDER BY escalation")
_ITEM = """
    SELECT a.assignment, a.assigned, a.accept_by, a.state, a.tx::text AS tx, h.entered, c.need_by,
        c.opened, coalesce(e.over, false) AS over,
        coalesce(o.hand_over, a.hand_over) AS hand_over,
        CASE WHEN o.hand_over IS NULL THEN a.note ELSE o.note END AS note
    FROM assignments AS a
    JOIN holders AS h USING (tenant, decision_maker)
    LEFT JOIN cases AS c USING (tenant, escalation)
    LEFT JOIN endings AS e USING (tenant, escalation)
    LEFT JOIN assignments AS o ON o.tenant = a.tenant AND o.escalation = a.escalation
        AND o.state = 'OFFERED' AND a.state = 'ACCEPTED'
    WHERE a.tenant = :tenant
        AND (CAST(:subject AS text) IS NULL OR :subject = ANY (h.subjects))"""
_URGENCY = "(coalesce(c.need_by, 'infinity'), a.accept_by, a.assignment)"
_QUEUE = text(f"""{_ITEM}
        AND (:decided OR a.open)
        AND {_URGENCY} > (CAST(:need_by AS timestamptz), CAST(:accept_by AS timestamptz),
            CAST(:assignment AS text))
    ORDER BY {_URGENCY} LIMIT :limit""")
# The horizon is taken with the rows: what is below it is among them or was seen before.
_SEEN = """
    SELECT seen.upto, q.* FROM (
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS upto
    ) AS seen LEFT JOIN LATERAL ({rows}) AS q ON true"""
_STANDS = text(_SEEN.format(rows=f"{_ITEM} AND a.open ORDER BY a.tx, a.assignment"))
_CHANGED = text(
    _SEEN.format(
        rows=f"""{_ITEM} AND a.tx >= CAST(:floor AS xid8)
            AND (a.open OR a.tx >= CAST(:since AS xid8)) ORDER BY a.tx, a.assignment"""
    )
)


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
        match event:
            case DecisionMakerUpdated(seniority=seniority, capacity=capacity):
                subjects = list(event.subjects)
                ranked = {"seniority": seniority, "capacity": capacity, "subjects": subjects}
                conn.execute(_ENTER, {**who, **ranked, "entered": stored.data})
            case AvailabilityChanged():
                conn.execute(_BE_THERE, {**who, "presence": stored.data})
            case AuthorityGranted():
                conn.execute(_GRANT, {**who, "grant_id": event.grant, "granted": stored.data})
            case AuthorityRevoked():
                conn.execute(_REVOKE, {**who, "grant_id": event.grant})


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
            case NoDecisionMakerFound():
                conn.execute(_WAIT, case)


class Queries:
    """Reads only; each on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def case(self, tenant: Tenant, escalation: EscalationId) -> Case | None:
        """The case; None where nobody told of it."""
        rows = self._rows(_CASE, tenant=tenant, escalation=escalation)
        return wire.case(rows[0].opened, over=rows[0].over) if rows else None

    def holders(self, tenant: Tenant) -> tuple[Holder, ...]:
        """The whole directory."""
        return tuple(_listed(row).holder for row in self._rows(_EVERYBODY, tenant=tenant))

    def others(self, tenant: Tenant, claimed: Sequence[Subject] = ()) -> Others:
        """Everybody in the directory, and which persons these subjects are."""
        holders = self._rows(_IDS, tenant=tenant)
        persons = self._rows(_PERSONS, tenant=tenant, subjects=list(claimed))
        return Others(
            frozenset(DecisionMakerId(row.decision_maker) for row in holders),
            {Subject(row.subject): DecisionMakerId(row.decision_maker) for row in persons},
        )

    def grantor(self, tenant: Tenant, subject: Subject) -> Grantor:
        """What a subject may use of its own or of a team's authority."""
        rows = self._rows(_MEMBER_OF, tenant=tenant, subject=subject)
        found = [_listed(row).holder for row in rows]
        return Grantor(
            tuple(one.decision_maker for one in found),
            tuple(limit for one in found for limit in one.limits),
        )

    def listed(self, tenant: Tenant, decision_maker: DecisionMakerId) -> Listed | None:
        """One entry of the directory."""
        rows = self._rows(_ONE, tenant=tenant, decision_maker=decision_maker)
        return _listed(rows[0]) if rows else None

    def page(self, tenant: Tenant, after: tuple[int, str], limit: int) -> list[Listed]:
        """The directory, least senior first, behind (seniority, id)."""
        place = {"seniority": after[0], "decision_maker": after[1]}
        rows = self._rows(_PAGE, tenant=tenant, limit=limit, **place)
        return [_listed(row) for row in rows]

    def asked(
        self, tenant: Tenant, which: AssignmentId | HandOverId
    ) -> tuple[EscalationId, DecisionMakerId] | None:
        """Whose case it is and who was asked; None where there is no such assignment."""
        rows = self._rows(_ASKED, tenant=tenant, assignment=which)
        return (rows[0].escalation, rows[0].decision_maker) if rows else None

    def owner(self, tenant: Tenant, escalation: EscalationId) -> Listed | None:
        """The directory's entry of the case's owner; None where nobody owns it."""
        rows = self._rows(_OWNER, tenant=tenant, escalation=escalation)
        return self.listed(tenant, rows[0].decision_maker) if rows else None

    def waiting(self, tenant: Tenant) -> list[EscalationId]:
        """The cases that wait because nobody could decide; whoever just finds so is waited for."""
        self._rows(_NOBODY_RECORDED, tenant=tenant)
        return [EscalationId(row.escalation) for row in self._rows(_WAITING, tenant=tenant)]

    def queue(
        self, tenant: Tenant, subject: Subject | None, *, decided: bool, after: Place, limit: int
    ) -> list[Item]:
        """A page of somebody's queue (None: everybody's), most urgent first."""
        values = {"subject": subject, "decided": decided, "limit": limit, **after._asdict()}
        return [_item(row) for row in self._rows(_QUEUE, tenant=tenant, **values)]

    def seen(
        self, tenant: Tenant, subject: Subject | None, told: Told | None
    ) -> tuple[int, list[Item]]:
        """What stands in a queue (`told` None), or what changed since most was told, in order.

        First the horizon: the transaction below which everything is seen now.
        """
        values = {"tenant": tenant, "subject": subject}
        if told is None:
            rows = self._rows(_STANDS, **values)
        else:
            reached = {"floor": str(told.floor), "since": str(told.since)}
            rows = self._rows(_CHANGED, **values, **reached)
        return int(rows[0].upto), [_item(row) for row in rows if row.assignment is not None]

    def _rows(self, statement: TextClause, **values: object) -> Sequence[Row[Any]]:
        with self._engine.connect() as conn:
            return conn.execute(statement, values).all()


def directory_changed(conn: Connection, tenant: Tenant, seen: Sequence[Holder]) -> bool:
    """Whether anybody is not as seen, but for their load, which changes with every case.

    A change that comes later finds what this transaction says (`Queries.waiting`).
    """
    conn.execute(_NOBODY, {"tenant": tenant})
    now = (_listed(row).holder for row in conn.execute(_EVERYBODY, {"tenant": tenant}))
    return [replace(one, load=0) for one in now] != [replace(one, load=0) for one in seen]


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


def _listed(row: Row[Any]) -> Listed:
    return wire.listed(row.entered, row.presence, row.granted or (), load=row.load)


def _item(row: Row[Any]) -> Item:
    state, place = AssignmentState[row.state], Place.of(row.need_by, row.accept_by, row.assignment)
    case = None if row.opened is None else wire.case(row.opened, over=row.over)
    item = wire.item(row.assigned, state, case, row.entered, place=place, tx=int(row.tx))
    item = replace(item, note=words_of(row.note))
    if row.hand_over is None:
        return item
    return replace(item, offered=wire.offered(row.hand_over))
