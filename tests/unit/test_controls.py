"""The reader and the judge of the controls."""

from pathlib import Path

import pytest

from tests.guarantees.controls.entries import BrokenEntry, Control, Edit, problems, read
from tests.guarantees.controls.table import page
from tests.guarantees.controls.trial import Verdict, judged, telling_line

ENTRY = '''
[[control]]
promise = "A sum is a sum."
guard = "sums.py"
old = """a + b"""
new = """a"""
test = "test_sums.py::test_a_sum[1]"
printed = "assert 1 == 3"
'''


def entry_of(folder: Path, text: str = ENTRY) -> Control:
    (folder / "sums.py").write_text("def total(a, b):\n    return a + b\n")
    (folder / "test_sums.py").write_text("def test_a_sum(n):\n    assert n\n")
    (folder / "arithmetic.toml").write_text(text)
    return read(folder / "arithmetic.toml").controls[0]


def test_an_entry_is_read_with_everything_in_it(tmp_path: Path) -> None:
    control = entry_of(tmp_path)
    assert control.area == "arithmetic"
    assert control.edits == (Edit("sums.py", "a + b", "a"),)
    assert (control.test_file, control.test_name) == ("test_sums.py", "test_a_sum")
    assert problems(control, tmp_path) == []


def test_a_guard_in_two_places_is_a_list_of_edits(tmp_path: Path) -> None:
    two = '[{guard = "a", old = "x", new = ""}, {guard = "b", old = "y", new = ""}]'
    lines = [
        line for line in ENTRY.splitlines() if line.partition(" ")[0] not in {"guard", "old", "new"}
    ]
    control = entry_of(tmp_path, "\n".join([*lines, f"edits = {two}"]))
    assert [edit.guard for edit in control.edits] == ["a", "b"]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('promise = "A sum is a sum."', "", "control 1: promise is missing"),
        ('printed = "assert 1 == 3"', 'printed = " "', "control 1: printed is missing"),
        ('new = """a"""', "", "control 1: new is missing"),
        ("promise", "promises", "control 1: nothing is known of promises"),
        ("[[control]]", "[[control]", "arithmetic.toml"),
    ],
)
def test_an_entry_that_is_none_is_named(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    with pytest.raises(BrokenEntry, match=problem):
        entry_of(tmp_path, ENTRY.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('old = """a + b"""', 'old = "a"', "holds the text of the guard 3 times"),
        ('old = """a + b"""', 'old = "a - b"', "holds the text of the guard 0 times"),
        ('old = """a + b"""', 'old = " "', "not once"),
        ('new = """a"""', 'new = "("', "without the guard it is no Python"),
        ('guard = "sums.py"', 'guard = "gone.py"', "there is no file gone.py"),
        ("test_sums.py::", "test_gone.py::", "there is no file test_gone.py"),
        ("::test_a_sum", "::test_another", "there is no test 'test_another'"),
    ],
)
def test_an_entry_that_no_longer_fits_the_code_says_why(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    found = problems(entry_of(tmp_path, ENTRY.replace(before, after)), tmp_path)
    assert len(found) == 1
    assert problem in found[0]


FAILED = """
>       assert total(1, 2) == 3
E       assert 1 == 3
E        +  where 1 = total(1, 2)
=========== short test summary info ===========
FAILED test_sums.py::test_a_sum[1] - assert 1 == 3
"""


@pytest.mark.parametrize(
    ("code", "printed", "verdict"),
    [
        (0, "1 passed", Verdict.NOT_CAUGHT),
        (1, FAILED, Verdict.CAUGHT),
        (1, "E   ModuleNotFoundError: No module named 'sums'", Verdict.BROKEN),
        (2, "ERROR test_sums.py - SyntaxError: invalid syntax", Verdict.BROKEN),
        (4, "ERROR: not found: test_sums.py::test_a_sum[1]", Verdict.BROKEN),
        (5, "1 deselected", Verdict.BROKEN),
        (-1, "E   not over after 900 s", Verdict.BROKEN),
    ],
)
def test_only_a_test_that_ran_and_failed_has_caught_it(
    tmp_path: Path, code: int, printed: str, verdict: Verdict
) -> None:
    assert judged(entry_of(tmp_path), code, printed).verdict is verdict


def test_an_import_that_fails_is_a_catch_where_the_entry_says_so(tmp_path: Path) -> None:
    control = entry_of(tmp_path, ENTRY.replace("assert 1 == 3", "ImportError: total"))
    assert judged(control, 2, "E   ImportError: total").verdict is Verdict.CAUGHT


def test_the_telling_line_is_the_first_that_says_what_was_wrong() -> None:
    assert telling_line(FAILED) == "assert 1 == 3"
    assert telling_line("FAILED test_sums.py::test_a_sum - assert 2\n1 failed") == "assert 2"
    assert telling_line("") == "nothing was printed"


def test_the_page_is_one_table_per_area(tmp_path: Path) -> None:
    entry_of(tmp_path, f'title = "Sums"\nabout = "Of two."\n{ENTRY.replace("assert 1", "a | b")}')
    told = page([read(tmp_path / "arithmetic.toml")])
    assert "- [Sums](#sums): 1 promise\n" in told
    assert "## Sums\n\nOf two.\n" in told
    row = r"| A sum is a sum. | [sums.py](../sums.py) | [a sum](../test_sums.py) | `a \| b == 3` |"
    assert row in told
