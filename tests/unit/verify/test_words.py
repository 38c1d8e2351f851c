"""I9: a word is found in whatever form a program wrote it down."""

import base64
import json
from pathlib import Path

import pytest

from amends.verify.words import Words

WORD = "Schnürsenkelgespräch"


@pytest.mark.parametrize("form", ["utf-8", "json", "hex", "base64 0", "base64 1", "base64 2"])
def test_a_word_is_recognised_however_it_is_written(form: str) -> None:
    plain = WORD.encode()
    written = {
        "utf-8": plain,
        "json": json.dumps(WORD).encode(),
        "hex": plain.hex().encode(),
        **{f"base64 {n}": base64.b64encode(b"abc"[:n] + plain + b"xyz") for n in range(3)},
    }
    looked_for = Words([(1, WORD)])
    assert looked_for.found_in(b"before " + written[form] + b" behind") == [1]
    assert looked_for.found_in(b"before behind") == []


def test_a_file_holds_a_word_or_phrase_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "words"
    file.write_text(f"{WORD}\n\nabc\nVöglein im Baum\n")
    words = Words.read(file)
    assert len(words) == 2  # what is too short stands everywhere by chance
    assert words.found_in("ein Vöglein im Baum".encode()) == [4]
