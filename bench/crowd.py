"""A crowd of open cases: each opened over the API, its run begun, waiting in somebody's queue.

A case has its decision-maker before its run has begun (ADR 12): only when it is acknowledged and
looked up as well does nothing go on but the waiting.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from amends.cli import directory
from amends.client import new_request_id
from amends.settings import Settings
from amends.v1 import intake_service_pb2, types_pb2
from amends.values.identity import Role
from bench import shop
from bench.hearing import News, Queue
from bench.life import Lives, unheard

_PER_TEAM = 1000  # as many as a holder may have
_IN_FLIGHT = 16
_PATIENCE = 300.0
_FIRST_STEPS = ("ContextRecorded", "ResponseSent")


def gather(settings: Settings, lives: Lives, count: int) -> None:
    """Opens so many cases and returns when each does nothing but wait for its decision-maker.

    Their teams may only reship, so that no other case goes there, and those go nowhere else.
    """
    run = new_request_id()[:8]
    shop.stock(settings, lives.tenant, run, count)
    with lives.caller("operator", Role.OPERATIONS) as operator:
        for number in range(-(-count // _PER_TEAM)):
            directory.enter(operator, _team(number))
        queue = Queue(operator, unheard)
        with ThreadPoolExecutor(_IN_FLIGHT) as pool:
            opened = pool.map(lives.platform.intake.OpenEscalation, _openings(run, count))
            cases = [one.escalation_id for one in opened]
        for case in cases:
            queue.wait(case, _PATIENCE)
            wait_begun(lives, case)
        queue.end()
    queue.join()


def wait_begun(lives: Lives, case: str) -> None:
    """Returns when the first steps of a case are done."""
    for step in _FIRST_STEPS:
        news = News(lives.platform, case, unheard)
        news.wait(step, _PATIENCE)
        news.end()


def _team(number: int) -> dict[str, object]:
    return {
        "entry": {
            "decision_maker_id": f"dm_crowd{number}",
            "kind": "DECISION_MAKER_KIND_TEAM",
            "public_name": "The crowd",
            "subjects": [f"crowd{number}"],
            "seniority": 1,
            "capacity": _PER_TEAM,
        },
        "grants": {"reship": "200.00 GBP"},
    }


def _openings(run: str, count: int) -> Iterator[intake_service_pb2.OpenEscalationRequest]:
    for number in range(count):
        yield intake_service_pb2.OpenEscalationRequest(
            request_id=new_request_id(),
            channel=types_pb2.CHANNEL_WEB,
            cause=types_pb2.CAUSE_DAMAGED,
            customer=shop.customer(run, number),
            order=shop.order(run, number),
            words="They came with a hole in the sole.",
            remedy_sought=types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_REPLACEMENT]),
        )
