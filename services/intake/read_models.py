"""Read models: how each case stands, and which one is open.

Kept in the transactions of the events that they come from, and rebuilt from those alone.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from amends.eventstore.records import StoredEvent
from amends.eventstore.sealing import Vault
from amends.values.identity import EscalationId, Tenant
from amends.values.personal import Forgotten, Personal
from services.intake import wire
from services.intake.domain.advance import advance
from services.intake.domain.contact import ContactRecorded
from services.intake.domain.facts import Fact
from services.intake.domain.opening import EscalationOpened
from services.intake.domain.progress import Progress
from services.intake.domain.waiting import stage, waiting
from services.intake.tables import cases, open_cases

SOURCE = "intake"
OTHERS = ("routing", "resolution", "followup")
"""The services that intake listens to."""

_PROGRESS = TypeAdapter(Progress)


class OpenAlready(Exception):
    """A case of the same customer, order and cause is open: this one must not be."""


class Cases:
    """One row per case: how it stands, from intake's own events."""

    tables: Sequence[Table] = (cases,)

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """A case begins, or goes on."""
        if isinstance(event, EscalationOpened):
            self._begin(conn, stored, event)
        escalation = EscalationId(stored.stream.subject)
        advance_case(conn, stored.stream.tenant, escalation, wire.fact(stored.envelope(SOURCE)))
        if isinstance(event, ContactRecorded):
            changed = _one(stored.stream.tenant, escalation)
            conn.execute(update(cases).where(changed).values(priority=event.priority))

    def _begin(self, conn: Connection, stored: StoredEvent, event: EscalationOpened) -> None:
        tenant = stored.stream.tenant
        begun = {
            "tenant": tenant,
            "escalation_id": event.escalation,
            "opened_at": event.opened_at,
            "channel": event.channel.name,
            "cause": event.cause.name,
            "priority": event.priority,
            "customer_digest": event.customer_digest,
            "order_digest": self._order_digest(conn, tenant, event.order),
            **_columns(Progress()),
        }
        conn.execute(insert(cases).values(begun))

    def _order_digest(self, conn: Connection, tenant: Tenant, order: Personal[str]) -> str | None:
        """None where the customer was forgotten: their order can be found no more."""
        clear = self._vault.reveal(order, conn)
        if isinstance(clear, Forgotten):
            return None
        return self._vault.reference_digest(tenant, "order", clear)


class OpenCases:
    """At most one open case per customer, order and cause.

    While it is `replaying`, a later opening takes the place of an earlier one: it was let in only
    since that one was closed.
    """

    tables: Sequence[Table] = (open_cases,)

    def __init__(self, *, replaying: bool = False) -> None:
        self._replaying = replaying

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes the place of the case, after `Cases` has entered it.

        Raises:
            OpenAlready: another case has it.
        """
        if not isinstance(event, EscalationOpened):
            return
        tenant, escalation = stored.stream.tenant, event.escalation
        if not take_place(conn, tenant, escalation, displacing=self._replaying):
            raise OpenAlready


def take_place(
    conn: Connection, tenant: Tenant, escalation: EscalationId, *, displacing: bool = False
) -> bool:
    """Makes it the open case of its customer, order and cause; False where another one is.

    A case whose customer was forgotten needs no place: nobody can ask for it again.
    """
    names = [column.name for column in open_cases.columns]
    its_own = select(*(cases.columns[name] for name in names)).where(_one(tenant, escalation))
    row = conn.execute(its_own).one_or_none()
    if row is None or row.order_digest is None:
        return True
    entry = insert(open_cases).values(row._asdict())
    if displacing:
        taken = entry.on_conflict_do_update(
            index_elements=list(open_cases.primary_key.columns),
            set_={"escalation_id": escalation},
        )
    else:
        taken = entry.on_conflict_do_nothing()
    return conn.execute(taken).rowcount > 0


def give_place_back(conn: Connection, tenant: Tenant, escalation: EscalationId) -> None:
    """The case is over: the same customer may open another one."""
    its_own = and_(open_cases.c.tenant == tenant, open_cases.c.escalation_id == escalation)
    conn.execute(delete(open_cases).where(its_own))


def advance_case(conn: Connection, tenant: Tenant, escalation: EscalationId, fact: Fact) -> None:
    """Takes one fact of any service into the row of the case.

    A case that intake has never opened has no row: nothing is said about it.
    """
    its_own = _one(tenant, escalation)
    found = conn.execute(select(cases.c.progress).where(its_own).with_for_update()).scalar()
    if found is None:
        return
    before = progress_of(found)
    after = advance(before, fact)
    if after != before:
        conn.execute(update(cases).where(its_own).values(_columns(after)))


def progress_of(column: Any) -> Progress:  # noqa: ANN401 - JSON
    """The progress that a row holds."""
    return _PROGRESS.validate_python(column)


def _one(tenant: Tenant, escalation: EscalationId) -> Any:  # noqa: ANN401 - a clause
    return and_(cases.c.tenant == tenant, cases.c.escalation_id == escalation)


def _columns(progress: Progress) -> dict[str, Any]:
    """What a list shows, and the progress itself."""
    waits = waiting(progress)
    owner = progress.routed.owner
    return {
        "stage": stage(progress).name,
        "waiting_for": waits.what,
        "waiting_until": waits.until,
        "owner_name": owner.name if owner else "",
        "has_alarm": bool(progress.alarms),
        "progress": _PROGRESS.dump_python(progress, mode="json"),
    }
