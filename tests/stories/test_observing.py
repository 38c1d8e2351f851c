"""What a whole stack tells of itself: every metric of the page, every line with its ids."""

import json
import re
from functools import partial
from typing import Any
from urllib.request import urlopen

import grpc
import pytest
from prometheus_client.parser import text_string_to_metric_families

from amends.client import new_request_id
from amends.telemetry import AGREED
from amends.v1 import intake_service_pb2
from deploy.demo.cast import Cast, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.local.home import CHECKOUT
from deploy.local.processes import EVENT_SOURCED, OBSERVED
from deploy.local.stack import Stack

PAGE = (CHECKOUT / "docs" / "observing.md").read_text()
ROWS = re.findall(r"^\| `(amends_\w+)` \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
LABELS = {"rpc", "status", "reason", "topic", "source", "stage", "kind", "le"}
SDK = ("temporal_workflow_task_schedule_to_start_latency_seconds", "temporal_request_total")

Metrics = dict[str, list[tuple[dict[str, str], float]]]


def scrape(stack: Stack, name: str) -> Metrics:
    """Every sample by its metric's name."""
    port = stack.ports[name]
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    return {
        family.name + ("_total" if family.type == "counter" else ""): [
            (sample.labels, sample.value) for sample in family.samples
        ]
        for family in families
    }


@pytest.fixture(scope="module")
def story(cast: Cast) -> FootballShoes:
    """A case that waits for Maya, and a call about it that was refused."""
    told = FootballShoes(cast)
    told.prepare()
    told.opens()
    told.is_assigned()
    return told


@pytest.fixture(scope="module")
def refused(story: FootballShoes) -> intake_service_pb2.RestateProblemRequest:
    """Helen does not own it, and says what she must not."""
    request = intake_service_pb2.RestateProblemRequest(
        request_id=new_request_id(), escalation_id=story.escalation, words=story.RESTATED
    )
    with pytest.raises(grpc.RpcError, match="own"):
        story.cast.helen.intake.RestateProblem(request)
    return request


@pytest.fixture(scope="module")
def told(stack: Stack, refused: intake_service_pb2.RestateProblemRequest) -> dict[str, Metrics]:
    """What each process tells, once a scrape has found the case."""
    return {name: scrape(stack, f"{name}-metrics") for name in OBSERVED}


def test_the_page_lists_exactly_the_metrics_that_there_are(told: dict[str, Metrics]) -> None:
    ours = {name for metrics in told.values() for name in metrics if name.startswith("amends_")}
    assert ours == {name for name, *_ in ROWS}


def test_no_label_holds_an_id(told: dict[str, Metrics]) -> None:
    samples = [
        labels
        for metrics in told.values()
        for name, found in metrics.items()
        if name.startswith("amends_")
        for labels, _ in found
    ]
    assert {label for labels in samples for label in labels} <= LABELS
    for value in {value for labels in samples for value in labels.values()}:
        assert not re.search(r"esc_|dm_|asg_|[0-9a-f]{8}-|sole-mates", value), value
    assert len(samples) < 10_000


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return sum(number for found, number in metrics[name] if labels.items() <= found.items())


def test_a_refused_call_is_counted_by_its_reason_and_its_status(
    told: dict[str, Metrics],
) -> None:
    intake = told["intake"]
    assert value(intake, "amends_refusals_total", reason="NOT_THE_OWNER") >= 1
    refused = {"rpc": "RestateProblem", "status": "PERMISSION_DENIED"}
    failed = {"rpc": "RestateProblem", "status": "FAILED_PRECONDITION"}
    assert (
        value(intake, "amends_calls_total", **refused)
        + value(intake, "amends_calls_total", **failed)
        >= 1
    )
    assert value(intake, "amends_calls_total", rpc="OpenEscalation", status="OK") >= 1


def test_each_service_has_one_relay_that_leads_and_hears_the_others(
    told: dict[str, Metrics],
) -> None:
    for name in EVENT_SOURCED:
        assert value(told[name], "amends_relay_leading") == 1, name
        assert value(told[name], "amends_consumer_partitions") > 0, name
    assert value(told["workflows"], "amends_consumer_partitions") > 0
    assert value(told["routing"], "amends_inbox_received_total", source="intake") >= 1
    assert value(told["intake"], "amends_events_published_total") >= 1


def test_what_is_said_reaches_everybody_so_that_nothing_waits(
    stack: Stack, story: FootballShoes
) -> None:
    for name in EVENT_SOURCED:
        wait_for(partial(_is_through, stack, name), f"nothing waits in {name}")


def _is_through(stack: Stack, name: str) -> bool:
    metrics = scrape(stack, f"{name}-metrics")
    waits = value(metrics, "amends_outbox_waiting") + value(metrics, "amends_consumer_lag")
    return waits == 0


def test_intake_tells_where_the_open_cases_stand_and_how_much_time_is_left(
    stack: Stack, story: FootballShoes
) -> None:
    def found() -> bool:
        metrics = scrape(stack, "intake-metrics")
        return (
            value(metrics, "amends_open_cases", stage="routing") >= 1
            and value(metrics, "amends_next_due_seconds") < 7 * 24 * 3600
        )

    assert wait_for(found, "the case is counted while it waits for its decision-maker")


def test_the_worker_tells_what_its_sdk_counts(stack: Stack, story: FootballShoes) -> None:
    metrics = scrape(stack, "sdk-metrics")
    assert set(SDK) <= metrics.keys()


def lines(stack: Stack, name: str) -> list[dict[str, Any]]:
    found = stack.home.log(name).read_text().splitlines()
    return [json.loads(line) for line in found]


def test_every_line_of_each_process_is_json_with_agreed_keys(
    stack: Stack, refused: intake_service_pb2.RestateProblemRequest
) -> None:
    for name in OBSERVED:
        told = lines(stack, name)
        assert told, name
        for line in told:
            assert line.keys() <= AGREED, line
            assert line["process"] == name


def test_the_line_of_a_refused_call_carries_its_ids_and_no_word(
    stack: Stack, refused: intake_service_pb2.RestateProblemRequest
) -> None:
    [line] = wait_for(
        lambda: [
            line for line in lines(stack, "intake") if line.get("request_id") == refused.request_id
        ],
        "the refusal is logged",
    )
    assert (line["event"], line["rpc"]) == ("refused", "RestateProblem")
    assert line["reason"] == "NOT_THE_OWNER"
    assert line["escalation"] == line["correlation_id"] == refused.escalation_id
    assert refused.words not in stack.home.log("intake").read_text()
