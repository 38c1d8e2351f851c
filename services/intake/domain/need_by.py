"""Need-by: when the customer needs it, as they said it, turned into one moment or refused."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from amends.values.deadline import NeedBy, iana_zone
from amends.values.refusal import InvalidField, Refusal

_FIELD = "need_by.by"
_HOUR = timedelta(hours=1)
# Years that every clock and zone can show; nobody needs anything outside of them.
_EARLIEST, _LATEST = 1970, 9000
# The IANA area of fixed offsets reaches from UTC-12 to UTC+14, and counts the other way round.
_FURTHEST_EAST = timedelta(hours=14)
_FURTHEST_WEST = timedelta(hours=-12)


class NeedByWithoutZone(Refusal):
    """A time of day without a zone is no moment."""

    reason = "NEED_BY_WITHOUT_ZONE"
    field = _FIELD

    def __init__(self) -> None:
        super().__init__("need_by.by has neither time_zone nor utc_offset; say where it is so late")


class NeedByInThePast(Refusal):
    """What was needed before now can only be made up for: say so in the words."""

    reason = "NEED_BY_IN_THE_PAST"
    field = _FIELD

    def __init__(self, need_by: NeedBy, at: datetime) -> None:
        super().__init__(
            f"need_by.by {need_by.by:%Y-%m-%dT%H:%M:%SZ} is not after now; leave it out if it is "
            "too late",
            need_by=need_by.by.isoformat(),
            now=at.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class CivilTime:
    """What a calendar and a clock on the wall show, with where the wall is.

    `zone` is an IANA name or empty, `offset` is set where the caller named one instead.
    """

    date: tuple[int, int, int]
    time: tuple[int, int, int]
    zone: str = ""
    offset: timedelta | None = None

    def need_by(self) -> NeedBy:
        """The moment, and the zone in which to show it.

        A time that a change of clocks repeats is the first of the two. An offset becomes the zone
        of that fixed offset where one exists, else UTC: the moment is the same.

        Raises:
            NeedByWithoutZone: neither zone nor offset.
            InvalidField: no such date, time or zone, or a time that a change of clocks skips.
        """
        if self.zone:
            return self._in_zone()
        if self.offset is not None:
            return self._at_offset(self.offset)
        raise NeedByWithoutZone

    def _wall(self) -> datetime:
        try:
            wall = datetime(*self.date, *self.time)  # noqa: DTZ001 - what the wall shows
        except ValueError:
            raise _no_date() from None
        if not _EARLIEST <= wall.year <= _LATEST:
            raise _no_date()
        return wall

    def _in_zone(self) -> NeedBy:
        zone = iana_zone(self.zone)
        if zone is None:
            field = f"{_FIELD}.time_zone.id"
            raise InvalidField(field, f"{field} must be an IANA zone, such as Europe/London")
        wall = self._wall()
        by = wall.replace(tzinfo=zone).astimezone(UTC)
        if by.astimezone(zone).replace(tzinfo=None) != wall:
            message = f"{_FIELD} must exist in {self.zone}: that day the clocks skip this time"
            raise InvalidField(_FIELD, message)
        return NeedBy(by, self.zone)

    def _at_offset(self, offset: timedelta) -> NeedBy:
        if abs(offset) > timedelta(hours=18):
            field = f"{_FIELD}.utc_offset"
            raise InvalidField(field, f"{field} must be within 18 hours")
        by = self._wall().replace(tzinfo=UTC) - offset
        return NeedBy(by, _fixed_zone(offset))


def require_ahead(need_by: NeedBy | None, at: datetime) -> None:
    """Refuses a need-by that is not after `at`."""
    if need_by is not None and need_by.by <= at:
        raise NeedByInThePast(need_by, at)


def _no_date() -> InvalidField:
    return InvalidField(_FIELD, f"{_FIELD} must be a date and time of the calendar, from 1970 on")


def _fixed_zone(offset: timedelta) -> str:
    hours, rest = divmod(offset, _HOUR)
    if rest or not hours or not _FURTHEST_WEST <= offset <= _FURTHEST_EAST:
        return "UTC"
    return f"Etc/GMT{-hours:+d}"
