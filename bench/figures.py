"""A figure: what was measured, its unit, and what it should be."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_HUNDREDTHS = 100
_MILLI = 1000


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a figure should lie, both ends included."""

    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        if self.least is None:
            return f"at most {self.most:g}"
        return f"at least {self.least:g}" if self.most is None else f"{self.least:g}-{self.most:g}"

    def holds(self, value: float) -> bool:
        """Whether a value lies there."""
        above = self.least is None or value >= self.least
        return above and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, named for the section that measured it and what it is."""

    name: str
    value: float
    unit: str
    aim: Aim | None = None


def milliseconds(name: str, seconds: Sequence[float], *percents: int) -> list[Figure]:
    """Percentiles in milliseconds, as name_p50 and so on."""
    return [
        Figure(f"{name}_p{percent}", percentile(seconds, percent) * _MILLI, "ms")
        for percent in percents
    ]


def percentile(values: Sequence[float], percent: int) -> float:
    """A percentile, also of few values."""
    if percent * 2 == _HUNDREDTHS:
        return statistics.median(values)
    if len(values) == 1:
        return values[0]
    cuts = statistics.quantiles(values, n=_HUNDREDTHS, method="inclusive")
    return cuts[percent - 1]
