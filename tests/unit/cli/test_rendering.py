"""The case as a person reads it: times on the customer's clock, and nothing said too early."""

import io
from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money
from rich.console import Console

from amends.cli import ledger, queue, render
from amends.cli.casefile import show_case
from amends.v1 import commerce_service_pb2, followup_events_pb2, types_pb2
from amends.v1 import followup_service_pb2 as followup
from amends.v1 import intake_service_pb2 as intake
from amends.v1 import resolution_events_pb2 as events
from amends.v1 import resolution_service_pb2 as resolution
from amends.v1 import routing_service_pb2 as routing

LONDON = "Europe/London"
PRICE = Money(currency_code="GBP", units=74, nanos=500_000_000)


def at(hour: int, minute: int = 0, day: int = 28) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(datetime(2026, 11, day, hour, minute, tzinfo=UTC))
    return stamp


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is printed, as if it went into a file."""
    printed = io.StringIO()
    monkeypatch.setattr(render, "console", Console(file=printed, highlight=False, width=200))
    return printed


def refund(**more: object) -> resolution.OfferedRemedyState:
    progress = resolution.RefundProgress(submitted_at=at(15, 30), expected_by=at(18, day=30))
    state = resolution.OfferedRemedyState(
        remedy=events.Remedy(
            remedy_id="rem_1",
            kind=types_pb2.REMEDY_KIND_REFUND,
            amount=PRICE,
            method=commerce_service_pb2.REFUND_METHOD_ORIGINAL_PAYMENT,
        ),
        refund=progress,
    )
    for name, value in more.items():
        if name == "failure":
            state.failure = str(value)
        elif isinstance(value, Timestamp):
            getattr(state.refund, name).CopyFrom(value)
        else:
            setattr(state.refund, name, value)
    return state


def of(*remedies: resolution.OfferedRemedyState, **more: object) -> str:
    given = {"offer_id": "off_1", "state": resolution.OFFER_STATE_ACCEPTED, "made_at": at(15, 20)}
    offer = resolution.Offer(remedies=remedies, **{**given, **more})  # type: ignore[arg-type] # as given
    return "\n".join(ledger.offers(resolution.GetResolutionResponse(offers=[offer]), LONDON))


def test_a_refund_is_credited_only_when_the_customer_has_it() -> None:
    submitted = of(refund(standing=resolution.REFUND_STANDING_SUBMITTED))
    assert submitted == (
        "off_1  accepted, made Sat 28 Nov 15:20\n"
        "    rem_1  refund 74.50 GBP, to the original payment: "
        "on its way since Sat 28 Nov 15:30, expected by Mon 30 Nov 18:00"
    )
    late = of(refund(standing=resolution.REFUND_STANDING_UNKNOWN))
    assert late.endswith("unknown; it was expected by Mon 30 Nov 18:00")
    failed = of(
        refund(
            standing=resolution.REFUND_STANDING_FAILED,
            failed_at=at(11, day=30),
            failure="CARD_EXPIRED",
        )
    )
    assert failed.endswith("failed Mon 30 Nov 11:00: CARD_EXPIRED")
    for said in (submitted, late, failed):
        assert "credited" not in said
        assert "refunded" not in said
    credited = of(refund(standing=resolution.REFUND_STANDING_SUCCEEDED, credited_at=at(11, day=30)))
    assert credited.endswith("credited Mon 30 Nov 11:00")


def test_a_share_and_what_it_replaces_are_told() -> None:
    half = events.Remedy(
        remedy_id="rem_2", kind=types_pb2.REMEDY_KIND_PERCENTAGE_OFF, percent=50, amount=PRICE
    )
    assert ledger.remedy(half, LONDON) == "percentage-off 50 %, at most 74.50 GBP"
    instead = events.Remedy(
        kind=types_pb2.REMEDY_KIND_REPLACEMENT,
        shipping=events.Shipping(service="next-day", arrives_by=at(14, day=29)),
        in_place_of="rem_1",
    )
    told = "replacement, by next-day, there by Sun 29 Nov 14:00, in place of rem_1"
    assert ledger.remedy(instead, LONDON) == told


def test_what_was_not_accepted_stands_nowhere() -> None:
    promised = refund()
    promised.state = resolution.REMEDY_STATE_PROMISED
    told = of(promised, state=resolution.OFFER_STATE_COUNTERED)
    assert told.endswith("refund 74.50 GBP, to the original payment")


def test_a_draft_names_until_when_it_waits_and_a_rejection_why() -> None:
    draft = of(state=resolution.OFFER_STATE_DRAFT, maker="dm_maya", approve_by=at(17))
    assert draft == "off_1  draft of dm_maya, to be approved, until Sat 28 Nov 17:00"
    no = of(
        state=resolution.OFFER_STATE_REJECTED,
        approver="dm_helen",
        reject_reason=events.REJECT_REASON_TOO_MUCH,
        reject_note="a third is fair",
    )
    assert no == "off_1  rejected by dm_helen, too much: a third is fair"


def test_the_case_file_reads_like_a_story(screen: io.StringIO) -> None:
    case = intake.CaseFile(
        escalation_id="esc_1",
        stage=types_pb2.STAGE_RESOLUTION,
        channel=types_pb2.CHANNEL_EMAIL,
        cause=types_pb2.CAUSE_LATE_DELIVERY,
        priority=1,
        customer="C-4419",
        order="SM-20426",
        words="It is [not] here",
        occasion="birthday",
        need_by=types_pb2.NeedByKnown(by=at(20), zone="Pacific/Auckland"),
        zone="Pacific/Auckland",
        remedy_sought=types_pb2.RemedySought(
            kinds=[types_pb2.REMEDY_KIND_PERCENTAGE_OFF], percent=50, amount=PRICE
        ),
        owner=intake.Person(public_name="Maya", since=at(15, 12)),
        waiting_for="for the refund to be credited",
        waiting_until=at(18, day=30),
        alarms=[
            intake.StandingAlarm(
                kind="REFUND_OVERDUE", since=at(18, 5), clears_when="it is credited"
            )
        ],
        timeline=[
            intake.TimelineEntry(at=at(15), actor="the customer", summary="The case was opened"),
            intake.TimelineEntry(
                at=at(15, 1), actor="routing", summary="Maya was asked", due_by=at(15, 16)
            ),
        ],
    )
    made = resolution.GetResolutionResponse(
        offers=[resolution.Offer(offer_id="off_1", state=resolution.OFFER_STATE_OPEN)],
        promises=[
            resolution.Promise(
                promise_id="prm_1",
                what="a call",
                state=resolution.PROMISE_STATE_OPEN,
                due_by=at(17),
            )
        ],
        responses=[
            resolution.Response(response_id="rsp_1", kind=events.RESPONSE_KIND_ANSWER),
            resolution.Response(response_id="rsp_0", delivered_at=at(15)),
        ],
    )
    show_case(case, made)
    shown = screen.getvalue()
    for line in (
        "case  esc_1  (resolution, priority 1)",
        "about  late-delivery, by email; customer C-4419, order SM-20426",
        "words  It is [not] here",
        "sought  percentage-off, 50 %, 74.50 GBP",
        "needed by  Sun 29 Nov 09:00, birthday",
        "owner  Maya, since Sun 29 Nov 04:12",
        "waiting  for the refund to be credited, until Tue 01 Dec 07:00",
        "ALARM  REFUND_OVERDUE since Sun 29 Nov 07:05; clears when it is credited",
        "to deliver  rsp_1 answer",
        "prm_1  open, due Sun 29 Nov 06:00: a call",
        "What happened (Pacific/Auckland)",
        "Maya was asked · until Sun 29 Nov 04:16",
    ):
        assert line in shown, line
    assert "rsp_0" not in shown
    assert "\x1b" not in shown


def test_what_was_answered_weeks_later_and_what_was_learned_is_in_it(screen: io.StringIO) -> None:
    later = followup.GetFollowUpResponse(
        state=followup.FOLLOW_UP_STATE_ANSWERED,
        solved=True,
        pleased=True,
        staying=followup_events_pb2.STAYING_YES,
        words="lovely",
        debrief=followup.Debrief(
            recorded_at=at(16), how="a late van", better="tell sooner", process_broken=True
        ),
    )
    show_case(intake.CaseFile(escalation_id="esc_1"), None, later, LONDON)
    shown = screen.getvalue()
    assert "follow-up  solved, pleased, staying: yes: lovely" in shown
    assert "debrief  a late van; better: tell sooner; a process is broken" in shown


def test_suggestions_tell_what_was_paid_back_before(screen: io.StringIO) -> None:
    found = resolution.SuggestRemediesResponse(
        suggestions=[
            resolution.Suggestion(
                kind=types_pb2.REMEDY_KIND_REFUND,
                amount=PRICE,
                method=commerce_service_pb2.REFUND_METHOD_BANK_TRANSFER,
                in_time=True,
                within_authority=True,
                why="the card has expired",
            )
        ],
        earlier_refunds=[
            resolution.EarlierRefund(
                refund_id="rfd_1",
                amount=PRICE,
                requested_by="finance desk",
                state=commerce_service_pb2.REFUND_STATE_FAILED,
                failure="CARD_EXPIRED",
            )
        ],
    )
    ledger.suggestions(found, LONDON)
    ledger.earlier_refunds(found, LONDON)
    shown = " ".join(screen.getvalue().split())
    assert "refund 74.50 GBP │ to the bank transfer" in shown
    assert "rfd_1 │ 74.50 GBP │ finance desk │ │ failed CARD_EXPIRED" in shown


def test_a_draft_is_seen_in_the_queue_of_who_may_approve_it() -> None:
    item = routing.Assignment(
        assignment_id="asg_1",
        escalation_id="esc_1",
        cause=types_pb2.CAUSE_LATE_DELIVERY,
        state=routing.ASSIGNMENT_STATE_ACCEPTED,
        draft_offer_id="off_1",
    )
    ids, told = queue.row(item, LONDON)
    assert ids == "asg_1\nesc_1"
    assert "off_1 waits for approve or reject" in told


def test_json_is_one_document_with_the_contract_s_names(capsys: pytest.CaptureFixture[str]) -> None:
    render.as_json_line(intake.CaseFile(escalation_id="esc_1", words="ü\u2028"))
    told = capsys.readouterr().out
    assert told.count("\n") == 1
    assert told.startswith('{"escalation_id": "esc_1", "words": "ü')
