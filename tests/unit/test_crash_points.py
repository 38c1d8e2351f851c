"""Crash points: nothing unless armed; then the process dies or stops there, once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

_PASSES = "from amends.crash_points import crash_point; crash_point('commit.after'); print('alive')"


def passes(folder: Path | None) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if "AMENDS_" not in name}
    armed = {} if folder is None else {"AMENDS_CRASH_POINTS": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", _PASSES],
        env={**inherited, **armed, "AMENDS_HOME": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_folder_nobody_dies() -> None:
    assert passes(None).stdout == "alive\n"


def test_a_point_that_is_not_armed_is_passed(tmp_path: Path) -> None:
    (tmp_path / "commit.before").touch()
    assert passes(tmp_path).stdout == "alive\n"
    assert passes(tmp_path / "missing").stdout == "alive\n"


def test_an_armed_point_kills_the_process_once(tmp_path: Path) -> None:
    (tmp_path / "commit.after").touch()
    died = passes(tmp_path)
    assert (died.returncode, died.stdout) == (-signal.SIGKILL, "")
    assert passes(tmp_path).stdout == "alive\n"


def test_a_point_may_stop_the_process_until_it_is_woken(tmp_path: Path) -> None:
    (tmp_path / "commit.after").write_text("stop")
    with subprocess.Popen(
        [sys.executable, "-c", _PASSES],
        env={**os.environ, "AMENDS_CRASH_POINTS": str(tmp_path), "AMENDS_HOME": "/nowhere"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        process.send_signal(signal.SIGCONT)
        assert process.communicate()[0] == "alive\n"
    assert list(tmp_path.iterdir()) == []
