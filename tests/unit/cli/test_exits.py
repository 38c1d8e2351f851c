"""What a script learns from a command: one table of exit codes, and troubles told to both."""

import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import grpc
import pytest
from grpc import StatusCode
from grpc_status import rpc_status

from amends.cli import app as commands
from amends.cli import exits, next_steps, troubles, watching
from amends.cli.exits import Exit
from amends.rpc.refusals import InvalidFields, Violation
from amends.rpc.status import STATUS_OF, to_status
from amends.settings import SettingMissing
from amends.values.refusal import DependencyUnavailable, NotTheOwner, Refusal

_PAGE = Path(__file__).parents[3] / "docs" / "terminal.md"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No stack was ever started here."""
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path))
    for service in ("INTAKE", "ROUTING", "RESOLUTION", "FOLLOWUP", "COMMERCE"):
        monkeypatch.delenv(f"AMENDS_{service}_ADDRESS", raising=False)


class Sent(grpc.RpcError):
    """A refusal as a stub raises it: with the trailers that a server of ours sends."""

    def __init__(self, refusal: Refusal) -> None:
        self._status: Any = rpc_status.to_status(to_status(refusal))

    def code(self) -> StatusCode:
        found: StatusCode = self._status.code
        return found

    def details(self) -> str:
        return str(self._status.details)

    def trailing_metadata(self) -> Any:  # noqa: ANN401 - gRPC's own, which its stubs do not know
        return self._status.trailing_metadata


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Types a command; its exit code."""
    monkeypatch.setattr(sys, "argv", ["amends", *words])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    return int(ended.value.code or 0)


def _commands() -> Iterator[tuple[str, object]]:
    app = commands.app
    for one in app.registered_commands:
        assert one.callback is not None
        yield one.name or one.callback.__name__.replace("_", "-"), one.callback
    for group in app.registered_groups:
        assert group.typer_instance is not None
        name = group.typer_instance.info.name or group.name
        for one in group.typer_instance.registered_commands:
            assert one.callback is not None
            yield f"{name} {one.name or one.callback.__name__.replace('_', '-')}", one.callback


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (StatusCode.INVALID_ARGUMENT, Exit.USAGE),
        (StatusCode.NOT_FOUND, Exit.NOT_THERE),
        (StatusCode.FAILED_PRECONDITION, Exit.REFUSED),
        (StatusCode.ABORTED, Exit.REFUSED),
        (StatusCode.ALREADY_EXISTS, Exit.REFUSED),
        (StatusCode.UNAUTHENTICATED, Exit.NOT_ALLOWED),
        (StatusCode.PERMISSION_DENIED, Exit.NOT_ALLOWED),
        (StatusCode.UNAVAILABLE, Exit.UNAVAILABLE),
        (StatusCode.RESOURCE_EXHAUSTED, Exit.UNAVAILABLE),
        (StatusCode.DEADLINE_EXCEEDED, Exit.UNAVAILABLE),
        (StatusCode.INTERNAL, Exit.BROKEN),
        (StatusCode.UNKNOWN, Exit.BROKEN),
    ],
)
def test_each_status_has_its_exit_code(status: StatusCode, code: Exit) -> None:
    assert exits.exit_of(status) is code


def test_no_reason_of_the_contract_ends_as_broken() -> None:
    broken = {
        reason for reason, status in STATUS_OF.items() if exits.exit_of(status) is Exit.BROKEN
    }
    assert broken == set()


def test_the_page_lists_every_exit_code_and_no_other() -> None:
    found = dict(re.findall(r"^\| (\d+) \| (.+?) \|$", _PAGE.read_text(), re.MULTILINE))
    assert found == {str(code.value): exits.MEANING[code] for code in Exit}


def test_the_help_tells_every_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, "--help") == Exit.DONE
    told = " ".join(capsys.readouterr().out.split())
    assert exits.told() in told


def test_a_refusal_is_told_with_its_next_command() -> None:
    lines = troubles.trouble_of(NotTheOwner("esc_1", "Maya")).lines()
    assert lines[0].startswith("refused: NOT_THE_OWNER: escalation esc_1 is owned by Maya")
    assert lines[-1] == "next: `amends show CASE` names the owner"


def test_every_wrong_field_is_told_once() -> None:
    wrong = InvalidFields([Violation("words", "must not be empty"), Violation("order", "too long")])
    refused = troubles.trouble_of(Sent(wrong))
    assert refused.exit_code is Exit.USAGE
    assert refused.lines()[1:] == ["  words: must not be empty", "  order: too long"]
    assert [one["field"] for one in refused.as_dict()["error"]["fields"]] == ["words", "order"]


def test_what_may_be_repeated_says_when_and_under_which_request_id() -> None:
    away = troubles.trouble_of(Sent(DependencyUnavailable("routing")))
    assert away.exit_code is Exit.UNAVAILABLE
    assert away.retry_after is not None
    again = troubles.repeatable(away, "11111111-1111-4111-8111-111111111111")
    assert "--request-id 11111111-1111-4111-8111-111111111111" in again.lines()[-1]
    assert again.as_dict()["error"]["metadata"]["request_id"].startswith("1111")


def test_a_trouble_as_json_is_one_document_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, "show", "esc_1", "--json") == Exit.UNAVAILABLE
    told = capsys.readouterr()
    assert told.out == ""
    error = json.loads(told.err)["error"]
    assert error["reason"] == "NO_STACK_FOUND"
    assert error["exit_code"] == Exit.UNAVAILABLE


def test_wrong_usage_is_told_as_json_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, "open", "words", "--json") == Exit.USAGE
    error = json.loads(capsys.readouterr().err)["error"]
    assert error["reason"] == "USAGE"
    assert "--customer" in error["message"]


def test_no_error_repeats_what_the_customer_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = "Nora's daughter turns nine"
    for more in ((), ("--json",), ("--need-by", "soon"), ("--seeks", "moon", "--json")):
        assert typed(monkeypatch, "open", planted, "--customer", "C-4419", *more) != Exit.DONE
        told = capsys.readouterr()
        assert planted not in told.out + told.err
        assert "Traceback" not in told.err


def test_where_no_stack_was_started_the_next_step_is_told() -> None:
    told = troubles.trouble_of(SettingMissing("AMENDS_TOKEN"))
    assert told.exit_code is Exit.UNAVAILABLE
    assert "make up" in told.message


def test_every_next_step_names_commands_that_exist() -> None:
    known = {name for name, _ in _commands()}
    for reason, hint in next_steps.NEXT.items():
        for command in re.findall(r"`amends ([a-z-]+(?: list)?)", hint):
            assert command in known, (reason, command)


@pytest.mark.parametrize(("name", "command"), list(_commands()))
def test_every_command_answers_in_json_too(name: str, command: object) -> None:
    assert callable(command)
    assert "as_json" in inspect.signature(command).parameters, name


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_ctrl_c_ends_a_command_with_its_own_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "caller", interrupted)
    assert typed(monkeypatch, "watch", "esc_1", *more) == Exit.INTERRUPTED
    assert "Traceback" not in capsys.readouterr().err
