"""I9: words that were planted as a person's stand nowhere in clear.

Looked for in files (logs, Kafka's log folder, Temporal's database), in what a page answers
(metrics), in every column of the services' databases, in every Kafka record with its key and
headers, and in every workflow's history, search attributes and memo. A finding never repeats the
word: it names its line in the file of words.
"""

import asyncio
import base64
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError

from amends.eventstore.findings import Checked, Finding, Place, Wrong
from amends.eventstore.snapshot import reading
from amends.eventstore.verifying import WireAway
from amends.kafka.history import raw
from amends.verify.report import Report
from amends.verify.workflows import Temporal

_CHUNK = 1 << 20
_SHORTEST = 4
"""Characters: what is shorter stands everywhere by chance."""


class Words:
    """Words to look for, in each form in which they may be written down."""

    def __init__(self, words: Sequence[tuple[int, str]]) -> None:
        self._forms = {number: _forms(word) for number, word in words}
        self.longest = max(
            (len(form) for forms in self._forms.values() for form in forms), default=0
        )

    @classmethod
    def read(cls, file: Path) -> "Words":
        """One word or phrase in a line."""
        lines = file.read_text(encoding="utf-8").splitlines()
        numbered = ((number, line.strip()) for number, line in enumerate(lines, 1))
        return cls([(number, word) for number, word in numbered if len(word) >= _SHORTEST])

    def __len__(self) -> int:
        return len(self._forms)

    def found_in(self, content: bytes) -> list[int]:
        """The lines of those that stand there."""
        return [
            number
            for number, forms in self._forms.items()
            if any(form in content for form in forms)
        ]


class WordsCheck:
    """The check `words`; `places` are folders, files and pages (http) beside the stores."""

    name = "words"

    def __init__(
        self,
        words: Words,
        places: Sequence[str],
        databases: Mapping[str, str],
        kafka: str,
        temporal: Temporal,
    ) -> None:
        self._words = words
        self._places = places
        self._databases = databases
        self._kafka = kafka
        self._temporal = temporal
        self._report = Report(self.name)

    def run(self) -> Checked:
        """Looks everywhere."""
        self._report.count("the file of words", "words", len(self._words))
        for place in self._places:
            self._look_at(place)
        for service, url in self._databases.items():
            self._try(service, partial(self._tables, service, url))
        self._try("kafka", self._records)
        self._try("temporal", lambda: asyncio.run(self._histories()))
        return self._report.checked()

    def _try(self, name: str, task: Callable[[], None]) -> None:
        try:
            task()
        except (SQLAlchemyError, WireAway, RPCError, RuntimeError) as error:
            self._report.unchecked(f"{name} could not be read ({type(error).__name__})")

    def _look_at(self, place: str) -> None:
        if place.startswith(("http://", "https://")):
            self._page(place)
            return
        root = Path(place)
        if not root.exists():
            self._report.unchecked(f"{place} does not exist")
        for file in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if file.is_file() and not file.is_symlink():
                self._file(place, file)

    def _file(self, place: str, file: Path) -> None:
        try:
            for chunk in _chunks(file, self._words.longest):
                self._search(Place("file", place), str(file), chunk)
        except FileNotFoundError:
            return  # a server removed it since it was listed
        except OSError as error:
            self._report.unchecked(f"{file} could not be read ({type(error).__name__})")
        self._report.count(place, "files")

    def _page(self, url: str) -> None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - named by who asks
                self._search(Place("page", url), url, answer.read())
        except (urllib.error.URLError, OSError) as error:
            self._report.unchecked(f"{url} could not be read ({type(error).__name__})")
        self._report.count(url, "pages")

    def _tables(self, service: str, url: str) -> None:
        with reading(url) as conn:
            quote = conn.dialect.identifier_preparer.quote
            for table in inspect(conn).get_table_names():
                query = text(f"SELECT to_jsonb(t)::text FROM {quote(table)} AS t")  # noqa: S608
                count = 0
                for count, row in enumerate(
                    conn.execution_options(yield_per=500).execute(query), 1
                ):
                    self._search(Place(service, table), f"row {count}", row[0].encode())
                self._report.count(service, f"rows of {table}", count)

    def _records(self) -> None:
        for where, content in raw(self._kafka):
            self._search(Place("kafka", where.partition(" ")[0]), where, content)
            self._report.count("kafka", "records")

    async def _histories(self) -> None:
        to = self._temporal
        client = await Client.connect(to.address, namespace=to.namespace)
        async for run in client.list_workflows():
            seen = run.raw_info.SerializeToString()
            handle = client.get_workflow_handle(run.id, run_id=run.run_id)
            async for event in handle.fetch_history_events():
                seen += event.SerializeToString()
            self._search(Place("temporal", "workflows"), run.id, seen)
            self._report.count("temporal", "workflows")

    def _search(self, place: Place, about: str, content: bytes) -> None:
        for number in self._words.found_in(content):
            self._report.found(
                Finding(
                    place=place,
                    wrong=Wrong.IN_CLEAR,
                    what=f"word {number} of the file stands there in clear",
                    about=about,
                )
            )


def _forms(word: str) -> tuple[bytes, ...]:
    """As it is, as JSON writes it, as PostgreSQL shows bytes, and as base64 at each place."""
    plain = word.encode()
    escaped = json.dumps(word)[1:-1].encode()
    shifted = (base64.b64encode(b"\0" * lead + plain) for lead in range(3))
    inside = [form[(0, 2, 3)[lead] : len(form) - 4] for lead, form in enumerate(shifted)]
    return tuple(
        dict.fromkeys([plain, escaped, plain.hex().encode(), *filter(_is_telling, inside)])
    )


def _is_telling(form: bytes) -> bool:
    return len(form) >= 2 * _SHORTEST


def _chunks(file: Path, overlap: int) -> Iterator[bytes]:
    """A file piece by piece, each with the end of the one before."""
    with file.open("rb") as content:
        before = b""
        while piece := content.read(_CHUNK):
            yield before + piece
            before = piece[-overlap:] if overlap else b""
