"""C1 at the terminal: every command a person types, from the call to the closed case."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from amends.cli.exits import Exit
from deploy.demo.cast import LONDON, Cast, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.local.home import CHECKOUT

Amends = Callable[..., subprocess.CompletedProcess[str]]
_PROGRAM = "from amends.cli import main; main()"


@pytest.fixture(scope="module")
def amends(cast: Cast) -> Amends:
    """Types one command; what it printed and its exit code."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", _PROGRAM, *words],
            env={**os.environ, **cast.environment, "COLUMNS": "200", "NO_COLOR": "1"},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def shop(cast: Cast) -> FootballShoes:
    story = FootballShoes(cast)
    story.prepare()
    return story


def as_json(ran: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def opened(amends: Amends, shop: FootballShoes) -> str:
    kick_off = (shop.began.astimezone(LONDON) + timedelta(days=1)).strftime("%Y-%m-%dT10:00")
    ran = amends(
        *("open", "The soles are coming off", "--customer", "C-1042", "--order", shop.order),
        *("--channel", "phone", "--cause", "damaged", "--stake", "no money for another pair"),
        *("--hope", "to play", "--need-by", kick_off, "--occasion", "league"),
        *("--seeks", "replacement", "--worth", "64.90 GBP", "--json"),
    )
    return str(as_json(ran)["escalation_id"])


def case_file(amends: Amends, case: str) -> dict[str, Any]:
    found: dict[str, Any] = as_json(amends("show", case, "--json"))["case_file"]
    return found


def case_in_words(amends: Amends, case: str) -> str:
    return str(amends("show", case).stdout)


def test_a_person_takes_the_case_through_by_hand(amends: Amends, shop: FootballShoes) -> None:
    case = shop.escalation = opened(amends, shop)

    def mine() -> dict[str, Any] | None:
        queue = as_json(amends("queue", "--as", "maya", "--json")).get("assignments", [])
        return next((item for item in queue if item["escalation_id"] == case), None)

    assignment = wait_for(mine, "the case is in Maya's queue")["assignment_id"]
    assert case in amends("queue", "--as", "maya").stdout
    assert case in amends("list", "--open").stdout
    acknowledgement = case_in_words(amends, case).split("to deliver")[1].split()[0]
    assert amends("delivered", case, acknowledgement).returncode == 0
    assert "to deliver" not in case_in_words(amends, case)
    assert "is yours" in amends("accept", assignment, "--as", "maya").stdout
    restated = amends("restate", case, "The soles came off on the first day", "--as", "maya")
    assert "restatement 1 waits" in restated.stdout
    assert amends("confirm", case, "--evidence", "recording/7").returncode == 0
    suggested = amends("suggest", case, "--as", "maya").stdout
    assert "same-day-courier" in suggested
    made = as_json(
        amends(
            *("offer", case, "--as", "maya", "--replacement", "same-day-courier"),
            *("--coupon", "10.00 GBP", "--explanation", "a bad batch of glue"),
            *("--apology", "I am sorry", "--json"),
        )
    )
    assert amends("answer", case, made["offer_id"], "accept").returncode == 0
    shop.offer.remedies.add().shipping.arrives_by.FromJsonString(
        made["remedies"][0]["shipping"]["arrives_by"]
    )
    shop.is_carried_out()
    sent = as_json(amends("respond", case, "It comes tonight", "--as", "maya", "--json"))
    assert amends("delivered", case, sent["response_id"]).returncode == 0
    assert amends("clock", "advance", "6h").returncode == 0
    shop.is_resolved()
    assert amends("clock", "advance", "21d").returncode == 0
    shop.is_asked()
    asked = amends("follow-up", case, "--solved", "--pleased", "--staying", "yes")
    assert asked.stdout.strip() == "recorded"
    shop.is_closed()
    assert case_file(amends, case)["outcome"] == "happy"
    shown = amends("show", case).stdout
    assert "Maya accepted and owns the case now" in shown
    assert "The case is closed: happy" in shown


def test_an_owner_hands_a_case_over_by_hand(amends: Amends, cast: Cast) -> None:
    shop = FootballShoes(cast)
    shop.prepare()
    case = shop.opens()
    shop.is_assigned()
    shop.accepts()
    offered = amends(
        *("hand-over", case, "dm_helen", "--as", "maya", "--reason", "end-of-shift"),
        *("--note", "expects a call at five", "--json"),
    )
    first = as_json(offered)["hand_over_id"]
    shown = amends("queue", "--as", "helen").stdout
    assert f"{first}: Maya to Helen (end of shift), until" in shown
    assert "expects a call at five" in shown
    wait_for(lambda: shop.case().HasField("hand_over"), "the case file tells of it")
    assert "Helen may accept the case from Maya, until" in case_in_words(amends, case)
    assert "stays with its owner" in amends("return-hand-over", first, "--as", "helen").stdout
    second = amends("hand-over", case, "dm_helen", "--as", "maya").stdout.split()[0]
    assert "is yours" in amends("accept-hand-over", second, "--as", "helen").stdout


def test_a_refusal_says_why_and_what_to_type_next(amends: Amends) -> None:
    ran = amends("show", "esc_nobody")
    assert ran.returncode == Exit.NOT_THERE
    assert ran.stderr.startswith("refused: ESCALATION_NOT_FOUND: escalation esc_nobody")
    assert "next: `amends list` shows the cases" in ran.stderr


def test_all_wrong_fields_are_told_at_once(amends: Amends) -> None:
    ran = amends("open", "", "--customer", "")
    assert ran.returncode == Exit.USAGE
    assert "INVALID_FIELD" in ran.stderr
    assert "words:" in ran.stderr
    assert "customer:" in ran.stderr


def test_what_cannot_be_read_is_said_before_anything_is_sent(amends: Amends) -> None:
    ran = amends("open", "words", "--customer", "C-1", "--worth", "lots")
    assert ran.returncode == Exit.USAGE
    assert "is not an amount like" in ran.stderr


def test_the_directory_says_who_may_grant_what(amends: Amends, shop: FootballShoes) -> None:
    shown = amends("directory", "list").stdout
    assert "Maya" in shown
    assert "reship 200.00 GBP" in shown


def test_a_minted_token_serves_another_program(amends: Amends) -> None:
    token = amends("token", "--as", "voice-desk", "--role", "platform").stdout.strip()
    assert token.count(".") == 2
