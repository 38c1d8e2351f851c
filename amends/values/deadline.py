"""Deadlines: when a customer needs something, in whose time."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class NeedBy:
    """The moment a customer needs it by (aware, UTC) and the IANA zone they live in."""

    by: datetime
    zone: str

    def local(self) -> datetime:
        """The moment as the customer's clock shows it."""
        return self.by.astimezone(ZoneInfo(self.zone))
