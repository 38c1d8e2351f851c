"""Resolving: the case is made right once an answer is delivered and every remedy is final (S48).

A reopened case is resolved anew, with an answer that came after the reopening. A promise that is
still open holds nothing up: what was promised may well come after the answer ("I call you on
Monday"), and it goes on being watched until it is kept or breaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from amends.values.identity import EscalationId, OfferId, RemedyId
from amends.values.refusal import Refusal
from services.resolution.domain import offers, promises, remedies, responses
from services.resolution.domain.case import Case
from services.resolution.domain.offers import WAITING, Offers, OfferState
from services.resolution.domain.promises import Promises
from services.resolution.domain.remedies import FINAL, Remedies, RemedyState
from services.resolution.domain.remedy import NO_REMEDY, Remedy
from services.resolution.domain.resolved import EscalationResolved
from services.resolution.domain.responses import ResponseKind, Responses

_DONE = frozenset({RemedyState.COMPLETED, RemedyState.COMPENSATED})


@dataclass(frozen=True, slots=True)
class ResolveEscalation:
    """The process says that everything is done."""

    at: datetime


class AnswerNotDelivered(Refusal):
    """No case ends without a delivered answer."""

    reason = "ANSWER_NOT_DELIVERED"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            f"the customer of {escalation} has no answer yet; send one and confirm its delivery",
            escalation_id=escalation,
        )


class RemedyNotFinal(Refusal):
    """Something that was offered or promised is still under way."""

    reason = "REMEDY_NOT_FINAL"

    def __init__(self, waiting: Sequence[OfferId | RemedyId]) -> None:
        super().__init__(
            f"still under way: {', '.join(waiting)}; wait until each of them is final",
            waiting=",".join(waiting),
        )


@dataclass(frozen=True, slots=True)
class Resolution:
    """Everything of one case that this service decided."""

    offers: Offers = field(default_factory=Offers)
    remedies: Remedies = field(default_factory=Remedies)
    responses: Responses = field(default_factory=Responses)
    promises: Promises = field(default_factory=Promises)

    @property
    def resolved_at(self) -> datetime | None:
        """When it was last resolved."""
        return self.offers.resolved_at

    def resolved_now(self, case: Case) -> bool:
        """True where it is resolved and the customer did not reopen it since."""
        resolved_at = self.resolved_at
        return resolved_at is not None and not case.reopened_since(resolved_at)

    def under_way(self) -> Sequence[OfferId | RemedyId]:
        """Offers and drafts that wait for a yes or no, and accepted remedies that are not final."""
        waiting = [one.offer for one in self.offers.by_id.values() if one.state in WAITING]
        promised = [
            one.remedy.remedy
            for one in self.remedies.by_id.values()
            if one.accepted and one.state not in FINAL
        ]
        return [*waiting, *promised]

    def answered(self, case: Case) -> bool:
        """True where an answer was delivered, after the reopening if there was one."""
        return any(
            response.sent.kind is ResponseKind.ANSWER
            and response.delivered_at is not None
            and (case.reopened_at is None or response.delivered_at > case.reopened_at)
            for response in self.responses.by_id.values()
        )

    def made_right(self) -> bool:
        """True where something was promised since the last resolution, and all of it was done.

        What failed counts as done where something came in its place: what names it, or what was
        accepted after it and names nothing.
        """
        accepted = [
            offer.made.remedies
            for offer in self.offers.by_id.values()
            if offer.made is not None
            and offer.state is OfferState.ACCEPTED
            and (self.resolved_at is None or offer.made.made_at > self.resolved_at)
        ]
        return bool(accepted) and all(
            self._done(remedy, accepted[n + 1 :])
            for n, remedies in enumerate(accepted)
            for remedy in remedies
        )

    def is_to_be_resolved(self, case: Case) -> bool:
        """True where everything that was promised is done and the customer has the answer."""
        open_now = not self.resolved_now(case)
        return open_now and self.answered(case) and not self.under_way() and self.made_right()

    def _done(self, remedy: Remedy, later: Sequence[Sequence[Remedy]]) -> bool:
        if self.remedies.of(remedy.remedy).state in _DONE:
            return True
        return any(
            other.in_place_of in {NO_REMEDY, remedy.remedy} and self._done(other, later[n + 1 :])
            for n, remedies in enumerate(later)
            for other in remedies
        )


def decide(
    resolution: Resolution, command: ResolveEscalation, case: Case
) -> Sequence[EscalationResolved]:
    """That the case is resolved, once; a repeat is no new event."""
    if resolution.resolved_now(case):
        return ()
    if not resolution.answered(case):
        raise AnswerNotDelivered(case.escalation)
    if waiting := resolution.under_way():
        raise RemedyNotFinal(waiting)
    return (EscalationResolved(case.escalation, command.at, resolution.made_right()),)


def evolve(resolution: Resolution, event: object) -> Resolution:
    """Never refuses, never reads a clock."""
    return Resolution(
        offers=offers.evolve(resolution.offers, event),
        remedies=remedies.evolve(resolution.remedies, event),
        responses=responses.evolve(resolution.responses, event),
        promises=promises.evolve(resolution.promises, event),
    )
