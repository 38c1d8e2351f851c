"""What `make setup` refuses before it touches anything."""

from pathlib import Path

import pytest

from deploy import install


def test_an_environment_behind_a_link_is_refused_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    link = tmp_path / ".venv"
    link.symlink_to(elsewhere)
    monkeypatch.setattr(install, "VENV", link)
    monkeypatch.setattr(install, "_STAMP", link / "installed.sha256")
    assert install.main() == 1
    assert ".venv is a link" in capsys.readouterr().err
    assert (elsewhere / "kept").exists()
