"""Logs hold what was agreed and never a personal word."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from amends import telemetry
from amends.values.personal import Personal

Written = Callable[[], dict[str, Any]]
SAID = "my daughter's shoes"


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    telemetry.configure("intake")
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    """The one line that was written."""
    return lambda: json.loads(capsys.readouterr().err)


def fail_with(error: Exception) -> None:
    raise error


def test_a_line_tells_process_level_time_and_what_was_agreed(written: Written) -> None:
    telemetry.log().info("published", topic="amends.intake.v1", count=3)
    line = written()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "published",
        "level": "info",
        "process": "intake",
        "topic": "amends.intake.v1",
        "count": 3,
    }


def test_a_key_that_nobody_agreed_on_is_dropped_and_named(written: Written) -> None:
    telemetry.log().warning("odd", words=SAID, customer=SAID, reason=Personal(SAID))
    line = written()
    assert line["dropped"] == "customer,reason,words"
    assert SAID not in str(line)


def test_an_error_is_told_by_type_and_place(written: Written) -> None:
    error = ValueError(SAID)
    error.__cause__ = KeyError(SAID)
    with pytest.raises(ValueError, match=SAID) as caught:
        fail_with(error)
    telemetry.log().error("incident", trace=telemetry.trace_of(caught.value))
    trace = written()["trace"]
    assert "builtins.ValueError" in trace
    assert "builtins.KeyError" in trace
    assert "test_telemetry.py" in trace
    assert SAID not in trace


def test_of_a_librarys_log_only_the_template_is_kept(written: Written) -> None:
    try:
        fail_with(ValueError(SAID))
    except ValueError:
        logging.getLogger("kafka.conn").exception("cannot reach %s", SAID)
    line = written()
    assert (line["event"], line["logger"]) == ("cannot reach %s", "kafka.conn")
    assert "builtins.ValueError" in line["trace"]
    assert SAID not in str(line)


def test_what_a_library_repeats_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    for port in range(50):
        logging.getLogger("kafka.conn").error("cannot reach %s", port)
    logging.getLogger("kafka.conn").error("gave up")
    lines = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert lines == ["cannot reach %s", "gave up"]
