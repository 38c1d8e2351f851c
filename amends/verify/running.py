"""Running the checks: which there are, in which order, and the one pass over all cases.

Nothing here raises for a part that is away; the check that needs it says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from amends.clock import Clock, read_moved
from amends.eventstore.engine import database_clock
from amends.eventstore.findings import Checked
from amends.eventstore.snapshot import reading
from amends.eventstore.verifying import ChainCheck, WireAway
from amends.kafka.history import History
from amends.kafka.topics import RETENTION_DAYS, SERVICES, TOPICS
from amends.rpc.channel import Channels
from amends.rpc.signing import TokenFile
from amends.settings import Settings
from amends.verify.bits import Bits
from amends.verify.cases import INTAKE, ROUTING, Case, cases, cases_of, strangers
from amends.verify.deadlines import DeadlineCheck
from amends.verify.merchant import Merchant
from amends.verify.money import MoneyCheck
from amends.verify.read_models import ReadModelCheck
from amends.verify.repair import repair
from amends.verify.standing import StandingCheck
from amends.verify.tenants import TenantCheck
from amends.verify.transitions import TransitionCheck
from amends.verify.wire import KafkaCheck, Overheard
from amends.verify.words import Words, WordsCheck
from amends.verify.workflows import Temporal, WorkflowCheck

CHECKS = (
    MoneyCheck.name,
    StandingCheck.name,
    DeadlineCheck.name,
    TransitionCheck.name,
    TenantCheck.name,
    WorkflowCheck.name,
    ChainCheck.name,
    KafkaCheck.name,
    ReadModelCheck.name,
    WordsCheck.name,
)
"""Every check by its name, in the order in which they are told."""
GRACE = timedelta(seconds=60)
"""For what is on its way, before it counts as missing: two rounds of the reconciler."""

_AGAIN = 500
_TENANTS = text("""
    SELECT DISTINCT regexp_replace(stream_id, '/[^/]+/[^/]+$', '') AS tenant
    FROM events WHERE version = 1
""")


class CaseCheck(Protocol):
    """A check that looks at one case after another."""

    @property
    def name(self) -> str:
        """As the command names it."""

    def before(self) -> None:
        """What it must know before the logs are read."""

    def look(self, case: Case) -> None:
        """The next case."""

    def after(self, again: Callable[[Sequence[str]], Iterable[Case]]) -> None:
        """All were seen; `again` reads some of them as they are now."""

    def checked(self) -> Checked:
        """What was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look at; `only` names checks, none for all. `acknowledged` is a caller's journal."""

    only: frozenset[str] = frozenset()
    acknowledged: Path | None = None
    words: Path | None = None
    """Words that must stand nowhere, one in a line; `places` are where else to look for them."""
    places: Sequence[str] = ()
    grace: timedelta = GRACE

    def takes(self, name: str) -> bool:
        """Whether this check shall run."""
        return not self.only or name in self.only


class Verification:
    """All checks over one installation."""

    def __init__(self, settings: Settings, wanted: Wanted) -> None:
        self._settings = settings
        self._wanted = wanted
        self._databases = {name: settings.database_url_for(name) for name in SERVICES}
        self._missing: Mapping[str, Bits] = {}

    def run(self) -> list[Checked]:
        """Every wanted check, in a fixed order; the services compare beside the others."""
        takes = self._wanted.takes(ReadModelCheck.name)
        beside = [ReadModelCheck(SERVICES)] if takes else []
        told = [*self._of_cases(), *self._of_logs(), *(one.run() for one in beside)]
        return [*told, *self._of_words()]

    def repair(self, told: Sequence[Checked]) -> list[str]:
        """Mends what the last run found and can be mended; a line for each thing that it did."""
        return list(repair(told, self._missing, self._databases))

    def _of_cases(self) -> Iterator[Checked]:
        checks = [one for one in self._case_checks() if self._wanted.takes(one.name)]
        if not checks:
            return
        why = ""
        try:
            self._pass(checks)
        except SQLAlchemyError as error:
            why = f"a service's database could not be read ({type(error).__name__})"
        for one in checks:
            told = one.checked()
            if why:
                told = Checked(one.name, told.looked, told.findings, [*told.unchecked, why])
            yield told

    def _case_checks(self) -> Sequence[CaseCheck]:
        settings = self._settings
        temporal = Temporal(settings.temporal_address, settings.temporal_namespace)
        return (
            MoneyCheck(self._merchant(), self._tenants),
            StandingCheck(self._now, self._wanted.acknowledged, grace=self._wanted.grace),
            DeadlineCheck(self._now),
            TransitionCheck(),
            TenantCheck(self._databases[ROUTING]),
            WorkflowCheck(
                temporal if temporal.address else None, self._now, grace=self._wanted.grace
            ),
        )

    def _pass(self, checks: Sequence[CaseCheck]) -> None:
        """One look at each case for all checks together."""
        for one in checks:
            one.before()
        with ExitStack() as opened:
            logs = {name: opened.enter_context(reading(url)) for name, url in self._in_order}
            for case in cases(logs):
                for one in checks:
                    one.look(case)
            for one in checks:
                if isinstance(one, TransitionCheck):
                    for service, stream in strangers(logs):
                        one.stranger(service, stream)
                if isinstance(one, StandingCheck):
                    one.compare(logs)
        for one in checks:
            one.after(self._again)

    def _again(self, streams: Sequence[str]) -> Iterator[Case]:
        """Some cases as they are now."""
        for first in range(0, len(streams), _AGAIN):
            with ExitStack() as opened:
                logs = {name: opened.enter_context(reading(url)) for name, url in self._in_order}
                yield from cases_of(logs, streams[first : first + _AGAIN])

    @property
    def _in_order(self) -> Iterable[tuple[str, str]]:
        """Intake last: it heard first of every case."""
        return sorted(self._databases.items(), key=lambda one: one[0] == INTAKE)

    def _of_logs(self) -> Iterator[Checked]:
        """The chains, and Kafka beside them: its records are read once for both."""
        chain, kafka = self._wanted.takes(ChainCheck.name), self._wanted.takes(KafkaCheck.name)
        history = _history(self._settings)
        with ExitStack() as opened:
            check = KafkaCheck(
                self._databases,
                retained=timedelta(days=RETENTION_DAYS),
                moved=self._moved,
                late=self._wanted.grace,
            )
            wire = Overheard(history, check, opened) if history and kafka else history
            if chain:
                told = ChainCheck(self._databases, wire).run()
                away = [one for one in told.unchecked if one.startswith("kafka")]
                yield told
            elif kafka and wire is not None:
                away = _listened(wire)
            if not kafka:
                return
            if history is None:
                check.unchecked("Kafka: AMENDS_KAFKA_BOOTSTRAP is not set")
            elif away:
                check.unchecked(away[0])
            else:
                self._close(check)
            yield check.checked()

    def _of_words(self) -> Iterator[Checked]:
        if self._wanted.takes(WordsCheck.name) and self._wanted.words is not None:
            settings = self._settings
            yield WordsCheck(
                Words.read(self._wanted.words),
                self._wanted.places,
                self._databases,
                settings.kafka_bootstrap,
                Temporal(settings.temporal_address, settings.temporal_namespace),
            ).run()

    def _close(self, check: KafkaCheck) -> None:
        try:
            check.close(datetime.now(UTC))
            self._missing = check.missing()
        except SQLAlchemyError as error:
            check.unchecked(f"a service's database could not be read ({type(error).__name__})")

    def _merchant(self) -> Merchant | None:
        token = self._settings.service_token_file
        if token is None or not self._settings.commerce_address:
            return None
        return Merchant(Channels(self._settings.addresses, TokenFile(token)))

    def _tenants(self) -> list[str]:
        with reading(self._databases[INTAKE]) as conn:
            return sorted(row.tenant for row in conn.execute(_TENANTS))

    def _now(self) -> datetime:
        return self._clock.now()

    @cached_property
    def _clock(self) -> Clock:
        return Clock(database_clock(self._databases[INTAKE]), self._settings.clock_file)

    @property
    def _moved(self) -> float:
        file = self._settings.clock_file
        return read_moved(file) if file is not None else 0.0


def chain_check(settings: Settings) -> ChainCheck:
    """The logs of all services alone; Kafka is asked where the settings name it."""
    databases = {service: settings.database_url_for(service) for service in SERVICES}
    return ChainCheck(databases, _history(settings))


def _history(settings: Settings) -> History | None:
    bootstrap = settings.kafka_bootstrap
    return History(bootstrap, TOPICS) if bootstrap else None


def _listened(wire: Overheard | History) -> list[str]:
    """Reads the wire for who listens; what could not be read."""
    try:
        wire.mark()
        for _ in wire.told():
            pass
    except (SQLAlchemyError, WireAway) as error:
        return [f"kafka could not be read ({type(error).__name__})"]
    return []
