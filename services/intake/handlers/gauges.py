"""What intake knows of all open cases together, told at each scrape; never about one of them."""

from collections.abc import Callable
from datetime import datetime

from prometheus_client.core import Metric
from sqlalchemy import Engine, text

from amends.eventstore.gauges import scrape
from amends.telemetry.metrics import gauge, gauges
from amends.values.case import Stage

# More open cases than this are counted as this many: a scrape costs the same on the worst day.
_OPEN = """
    FROM (SELECT * FROM cases WHERE stage <> 'CLOSED' ORDER BY opened_at LIMIT 20000) AS open
"""
_STAGES = text(f"""
    SELECT stage, count(*) AS number, min(waiting_until) AS next_due,
        count(*) FILTER (WHERE waiting_until < :now) AS overdue
    {_OPEN} GROUP BY stage
""")
_ALARMS = text(f"""
    SELECT alarm->>'kind' AS kind, count(*) AS number
    {_OPEN}, jsonb_array_elements(progress->'alarms') AS alarm
    WHERE has_alarm GROUP BY kind ORDER BY number DESC LIMIT 50
""")


def of_cases(engine: Engine, now: Callable[[], datetime]) -> list[Metric]:
    """How many are open and where, what is overdue, what is due next, which alarms stand."""
    at = now()
    with scrape(engine) as conn:
        stages = {row.stage: row for row in conn.execute(_STAGES, {"now": at})}
        alarms = [(row.kind, row.number) for row in conn.execute(_ALARMS)]
    found = [
        gauges(
            "amends_open_cases",
            "Cases that are not closed, by stage",
            "stage",
            [
                (stage.lower(), stages[stage].number if stage in stages else 0)
                for stage in _stages()
            ],
        ),
        gauge(
            "amends_overdue_cases",
            "Open cases whose deadline has passed",
            sum(row.overdue for row in stages.values()),
        ),
        gauges("amends_alarms", "Alarms that stand, by kind", "kind", alarms),
    ]
    if due := [row.next_due for row in stages.values() if row.next_due]:
        margin = (min(due) - at).total_seconds()
        found.append(
            gauge("amends_next_due_seconds", "Until the nearest deadline; negative: past", margin)
        )
    return [*found]


def _stages() -> list[str]:
    return [stage.name for stage in Stage if stage is not Stage.CLOSED]
