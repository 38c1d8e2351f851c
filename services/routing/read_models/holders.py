"""Questions about the directory."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, text

from amends.values.identity import DecisionMakerId, Subject, Tenant
from services.routing.domain.directory import Others
from services.routing.domain.grants import Grantor
from services.routing.domain.matching import Holder
from services.routing.read_models.reading import Reader
from services.routing.wire import directory as wire
from services.routing.wire.directory import Listed

HOLDERS = """
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
"""The rows that `listed_in` reads, of a tenant."""
_EVERYBODY = text(f"{HOLDERS} ORDER BY h.decision_maker")
_ONE = text(f"{HOLDERS} AND h.decision_maker = :decision_maker")
_PAGE = text(f"""{HOLDERS}
    AND (h.seniority, h.decision_maker) > (:seniority, :decision_maker)
    ORDER BY h.seniority, h.decision_maker LIMIT :limit""")
_IDS = text("SELECT decision_maker FROM holders WHERE tenant = :tenant")
_PERSONS = text("""
    SELECT subject, decision_maker FROM subjects
    WHERE tenant = :tenant AND subject = ANY (:subjects)
""")
_MEMBER_OF = text(f"{HOLDERS} AND :subject = ANY (h.subjects) ORDER BY h.decision_maker")
# Shared by those who record that nobody was found, and waited for by whoever changed the directory
# and asks who waits: either the one sees the change or the other the case.
_NOBODY = text("""
    SELECT pg_advisory_xact_lock_shared(hashtext('amends nobody'), hashtext(:tenant))
""")


class DirectoryQueries:
    """Who is in the directory, what they may grant, and how busy they are."""

    def __init__(self, read: Reader) -> None:
        self._read = read

    def holders(self, tenant: Tenant) -> tuple[Holder, ...]:
        """The whole directory."""
        return tuple(one.holder for one in self.everyone(tenant))

    def everyone(self, tenant: Tenant) -> list[Listed]:
        """Every entry of the directory."""
        return [listed_in(row) for row in self._read.rows(_EVERYBODY, tenant=tenant)]

    def others(self, tenant: Tenant, claimed: Sequence[Subject] = ()) -> Others:
        """Everybody in the directory, and which persons these subjects are."""
        holders = self._read.rows(_IDS, tenant=tenant)
        persons = self._read.rows(_PERSONS, tenant=tenant, subjects=list(claimed))
        return Others(
            frozenset(DecisionMakerId(row.decision_maker) for row in holders),
            {Subject(row.subject): DecisionMakerId(row.decision_maker) for row in persons},
        )

    def grantor(self, tenant: Tenant, subject: Subject) -> Grantor:
        """What a subject may use of its own or of a team's authority."""
        found = [one.holder for one in self.entries_of(tenant, subject)]
        return Grantor(
            tuple(one.decision_maker for one in found),
            tuple(limit for one in found for limit in one.limits),
        )

    def entries_of(self, tenant: Tenant, subject: Subject) -> list[Listed]:
        """The entries that a subject is, or is a member of."""
        rows = self._read.rows(_MEMBER_OF, tenant=tenant, subject=subject)
        return [listed_in(row) for row in rows]

    def listed(self, tenant: Tenant, decision_maker: DecisionMakerId) -> Listed | None:
        """One entry of the directory."""
        rows = self._read.rows(_ONE, tenant=tenant, decision_maker=decision_maker)
        return listed_in(rows[0]) if rows else None

    def page(self, tenant: Tenant, after: tuple[int, str], limit: int) -> list[Listed]:
        """The directory, least senior first, behind (seniority, id)."""
        place = {"seniority": after[0], "decision_maker": after[1]}
        rows = self._read.rows(_PAGE, tenant=tenant, limit=limit, **place)
        return [listed_in(row) for row in rows]


def directory_changed(conn: Connection, tenant: Tenant, seen: Sequence[Holder]) -> bool:
    """Whether anybody is not as seen, but for their load, which changes with every case.

    A change that comes later finds what this transaction says (`Queries.waiting`).
    """
    conn.execute(_NOBODY, {"tenant": tenant})
    now = (listed_in(row).holder for row in conn.execute(_EVERYBODY, {"tenant": tenant}))
    return [replace(one, load=0) for one in now] != [replace(one, load=0) for one in seen]


def listed_in(row: Row[Any]) -> Listed:
    """An entry of the directory, from a row of `HOLDERS`."""
    found = wire.listed(row.entered, row.presence, row.granted or (), load=row.load)
    return replace(found, tx=int(row.tx))
