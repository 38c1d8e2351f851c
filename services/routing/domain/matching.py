"""Matching: in one hop to the least senior available holder whose authority covers it (S25).

Says for every other holder why not, so that nobody has to guess.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from amends.values.authority import Limit, Need, uncovered
from amends.values.identity import DecisionMakerId, Subject
from services.routing.domain.calendar import ALWAYS, Calendar, is_open, next_opening
from services.routing.domain.directory import NOBODY, DecisionMakerKind


class Reason(StrEnum):
    """Why a holder is passed over, the strongest first."""

    AUTHORITY_MISSING = "AUTHORITY_MISSING"
    CURRENCY_NOT_GRANTED = "CURRENCY_NOT_GRANTED"
    AUTHORITY_TOO_LOW = "AUTHORITY_TOO_LOW"
    AWAY = "AWAY"
    OUT_OF_HOURS = "OUT_OF_HOURS"
    AT_CAPACITY = "AT_CAPACITY"
    ALREADY_ASKED = "ALREADY_ASKED"
    MORE_SENIOR = "MORE_SENIOR"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A holder who does not get the case, and why, as code and in words."""

    decision_maker: DecisionMakerId
    public_name: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One holder as they stand now; `load` is what they are asked and own at this moment."""

    decision_maker: DecisionMakerId
    public_name: str
    kind: DecisionMakerKind = DecisionMakerKind.PERSON
    subjects: frozenset[Subject]
    seniority: int
    capacity: int
    load: int = 0
    calendar: Calendar = ALWAYS
    available: bool = True
    away_until: datetime | None = None
    stand_in: DecisionMakerId = NOBODY
    limits: tuple[Limit, ...] = ()

    def away(self, at: datetime) -> bool:
        """True while away; an absence with an end passes by itself."""
        return not self.available and (self.away_until is None or at < self.away_until)

    @property
    def partner(self) -> bool:
        """True for a partner, not for one of ours."""
        return self.kind is DecisionMakerKind.PARTNER

    @property
    def full(self) -> bool:
        """True where they take no more."""
        return self.load >= self.capacity

    def there_at(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which they are there and work; None for unknown."""
        if not self.away(at):
            return next_opening(self.calendar, at)
        return None if self.away_until is None else next_opening(self.calendar, self.away_until)


@dataclass(frozen=True, slots=True)
class Asked:
    """How often each holder was asked in this case.

    `round_over` is true once nobody was left and the case waited: then everyone may be asked anew,
    those who were asked least before the others.
    """

    times: Mapping[DecisionMakerId, int]
    round_over: bool = False

    def of(self, holder: Holder) -> int:
        """How often this one was asked."""
        return self.times.get(holder.decision_maker, 0)


@dataclass(frozen=True, slots=True)
class Match:
    """Who gets the case (None: nobody can), why nobody else does, and when that may change."""

    chosen: Holder | None
    passed_over: tuple[PassedOver, ...]
    may_change_at: datetime | None
    """The first moment at which somebody with the authority is there again; None for unknown."""


def match(needs: Sequence[Need], holders: Iterable[Holder], asked: Asked, at: datetime) -> Match:
    """The least senior holder who can, then the one with the least load, then by id."""
    everyone = sorted(holders, key=_rank)
    names = {holder.decision_maker: holder.public_name for holder in everyone}
    passed = {h.decision_maker: p for h in everyone if (p := _obstacle(h, needs, names, at))}
    able = [holder for holder in everyone if holder.decision_maker not in passed]
    turn = _whose_turn(able, asked)
    chosen = turn[0] if turn else None
    for holder in able:
        if holder not in turn:
            passed[holder.decision_maker] = _passed(
                holder, Reason.ALREADY_ASKED, "was asked in this case before"
            )
        elif chosen is not None and holder is not chosen:
            passed[holder.decision_maker] = _outranked(holder, chosen)
    in_order = tuple(passed[h.decision_maker] for h in everyone if h is not chosen)
    return Match(chosen, in_order, _may_change_at(everyone, needs, at))


def _rank(holder: Holder) -> tuple[int, int, str]:
    return holder.seniority, holder.load, holder.decision_maker


def _whose_turn(able: Sequence[Holder], asked: Asked) -> list[Holder]:
    """Those who were asked least; nobody where all were asked and the round is not over."""
    fewest = min((asked.of(holder) for holder in able), default=0)
    if fewest and not asked.round_over:
        return []
    return [holder for holder in able if asked.of(holder) == fewest]


def _obstacle(
    holder: Holder, needs: Sequence[Need], names: Mapping[DecisionMakerId, str], at: datetime
) -> PassedOver | None:
    """What keeps a holder from deciding this case now, None where nothing does."""
    if lacking := uncovered(needs, holder.limits):
        reason = lacking_reason(lacking, holder.limits)
        return _passed(holder, reason, lacking_words(lacking, holder.limits))
    if holder.away(at):
        return _passed(holder, Reason.AWAY, away_words(holder, names))
    if not is_open(holder.calendar, at):
        return _passed(holder, Reason.OUT_OF_HOURS, _closed_words(holder, at))
    if holder.full:
        return _passed(holder, Reason.AT_CAPACITY, full_words(holder))
    return None


def lacking_reason(lacking: Sequence[Need], limits: Sequence[Limit]) -> Reason:
    """The strongest reason why somebody with these limits may not authorise it."""
    return min((_lack(need, limits) for need in lacking), key=list(Reason).index)


def lacking_words(lacking: Sequence[Need], limits: Sequence[Limit]) -> str:
    """What somebody with these limits may not authorise, as in "may not authorise refund"."""
    return "; ".join(_lacking_words(need, limits) for need in lacking)


def away_words(holder: Holder, names: Mapping[DecisionMakerId, str]) -> str:
    """Until when somebody is away, and who stands in; `names` are everybody's public names."""
    until = "" if holder.away_until is None else f" until {_local(holder, holder.away_until)}"
    stand_in = names.get(holder.stand_in, "")
    return f"away{until}" + (f"; {stand_in} stands in" if stand_in else "")


def full_words(holder: Holder) -> str:
    """That somebody takes no more."""
    return f"has {holder.load} open cases and takes {holder.capacity}"


def _lack(need: Need, limits: Sequence[Limit]) -> Reason:
    held = [limit for limit in limits if limit.action is need.action]
    if not held:
        return Reason.AUTHORITY_MISSING
    known = need.amount is None or any(
        limit.per_case.currency == need.amount.currency for limit in held
    )
    return Reason.AUTHORITY_TOO_LOW if known else Reason.CURRENCY_NOT_GRANTED


def _lacking_words(need: Need, limits: Sequence[Limit]) -> str:
    action = need.action.name.lower().replace("_", " ")
    held = ", ".join(str(limit.per_case) for limit in limits if limit.action is need.action)
    asked = "" if need.amount is None else f", {need.amount} is needed"
    return f"may authorise {action} up to {held}{asked}" if held else f"may not authorise {action}"


def _closed_words(holder: Holder, at: datetime) -> str:
    opens = next_opening(holder.calendar, at)
    return "does not work now" + ("" if opens is None else f", again {_local(holder, opens)}")


def _outranked(holder: Holder, chosen: Holder) -> PassedOver:
    name = chosen.public_name
    if holder.seniority > chosen.seniority:
        detail = f"more senior than {name}, who can decide it"
    elif holder.load > chosen.load:
        detail = f"as senior as {name}, with {holder.load} open cases against {chosen.load}"
    else:
        detail = f"as senior as {name} and as busy; {name} comes first in the directory"
    return _passed(holder, Reason.MORE_SENIOR, detail)


def _passed(holder: Holder, reason: Reason, detail: str) -> PassedOver:
    return PassedOver(holder.decision_maker, holder.public_name, reason.value, detail)


def _local(holder: Holder, at: datetime) -> str:
    return at.astimezone(ZoneInfo(holder.calendar.zone)).strftime("%a %d %b %H:%M")


def _may_change_at(
    holders: Iterable[Holder], needs: Sequence[Need], at: datetime
) -> datetime | None:
    able = (holder for holder in holders if not uncovered(needs, holder.limits))
    moments = (holder.there_at(at) for holder in able)
    return min((moment for moment in moments if moment is not None and moment > at), default=None)
