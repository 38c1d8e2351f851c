"""Clocks: how far each service's business time is ahead of the workflow's own.

Pure. A service's time is heard some moments after it was said, so every difference that is heard
is at most the true one: the largest is the best. Business time never goes back.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workflows import names

_NONE = timedelta(0)


@dataclass(slots=True)
class Clocks:
    """The differences to each service, learned from whatever it says."""

    _ahead: dict[str, timedelta] = field(default_factory=dict)

    def heard(self, service: str, said: datetime, at: datetime) -> timedelta:
        """A service said its time, heard `at` by the workflow's; by how much it moved."""
        ahead = said - at
        known = self._ahead.get(service)
        if known is not None and ahead <= known:
            return _NONE
        self._ahead[service] = ahead
        return ahead - (known or _NONE)

    def corrected(self, service: str, said: datetime, at: datetime) -> None:
        """A service said that its time has not come: what it said counts, also if it is less."""
        self._ahead[service] = said - at

    def moved(self, now: datetime, at: datetime) -> None:
        """Business time was moved forward for every service (the local stack's clock)."""
        for service in names.SERVICES:
            self.heard(service, now, at)

    def now(self, service: str, at: datetime) -> datetime:
        """The service's business time when the workflow's is `at`."""
        return at + self._ahead.get(service, _NONE)
