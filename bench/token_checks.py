"""What proving who calls costs: a token seen before, and one seen for the first time.

`python -m bench.token_checks`. CPU time of this process, so that a busy machine changes little.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from amends.rpc.signing import make_key
from amends.rpc.tokens import Tokens
from amends.values.identity import Role

_ROUNDS = 20_000
_NEW = 2_000
_MICRO = 1e6


def main() -> int:
    """Prints microseconds a call."""
    with tempfile.TemporaryDirectory() as folder:
        jwks, key = Path(folder) / "jwks.json", make_key()
        key.write_jwks(jwks)
        tokens = Tokens(jwks)
        new = [key.mint(f"person-{n}", "acme", [Role.HANDLER]) for n in range(_NEW)]
        first = _cost(tokens, new)
        again = _cost(tokens, new[:1] * _ROUNDS)
    sys.stdout.write(f"seen before {again:.1f} µs, seen for the first time {first:.0f} µs a call\n")
    return 0


def _cost(tokens: Tokens, said: Sequence[str]) -> float:
    """Microseconds for one of them."""
    began = time.process_time()
    for token in said:
        tokens.verify(token)
    return (time.process_time() - began) / len(said) * _MICRO


if __name__ == "__main__":
    sys.exit(main())
