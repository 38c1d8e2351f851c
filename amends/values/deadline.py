"""Deadlines: when a customer needs something, in whose time."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from amends.values.personal import Personal


@dataclass(frozen=True, slots=True)
class NeedBy:
    """The moment a customer needs it by (aware, UTC), the zone they live in, and the occasion."""

    by: datetime
    zone: str
    occasion: Personal[str]

    def local(self) -> datetime:
        """The moment as the customer's clock shows it."""
        return self.by.astimezone(ZoneInfo(self.zone))
