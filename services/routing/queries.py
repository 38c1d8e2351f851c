"""Queries over the read models, answered as values of the domain."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, TextClause, text

from amends.values.identity import (
    AssignmentId,
    DecisionMakerId,
    EscalationId,
    RemedyId,
    ReservationId,
    Subject,
    Tenant,
)
from services.routing.domain.case import Case
from services.routing.domain.grants import Grant
from services.routing.domain.matching import Holder
from services.routing.rows import Item, Listed, Place, case_of, holder_of, item_of, listed_of

_HOLDERS = """
    SELECT h.*, coalesce(l.load, 0) AS load, g.grants
    FROM holders AS h
    LEFT JOIN (
        SELECT decision_maker, count(*) AS load FROM assignments
        WHERE tenant = :tenant AND open GROUP BY decision_maker
    ) AS l USING (decision_maker)
    LEFT JOIN (
        SELECT decision_maker,
            json_agg(json_build_array(grant_id, action, currency, minor)
                ORDER BY action, currency) AS grants
        FROM grants WHERE tenant = :tenant GROUP BY decision_maker
    ) AS g USING (decision_maker)
    WHERE h.tenant = :tenant"""
_EVERYBODY = text(_HOLDERS)
_ONE = text(f"{_HOLDERS} AND h.decision_maker = :decision_maker")
_PAGE = text(f"""{_HOLDERS}
    AND (h.seniority, h.decision_maker) > (:seniority, :decision_maker)
    ORDER BY h.seniority, h.decision_maker LIMIT :limit""")
_IDS = text("SELECT decision_maker FROM holders WHERE tenant = :tenant")
_CASE_COLUMNS = """c.channel, c.cause, c.priority, c.need_by, c.zone, c.kinds, c.currency, c.minor,
        c.policy_version, coalesce(e.over, false) AS over"""
_CASE = text(f"""
    SELECT c.escalation, {_CASE_COLUMNS} FROM cases AS c LEFT JOIN endings AS e
        USING (tenant, escalation)
    WHERE c.tenant = :tenant AND c.escalation = :escalation
""")  # noqa: S608 - nothing but constants
_ASKED = text("""
    SELECT escalation, decision_maker FROM assignments
    WHERE tenant = :tenant AND assignment = :assignment
""")
_DONE = text("DELETE FROM due WHERE position = :position")
_OWNER = text("""
    SELECT decision_maker FROM assignments
    WHERE tenant = :tenant AND escalation = :escalation AND state = 'ACCEPTED'
""")
_WAITING = text("SELECT escalation FROM waiting WHERE tenant = :tenant ORDER BY escalation")
_ITEM = f"""
    SELECT a.assignment, a.escalation, a.assigned, a.accept_by, a.state, a.tx::text AS tx,
        h.calendar ->> 'zone' AS holder_zone, {_CASE_COLUMNS}
    FROM assignments AS a
    JOIN holders AS h USING (tenant, decision_maker)
    LEFT JOIN cases AS c USING (tenant, escalation)
    LEFT JOIN endings AS e USING (tenant, escalation)
    WHERE a.tenant = :tenant
        AND (CAST(:subject AS text) IS NULL OR :subject = ANY (h.subjects))"""  # noqa: S608 - nothing but constants
_URGENCY = "(coalesce(c.need_by, 'infinity'), a.accept_by, a.assignment)"
_QUEUE = text(f"""{_ITEM}
        AND (:decided OR a.open)
        AND {_URGENCY} > (CAST(:need_by AS timestamptz), CAST(:accept_by AS timestamptz),
            CAST(:assignment AS text))
    ORDER BY {_URGENCY} LIMIT :limit""")
# The horizon is taken with or before the rows: what is below it is among them or seen before.
_SEEN = """
    SELECT seen.upto, q.* FROM (
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS upto
    ) AS seen LEFT JOIN LATERAL ({rows}) AS q ON true"""
_STANDS = text(_SEEN.format(rows=f"{_ITEM} AND a.open ORDER BY {_URGENCY}"))
_CHANGED = text(
    _SEEN.format(rows=f"{_ITEM} AND a.tx >= CAST(:after AS xid8) ORDER BY a.tx, a.assignment")
)
_DUE = text("""
    SELECT position, event_id, tenant, escalation, what, reservation, remedy
    FROM due ORDER BY position LIMIT 100
""")
_LOCK_HOLDER = text("""
    SELECT capacity FROM holders
    WHERE tenant = :tenant AND decision_maker = :decision_maker FOR UPDATE
""")
_LOAD = text("""
    SELECT count(*) FROM assignments
    WHERE tenant = :tenant AND decision_maker = :decision_maker AND open
""")
_LOCK_GRANTS = text("""
    SELECT grant_id, minor FROM grants
    WHERE tenant = :tenant AND grant_id = ANY (:grants) ORDER BY grant_id FOR SHARE
""")


@dataclass(frozen=True, slots=True)
class Due:
    """A reservation of which something ended; `remedy` empty for all that is left of it."""

    position: int
    event_id: str
    tenant: Tenant
    escalation: EscalationId
    what: str
    reservation: ReservationId
    remedy: RemedyId


class Queries:
    """Reads only; each on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def situation(
        self, tenant: Tenant, escalation: EscalationId
    ) -> tuple[Case | None, tuple[Holder, ...]]:
        """The case, None where nobody told of it, and the whole directory, on one connection."""
        with self._engine.connect() as conn:
            case = _case_of(conn, tenant, escalation)
            rows = conn.execute(_EVERYBODY, {"tenant": tenant})
            return case, tuple(holder_of(row) for row in rows)

    def asked(
        self, tenant: Tenant, escalation: EscalationId, which: AssignmentId
    ) -> tuple[Case | None, Holder | None]:
        """The case and whoever an assignment asks."""
        values = {"tenant": tenant, "assignment": which}
        with self._engine.connect() as conn:
            case = _case_of(conn, tenant, escalation)
            asked = conn.execute(_ASKED, values).one_or_none()
            row = _row_of(conn, tenant, asked.decision_maker) if asked else None
            return case, holder_of(row) if row is not None else None

    def case(self, tenant: Tenant, escalation: EscalationId) -> Case | None:
        """The case; None where nobody told of it."""
        with self._engine.connect() as conn:
            return _case_of(conn, tenant, escalation)

    def case_asked(self, tenant: Tenant, which: AssignmentId) -> EscalationId | None:
        """The case that an assignment asks for; None where there is no such assignment."""
        with self._reading(_ASKED, tenant=tenant, assignment=which) as rows:
            return EscalationId(rows[0].escalation) if rows else None

    def owner(self, tenant: Tenant, escalation: EscalationId) -> Listed | None:
        """The directory's entry of the case's owner; None where nobody owns it."""
        with self._engine.connect() as conn:
            values = {"tenant": tenant, "escalation": escalation}
            found = conn.execute(_OWNER, values).scalar()
            row = _row_of(conn, tenant, found) if found else None
            return listed_of(row) if row is not None else None

    def ids(self, tenant: Tenant) -> frozenset[DecisionMakerId]:
        """Everybody in the directory."""
        with self._reading(_IDS, tenant=tenant) as rows:
            return frozenset(DecisionMakerId(row.decision_maker) for row in rows)

    def entry(self, tenant: Tenant, decision_maker: DecisionMakerId) -> Listed | None:
        """One entry of the directory."""
        with self._engine.connect() as conn:
            row = _row_of(conn, tenant, decision_maker)
            return listed_of(row) if row is not None else None

    def entries(self, tenant: Tenant, after: tuple[int, str], limit: int) -> list[Listed]:
        """The directory, least senior first, behind (seniority, id)."""
        seniority, decision_maker = after
        values = {"seniority": seniority, "decision_maker": decision_maker, "limit": limit}
        with self._reading(_PAGE, tenant=tenant, **values) as rows:
            return [listed_of(row) for row in rows]

    def waiting(self, tenant: Tenant) -> list[EscalationId]:
        """The cases that wait because nobody could decide."""
        with self._reading(_WAITING, tenant=tenant) as rows:
            return [EscalationId(row.escalation) for row in rows]

    def queue(
        self, tenant: Tenant, subject: Subject | None, *, decided: bool, after: Place, limit: int
    ) -> list[tuple[Place, Item]]:
        """A page of somebody's queue (None: everybody's), most urgent first, with its places."""
        values = {"subject": subject, "decided": decided, "limit": limit, **after._asdict()}
        with self._reading(_QUEUE, tenant=tenant, **values) as rows:
            return [(_place(row), item_of(row)) for row in rows]

    def stands(self, tenant: Tenant, subject: Subject | None) -> tuple[int, list[Item]]:
        """What stands in somebody's queue, and the transaction below which all is seen."""
        return self._seen(_STANDS, tenant=tenant, subject=subject)

    def changed(
        self, tenant: Tenant, subject: Subject | None, after: int
    ) -> tuple[int, list[Item]]:
        """What changed in or after a transaction, and the one below which all is seen now."""
        return self._seen(_CHANGED, tenant=tenant, subject=subject, after=str(after))

    def _seen(self, statement: TextClause, **values: object) -> tuple[int, list[Item]]:
        with self._reading(statement, **values) as rows:
            return int(rows[0].upto), [item_of(row) for row in rows if row.assignment is not None]

    def due(self) -> list[Due]:
        """What resolution ended and routing has not said yet, the oldest first."""
        with self._reading(_DUE) as rows:
            return [Due(**row._asdict()) for row in rows]

    def done(self, due: Due) -> None:
        """Routing has said it."""
        with self._engine.connect() as conn:
            conn.execute(_DONE, {"position": due.position})

    @contextmanager
    def _reading(self, statement: TextClause, **values: object) -> Iterator[Sequence[Row[Any]]]:
        with self._engine.connect() as conn:
            yield conn.execute(statement, values).all()


def has_room(conn: Connection, tenant: Tenant, decision_maker: DecisionMakerId) -> bool:
    """Locks the holder until the transaction ends; False where they have more than they take.

    Two statements: the count must see what was committed while the lock was waited for.
    """
    values = {"tenant": tenant, "decision_maker": decision_maker}
    capacity = conn.execute(_LOCK_HOLDER, values).scalar_one()
    return bool(conn.execute(_LOAD, values).scalar_one() <= capacity)


def still_granted(conn: Connection, tenant: Tenant, held: Sequence[Grant]) -> bool:
    """Locks the grants until the transaction ends; False where one is not as it was."""
    expected = {grant.grant: grant.limit.per_case.minor for grant in held}
    values = {"tenant": tenant, "grants": list(expected)}
    found = {row.grant_id: row.minor for row in conn.execute(_LOCK_GRANTS, values)}
    return found == expected


def _case_of(conn: Connection, tenant: Tenant, escalation: EscalationId) -> Case | None:
    row = conn.execute(_CASE, {"tenant": tenant, "escalation": escalation}).one_or_none()
    return None if row is None else case_of(row)


def _row_of(conn: Connection, tenant: Tenant, decision_maker: str) -> Row[Any] | None:
    return conn.execute(_ONE, {"tenant": tenant, "decision_maker": decision_maker}).one_or_none()


def _place(row: Row[Any]) -> Place:
    need_by = "infinity" if row.need_by is None else row.need_by.isoformat()
    return Place(need_by, row.accept_by.isoformat(), row.assignment)
