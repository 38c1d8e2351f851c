"""Lists: which cases are asked for, and what a list shows of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.case import Cause, Channel, Stage
from amends.values.identity import EscalationId, Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One case in a list."""

    escalation_id: EscalationId
    tenant: Tenant
    stage: Stage
    waiting_for: str
    waiting_until: datetime | None
    cause: Cause
    channel: Channel
    priority: int
    opened_at: datetime
    owner_name: str
    has_alarm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases of a tenant (`*` for all tenants), and which page of them."""

    tenant: Tenant
    stages: Sequence[Stage]
    open_only: bool
    page_size: int
    page_token: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of cases, newest first; `next_token` is empty on the last one."""

    cases: tuple[Summary, ...]
    next_token: str
