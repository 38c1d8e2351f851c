"""Everything that is said to the customer: who may say it, through which channel, and by when.

The platform delivers it and confirms; only then has the customer been told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from amends.values.case import Channel
from amends.values.identity import Actor, EscalationId, ResponseId, Role, Subject
from amends.values.personal import Personal
from amends.values.refusal import NotTheOwner, Refusal
from services.resolution.domain import wording
from services.resolution.domain.case import Case, is_service
from services.resolution.domain.policy import POLICIES

_POLICY_ITSELF = Subject("service:workflow")


class ResponseKind(Enum):
    """What is said, and why."""

    ACKNOWLEDGEMENT = auto()
    UPDATE = auto()
    ANSWER = auto()
    FOLLOW_UP = auto()


_BY_POLICY = frozenset({ResponseKind.ACKNOWLEDGEMENT, ResponseKind.FOLLOW_UP})


@dataclass(frozen=True, slots=True)
class SendResponse:
    """Something is to be said; `words` None for the policy's own."""

    response: ResponseId
    kind: ResponseKind
    words: Personal[str] | None
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class ConfirmDelivery:
    """The platform delivered it."""

    response: ResponseId
    at: datetime


@dataclass(frozen=True, slots=True)
class ResponseSent:
    """Something is to be said to the customer; the platform delivers it by `deliver_by`."""

    escalation: EscalationId
    response: ResponseId
    kind: ResponseKind
    channel: Channel
    words: Personal[str]
    written_by: Subject
    sent_at: datetime
    deliver_by: datetime


@dataclass(frozen=True, slots=True)
class ResponseDelivered:
    """The customer has it."""

    escalation: EscalationId
    response: ResponseId
    kind: ResponseKind
    delivered_at: datetime


Event = ResponseSent | ResponseDelivered


class WordsMissing(Refusal):
    """Only the policy's own acknowledgement and follow-up may be sent without words."""

    reason = "WORDS_MISSING"
    field = "words"

    def __init__(self, kind: ResponseKind) -> None:
        super().__init__(f"an {kind.name} has no standard wording; write what the customer is told")


class ResponseNotFound(Refusal):
    """No such response in this case."""

    reason = "RESPONSE_NOT_FOUND"

    def __init__(self, response: ResponseId) -> None:
        super().__init__(
            f"response {response} was never sent in this case; GetResolution lists those that were",
            response_id=response,
        )


@dataclass(frozen=True, slots=True)
class Response:
    """One thing that was said; `delivered_at` None while it is on its way."""

    sent: ResponseSent
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Responses:
    """Everything that was said in one case, in order."""

    by_id: Mapping[ResponseId, Response] = field(default_factory=dict)

    def of(self, response: ResponseId) -> Response:
        """The response; ResponseNotFound where there is none."""
        if response not in self.by_id:
            raise ResponseNotFound(response)
        return self.by_id[response]

    def acknowledgement(self) -> Response | None:
        """The acknowledgement, if it was sent."""
        for response in self.by_id.values():
            if response.sent.kind is ResponseKind.ACKNOWLEDGEMENT:
                return response
        return None

    def answered_with(self, command: SendResponse) -> Response:
        """What a command to send stands for: its own response, or the acknowledgement before it."""
        own = self.by_id.get(command.response)
        return own or self.acknowledgement() or self.of(command.response)


def decide(responses: Responses, command: SendResponse, case: Case) -> Sequence[ResponseSent]:
    """What is said, or a refusal; the policy's second acknowledgement is none."""
    case.still_open()
    _may_say(command, case)
    words = command.words or _by_policy(command, case)
    if is_service(command.by) and _acknowledged_before(responses, command):
        return ()
    at_once = command.kind is not ResponseKind.FOLLOW_UP
    policy = POLICIES[case.policy_version]
    return (
        ResponseSent(
            escalation=case.escalation,
            response=command.response,
            kind=command.kind,
            channel=case.channel,
            words=words,
            written_by=command.by.subject if command.words else _POLICY_ITSELF,
            sent_at=command.at,
            deliver_by=command.at + policy.deliver_within(case.channel, at_once=at_once),
        ),
    )


def _may_say(command: SendResponse, case: Case) -> None:
    """A handler speaks for the case, a decision-maker only as its owner, a program by policy."""
    if is_service(command.by):
        if command.kind not in _BY_POLICY:
            raise NotTheOwner(case.escalation, case.owner.public_name if case.owner else "")
    elif command.by.role is Role.DECISION_MAKER:
        case.for_owner(command.by)


def _by_policy(command: SendResponse, case: Case) -> Personal[str]:
    if not is_service(command.by) or command.kind not in _BY_POLICY:
        raise WordsMissing(command.kind)
    if command.kind is ResponseKind.ACKNOWLEDGEMENT:
        return Personal(wording.acknowledgement(case.cause))
    return Personal(wording.follow_up())


def _acknowledged_before(responses: Responses, command: SendResponse) -> bool:
    asked = command.kind is ResponseKind.ACKNOWLEDGEMENT
    return asked and responses.acknowledgement() is not None


def confirm(
    responses: Responses, command: ConfirmDelivery, case: Case
) -> Sequence[ResponseDelivered]:
    """That it was delivered; a confirmed delivery repeats as none."""
    response = responses.of(command.response)
    if response.delivered_at is not None:
        return ()
    kind = response.sent.kind
    return (ResponseDelivered(case.escalation, command.response, kind, command.at),)


def evolve(responses: Responses, event: object) -> Responses:
    """Never refuses, never reads a clock."""
    match event:
        case ResponseSent():
            return Responses({**responses.by_id, event.response: Response(event)})
        case ResponseDelivered():
            told = replace(responses.by_id[event.response], delivered_at=event.delivered_at)
            return Responses({**responses.by_id, event.response: told})
        case _:
            return responses
