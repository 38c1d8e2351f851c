"""What is measured of a case: how soon it is assigned, how many are lived, what they cost."""

from collections.abc import Iterator, Mapping, Sequence

from bench.bed import Bed, Used
from bench.figures import Aim, Figure, milliseconds, percentile

_MILLI = 1000


def opened_to_assigned(bed: Bed) -> Iterator[Figure]:
    """One at a time: OpenEscalation is called, until the case is seen in the watched queue."""
    ours: list[float] = []
    bare: list[float] = []

    def case() -> None:
        life = bed.begin()
        life.take("opened")
        life.take("assigned")
        ours.append(life.took("assigned"))

    def cases() -> None:
        for _ in range(bed.size.assigned):
            case()

    bed.turns(cases, lambda: bare.extend(bed.floor.workflows(bed.size.assigned)))
    yield from milliseconds("open_to_assigned", ours, 50, 95)
    yield from milliseconds("bare_workflow", bare, 50, 95)
    ratio = percentile(ours, 50) / percentile(bare, 50)
    yield Figure("open_to_assigned_to_bare", ratio, "ratio of p50", Aim(most=1.0))


def lives(bed: Bed) -> Iterator[Figure]:
    """16 in flight: lives a second and what one costs, beside bare lives."""
    ours: list[Used] = []
    bare: list[Used] = []
    bed.turns(
        lambda: ours.append(bed.used_by_lives()), lambda: bare.append(bed.used_by_bare_lives())
    )
    yield Figure("lives_per_second", rate(ours), "1/s")
    yield Figure("bare_lives_per_second", rate(bare), "1/s")
    ratio = rate(ours) / rate(bare)
    yield Figure("lives_to_bare", ratio, "ratio of rates", Aim(least=0.5))
    by_process = {name: value for name, value in cpu_ms(ours).items() if name != "floor"}
    for name, value in by_process.items():
        yield Figure(f"cpu_per_life_{name}", value, "ms")
    own = sum(by_process.values())
    floors = cpu_ms(bare)
    yield Figure("cpu_per_life", own, "ms")
    yield Figure("cpu_per_bare_life_floor", floors["floor"], "ms")
    yield Figure("cpu_per_bare_life_temporal", floors["temporal"], "ms")
    bare_cpu = floors["floor"] + floors["temporal"]
    yield Figure("cpu_per_bare_life", bare_cpu, "ms")
    yield Figure("cpu_to_bare", own / bare_cpu, "ratio of CPU", Aim(most=2.0))
    yield Figure("signals_per_life", bed.signals, "signals")


def rate(rounds: Sequence[Used]) -> float:
    """Lives a second, over all rounds."""
    return sum(one.lives for one in rounds) / sum(one.seconds for one in rounds)


def cpu_ms(rounds: Sequence[Used]) -> Mapping[str, float]:
    """Milliseconds of CPU per life, by process."""
    count = sum(one.lives for one in rounds)
    return {name: sum(one.cpu[name] for one in rounds) * _MILLI / count for name in rounds[0].cpu}
