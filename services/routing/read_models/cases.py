"""Questions about cases: what they need, who was asked, who owns them, which wait."""

from sqlalchemy import text

from amends.values.identity import (
    AssignmentId,
    DecisionMakerId,
    EscalationId,
    HandOverId,
    Tenant,
)
from services.routing.domain.case import Case
from services.routing.domain.matching import Holder
from services.routing.read_models.holders import HOLDERS, DirectoryQueries, listed_in
from services.routing.read_models.reading import Reader
from services.routing.wire import routing as wire
from services.routing.wire.directory import Listed

_CASE = text("""
    SELECT c.opened, coalesce(e.over, false) AS over
    FROM cases AS c LEFT JOIN endings AS e USING (tenant, escalation)
    WHERE c.tenant = :tenant AND c.escalation = :escalation
""")
_KNOWN = """
    SELECT c.opened, coalesce(e.over, false) AS over, everybody.*
    FROM (SELECT) AS always
    LEFT JOIN cases AS c ON c.tenant = :tenant AND c.escalation = :escalation
    LEFT JOIN endings AS e ON e.tenant = c.tenant AND e.escalation = c.escalation
    LEFT JOIN ({holders}) AS everybody ON true
    ORDER BY everybody.decision_maker"""
_CASE_AND_DIRECTORY = text(_KNOWN.format(holders=HOLDERS))
_ASKED = text("""
    SELECT escalation, decision_maker FROM assignments
    WHERE tenant = :tenant AND assignment = :assignment
""")
_OWNER = text("""
    SELECT decision_maker FROM assignments
    WHERE tenant = :tenant AND escalation = :escalation AND state = 'ACCEPTED'
""")
_NOBODY_RECORDED = text("""
    SELECT pg_advisory_xact_lock(hashtext('amends nobody'), hashtext(:tenant))
""")
_WAITING = text("SELECT escalation FROM waiting WHERE tenant = :tenant ORDER BY escalation")


class CaseQueries:
    """What routing knows of one case, or of all that wait."""

    def __init__(self, read: Reader, directory: DirectoryQueries) -> None:
        self._read = read
        self._directory = directory

    def case(self, tenant: Tenant, escalation: EscalationId) -> Case | None:
        """The case; None where nobody told of it."""
        rows = self._read.rows(_CASE, tenant=tenant, escalation=escalation)
        return wire.case(rows[0].opened, over=rows[0].over) if rows else None

    def known(
        self, tenant: Tenant, escalation: EscalationId
    ) -> tuple[Case | None, tuple[Holder, ...]]:
        """The case and the whole directory, with one statement: a customer waits for it."""
        rows = self._read.rows(_CASE_AND_DIRECTORY, tenant=tenant, escalation=escalation)
        first = rows[0]
        case = None if first.opened is None else wire.case(first.opened, over=first.over)
        holders = (listed_in(row).holder for row in rows if row.decision_maker is not None)
        return case, tuple(holders)

    def asked(
        self, tenant: Tenant, which: AssignmentId | HandOverId
    ) -> tuple[EscalationId, DecisionMakerId] | None:
        """Whose case it is and who was asked; None where there is no such assignment."""
        rows = self._read.rows(_ASKED, tenant=tenant, assignment=which)
        return (rows[0].escalation, rows[0].decision_maker) if rows else None

    def owner(self, tenant: Tenant, escalation: EscalationId) -> Listed | None:
        """The directory's entry of the case's owner; None where nobody owns it."""
        rows = self._read.rows(_OWNER, tenant=tenant, escalation=escalation)
        return self._directory.listed(tenant, rows[0].decision_maker) if rows else None

    def waiting(self, tenant: Tenant) -> list[EscalationId]:
        """The cases that wait because nobody could decide; whoever just finds so is waited for."""
        self._read.rows(_NOBODY_RECORDED, tenant=tenant)
        return [EscalationId(row.escalation) for row in self._read.rows(_WAITING, tenant=tenant)]
