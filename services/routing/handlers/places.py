"""Places: no holder is asked for, or owns, more cases than they take."""

from sqlalchemy import Connection, text

from amends.values.identity import DecisionMakerId, Tenant
from services.routing.read_models.directory import Outdated

_LOCK_HOLDER = text("""
    SELECT capacity FROM holders
    WHERE tenant = :tenant AND decision_maker = :decision_maker FOR UPDATE
""")
# A team that hands a case over to one of its own has it once.
_LOAD = text("""
    SELECT count(DISTINCT escalation) FROM assignments
    WHERE tenant = :tenant AND decision_maker = :decision_maker AND open
""")


def lock_place(conn: Connection, tenant: Tenant, asked: DecisionMakerId) -> None:
    """Keeps others from the holder's places; Outdated where they have one case too many now.

    Two statements: the count must see what was committed while the lock was waited for.
    """
    who = {"tenant": tenant, "decision_maker": asked}
    capacity = conn.execute(_LOCK_HOLDER, who).scalar_one()
    if conn.execute(_LOAD, who).scalar_one() > capacity:
        raise Outdated
