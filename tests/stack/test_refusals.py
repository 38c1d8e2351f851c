"""What a stack says when it cannot start: what is missing, and what to do."""

import contextlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.local import leftovers, preflight
from deploy.local.__main__ import asked_for
from deploy.local.bring_up import BringUp
from deploy.local.choice import Choice
from deploy.local.environment import of_processes
from deploy.local.home import Home
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.refused import Refused
from deploy.local.stack import Stack
from deploy.local.supervision import Supervisor


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    home.make()
    home.environment.write_text("")
    yield home
    leftovers.end(home)


def test_a_taken_port_is_named_with_its_holder(home: Home) -> None:
    ports = Ports.free()
    holder = rf"{ports['kafka']} \(kafka\) by .*pid"
    with (
        socket.create_server(("127.0.0.1", ports["kafka"])),
        pytest.raises(Refused, match=holder) as refused,
    ):
        preflight.check(home, ports)
    assert "AMENDS_PORT_BASE" in refused.value.remedy


def test_many_ports_of_one_holder_are_counted(home: Home) -> None:
    ports = Ports.free()
    names = ("intake", "routing", "kafka", "temporal", "supervisor")
    with contextlib.ExitStack() as held:
        for name in names:
            held.enter_context(socket.create_server(("127.0.0.1", ports[name])))
        with pytest.raises(Refused, match=r"\(intake\), .*\(kafka\) and 2 more by"):
            preflight.check(home, ports)


def test_a_full_disk_is_named_before_anything_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SimpleNamespace(free=300 * 1024**2)
    monkeypatch.setattr("shutil.disk_usage", lambda _: disk)
    with pytest.raises(Refused, match="only 300 MB are free") as refused:
        preflight.check(home, Ports.free())
    assert "AMENDS_HOME" in refused.value.remedy


def test_a_part_that_keeps_ending_is_shown_with_the_end_of_its_log(home: Home) -> None:
    with pytest.raises(Refused, match=r"broken ended \d times(.|\n)*no luck today") as refused:
        bring_up(home, broken("print('no luck today'); raise SystemExit(1)")).run(within=30)
    assert str(home.log("broken")) in refused.value.remedy


def test_a_part_that_never_answers_is_given_up_in_time(home: Home) -> None:
    silent = broken("import time; print('thinking', flush=True); time.sleep(100)")
    with pytest.raises(Refused, match=r"does not answer in time(.|\n)*thinking"):
        bring_up(home, silent).run(within=3)


def test_a_lost_stack_env_is_named_with_what_writes_it(home: Home) -> None:
    home.environment.unlink()
    with pytest.raises(Refused, match=r"stack\.env") as refused:
        Stack.found(home.path).env()
    assert "make up" in refused.value.remedy


@pytest.mark.parametrize("note", ["", "{}", '{"base": 8400, "parts": []}', "[1]"])
def test_a_note_that_nobody_can_read_is_no_note(home: Home, note: str) -> None:
    (home.run / "stack.json").write_text(note)
    assert Stack.found(home.path).ports == Ports()


def test_a_stack_keeps_its_ports_and_its_database(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    Choice(8400, database="postgresql://elsewhere/").note(home)
    monkeypatch.setenv("AMENDS_HOME", str(home.path))
    for name in ("AMENDS_PORT_BASE", "AMENDS_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    again = asked_for(None)
    assert (again.ports.base, again.database) == (8400, "postgresql://elsewhere/")


@pytest.mark.parametrize("base", ["nonsense", "80", "-5", "99999"])
def test_a_port_base_that_is_none_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(home.path))
    monkeypatch.setenv("AMENDS_PORT_BASE", base)
    with pytest.raises(Refused, match=base):
        asked_for(None)


def test_an_unknown_part_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no part oracle"):
        Stack(tmp_path, Ports.free(), ["oracle"]).parts()


def test_a_part_brings_what_it_needs(tmp_path: Path) -> None:
    assert set(Stack(tmp_path, Ports.free(), ["commerce"]).parts()) == {
        "postgres",
        "tokens",
        "commerce",
    }


def test_a_named_database_server_takes_the_place_of_ours(tmp_path: Path) -> None:
    parts = Stack(tmp_path, Ports.free(), ["commerce"], database="postgresql://elsewhere/").parts()
    assert set(parts) == {"tokens", "commerce"}


def broken(program: str) -> Part:
    return Part("broken", (sys.executable, "-c", program), ready=lambda: False)


def bring_up(home: Home, part: Part) -> BringUp:
    parts = {part.name: part}
    supervisor = Supervisor(home, Ports.free())
    supervisor.begin([part], of_processes(home))
    return BringUp(home, supervisor, parts)


def test_a_stack_that_did_not_come_up_leaves_nothing_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise Refused("Kafka's jars are not installed", "run `make setup`")

    monkeypatch.setattr("deploy.local.jars.require", refuse)
    with pytest.raises(Refused, match="jars"), Stack(tmp_path, Ports.free(), ["postgres", "kafka"]):
        pytest.fail("it came up")
    assert leftovers.find(Home(tmp_path)) == []
