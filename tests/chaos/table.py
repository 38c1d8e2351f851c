"""Writes the result table of docs/reliability.md from the published records."""

from collections.abc import Iterable, Sequence

from deploy.local.home import CHECKOUT
from tests.chaos.record import RESULTS, Record, percentile, read

PAGE = CHECKOUT / "docs" / "reliability.md"
PUBLISHED = RESULTS / "published"
_BEGIN = "<!-- results: python -m tests.chaos --table -->"
_END = "<!-- end of results -->"
_SCENARIO = ("scenario", "seed", "faults", "kills", "cases", "lost", "double", "p50", "p99")
_PART = ("part, scenario", "deaths", "p50", "p99", "longest")
_FIGURE = ("scenario", "measured", "value")
_CHECK = ("check of `amends verify`", "looked at", "findings")


def published() -> list[Record]:
    """The records that are part of the repository, by file and then as they were made."""
    return read(sorted(PUBLISHED.glob("*.jsonl")))


def written(page: str, records: Sequence[Record]) -> str:
    """The page with the records' table in its place."""
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    return f"{before}{_BEGIN}\n\n{_tables(records)}\n{_END}{after}"


def publish(name: str, record: Record) -> None:
    """Puts a record in place of the one that the scenario had in the repository."""
    file = PUBLISHED / f"{name}.jsonl"
    file.unlink(missing_ok=True)
    record.append(file)
    write()


def write() -> None:
    """Writes the page anew."""
    PAGE.write_text(written(PAGE.read_text(), published()))


def _tables(records: Sequence[Record]) -> str:
    parts = sorted(_by_part(records).items())
    chapters = [
        _rows(_SCENARIO, map(_scenario, records)),
        ["Recovery in ms, from the death of a part until work of its kind got through again:"],
        _rows(_PART, (_part(name, found) for name, found in parts)),
        _rows(_CHECK, _verified(records)),
        *_measured(records),
        [_in_all(records)],
        sorted({_on(one) for one in records}),
    ]
    return "\n\n".join("\n".join(lines) for lines in chapters) + "\n"


def _rows(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def _scenario(one: Record) -> Sequence[object]:
    return (
        one.scenario,
        one.seed,
        sum(one.faults.values()),
        one.kills,
        one.acknowledged,
        one.lost,
        one.double,
        _ms(one.recovery_ms, 0.5),
        _ms(one.recovery_ms, 0.99),
    )


def _by_part(records: Iterable[Record]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in records:
        for part, took in one.recovery_by.items():
            found.setdefault(f"{part}, {one.scenario}", []).extend(took)
    return found


def _part(name: str, found: Sequence[int]) -> Sequence[object]:
    return (name, len(found), _ms(found, 0.5), _ms(found, 0.99), max(found))


def _verified(records: Iterable[Record]) -> Iterable[Sequence[object]]:
    looked: dict[str, int] = {}
    findings: dict[str, int] = {}
    for one in records:
        for check, count in one.looked_at.items():
            looked[check] = looked.get(check, 0) + count
            findings[check] = findings.get(check, 0) + one.verify.get(check, 0)
    return [(check, looked[check], findings[check]) for check in looked]


def _measured(records: Iterable[Record]) -> list[list[str]]:
    figures = [
        (one.scenario, name.replace("_", " "), value)
        for one in records
        for name, value in one.figures.items()
    ]
    return [_rows(_FIGURE, figures)] if figures else []


def _in_all(records: Sequence[Record]) -> str:
    """The sum; of no failure among n independent kills the rate is below 3/n (95 % confidence)."""
    kills, lost = sum(one.kills for one in records), sum(one.lost for one in records)
    double = sum(one.double for one in records)
    bound = (
        f": less than {300 / kills:.2f} % of kills do harm" if kills and not lost + double else ""
    )
    return f"{kills} kills in all, {lost} lost, {double} double{bound}."


def _ms(values: Sequence[int], share: float) -> object:
    found = percentile(values, share)
    return "-" if found is None else found


def _on(one: Record) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in one.versions.items())
    return f"Commit {one.commit}, {one.at[:10]}, {one.machine}; {versions}."
