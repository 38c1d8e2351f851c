"""Told: how far a watcher of queues was told, so that they can go on later and elsewhere.

A change is known by its transaction and its assignment. Transactions become visible in another
order than that of their numbers: what is below the horizon (the oldest that may still commit) is
complete, and what is told above it, so that nobody waits for a slow neighbour, is remembered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from amends.values.refusal import InvalidField

Change = tuple[int, str]
"""(transaction, assignment)."""

_REMEMBERED = 40
_NUMBER = r"\d{1,18}"
_TOKEN = re.compile(
    rf"({_NUMBER})(?:\.({_NUMBER})\.((?:{_NUMBER}(?:-{_NUMBER})*)?)(?:\.({_NUMBER}):(\w{{1,64}}))?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Told:
    """Everything below `floor` was told, all of the transactions in `done`, and a part of one.

    What was decided before `since` is not told: a watcher begins with what stands.
    """

    since: int
    floor: int
    done: frozenset[int] = frozenset()
    part: Change | None = None

    @classmethod
    def at(cls, token: str) -> "Told":
        """Where a token stands.

        Raises:
            InvalidField: it is none of ours.
        """
        found = _TOKEN.fullmatch(token)
        if found is None:
            message = "watch_token must be one that this service gave; begin without one"
            raise InvalidField("watch_token", message)
        since, floor, done, tx, assignment = found.groups()
        below = int(floor or since)
        return cls(
            since=int(since),
            floor=below,
            done=frozenset(below + int(one) for one in (done or "").split("-") if one),
            part=(below + int(tx), assignment) if tx else None,
        )

    @property
    def token(self) -> str:
        """Resumes here; of very much above the horizon some may be told again, never too little."""
        done = "-".join(str(tx - self.floor) for tx in sorted(self.done)[:_REMEMBERED])
        part = f".{self.part[0] - self.floor}:{self.part[1]}" if self.part else ""
        return f"{self.since}.{self.floor}.{done}{part}"

    def has(self, change: Change) -> bool:
        """Whether it was told."""
        tx, assignment = change
        if tx < self.floor or tx in self.done:
            return True
        return self.part is not None and tx == self.part[0] and assignment <= self.part[1]

    def news(self, found: Sequence[Change], horizon: int) -> Iterator[tuple[Change, "Told"]]:
        """What of one look, in order, was not told yet, each with how far that brings.

        What was begun is finished first: of two transactions that were told in part, one would be
        forgotten.
        """
        fresh = [change for change in found if not self.has(change)]
        told = self
        if self.part is not None:
            begun = self.part[0]
            for change in (one for one in fresh if one[0] == begun):
                told = replace(told, part=change)
                yield change, told
            fresh = [one for one in fresh if one[0] != begun]
            told = replace(told, done=told.done | {begun}, part=None)
        for tx, changes in groupby(fresh, key=itemgetter(0)):
            together = list(changes)
            for change in together[:-1]:
                told = replace(told, part=change)
                yield change, told
            told = told.through(tx, horizon)
            yield together[-1], told

    def below(self, horizon: int) -> "Told":
        """After a look at everything below the horizon."""
        floor = max(self.floor, horizon)
        part = self.part if self.part and self.part[0] >= floor else None
        return replace(self, floor=floor, done=_from(floor, self.done), part=part)

    def through(self, tx: int, horizon: int) -> "Told":
        """After all changes of one transaction; of those below the horizon none is missing."""
        if tx < horizon:
            return replace(self, floor=tx + 1, done=_from(tx + 1, self.done), part=None)
        return replace(self, done=self.done | {tx}, part=None)


def _from(floor: int, done: Iterable[int]) -> frozenset[int]:
    return frozenset(tx for tx in done if tx >= floor)
