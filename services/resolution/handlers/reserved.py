"""What is set aside is named by an offer soon, or never: routing frees it after a minute."""

import time
from collections.abc import Callable

from sqlalchemy import Connection

from amends.eventstore.log import Recorded
from amends.values.refusal import DependencyUnavailable
from services.resolution.domain.offers import OfferMade, Offers

_OFFER_WITHIN = 30.0  # seconds from the reservation to the offer, or there is none (formats.md)


def offered_in_time() -> Callable[[Connection, Recorded[Offers]], None]:
    """To be asked for before authority is; the answer refuses an offer that comes too late."""
    began = time.monotonic()

    def in_time(_conn: Connection, recorded: Recorded[Offers]) -> None:
        made = any(isinstance(event, OfferMade) for event in recorded.events)
        if made and time.monotonic() - began > _OFFER_WITHIN:
            raise DependencyUnavailable("routing")

    return in_time
