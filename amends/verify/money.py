"""I1: the merchant did what was accepted, once, and nothing else.

The merchant's books are read before the logs: an intent is committed before the merchant is asked,
so every key in the books must be in the logs. Whatever seems wrong is looked at again, case and
books, since both go on meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import grpc

from amends.eventstore.findings import Checked, Finding, Place, Wrong
from amends.v1 import types_pb2
from amends.verify.cases import RESOLUTION, Case
from amends.verify.merchant import (
    CREDIT,
    REFUND,
    REPLACEMENT,
    Amount,
    Creation,
    Key,
    amount_of,
)
from amends.verify.report import Report, of_case

_BOOKS = Place("commerce", "books")
_CREATED_BY = {
    types_pb2.REMEDY_KIND_REFUND: REFUND,
    types_pb2.REMEDY_KIND_REPLACEMENT: REPLACEMENT,
}
_DONE = {
    REFUND: ("RefundSubmitted", "RefundSucceeded"),
    REPLACEMENT: ("ReplacementOrdered",),
    CREDIT: ("CreditIssued",),
}
_ENDS = ("RefundSucceeded", "RefundFailed", "RemedyFailed", "RemedyCompensated")

Books = Callable[[Key], Creation | None]


class Asked(Protocol):
    """Whoever keeps the merchant's books (`amends.verify.merchant.Merchant`)."""

    def creations(self, tenant: str) -> Iterator[Creation]:
        """Everything that it created; raises grpc.RpcError where it does not answer."""

    def find(self, key: Key) -> Creation | None:
        """What stands under a key now."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One remedy of a case as its log tells it."""

    key: Key
    amount: Amount
    in_place_of: str
    accepted: bool
    started: bool
    said_done: bool
    end: str
    """The last of what may be said at its end; empty before that."""


class MoneyCheck:
    """The check `money`; without a merchant to ask it says so."""

    name = "money"

    def __init__(self, merchant: Asked | None, tenants: Callable[[], Iterable[str]]) -> None:
        self._merchant = merchant
        self._tenants = tenants
        self._books: dict[Key, Creation] = {}
        self._known: set[Key] = set()
        self._odd: list[str] = []
        self._report = Report(self.name)
        self._away = merchant is None

    def before(self) -> None:
        """Reads the books."""
        if self._merchant is None:
            self._report.unchecked("the merchant: AMENDS_SERVICE_TOKEN_FILE is not set")
            return
        try:
            for tenant in self._tenants():
                for one in self._merchant.creations(tenant):
                    self._books[one.key] = one
                    self._report.count("commerce", f"{one.key.kind}s")
        except grpc.RpcError as error:
            self._is_away(error)

    def look(self, case: Case) -> None:
        """Compares what was promised in a case with the books."""
        remedies = remedies_of(case)
        self._known |= {one.key for one in remedies.values() if one.started}
        for one in remedies.values():
            if one.accepted:
                self._report.count(RESOLUTION, f"accepted {one.key.kind}s")
            if one.end == "RefundSucceeded":
                self._report.count(RESOLUTION, "succeeded refunds")
                currency, nanos = one.amount
                self._report.count(RESOLUTION, f"succeeded, 0.01 {currency}", nanos // 10_000_000)
        if not self._away and any(judged(case, remedies, self._books.get)):
            self._odd.append(str(case.stream))

    def after(self, again: Callable[[Sequence[str]], Iterable[Case]]) -> None:
        """Looks once more at what was odd, and at the keys that no case knows."""
        if self._away or self._merchant is None:
            return
        self._sum()
        try:
            for case in again(self._odd):
                self._report.found(*judged(case, remedies_of(case), self._merchant.find))
        except grpc.RpcError as error:
            self._is_away(error)
        paid = {
            (one.key.tenant, one.reference): key
            for key, one in self._books.items()
            if key in self._known
        }
        for key, one in self._books.items():
            if key not in self._known and _is_ours(one):
                twin = paid.get((key.tenant, one.reference))
                self._report.found(_unknown(one, twin if one.stands else None))

    def checked(self) -> Checked:
        """What was found."""
        return self._report.checked()

    def _sum(self) -> None:
        for key, one in self._books.items():
            if key.kind == REFUND and one.state == "SUCCEEDED" and _is_ours(one):
                currency, nanos = one.amount
                self._report.count("commerce", f"credited, 0.01 {currency}", nanos // 10_000_000)

    def _is_away(self, error: grpc.RpcError) -> None:
        self._away = True
        code = getattr(error, "code", lambda: None)()
        name = code.name if code is not None else type(error).__name__
        self._report.unchecked(f"the merchant could not be read ({name})")


def remedies_of(case: Case) -> Mapping[str, Remedy]:
    """Every remedy that was offered in a case, by its id."""
    accepted = {id_ for one in case.all("OfferAccepted") for id_ in one.message.remedy_ids}
    started = {one.message.remedy_id: one.message.key for one in case.all("RemedyStarted")}
    done = {one.message.remedy_id for one in case.all(*(n for ns in _DONE.values() for n in ns))}
    ends: dict[str, str] = {}
    for one in sorted(case.all(*_ENDS), key=lambda said: said.version):
        if not (one.name == "RemedyFailed" and one.message.remedy_id in ends):
            ends[one.message.remedy_id] = one.name
    found: dict[str, Remedy] = {}
    for offer in case.all("OfferMade"):
        for remedy in offer.message.remedies:
            id_, kind = remedy.remedy_id, _CREATED_BY.get(remedy.kind, CREDIT)
            found[id_] = Remedy(
                key=Key(case.stream.tenant, kind, started.get(id_, id_)),
                amount=amount_of(remedy.amount),
                in_place_of=remedy.in_place_of,
                accepted=id_ in accepted,
                started=id_ in started,
                said_done=id_ in done,
                end=ends.get(id_, ""),
            )
    return found


def judged(case: Case, remedies: Mapping[str, Remedy], books: Books) -> Iterator[Finding]:
    """What is wrong between a case and the books."""
    standing: dict[str, list[Key]] = {}
    for id_, remedy in remedies.items():
        made = books(remedy.key)
        if made is None:
            if remedy.said_done:
                what = "the case says that the merchant did it, and the merchant knows no such key"
                yield _wrong(Wrong.NOT_PAID, case, remedy, what)
            continue
        yield from _contradictions(case, remedy, made)
        if made.stands:
            standing.setdefault(_root(id_, remedies), []).append(made.key)
    for keys in standing.values():
        if len(keys) > 1:
            named = ", ".join(key.key for key in keys)
            what = f"one is in place of the other, and both stand: {named}"
            yield of_case(
                Wrong.PAID_TWICE, case, _BOOKS, what, about=keys[-1].key, by=["the merchant"]
            )


def _contradictions(case: Case, remedy: Remedy, made: Creation) -> Iterator[Finding]:
    if not (remedy.accepted and remedy.started):
        what = "the merchant did it, and no accepted offer of the case says so"
        yield _wrong(Wrong.PAID_OTHERWISE, case, remedy, what)
    if remedy.key.kind == REFUND and made.amount != remedy.amount:
        what = f"the merchant sent {made.amount}, accepted were {remedy.amount}"
        yield _wrong(Wrong.PAID_OTHERWISE, case, remedy, what)
    if remedy.end == "RefundSucceeded" and made.state != "SUCCEEDED":
        what = f"the case says that it was credited, the merchant says {made.state}"
        yield _wrong(Wrong.NOT_PAID, case, remedy, what)
    if remedy.end in {"RefundFailed", "RemedyFailed", "RemedyCompensated"} and made.stands:
        what = f"the case says {remedy.end}, and at the merchant it stands as {made.state}"
        yield _wrong(Wrong.PAID_OTHERWISE, case, remedy, what)


def _root(id_: str, remedies: Mapping[str, Remedy]) -> str:
    """What a remedy came in place of in the end; the same for all that are one for another."""
    seen = {id_}
    while (before := remedies[id_].in_place_of) in remedies and before not in seen:
        seen.add(before)
        id_ = before
    return id_


def _is_ours(one: Creation) -> bool:
    """Desks of the merchant send money back as well; they name no escalation."""
    return one.key.kind != REFUND or bool(one.reference)


def _unknown(one: Creation, twin: Key | None) -> Finding:
    wrong = Wrong.PAID_TWICE if twin and one.reference else Wrong.UNKNOWN_KEY
    named = (
        f", which was paid under {twin.key} as well" if wrong is Wrong.PAID_TWICE and twin else ""
    )
    return Finding(
        place=_BOOKS,
        wrong=wrong,
        what=f"a {one.key.kind} of {one.amount} that no case asked for{named}",
        stream=f"{one.key.tenant}/escalation/{one.reference}" if one.reference else "",
        about=one.key.key,
        witnesses=("the merchant",),
    )


def _wrong(wrong: Wrong, case: Case, remedy: Remedy, what: str) -> Finding:
    return of_case(wrong, case, _BOOKS, what, about=remedy.key.key, by=["the merchant", RESOLUTION])
