"""I1: what the merchant did is what was accepted, once, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence

from amends.eventstore.findings import Wrong
from amends.v1 import resolution_events_pb2
from amends.verify.cases import Case
from amends.verify.merchant import CREDIT, REFUND, Amount, Creation, Key
from amends.verify.money import MoneyCheck
from tests.unit.verify.builders import Told, opened, pounds, refunded

FORTY = Amount("GBP", 40_000_000_000)


def creation(
    key: str,
    kind: str = REFUND,
    state: str = "SUCCEEDED",
    amount: Amount = FORTY,
    of: str = "esc_1",
) -> Creation:
    return Creation(Key("shop", kind, key), state, amount, of)


class Books:
    """A merchant with these in its books."""

    def __init__(self, *made: Creation) -> None:
        self._made = {one.key: one for one in made}

    def creations(self, tenant: str) -> Iterator[Creation]:
        return (one for one in self._made.values() if one.key.tenant == tenant)

    def find(self, key: Key) -> Creation | None:
        return self._made.get(key)


def judged(told: Told, *made: Creation) -> list[tuple[str, str]]:
    """(what is wrong, which key) of each finding."""
    check = MoneyCheck(Books(*made), lambda: ["shop"])

    def again(streams: Sequence[str]) -> Iterable[Case]:
        return [told.case] if streams else []

    check.before()
    check.look(told.case)
    check.after(again)
    checked = check.checked()
    assert checked.unchecked == []
    return [(one.wrong.value, one.about) for one in checked.findings]


def test_what_was_accepted_and_paid_once_is_whole() -> None:
    assert judged(refunded(), creation("rem_1")) == []


def test_a_second_payout_for_the_same_case_is_named_by_its_key() -> None:
    found = judged(refunded(), creation("rem_1"), creation("rem_1-again"))
    assert found == [(Wrong.PAID_TWICE.value, "rem_1-again")]


def test_a_payout_for_no_case_is_named_by_its_key() -> None:
    found = judged(refunded(), creation("rem_1"), creation("made-up", CREDIT, "ISSUED", of=""))
    assert found == [(Wrong.UNKNOWN_KEY.value, "made-up")]


def test_what_a_desk_of_the_merchant_sent_back_is_no_matter_of_ours() -> None:
    assert judged(refunded(), creation("rem_1"), creation("finance-1", of="")) == []


def test_money_that_the_customer_was_told_to_have_and_has_not_is_named() -> None:
    assert judged(refunded()) == [(Wrong.NOT_PAID.value, "rem_1")]
    failed = creation("rem_1", state="FAILED")
    assert judged(refunded(), failed) == [(Wrong.NOT_PAID.value, "rem_1")]


def test_another_amount_than_was_accepted_is_named() -> None:
    more = creation("rem_1", amount=Amount("GBP", 41_000_000_000))
    assert judged(refunded(), more) == [(Wrong.PAID_OTHERWISE.value, "rem_1")]


def test_what_nobody_accepted_is_named() -> None:
    remedy = resolution_events_pb2.Remedy(
        remedy_id="rem_1", kind="REMEDY_KIND_REFUND", amount=pounds(40)
    )
    offered = opened().say("resolution", "OfferMade", offer_id="off_1", remedies=[remedy])
    assert (Wrong.PAID_OTHERWISE.value, "rem_1") in judged(offered, creation("rem_1"))


def test_two_of_which_one_is_in_place_of_the_other_may_not_both_stand() -> None:
    told = refunded()
    instead = resolution_events_pb2.Remedy(
        remedy_id="rem_2", kind="REMEDY_KIND_COUPON", amount=pounds(10), in_place_of="rem_1"
    )
    told.say("resolution", "OfferMade", offer_id="off_2", remedies=[instead])
    told.say("resolution", "OfferAccepted", offer_id="off_2", remedy_ids=["rem_2"])
    told.say("resolution", "RemedyStarted", remedy_id="rem_2", key="rem_2")
    told.say("resolution", "CreditIssued", remedy_id="rem_2", amount=pounds(10))
    ten = Amount("GBP", 10_000_000_000)
    both = (creation("rem_1"), creation("rem_2", CREDIT, "ISSUED", ten, ""))
    assert judged(told, *both) == [(Wrong.PAID_TWICE.value, "rem_2")]
    came_back = told.say("resolution", "RefundFailed", remedy_id="rem_1", amount=pounds(40))
    back = creation("rem_1", state="FAILED")
    assert judged(came_back, back, both[1]) == []


def test_what_was_taken_back_here_and_stands_at_the_merchant_is_named() -> None:
    told = refunded().say("resolution", "RemedyCompensated", remedy_id="rem_1")
    assert judged(told, creation("rem_1")) == [(Wrong.PAID_OTHERWISE.value, "rem_1")]
