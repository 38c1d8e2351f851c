"""The stores themselves, looked at apart from `amends verify`: what was lost, what was done twice.

Two programs that do not share a line say whether money moved once.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event

import psycopg
from sqlalchemy import make_url

from amends.settings import Settings
from deploy.local.processes import EVENT_SOURCED

_POLL = 0.1
_DRAINED = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
_OPENED = "SELECT stream_id FROM events WHERE type = 'amends.v1.EscalationOpened'"
_PAID = """
    SELECT tenant || '/escalation/' || reference, count(*) FROM refunds
    WHERE reference <> '' GROUP BY 1 HAVING count(*) > 1
"""
_GIVEN = """
    SELECT tenant || '/' || customer, count(*) FROM issued_credits GROUP BY 1 HAVING count(*) > 1
"""
_SENT = """
    SELECT tenant || '/' || order_ref, count(*) FROM replacements GROUP BY 1 HAVING count(*) > 1
"""
_TOLD = """
    SELECT stream_id, count(*) FROM events WHERE type = 'amends.v1.RefundSucceeded'
    GROUP BY 1 HAVING count(*) > 1
"""
_CREDITED = """
    SELECT count(DISTINCT key) FROM ledger WHERE state = 'SUCCEEDED' AND at <= now()
"""
_SUCCEEDED = "SELECT count(*) FROM events WHERE type = 'amends.v1.RefundSucceeded'"


@dataclass(frozen=True, slots=True)
class Balance:
    """What the stores say about the acknowledged cases; each life has one remedy of each kind."""

    lost: tuple[str, ...]
    """Acknowledged cases that intake does not have."""
    double: tuple[str, ...]
    """Cases, customers or orders that were given something more than once."""
    credited: int
    """Refunds that the merchant credited."""
    succeeded: int
    """Refunds that resolution says were credited."""


def balance(settings: Settings, opened: Mapping[str, str]) -> Balance:
    """What became of the acknowledged cases (id -> tenant)."""
    stored = {str(row[0]) for row in _ask(settings, "intake", _OPENED)}
    wanted = {f"{tenant}/escalation/{case}" for case, tenant in opened.items()}
    twice = [
        *_ask(settings, "commerce", _PAID),
        *_ask(settings, "commerce", _GIVEN),
        *_ask(settings, "commerce", _SENT),
        *_ask(settings, "resolution", _TOLD),
    ]
    [[credited]] = _ask(settings, "commerce", _CREDITED)
    [[succeeded]] = _ask(settings, "resolution", _SUCCEEDED)
    return Balance(
        lost=tuple(sorted(wanted - stored)),
        double=tuple(sorted(f"{where}: {count} times" for where, count in twice)),
        credited=int(str(credited)),
        succeeded=int(str(succeeded)),
    )


def wait_drained(settings: Settings, within: float = 60.0) -> float:
    """Returns when no outbox holds anything; how many seconds that took.

    Raises:
        TimeoutError: one still does.
    """
    began = time.monotonic()
    while any(_ask(settings, service, _DRAINED) != [(0,)] for service in EVENT_SOURCED):
        if time.monotonic() - began > within:
            msg = f"an outbox is not empty after {within:.0f} s"
            raise TimeoutError(msg)
        Event().wait(_POLL)
    return time.monotonic() - began


def _ask(settings: Settings, service: str, question: str) -> list[tuple[object, ...]]:
    url = make_url(settings.database_url_for(service)).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        return list(connection.execute(question.encode()))
