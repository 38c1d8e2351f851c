"""The remedies and promises of one case, and its merchant, played in memory."""

from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.exceptions import ApplicationError

from amends.v1 import resolution_events_pb2 as resolution
from amends.v1 import types_pb2 as types
from tests.workflows.logs import DAY, HOUR, Logs
from workflows import names
from workflows.messages import Command

_LOOK_EVERY = 12 * HOUR


class PlayedRemedies(Logs):
    """What resolution does with remedies; money is credited once the merchant says so."""

    def __init__(self) -> None:
        super().__init__()
        self.not_reversible: set[str] = set()
        """Remedies that the merchant takes back no more."""
        self.credited: set[str] = set()
        """Refunds that are with the customer."""

    def reached(self, by: Timestamp) -> None:
        if self.now() < by.ToDatetime(UTC):
            raise ApplicationError("too early", type="NOT_DUE", non_retryable=True)

    def offered(self) -> dict[str, resolution.Remedy]:
        """Every remedy that was ever offered, by id."""
        return {each.remedy_id: each for made in self.said("OfferMade") for each in made.remedies}

    def state_of(self, remedy_id: str) -> str:
        """By the last event that ended it; empty while none did."""
        said = [each for each in self.events[names.RESOLUTION] if "Remedy" in each.type]
        ends = ("RemedyCompleted", "RemedyFailed", "RemedyCompensated")
        states = [
            name.removeprefix("Remedy")
            for each in said
            for name in ends
            if each.type == f"amends.v1.{name}"
            and getattr(resolution, name).FromString(each.data).remedy_id == remedy_id
        ]
        return states[-1] if states else ""

    def _ended(self, event: Any, remedy_id: str, **more: Any) -> None:  # noqa: ANN401 - a class
        self.say(names.RESOLUTION, event(remedy_id=remedy_id, **more))

    def fail(self, remedy_id: str) -> None:
        """It cannot be carried out, or came back."""
        self._ended(resolution.RemedyFailed, remedy_id, offer_by=self.by(2 * HOUR))

    def fail_refund(self, remedy_id: str, *, after_credit: bool = False) -> None:
        """The merchant says that the money did not stay with the customer."""
        failed = resolution.RefundFailed(remedy_id=remedy_id, after_credit=after_credit)
        self.say(names.RESOLUTION, failed)
        self.fail(remedy_id)

    def _carry_out(self, command: Command) -> None:
        remedy = self.offered()[command.target]
        earlier = remedy.in_place_of
        if earlier and self.state_of(earlier) not in {"Failed", "Compensated"}:
            raise ApplicationError("both", type="NOT_COMPENSATED", non_retryable=True)
        started = resolution.RemedyStarted(remedy_id=command.target, kind=remedy.kind)
        self.say(names.RESOLUTION, started)
        match remedy.kind:
            case types.REMEDY_KIND_REPLACEMENT:
                ordered = resolution.ReplacementOrdered(
                    remedy_id=command.target, check_by=self.by(HOUR)
                )
                self.say(names.RESOLUTION, ordered)
            case types.REMEDY_KIND_REFUND:
                self._submit(command.target)
            case _:
                self.say(names.RESOLUTION, resolution.CreditIssued(remedy_id=command.target))
                self._ended(resolution.RemedyCompleted, command.target)

    def _submit(self, remedy_id: str) -> None:
        submitted = resolution.RefundSubmitted(
            remedy_id=remedy_id, expected_by=self.by(3 * DAY), check_by=self.by(_LOOK_EVERY)
        )
        self.say(names.RESOLUTION, submitted)

    def _compensate(self, command: Command) -> None:
        new = next(each for each in self.offered().values() if each.in_place_of == command.target)
        if command.target in self.not_reversible:
            self.fail(new.remedy_id)
        else:
            self._ended(resolution.RemedyCompensated, command.target)

    def _check_replacement(self, command: Command) -> datetime | None:
        """Shipped an hour after it was ordered, delivered four hours after it was shipped."""
        shipped = self.said("ReplacementShipped")
        if not shipped:
            sent = resolution.ReplacementShipped(
                remedy_id=command.target, before_return=True, check_by=self.by(4 * HOUR)
            )
            self.say(names.RESOLUTION, sent)
            return self.now() + 4 * HOUR
        due: datetime = shipped[-1].check_by.ToDatetime(UTC)
        if self.now() < due:
            return due
        delivered = resolution.ReplacementDelivered(remedy_id=command.target, in_time=True)
        self.say(names.RESOLUTION, delivered)
        self._ended(resolution.RemedyCompleted, command.target)
        return None

    def _check_refund(self, command: Command) -> datetime | None:
        if self.state_of(command.target):
            return None
        if command.target not in self.credited:
            return self.now() + _LOOK_EVERY
        self.say(names.RESOLUTION, resolution.RefundSucceeded(remedy_id=command.target))
        self._ended(resolution.RemedyCompleted, command.target)
        return None

    def _break_promise(self, command: Command) -> str:
        if any(each.promise_id == command.target for each in self.said("PromiseKept")):
            return "KEPT"
        made = self.said("PromiseMade")[-1]
        self.reached(made.due_by)
        broken = resolution.PromiseBroken(promise_id=command.target, broken_at=self.by(0 * HOUR))
        self.say(names.RESOLUTION, broken)
        return "BROKEN"
