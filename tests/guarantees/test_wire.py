"""What the wire may do: repeat, lose, reorder, begin anew, bring what nobody can read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pytest
from sqlalchemy import Engine

from amends.eventstore.engine import make_engine
from amends.eventstore.records import Envelope
from amends.eventstore.streams import case_stream, stream_of
from amends.kafka.topics import SERVICES, declare
from amends.settings import Settings
from amends.values.identity import EscalationId, Tenant
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import FootballShoes
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.eventstore.world import dice
from tests.guarantees import wires
from tests.scenario import play


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A database server and a Kafka on which tests may put what they like."""
    home = tmp_path_factory.mktemp("wire")
    with Stack(home, Ports.free(), ["postgres", "kafka"]) as servers:
        yield servers


@pytest.fixture(scope="module")
def played(cast: Cast) -> FootballShoes:
    story = FootballShoes(cast)
    story.prepare()
    play(story)
    return story


@dataclass(frozen=True, slots=True)
class Twin:
    """A service with the log of its original, and what the original made of the wire."""

    service: str
    settings: Settings
    engine: Engine
    original: Engine
    sources: Sequence[str]
    offsets: wires.Offsets

    def close(self) -> None:
        self.engine.dispose()
        self.original.dispose()
        self.offsets.close()

    @property
    def state(self) -> wires.Rows:
        return wires.dump(self.engine)

    @property
    def expected(self) -> wires.Rows:
        """What the original, on a wire that did nothing odd, made of the same events."""
        return wires.dump(self.original, like=self.state)


@pytest.fixture(scope="module")
def told(played: FootballShoes, cast: Cast) -> list[Envelope]:
    """Everything that was ever said about the played case and about who may decide."""
    tenant = Tenant(cast.settings.tenant)
    people = [one.decision_maker_id for one in cast.directory().decision_makers]
    streams = [
        case_stream(tenant, EscalationId(played.escalation)),
        *(stream_of(tenant, person) for person in people),
    ]
    return [
        one
        for service in SERVICES
        for stream in streams
        for one in wires.said(cast.settings, service, stream)
    ]


@pytest.fixture(scope="module")
def twins(stack: Stack, own: Stack, cast: Cast, told: list[Envelope]) -> Iterator[dict[str, Twin]]:
    settings = wires.settings_of(stack, own)
    declare(settings.kafka_bootstrap)
    made = {service: twin_of(service, stack, own, told) for service in SERVICES}
    yield made
    for twin in made.values():
        twin.close()


def twin_of(service: str, stack: Stack, own: Stack, told: Sequence[Envelope]) -> Twin:
    """Its log is that of the original, its read models what they are before anything is heard."""
    settings = wires.settings_of(stack, own)
    app = wires.app_of(service, settings)
    app.migrate()
    mine = {str(one.stream) for one in told if one.source == service}
    wires.copy_log(stack, own, service, sorted(mine))
    assert app.rebuild is not None
    app.rebuild()
    app.close()
    original = make_engine(Settings.of(stack.env()).database_url_for(service))
    sources = sorted({source for source, _stream in wires.heads_of(original)})
    return Twin(
        service,
        settings,
        make_engine(settings.database_url_for(service)),
        original,
        sources,
        wires.Offsets(settings.kafka_bootstrap, service, sources),
    )


def read_all(twins: Mapping[str, Twin]) -> None:
    """The services' consumers start, and stop when each is through with everything on Kafka."""
    with wires.consuming(*(wires.app_of(one.service, one.settings) for one in twins.values())):
        for service, twin in twins.items():
            wires.until(twin.offsets.is_through, f"{service} read all")


def test_duplicates_gaps_reordering_and_a_replay_from_offset_0_leave_the_same_state(
    twins: dict[str, Twin], told: list[Envelope], own: Stack
) -> None:
    """Byte for byte what the whole stack's services made of the case as it was played."""
    seed, chance = dice()
    wires.publish(own.env()["AMENDS_KAFKA_BOOTSTRAP"], wires.garbled(told, chance))
    read_all(twins)
    for service, twin in twins.items():
        others = [one for one in told if one.source in twin.sources]
        heads = {(one.source, str(one.stream)): one.version for one in others}
        assert wires.heads_of(twin.engine) == heads, f"{service}, seed {seed}"
        wires.until(partial(wires.has_heard, twin.original, heads), f"{service} heard all")
        assert twin.state == twin.expected, f"{service}, seed {seed}"
        assert len(twin.state["inbox"]) == len(others)
        twin.offsets.set_back()
        assert not twin.offsets.is_through()
    read_all(twins)
    for service, twin in twins.items():
        assert twin.state == twin.expected, f"{service} after the replay, seed {seed}"
