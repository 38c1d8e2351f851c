"""What is measured of a case: how soon it is assigned, how many are lived, what they cost."""

from collections.abc import Iterator, Mapping, Sequence

from bench import crowd
from bench.bed import Bed, Beside, Used
from bench.figures import Aim, Figure, milliseconds, percentile
from bench.processes import SERVERS

_MILLI = 1000
_AT_MOST = 600  # megabytes of our own processes
_FLAT = 5  # megabytes for a thousand lives, of all own processes together


def opened_to_assigned(bed: Bed) -> Iterator[Figure]:
    """OpenEscalation is called, until the case is seen in the watched queue.

    One at a time, and without a break: then what the cases before left behind is done meanwhile,
    and the figure says how much CPU that takes.
    """
    ours, bare = _assigned(bed)
    yield from milliseconds("open_to_assigned", ours, 50, 95)
    yield from milliseconds("bare_workflow", bare, 50, 95)
    ratio = percentile(ours, 50) / percentile(bare, 50)
    yield Figure("open_to_assigned_to_bare", ratio, "ratio of p50", Aim(most=1.0))
    ours, bare = _assigned(bed, breaks=False)
    yield from milliseconds("open_to_assigned_without_a_break", ours, 50, 95)
    ratio = percentile(ours, 50) / percentile(bare, 50)
    yield Figure("open_to_assigned_without_a_break_to_bare", ratio, "ratio of p50")


def assigned_with(bed: Bed, name: str) -> Iterator[Figure]:
    """The same with a store in another state."""
    ours, bare = _assigned(bed)
    yield from milliseconds(f"open_to_assigned_with_{name}", ours, 50, 95)
    ratio = percentile(ours, 50) / percentile(bare, 50)
    yield Figure(f"open_to_assigned_with_{name}_to_bare", ratio, "ratio of p50")


def lives(bed: Bed) -> Iterator[Figure]:
    """16 in flight: lives a second and what one costs, beside bare lives."""
    found = lives_beside_bare(bed)
    yield Figure("lives_per_second", rate(found.ours), "1/s")
    yield Figure("bare_lives_per_second", rate(found.bare), "1/s")
    yield Figure("lives_to_bare", to_bare(found), "ratio of rates", Aim(least=0.5))
    by_process = own(cpu_ms(found.ours))
    for name, value in by_process.items():
        yield Figure(f"cpu_per_life_{name}", value, "ms")
    cost = sum(by_process.values())
    floors = cpu_ms(found.bare)
    bare_cost = floors["floor"] + floors["temporal"]
    yield Figure("cpu_per_life", cost, "ms")
    yield Figure("cpu_per_bare_life_worker_and_client", floors["floor"], "ms")
    yield Figure("cpu_per_bare_life_temporal", floors["temporal"], "ms")
    yield Figure("cpu_per_bare_life", bare_cost, "ms")
    yield Figure("cpu_to_bare", cost / bare_cost, "ratio of CPU", Aim(most=2.0))
    yield Figure("signals_per_life", bed.signals, "signals")


def lives_beside_bare(bed: Bed) -> Beside:
    """On the store as it was at first; measured once."""
    if bed.empty is None:
        bed.empty = beside(bed)
    return bed.empty


def beside(bed: Bed) -> Beside:
    """Rounds of lives on the store as it is now."""
    found = Beside()
    bed.turns(
        lambda: found.ours.append(bed.used_by_lives()),
        lambda: found.bare.append(bed.used_by_bare_lives()),
    )
    return found


def memory(bed: Bed) -> Iterator[Figure]:
    """Megabytes at the end, and how they grew with the lives that were lived until now."""
    _lived, last = bed.memory[-1]
    for name, value in last.items():
        yield Figure(f"memory_{name}", value, "MB (PSS)")
    totals = [(lived, sum(own_parts(found).values())) for lived, found in bed.memory]
    yield Figure("memory_own", totals[-1][1], "MB (PSS)", Aim(most=_AT_MOST))
    yield Figure("lives_lived", bed.lived, "lives")
    yield Figure("memory_growth", slope(totals) * 1000, "MB per 1,000 lives", Aim(most=_FLAT))


def to_bare(found: Beside) -> float:
    """Our lives a second to bare ones."""
    return rate(found.ours) / rate(found.bare)


def rate(rounds: Sequence[Used]) -> float:
    """Lives a second, over all rounds."""
    return sum(one.lives for one in rounds) / sum(one.seconds for one in rounds)


def cpu_ms(rounds: Sequence[Used]) -> dict[str, float]:
    """Milliseconds of CPU per life, by process."""
    count = sum(one.lives for one in rounds)
    return {name: sum(one.cpu[name] for one in rounds) * _MILLI / count for name in rounds[0].cpu}


def own(by_process: Mapping[str, float]) -> dict[str, float]:
    """Those of the stack: its servers and our processes, not the floor's."""
    return {name: value for name, value in by_process.items() if name != "floor"}


def own_parts(by_process: Mapping[str, float]) -> dict[str, float]:
    """Our own processes."""
    return {name: value for name, value in own(by_process).items() if name not in SERVERS}


def own_cpu_ms(rounds: Sequence[Used]) -> float:
    """Milliseconds of CPU per life of the whole stack."""
    return sum(own(cpu_ms(rounds)).values())


def _assigned(bed: Bed, *, breaks: bool = True) -> tuple[list[float], list[float]]:
    """Seconds of ours and of the floor's; with `breaks` until a case does nothing but wait."""
    ours: list[float] = []
    bare: list[float] = []

    def cases() -> None:
        for _ in range(bed.size.assigned):
            life = bed.begin()
            life.take("opened")
            life.take("assigned")
            ours.append(life.took("assigned"))
            if breaks:
                crowd.wait_begun(bed.lives, life.escalation)

    bed.turns(cases, lambda: bare.extend(bed.floor.workflows(bed.size.assigned)))
    return ours, bare


def slope(points: Sequence[tuple[int, float]]) -> float:
    """By least squares, over the later half: before it, caches fill; 0 of one place."""
    late = points[len(points) // 2 :]
    if len({x for x, _ in late}) == 1:
        return 0.0
    middle = sum(x for x, _ in late) / len(late)
    mean = sum(y for _, y in late) / len(late)
    above = sum((x - middle) * (y - mean) for x, y in late)
    return above / sum((x - middle) ** 2 for x, _ in late)
