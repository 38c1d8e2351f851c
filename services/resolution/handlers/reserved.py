"""What is set aside is named by an offer soon, or never: routing frees it after a minute."""

import time
from collections.abc import Callable

from sqlalchemy import Connection

from amends.eventstore.log import Recorded
from amends.values.refusal import DependencyUnavailable, VersionConflict
from services.resolution.domain.offers import OfferMade, Offers

_OFFER_WITHIN = 30.0  # seconds from the reservation to the offer; routing frees it after 60


def offered_in_time() -> Callable[[Connection, Recorded[Offers]], None]:
    """To be asked for before authority is; the answer refuses an offer that comes too late."""
    began = time.monotonic()

    def in_time(_conn: Connection, recorded: Recorded[Offers]) -> None:
        made = any(isinstance(event, OfferMade) for event in recorded.events)
        if made and time.monotonic() - began > _OFFER_WITHIN:
            raise DependencyUnavailable("routing")

    return in_time


class PlanOutdated(VersionConflict):
    """The case has moved since the offer was planned: plan it again."""


class OfferedAsPlanned:
    """Refuses an offer too late after its reservation, or planned on what has changed since."""

    def __init__(self) -> None:
        self._in_time = offered_in_time()
        self._planned_on: int | None = None

    def planned_on(self, version: int) -> None:
        """The plan rests on the case as it stood at this version: what is promised, sent, gone."""
        self._planned_on = version

    def __call__(self, conn: Connection, recorded: Recorded[Offers]) -> None:
        self._in_time(conn, recorded)
        before = recorded.version - len(recorded.events)
        if self._planned_on not in {None, before}:
            raise PlanOutdated(self._planned_on or 0, before)
