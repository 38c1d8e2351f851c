"""Report: what one check has found so far, and how much it looked at."""

from collections import Counter
from collections.abc import Sequence

from amends.eventstore.findings import Checked, Finding, Findings, Looked, Place, Wrong
from amends.verify.cases import Case, Said


class Report:
    """Of one check, by its name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._findings = Findings()
        self._looked: Counter[tuple[str, str]] = Counter()
        self._unchecked: list[str] = []

    def count(self, where: str, what: str, how_many: int = 1) -> None:
        """So many more were looked at."""
        self._looked[where, what] += how_many

    def found(self, *findings: Finding) -> None:
        """These are wrong."""
        for one in findings:
            self._findings.add(one)

    def unchecked(self, what: str) -> None:
        """This could not be looked at, and why."""
        self._unchecked.append(what)

    def checked(self) -> Checked:
        """All of it."""
        return Checked(
            self._name,
            [Looked(where, what, count) for (where, what), count in self._looked.items()],
            self._findings.all(),
            list(dict.fromkeys(self._unchecked)),
            self._findings.unlisted,
        )


def of_event(wrong: Wrong, case: Case, said: Said, what: str, about: str = "") -> Finding:
    """About an event of a case."""
    return Finding(
        place=Place(said.service),
        wrong=wrong,
        what=what,
        stream=str(case.stream),
        version=said.version,
        event_id=said.event_id,
        position=said.position,
        about=about,
        witnesses=(said.name,),
    )


def of_case(  # noqa: PLR0913 - what a finding says
    wrong: Wrong, case: Case, place: Place, what: str, *, about: str = "", by: Sequence[str] = ()
) -> Finding:
    """About a whole case, or about a thing in it."""
    return Finding(
        place=place,
        wrong=wrong,
        what=what,
        stream=str(case.stream),
        about=about,
        witnesses=tuple(by),
    )
