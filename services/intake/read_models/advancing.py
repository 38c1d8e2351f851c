"""Advancing: what was said about cases goes into their rows, many facts with two statements."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Connection, text

from amends.eventstore.streams import StreamId
from services.intake.domain.advance import advance
from services.intake.domain.facts import Fact
from services.intake.domain.progress import Progress
from services.intake.domain.waiting import stage, waiting

_PROGRESS = TypeAdapter(Progress)

# In one order for all, so that nobody waits for whom they keep waiting.
_HOLD = text("""
    SELECT tenant, escalation_id, progress::text AS progress FROM cases
    JOIN unnest(CAST(:tenants AS text[]), CAST(:ids AS text[])) AS told (tenant, escalation_id)
        USING (tenant, escalation_id)
    ORDER BY tenant, escalation_id FOR UPDATE OF cases
""")
_GO_ON = text("""
    UPDATE cases SET stage = news.stage, waiting_for = news.waiting_for,
        waiting_until = news.waiting_until, owner_name = news.owner_name,
        has_alarm = news.has_alarm, progress = CAST(news.progress AS jsonb),
        priority = coalesce(news.priority, cases.priority)
    FROM unnest(
        CAST(:tenants AS text[]), CAST(:ids AS text[]), CAST(:stages AS text[]),
        CAST(:waiting_fors AS text[]), CAST(:waiting_untils AS timestamptz[]),
        CAST(:owner_names AS text[]), CAST(:has_alarms AS boolean[]),
        CAST(:progresses AS text[]), CAST(:priorities AS integer[])
    ) AS news (tenant, escalation_id, stage, waiting_for, waiting_until, owner_name, has_alarm,
        progress, priority)
    WHERE cases.tenant = news.tenant AND cases.escalation_id = news.escalation_id
""")


class Said(NamedTuple):
    """One fact about a case, and the priority that it gives."""

    case: StreamId
    fact: Fact
    priority: int | None = None


def advance_cases(conn: Connection, said: Sequence[Said]) -> None:
    """Takes facts of any service, in their order, into the rows of their cases.

    A case that intake has never opened has no row: nothing is said about it.
    """
    by_case: dict[tuple[str, str], list[Said]] = {}
    for one in said:
        by_case.setdefault((one.case.tenant, one.case.subject), []).append(one)
    if not by_case:
        return
    rows = conn.execute(_HOLD, _keys(list(by_case))).all()
    changed = []
    for row in rows:
        key = (row.tenant, row.escalation_id)
        before = _PROGRESS.validate_json(row.progress)
        after, priority = _after(before, by_case[key])
        if after != before or priority is not None:
            changed.append((key, after, priority))
    if changed:
        conn.execute(_GO_ON, _news(changed))


def progress_of(column: Any) -> Progress:  # noqa: ANN401 - JSON
    """The progress that a row holds."""
    return _PROGRESS.validate_python(column)


def columns_of(progress: Progress) -> dict[str, Any]:
    """What a list shows, and the progress itself."""
    return {**_shown(progress), "progress": _PROGRESS.dump_python(progress, mode="json")}


def _after(before: Progress, said: Sequence[Said]) -> tuple[Progress, int | None]:
    progress, priority = before, None
    for one in said:
        progress = advance(progress, one.fact)
        priority = priority if one.priority is None else one.priority
    return progress, priority


def _shown(progress: Progress) -> dict[str, Any]:
    waits = waiting(progress)
    owner = progress.routed.owner
    return {
        "stage": stage(progress).name,
        "waiting_for": waits.what,
        "waiting_until": waits.until,
        "owner_name": owner.name if owner else "",
        "has_alarm": bool(progress.alarms),
    }


def _keys(cases: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {"tenants": [tenant for tenant, _ in cases], "ids": [case for _, case in cases]}


def _news(
    changed: Sequence[tuple[tuple[str, str], Progress, int | None]],
) -> dict[str, list[Any]]:
    shown = [_shown(progress) for _key, progress, _priority in changed]
    columns = {f"{name}s": [row[name] for row in shown] for name in shown[0]}
    return {
        **_keys([key for key, _progress, _priority in changed]),
        **columns,
        "progresses": [_PROGRESS.dump_json(progress).decode() for _, progress, _ in changed],
        "priorities": [priority for _, _, priority in changed],
    }
