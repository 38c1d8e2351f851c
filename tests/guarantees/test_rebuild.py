"""A read model rebuilt from zero equals the live one, in every service, also while writes go on."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from amends.eventstore.engine import make_engine
from amends.kafka.topics import SERVICES
from amends.process import App
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import FootballShoes
from deploy.local.stack import Stack
from tests.guarantees import wires
from tests.scenario import play


@pytest.fixture(scope="module")
def engines(stack: Stack, cast: Cast) -> Iterator[dict[str, Engine]]:
    found = {one: make_engine(cast.settings.database_url_for(one)) for one in SERVICES}
    yield found
    for engine in found.values():
        engine.dispose()


@pytest.fixture(scope="module")
def apps(stack: Stack, cast: Cast) -> Iterator[dict[str, App]]:
    """As `python -m services.<name> rebuild` builds them."""
    found = {one: wires.app_of(one, cast.settings) for one in SERVICES}
    yield found
    for app in found.values():
        app.close()


@pytest.fixture(scope="module")
def rebuilt_meanwhile(cast: Cast, apps: dict[str, App]) -> dict[str, int]:
    """A whole case is played while every service's read models are rebuilt; how often each."""
    story, over = FootballShoes(cast), threading.Event()
    story.prepare()

    def keep_rebuilding(service: str) -> int:
        count = 0
        while not over.wait(0.1):
            rebuild(apps[service])
            count += 1
        return count

    with ThreadPoolExecutor(len(SERVICES)) as pool:
        counts = {service: pool.submit(keep_rebuilding, service) for service in SERVICES}
        try:
            play(story)
        finally:
            over.set()
        return {service: count.result() for service, count in counts.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_rebuilt_from_zero_it_is_the_same_as_the_live_one_also_after_rebuilds_amid_writes(
    service: str,
    engines: dict[str, Engine],
    apps: dict[str, App],
    rebuilt_meanwhile: dict[str, int],
) -> None:
    assert rebuilt_meanwhile[service] > 0
    engine = engines[service]
    wires.until(lambda: has_heard_all(service, engines), f"{service} heard all")
    live = wires.dump(engine)
    assert live["inbox"]
    spoil(engine)
    assert wires.dump(engine) != live
    rebuild(apps[service])
    assert wires.dump(engine) == live


def rebuild(app: App) -> None:
    assert app.rebuild is not None
    assert app.receive is not None
    app.rebuild()
    app.receive([])  # routing says again what offers ended in; it was said, and nothing comes of it


def has_heard_all(service: str, engines: dict[str, Engine]) -> bool:
    """Whether it has come as far in each stream as its owner."""
    for (source, stream), version in wires.heads_of(engines[service]).items():
        with engines[source].connect() as conn:
            said = text("SELECT max(version) FROM events WHERE stream_id = :stream")
            if conn.execute(said, {"stream": stream}).scalar() != version:
                return False
    return True


def spoil(engine: Engine) -> None:
    """Empties the cases, so that only the rebuild can bring them back."""
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM cases"))
