"""I10: no event carries an id of another tenant, or of another case.

That each event's meta, each copy of it and each record on Kafka name the tenant of their stream is
shown by the chain.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import text

from amends.eventstore.findings import Checked, Wrong
from amends.eventstore.snapshot import reading
from amends.eventstore.streams import StreamId
from amends.verify.cases import Case, Said
from amends.verify.report import Report, of_event

_CASE = re.compile(rb"\besc_[a-z0-9]+\b")
_PERSON = re.compile(rb"\bdm_[a-z0-9]+\b")
_PEOPLE = text("SELECT DISTINCT stream_id FROM events WHERE stream_id LIKE '%/decision-maker/%'")


class TenantCheck:
    """The check `tenants`; `directory` is the database of the service that keeps the directory."""

    name = "tenants"

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._whose: Mapping[bytes, frozenset[str]] = {}
        self._report = Report(self.name)

    def before(self) -> None:
        """Who belongs to which tenants."""
        whose: dict[bytes, frozenset[str]] = {}
        with reading(self._directory) as conn:
            for row in conn.execute(_PEOPLE):
                person = StreamId.parse(row.stream_id)
                known = whose.get(person.subject.encode(), frozenset())
                whose[person.subject.encode()] = known | {person.tenant}
        self._whose = whose
        self._report.count("routing", "decision-makers", len(whose))

    def look(self, case: Case) -> None:
        """Every id in every event of a case."""
        for said in case.said.values():
            self._report.count("all services", "events", len(said))
            for one in said:
                for strange in self._strangers(case, one):
                    what = f"it names {strange}, which is not of this case or its tenant"
                    self._report.found(of_event(Wrong.FOREIGN, case, one, what, strange))

    def after(self, _again: Callable[[Sequence[str]], Iterable[Case]]) -> None:
        """A log does not change behind its end."""

    def checked(self) -> Checked:
        """What was found."""
        return self._report.checked()

    def _strangers(self, case: Case, one: Said) -> list[str]:
        own = case.id.encode()
        cases = {found for found in _CASE.findall(one.data) if found != own}
        people = {
            found
            for found in _PERSON.findall(one.data)
            if case.stream.tenant not in self._whose.get(found, {case.stream.tenant})
        }
        return sorted(found.decode() for found in cases | people)
