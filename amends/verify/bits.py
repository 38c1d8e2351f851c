"""Bits: a set of positions of a log, a bit for each."""

from collections.abc import Iterator


class Bits:
    """A set of positions up to a last one."""

    def __init__(self, last: int, bits: bytes = b"") -> None:
        self._bits = bytearray(bits or last // 8 + 1)

    def add(self, position: int) -> None:
        """It is in the set; one beyond the last is left out."""
        if position // 8 < len(self._bits):
            self._bits[position // 8] |= 1 << position % 8

    def without(self, other: "Bits") -> "Bits":
        """Those that are not in another set of the same last position."""
        pairs = zip(bytes(self), bytes(other), strict=True)
        return Bits(0, bytes(one & ~two for one, two in pairs))

    def count(self) -> int:
        """How many."""
        return int.from_bytes(self._bits, "little").bit_count()

    def __bytes__(self) -> bytes:
        return bytes(self._bits)

    def __contains__(self, position: int) -> bool:
        at = position // 8
        return at < len(self._bits) and bool(self._bits[at] & 1 << position % 8)

    def __iter__(self) -> Iterator[int]:
        for at, byte in enumerate(self._bits):
            if byte:
                yield from (at * 8 + bit for bit in range(8) if byte & 1 << bit)
