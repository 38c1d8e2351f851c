"""A process in its own interpreter, with threads and signals as real as they are in a service."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_LIMIT = 20.0
_PROGRAM = '''
import sys
import threading
from pathlib import Path
from sqlalchemy.exc import OperationalError
from amends.process import App, main

told = Path(sys.argv[1])


def tell(what):
    with told.open("a") as file:
        file.write(what + "\\n")


class Server:
    def start(self):
        tell("serving")
        return 1

    def report(self, *, healthy):
        tell(f"healthy {healthy}")

    def stop(self):
        tell("drained")
        stuck = told.with_name("stuck").exists()
        if stuck:
            threading.Thread(target=threading.Event().wait).start()
        return not stuck


def away():
    tell("asked")
    raise OperationalError("SELECT 1", {}, Exception("away"))


def until(file, task=lambda: None):
    """Works once the file is there, and before that not."""
    def ask():
        task() if told.with_name(file).exists() else away()
    return ask


def relay(stop):
    tell("relay begins")
    if told.with_name("kafka-is-away").exists():
        told.with_name("kafka-is-away").unlink()
        raise OSError("Kafka is away")
    while not stop.wait(0.01):
        if told.with_name("bug").exists():
            raise ZeroDivisionError
    tell("relay ended")


def consume(stop):
    stop.wait()
    tell("consume ended")


def migrate():
    if told.with_name("newer").exists():
        raise RuntimeError("the database is newer")
    until("database", lambda: tell("migrated"))()


app = App(
    server=Server(),
    migrate=migrate,
    reach=until("database"),
    loops={"relay": relay, "consume": consume},
    rebuild=lambda: tell("rebuilt"),
    close=lambda: tell("closed"),
)
sys.exit(main("trial", lambda: app, sys.argv[2:]))
'''


class Trial:
    """One run; what it does stands in a file, what happens to it is told by files beside."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told = folder / "told"
        self._process: subprocess.Popen[bytes] | None = None

    def let(self, file: str) -> None:
        """Something happens to the world."""
        (self._folder / file).touch()

    def begin(self, *arguments: str) -> None:
        command = [sys.executable, "-c", _PROGRAM, str(self._told), *arguments]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def told(self) -> list[str]:
        return self._told.read_text().splitlines() if self._told.exists() else []

    def tells(self, what: str) -> bool:
        """True once it told so."""
        return _until(lambda: what in self.told())

    def send(self, number: int) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def code(self) -> int:
        assert self._process is not None
        return self._process.wait(_LIMIT)

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _until(condition: Callable[[], bool]) -> bool:
    limit = time.monotonic() + _LIMIT
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)  # between two looks at another process
    return True


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    one = Trial(tmp_path)
    yield one
    one.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_drains_then_ends_its_loops_then_closes(trial: Trial, number: int) -> None:
    trial.let("database")
    trial.begin()
    assert trial.tells("serving")
    trial.send(number)
    assert trial.code() == 0
    told = trial.told()
    assert told[0] == "migrated"
    assert told.index("drained") < told.index("relay ended")
    assert told.index("drained") < told.index("consume ended")
    assert told[-1] == "closed"


def test_it_ends_though_a_call_that_was_cancelled_still_waits(trial: Trial) -> None:
    trial.let("database")
    trial.let("stuck")
    trial.begin()
    assert trial.tells("serving")
    trial.send(signal.SIGTERM)
    assert trial.code() == 0
    assert trial.told()[-1] == "closed"


def test_what_makes_the_tables_is_another_process(trial: Trial) -> None:
    trial.let("database")
    trial.begin("all")
    assert trial.tells("serving")
    assert [line for line in trial.told() if line.startswith("migrated")] == ["migrated"]
    assert "closed" in trial.told(), "who made them has ended"


def test_it_ends_where_the_tables_cannot_be_made(trial: Trial) -> None:
    trial.let("newer")
    trial.begin("all")
    assert trial.code() == 1
    assert "serving" not in trial.told()


def test_it_waits_for_a_database_that_is_away_at_the_start(trial: Trial) -> None:
    trial.begin("all")
    trial.let("database")
    assert trial.tells("serving")


@pytest.mark.parametrize("role", ["all", "serve"])
def test_it_ends_while_it_waits_for_the_database(trial: Trial, role: str) -> None:
    trial.begin(role)
    assert trial.tells("asked")
    trial.send(signal.SIGTERM)
    assert trial.code() == 0
    assert "serving" not in trial.told()


def test_a_loop_that_lost_kafka_begins_again(trial: Trial) -> None:
    trial.let("database")
    trial.let("kafka-is-away")
    trial.begin("relay")
    assert _until(lambda: trial.told().count("relay begins") == 2)
    trial.send(signal.SIGTERM)
    assert trial.code() == 0
    assert "serving" not in trial.told()


def test_a_loop_that_dies_ends_the_process(trial: Trial) -> None:
    trial.let("database")
    trial.begin("all")
    assert trial.tells("serving")
    trial.let("bug")
    assert trial.code() == 1
    assert trial.told()[-1] == "closed"


def test_health_follows_the_database(trial: Trial, tmp_path: Path) -> None:
    trial.let("database")
    trial.begin("serve")
    assert trial.tells("healthy True")
    (tmp_path / "database").unlink()
    assert trial.tells("healthy False")


@pytest.mark.parametrize(("role", "told"), [("migrate", "migrated"), ("rebuild", "rebuilt")])
def test_a_task_is_done_once(trial: Trial, role: str, told: str) -> None:
    trial.let("database")
    trial.begin(role)
    assert trial.code() == 0
    assert trial.told() == [told, "closed"]


def test_a_role_that_nobody_has_is_refused(trial: Trial) -> None:
    trial.begin("dance")
    assert trial.code() == 2
