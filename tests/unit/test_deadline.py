import shutil
import zoneinfo
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amends.values.deadline import iana_zone


@pytest.fixture
def a_machine_with_a_zone_of_its_own(tmp_path: Path) -> Iterator[None]:
    before = zoneinfo.TZPATH
    tzdata = Path(str(files("tzdata").joinpath("zoneinfo")))
    for name in ("localtime", "posix/Europe/Paris", "right/Europe/Paris"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tzdata / "Europe" / "Paris", tmp_path / name)
    zoneinfo.reset_tzpath(to=[tmp_path])
    yield
    zoneinfo.reset_tzpath(to=before)


@pytest.mark.parametrize("name", ["localtime", "posix/Europe/Paris", "right/Europe/Paris"])
def test_a_zone_that_only_this_machine_knows_is_none(
    name: str, a_machine_with_a_zone_of_its_own: None
) -> None:
    assert zoneinfo.ZoneInfo.no_cache(name)
    assert iana_zone(name) is None


@given(st.text() | st.from_regex(r"[./A-Za-z_]{1,12}(/[./A-Za-z_]{0,12}){0,2}"))
@example("")
@example("Europe/")
@example("x" * 1_000_000)
@example("Europe/__init__.py")
def test_any_other_text_is_a_zone_or_none(name: str) -> None:
    found = iana_zone(name)
    assert found is None or found.key == name
