"""Speech: names, local times and amounts, as the sentences of the timeline say them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from amends.values.money import Money
from services.intake.domain.facts import Fact

_A_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What a sentence may look up.

    `names` are public names by decision-maker id, `people` by subject; `remedies` are the kinds
    of the offered remedies by their id; `zone` is the customer's.
    """

    zone: str = "UTC"
    names: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    remedies: Mapping[str, str] = field(default_factory=dict)

    def name(self, decision_maker: str) -> str:
        """The public name of a decision-maker."""
        return self.names.get(decision_maker, "a decision-maker")

    def person(self, subject: str, role: str) -> str:
        """The public name of a person, else what they are."""
        return self.people.get(subject) or role

    def remedy(self, remedy: str) -> str:
        """A remedy by its kind."""
        return f"the {kind(self.remedies.get(remedy, 'REMEDY'))}"

    def when(self, moment: datetime, near: datetime) -> str:
        """A moment on the customer's clock, as short as it is clear beside `near`."""
        zone = ZoneInfo(self.zone)
        local, here = moment.astimezone(zone), near.astimezone(zone)
        if local.date() == here.date():
            return f"{local:%H:%M}"
        if abs(local - here) <= _A_WEEK:
            return f"{local:%a %H:%M}"
        year = "" if local.year == here.year else f" {local.year}"
        return f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M}"


Sentence = Callable[[Fact, Speech], str]


def kind(name: str) -> str:
    """An enum's name as words."""
    return name.lower().replace("_", " ")


def listed(parts: Sequence[str]) -> str:
    """The parts as one enumeration: `a, b and c`."""
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last


def promised(remedy: Mapping[str, Any], *, worth: bool = True) -> str:
    """A remedy by what it is, and with its `worth` where that is to be told."""
    amount = remedy["amount"] if worth else None
    match remedy["kind"]:
        case "PERCENTAGE_OFF":
            share = f"{remedy['percent']} % off" if remedy["percent"] else "a percentage off"
            return f"{share}, at most {amount}" if amount else share
        case "GOODWILL":
            return priced("goodwill", amount)
        case other:
            return priced(f"a {kind(other)}", amount)


def priced(what: str, amount: Money | None) -> str:
    """Something with its amount, where there is one."""
    return f"{what} of {amount}" if amount else what
