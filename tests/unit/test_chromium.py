"""How the browser comes onto a machine, tried with an apt-get that only notes what it was told."""

from pathlib import Path

import pytest

from deploy.browser import chromium
from deploy.local.refused import Refused

APT = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "$0.told"
case "$*" in
    *update*) touch "$0.lists" ;;
    *install*) [ -e "$0.lists" ] || { echo "Unable to locate package"; exit 100; }
        printf '#!/bin/sh' > "${0%/*}/chromium"; chmod +x "${0%/*}/chromium" ;;
esac
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs there is, beside the shell's."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("touch", "chmod"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return folder


def add(folder: Path, name: str, text: str = "#!/bin/sh\n") -> Path:
    file = folder / name
    file.write_text(text)
    file.chmod(0o755)
    return file


def told(apt: Path) -> list[str]:
    noted = Path(f"{apt}.told")
    return noted.read_text().splitlines() if noted.exists() else []


def test_where_one_is_there_already_nothing_is_done(programs: Path) -> None:
    apt = add(programs, "apt-get", APT)
    for name in chromium.NAMES:
        program = add(programs, name)
        assert not chromium.install()
        assert chromium.found() == str(program)
        program.unlink()
    assert told(apt) == []


def test_it_is_installed_without_a_question_and_new_lists_come_only_where_they_are_needed(
    programs: Path,
) -> None:
    apt = add(programs, "apt-get", APT)
    assert chromium.install()
    assert chromium.found() == str(programs / "chromium")
    assert [line.split()[-1] for line in told(apt)] == ["chromium", "update", "chromium"]
    (programs / "chromium").unlink()
    assert chromium.install()
    assert [line.split()[-1] for line in told(apt)[3:]] == ["chromium"]
    assert all(line.startswith("noninteractive -qq") for line in told(apt))
    assert all("--yes" in line for line in told(apt) if "install" in line)


def test_an_apt_that_cannot_is_quoted(programs: Path) -> None:
    add(programs, "apt-get", "#!/bin/sh\necho 'Unable to locate package'\nexit 100\n")
    with pytest.raises(Refused, match="Unable to locate package"):
        chromium.install()


def test_an_ordinary_user_is_told_what_to_type(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = add(programs, "apt-get", APT)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(Refused) as refused:
        chromium.install()
    assert refused.value.remedy == "type `sudo apt-get install chromium`"
    assert told(apt) == []


def test_without_apt_it_is_said_which_programs_would_do(programs: Path) -> None:
    with pytest.raises(Refused) as refused:
        chromium.install()
    assert all(name in refused.value.remedy for name in chromium.NAMES)
