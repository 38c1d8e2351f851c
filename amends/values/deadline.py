"""Deadlines: when a customer needs something, in whose time."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# What a machine calls its own zone, and other readings of the same zones.
_OF_THE_MACHINE = ("localtime", "posixrules", "Factory", "posix/", "right/")


def iana_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, the same on every machine; None where there is none."""
    if name.startswith(_OF_THE_MACHINE):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class NeedBy:
    """The moment a customer needs it by (aware, UTC) and the IANA zone they live in."""

    by: datetime
    zone: str

    def local(self) -> datetime:
        """The moment as the customer's clock shows it."""
        return self.by.astimezone(ZoneInfo(self.zone))
