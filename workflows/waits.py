"""What a case waits for and until when.

Pure questions about a case: they say where it stands, never what is right. The words are for
operations; they name staff by their public names and customers not at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from workflows.state import Case, Due, Promise, Remedy


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a case waits for, as in "waiting <for Maya to accept>", and until when."""

    words: str
    due: Due | None = None


def needs_resolution(case: Case) -> bool:
    """Whether this round of the case is not made right yet; a reopening begins another round."""
    return case.resolution.resolved <= case.followup.reopened


def may_be_resolved(case: Case) -> bool:
    """Agreed, no other offer waiting, every remedy final, and the answer with the customer."""
    part = case.resolution
    settled = not (part.offer or part.draft)
    finished = settled and all(remedy.final for remedy in part.remedies.values())
    return bool(part.agreed) and finished and part.answer_delivered


def to_carry_out(case: Case) -> Remedy | None:
    """The next promised remedy, in its offer's order; another's failure takes no promise back.

    One that another comes in place of already is not carried out any more.
    """
    remedies = case.resolution.remedies.values()
    replaced = {each.in_place_of for each in remedies if each.state != "FAILED"}
    promised = (each for each in remedies if each.state == "PROMISED" and each.id not in replaced)
    return next(promised, None)


def may_carry_out(case: Case) -> Remedy | None:
    """That remedy, unless the customer must confirm the restatement first."""
    return to_carry_out(case) if case.intake.confirmed else None


def to_compensate(case: Case, remedy: Remedy) -> Remedy | None:
    """The remedy that must be taken back before this one comes in its place: never both."""
    replaced = case.resolution.remedies.get(remedy.in_place_of)
    return None if replaced is None or replaced.undone else replaced


def is_carried_out(case: Case) -> bool:
    """Whether everything that was agreed has been started."""
    return bool(case.resolution.agreed) and to_carry_out(case) is None


def goes_on(case: Case) -> bool:
    """Whether the process has something to do or to time, beside what people must do first."""
    return bool(case.resolution.offer or may_carry_out(case)) or is_carried_out(case)


def follow_up_unsaid(case: Case) -> bool:
    """Whether the question was asked but not yet put into words for the customer."""
    return case.resolution.sent.get("FOLLOW_UP", 0) < case.followup.asked


def offer_due(case: Case) -> Due | None:
    """By when an offer should be made: the latest of what each service said about it."""
    said = (case.intake.offer, case.resolution.offer_again, case.followup.offer_again)
    return max((due for due in said if due), key=lambda due: due.by, default=None)


def stage(case: Case) -> str:
    """Where the case stands, in the contract's words."""
    if case.closed:
        return "closed"
    if not needs_resolution(case):
        return "follow_up"
    if case.routing.owner or case.followup.reopened:
        return "resolution"
    return "routing" if case.routing.assignment or case.routing.nobody else "intake"


def partner(case: Case) -> str:
    """The partner who brought the case; else the holder who has it, where that is a partner."""
    holder = case.routing.owner or case.routing.asked
    return case.intake.partner or (holder.decision_maker if holder and holder.partner else "")


def waiting(case: Case) -> Waiting:
    """What the case waits for."""
    if case.closed:
        return Waiting("for nothing: the case is closed")
    if case.routing.owner is None:
        return _for_an_owner(case)
    if not needs_resolution(case):
        return _for_the_follow_up(case)
    return _for_a_resolution(case, case.routing.owner.public_name)


def beside(case: Case) -> tuple[Waiting, ...]:
    """What is waited for beside that: the story stops for none of it."""
    if case.closed:
        return ()
    words = waiting(case).words
    return tuple(each for each in _beside(case) if each.words != words)


def due_first(case: Case) -> Due | None:
    """The deadline that comes first of all that is waited for."""
    dues = [each.due for each in (waiting(case), *beside(case)) if each.due]
    return min(dues, key=lambda due: due.by, default=None)


def _for_an_owner(case: Case) -> Waiting:
    part = case.routing
    if part.asked:
        return Waiting(f"for {part.asked.public_name} to accept", part.asked.accept)
    if part.nobody:
        return Waiting("for somebody who can decide", part.nobody)
    return Waiting("for a decision-maker to be asked", case.intake.assign)


def _for_a_resolution(case: Case, owner: str) -> Waiting:
    part, intake = case.resolution, case.intake
    expires = part.offer.expires if part.offer else None
    approve = part.draft.approve if part.draft else None
    understood = intake.confirmed or is_carried_out(case)
    steps = (
        (intake.restatement, f"for {owner} to restate the problem", case.routing.restate),
        (understood, "for the customer to confirm the restatement", intake.confirm),
        (not part.offer, "for the customer to answer the offer", expires),
        (not part.draft, f"for another holder to approve {owner}'s draft", approve),
        (part.agreed, f"for {owner} to make an offer", offer_due(case)),
        (not to_carry_out(case), "for the remedies to be carried out", part.carry_out),
        (part.answer_sent, f"for {owner} to send the answer", part.answer),
        (part.answer_delivered, "for the answer to be delivered", first_delivery(case)),
    )
    waits = (Waiting(words, due) for done, words, due in steps if not done)
    return next(waits, _for_what_is_under_way(case) or Waiting("to be resolved"))


def _for_what_is_under_way(case: Case) -> Waiting | None:
    found = [(remedy, remedy.expected or check) for remedy, check in _under_way(case)]
    first = min(found, key=lambda pair: pair[1].by, default=None)
    return Waiting(_until_it_is_there(first[0]), first[1]) if first else None


def _for_the_follow_up(case: Case) -> Waiting:
    part = case.followup
    if part.state == "SCHEDULED":
        return Waiting("to ask the customer whether it is solved", part.ask)
    if part.state == "ASKED":
        return Waiting("for the customer to say whether it is solved", part.answer)
    return Waiting("for the follow-up to be scheduled" if not part.id else "to be closed")


def _beside(case: Case) -> Iterator[Waiting]:
    if offered := case.routing.hand_over:
        words = f"for {offered.to_name} to accept the hand-over from {offered.from_name}"
        yield Waiting(words, offered.back)
    for remedy, _ in _under_way(case):
        # A look at a replacement is no deadline of anybody's.
        yield Waiting(_until_it_is_there(remedy), remedy.expected)
    owner = case.routing.owner.public_name if case.routing.owner else "the owner"
    for promise in case.resolution.promises.values():
        broken = promise.broken is not None
        words = f"for {owner} to keep {'the promise that broke' if broken else 'a promise'}"
        yield Waiting(words, None if broken else promise.due)


def _until_it_is_there(remedy: Remedy) -> str:
    if remedy.kind == "REFUND":
        return "for the refund to be credited"
    return "for the replacement to arrive"


def _under_way(case: Case) -> list[tuple[Remedy, Due]]:
    remedies = case.resolution.remedies.values()
    return [(each, each.check) for each in remedies if each.check and not each.final]


def next_check(
    case: Case, looked: Mapping[str, datetime] | None = None
) -> tuple[Remedy, Due] | None:
    """The remedy under way that is to be looked at first; `looked`: not before then, by remedy."""
    later = looked or {}
    found = [
        (remedy, Due(check.service, max(check.by, later.get(remedy.id, check.by)), ""))
        for remedy, check in _under_way(case)
    ]
    return min(found, key=lambda pair: pair[1].by, default=None)


def next_promise(case: Case) -> tuple[Promise, Due] | None:
    """The promise that breaks first, unless it is kept, and when it does."""
    promises = case.resolution.promises.values()
    found = [(each, each.due) for each in promises if each.due and not each.broken]
    return min(found, key=lambda pair: pair[1].by, default=None)


def first_delivery(case: Case) -> Due | None:
    """By when the first of what was said should have been delivered."""
    dues = [each.deliver for each in case.resolution.undelivered.values() if each.deliver]
    return min(dues, key=lambda due: due.by, default=None)


def until_words(due: Due, zone: str, today: datetime) -> str:
    """The moment in the customer's zone: "16:40 Sat", or with its date where that is not near."""
    local = due.by.astimezone(ZoneInfo(zone or "UTC"))
    near = (due.by - today).days < 6  # noqa: PLR2004 - a weekday names one day of the next six
    words = local.strftime("%H:%M %a" if near else "%H:%M %a %d %b")
    return words if zone else f"{words} UTC"
