"""Which port each part listens on: a block of numbers, fixed for the demo, free for the tests."""

import random
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

DEFAULT_BASE = 7400

OFFSETS: Mapping[str, int] = {
    "intake": 1,
    "routing": 2,
    "resolution": 3,
    "followup": 4,
    "commerce": 5,
    "postgres": 10,
    "kafka": 11,
    "kafka-controller": 12,
    "temporal": 20,
    "temporal-ui": 21,
    "temporal-metrics": 22,
    "supervisor": 30,
    "intake-metrics": 31,
    "routing-metrics": 32,
    "resolution-metrics": 33,
    "followup-metrics": 34,
    "commerce-metrics": 35,
    "workflows-metrics": 36,
    "sdk-metrics": 37,
}

# Below the range from which Linux and macOS draw ports for outgoing connections.
_FREE_BASES = range(12_000, 31_000, 40)


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one stack, counted from `base`."""

    base: int = DEFAULT_BASE

    @classmethod
    def free(cls) -> "Ports":
        """A block of which every port is free now; drawn by chance, so that two stacks differ."""
        bases = list(_FREE_BASES)
        random.shuffle(bases)
        return next(ports for ports in map(cls, bases) if not any(ports.taken()))

    def another(self) -> "Ports":
        """A block of which every port is free now, and easy to remember where there is one."""
        bases = range(self.base + 100, min(_FREE_BASES), 100)
        return (
            next((one for one in map(Ports, bases) if not any(one.taken())), None) or Ports.free()
        )

    def __getitem__(self, name: str) -> int:
        return self.base + OFFSETS[name]

    def address(self, name: str) -> str:
        """host:port of a part."""
        return f"127.0.0.1:{self[name]}"

    def taken(self) -> Iterator[str]:
        """Names of the parts whose port another program holds."""
        return (name for name in OFFSETS if not _is_free(self[name]))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
