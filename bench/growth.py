"""What a case costs as the store grows: empty, with closed cases, with open ones."""

from collections.abc import Iterator

from bench import copies, crowd, sections
from bench.bed import Bed, Beside
from bench.figures import Aim, Figure
from deploy.local.postgres import ADMIN, Postgres

_ROUGHLY = Aim(least=0.9, most=None)


def growth(bed: Bed) -> Iterator[Figure]:
    """The same measurements on the empty store, the full one, and the full one in use."""
    empty = sections.lives_beside_bare(bed)
    admin = Postgres(bed.stack.home, bed.stack.ports).address(ADMIN)
    copies.copy(admin, bed.closed, bed.size.closed_cases)
    yield Figure("closed_cases", bed.size.closed_cases, "cases")
    yield from _again(bed, empty, "closed")
    crowd.gather(bed.settings, bed.lives, bed.size.open_cases)
    yield Figure("open_cases", bed.size.open_cases, "cases")
    yield from _again(bed, empty, "open")


def _again(bed: Bed, empty: Beside, name: str) -> Iterator[Figure]:
    full = sections.beside(bed)
    yield Figure(f"lives_per_second_with_{name}", sections.rate(full.ours), "1/s")
    yield Figure(f"bare_lives_per_second_with_{name}", sections.rate(full.bare), "1/s")
    cost = sections.own_cpu_ms(full.ours)
    yield Figure(f"cpu_per_life_with_{name}", cost, "ms")
    grown = cost / sections.own_cpu_ms(empty.ours)
    yield Figure(f"cpu_with_{name}_to_empty", grown, "ratio")
    kept = sections.to_bare(full) / sections.to_bare(empty)
    yield Figure(f"throughput_with_{name}_to_empty", kept, "ratio, each to its floor", _ROUGHLY)
    yield from sections.assigned_with(bed, name)
