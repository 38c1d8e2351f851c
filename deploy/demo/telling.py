"""The stories as the demo tells them, step by step."""

from amends.cli import render
from amends.v1 import types_pb2
from deploy.demo.birthday import Birthday
from deploy.demo.football_shoes import FootballShoes
from deploy.demo.narrator import Narrator, at, console
from deploy.demo.not_credited import NotCredited
from deploy.demo.story import Story


def tell_football_shoes(story: FootballShoes, say: Narrator) -> None:
    """C1 from the first call to the closed case."""
    say.title("C1, the football shoes")
    say.tell("clock", "is moved to a Saturday afternoon; the shop opens", story.prepare)
    say.tell("customer", "calls: soles coming off, kick-off tomorrow at ten", story.opens)
    _goes_to_maya(story, say)
    _is_understood(story, say)
    say.quotes(say.tell("Maya", "asks what would arrive before kick-off", story.weighs))
    say.tell("Maya", "offers a pair by courier today, and a coupon", story.offers)
    for exception in story.offer.remedies[0].exceptions:
        say.note(f"exception recorded: {exception.reason}, {render.money(exception.cost)}")
    say.tell("customer", "considers that fair", story.accepts_offer)
    say.tell("workflow", "orders the pair and issues the coupon", story.is_carried_out)
    _is_answered(story, say)
    shipped = say.tell("clock", "an hour passes: the pair has left", story.ships)
    say.note(f"shipped {at(shipped.shipped_at)}, before the return")
    say.tell("clock", "evening: the pair is with the customer", story.arrives)
    _is_followed_up(story, say, "is pleased: played, and won")


def tell_birthday(story: Birthday, say: Narrator) -> None:
    """C3: no service arrives in time, and the next rung is offered instead."""
    say.title("C3, the birthday, too late")
    say.tell("clock", "is moved to a Tuesday afternoon", story.prepare)
    say.tell("customer", "writes: the present for tomorrow at nine is not here", story.opens)
    _goes_to_maya(story, say)
    _is_understood(story, say)
    found = say.tell("Maya", "asks what could be there by nine tomorrow", story.weighs)
    say.note(f"{found.reason}: no service arrives in time")
    say.quotes(found)
    refused = say.tell("Maya", "tries the fastest all the same, and is refused", story.cannot_ship)
    say.note(refused.reason)
    say.tell("Maya", "offers the whole price back and a gift certificate", story.offers)
    say.tell("customer", "would rather have half off the next order", story.counters)
    draft = say.tell("Maya", "offers that; it is above her limit: a draft", story.drafts)
    needs = [f"{_action(need)} {render.money(need.amount)}" for need in draft.needs]
    say.note(f"needs {', '.join(needs)}")
    say.tell("routing", "shows the draft to Helen, whose limit covers it", story.is_seen_by_helen)
    say.tell("Helen", "approves; only now the customer hears of it", story.is_approved)
    say.tell("customer", "accepts", story.accepts_offer)
    say.tell("workflow", "gives half off the next order", story.half_off_is_given)
    sent = say.tell("workflow", "has the money sent, once", story.money_is_sent)
    say.note(f"not called refunded yet: it should be there by {at(sent.refund.expected_by)}")
    _is_answered(story, say)
    credited = say.tell("clock", "days pass: the money is on the card", story.money_arrives)
    say.note(f"refunded {at(credited.refund.credited_at)}")
    _is_followed_up(story, say, "is pleased: the money came when it was said")


def tell_not_credited(story: NotCredited, say: Narrator) -> None:
    """C4: the earlier refund is looked up, and the money goes out once."""
    say.title("C4, the refund that was never credited")
    say.tell("clock", "is moved to a Monday morning", story.prepare)
    say.tell("customer", "calls a third time: where is the money?", story.opens)
    _goes_to_maya(story, say)
    case = say.tell("intake", "shows what each desk did about it", story.context_is_known)
    for entry in case.history:
        if entry.about_order:
            say.note(f"{at(entry.at)}  {entry.department}: {entry.what}")
    _is_understood(story, say)
    found = say.tell("Maya", "looks where the first refund is", story.weighs)
    for earlier in found.earlier_refunds:
        who = f"{render.money(earlier.amount)} by the {earlier.requested_by}"
        say.note(f"{who}, {at(earlier.created_at)}: failed, {earlier.failure}")
    say.reasons(found.suggestions[:1])
    say.tell("Maya", "offers the same money by bank transfer", story.offers)
    say.tell("customer", "accepts, and gives the account", story.accepts_offer)
    sent = say.tell("workflow", "has the money sent, once", story.money_is_sent)
    say.note(f"not called refunded yet: it should be there by {at(sent.refund.expected_by)}")
    _is_answered(story, say)
    credited = say.tell("clock", "days pass: the money is in the account", story.money_arrives)
    say.note(f"refunded {at(credited.refund.credited_at)}; the merchant's ledger:")
    for paid in story.refunds():
        state = "credited" if paid.credited_at.seconds else f"failed, {paid.failure}"
        say.note(f"{render.money(paid.amount)}: {state}")
    _is_followed_up(story, say, "has the money, and need not call again")


def _goes_to_maya(story: Story, say: Narrator) -> None:
    say.note(f"the case is {story.escalation}: {page(story)}")
    assignment = say.tell("routing", "goes straight to Maya, in one hop", story.is_assigned)
    say.note(f"{story.to_assignment * 1000:.0f} ms from the first word to Maya's queue")
    for other in assignment.passed_over:
        say.note(f"not {other.public_name}: {other.detail}")
    say.tell("voice-desk", "tells the customer that it is heard, at once", story.is_acknowledged)
    say.tell("Maya", "accepts: the one owner from now on", story.accepts)


def _is_understood(story: Story, say: Narrator) -> None:
    say.tell("Maya", "says the problem back in her own words", story.restates)
    say.tell("customer", "confirms it; only now a remedy may be carried out", story.confirms)


def _is_answered(story: Story, say: Narrator) -> None:
    say.tell("Maya", "writes the answer", story.answers)
    say.tell("voice-desk", "delivers the answer", story.is_answered)


def _is_followed_up(story: Story, say: Narrator, pleased: str) -> None:
    say.tell("workflow", "resolves the case and schedules the question", story.is_resolved)
    say.tell("clock", "three weeks pass: the customer is asked", story.three_weeks_pass)
    say.tell("customer", pleased, story.is_pleased)
    case = say.tell("follow-up", "closes the case", story.is_closed)
    console.print(f"\n  closed: [bold green]{case.outcome}[/bold green], {case.hops} hop\n")


def _action(need: types_pb2.AuthorityNeed) -> str:
    return types_pb2.Action.Name(need.action).removeprefix("ACTION_").lower().replace("_", " ")


def page(story: Story) -> str:
    """The case's page in the Temporal UI."""
    settings = story.cast.settings
    place = f"namespaces/{settings.temporal_namespace}/workflows"
    return f"{settings.temporal_ui}/{place}/escalation%2F{story.escalation}"
