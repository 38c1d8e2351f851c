"""Queries over the read models: one case's standing, and lists of cases."""

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, select, tuple_

from amends.rpc.tokens import ANY_TENANT
from amends.values.case import Cause, Channel, Stage
from amends.values.identity import CustomerDigest, EscalationId, Subject, Tenant
from amends.values.refusal import InvalidField
from services.intake.domain.case import Standing
from services.intake.domain.lists import Page, Summary, Wanted
from services.intake.read_models import progress_of
from services.intake.tables import cases, open_cases

_USUAL_PAGE = 50


class Queries:
    """Reads only; each on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def standing(self, tenant: Tenant, escalation: EscalationId) -> Standing:
        """What other services said about a case, as far as it has arrived."""
        wanted = select(cases.c.progress).where(
            cases.c.tenant == tenant, cases.c.escalation_id == escalation
        )
        with self._engine.connect() as conn:
            found = conn.execute(wanted).scalar()
        if found is None:
            return Standing()
        progress = progress_of(found)
        owner = progress.routed.owner
        if owner is None:
            return Standing(closed=progress.closed)
        return Standing(closed=progress.closed, owner=Subject(owner.subject), owner_name=owner.name)

    def open_case(
        self, tenant: Tenant, customer: CustomerDigest, order_digest: str, cause: Cause
    ) -> EscalationId | None:
        """The case of this customer, order and cause that is open."""
        wanted = select(open_cases.c.escalation_id).where(
            open_cases.c.tenant == tenant,
            open_cases.c.customer_digest == customer,
            open_cases.c.order_digest == order_digest,
            open_cases.c.cause == cause.name,
        )
        with self._engine.connect() as conn:
            found = conn.execute(wanted).scalar()
        return None if found is None else EscalationId(found)

    def page(self, wanted: Wanted) -> Page:
        """Cases, newest first.

        Raises:
            InvalidField: the page token is none of ours.
        """
        size = wanted.page_size or _USUAL_PAGE
        newest = select(cases).order_by(cases.c.opened_at.desc(), cases.c.escalation_id.desc())
        chosen = newest.where(*_conditions(wanted)).limit(size + 1)
        with self._engine.connect() as conn:
            rows = conn.execute(chosen).all()
        found = tuple(map(_summary, rows[:size]))
        return Page(found, _token(found[-1]) if len(rows) > size else "")


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.tenant != ANY_TENANT:
        yield cases.c.tenant == wanted.tenant
    if wanted.stages:
        yield cases.c.stage.in_([one.name for one in wanted.stages])
    if wanted.open_only:
        yield cases.c.stage != Stage.CLOSED.name
    if wanted.page_token:
        yield tuple_(cases.c.opened_at, cases.c.escalation_id) < _place(wanted.page_token)


def _summary(row: Row[Any]) -> Summary:
    return Summary(
        escalation_id=EscalationId(row.escalation_id),
        tenant=Tenant(row.tenant),
        stage=Stage[row.stage],
        waiting_for=row.waiting_for,
        waiting_until=row.waiting_until,
        cause=Cause[row.cause],
        channel=Channel[row.channel],
        priority=row.priority,
        opened_at=row.opened_at,
        owner_name=row.owner_name,
        has_alarm=row.has_alarm,
    )


def _token(last: Summary) -> str:
    place = f"{last.opened_at.isoformat()} {last.escalation_id}"
    return base64.urlsafe_b64encode(place.encode()).decode()


def _place(token: str) -> tuple[datetime, str]:
    try:
        moment, escalation = base64.urlsafe_b64decode(token).decode().split(" ")
        return datetime.fromisoformat(moment), escalation
    except (ValueError, binascii.Error):
        message = "page_token is none of this list; begin without one"
        raise InvalidField("page_token", message) from None
