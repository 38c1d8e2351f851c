"""Refusals: the rules say no.

A refusal is an answer, never an accident: it names what was wrong and what to do next, it is never
retried, and its text never holds a personal word. Which gRPC status a reason becomes stands in
`amends/rpc/status.py` alone.
"""

from typing import ClassVar


class Refusal(Exception):
    """The rules say no: `reason` is the code of the contract, the message says why and what next.

    `field` names the request's field that is wrong, where one is. `metadata` travels with the
    refusal as values for programs: ids, versions, times, amounts, never a personal word.
    """

    reason: ClassVar[str]
    field: ClassVar[str] = ""

    def __init__(self, message: str, **metadata: str) -> None:
        super().__init__(message)
        self.message = message
        self.metadata = metadata


class InvalidField(Refusal):
    """A field breaks a rule that the contract's field options cannot express."""

    reason = "INVALID_FIELD"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, field=field)


class EscalationNotFound(Refusal):
    """No such escalation in the caller's tenant (another tenant's looks the same)."""

    reason = "ESCALATION_NOT_FOUND"

    def __init__(self, escalation: str) -> None:
        super().__init__(
            f"escalation {escalation} does not exist; look it up with ListEscalations",
            escalation_id=escalation,
        )


class EscalationClosed(Refusal):
    """The case is closed: nothing about it changes any more."""

    reason = "ESCALATION_CLOSED"

    def __init__(self, escalation: str) -> None:
        super().__init__(
            f"escalation {escalation} is closed; open a new one to say more",
            escalation_id=escalation,
        )


class NotTheOwner(Refusal):
    """Only the escalation's one accountable owner, told by public name, may do this."""

    reason = "NOT_THE_OWNER"

    def __init__(self, escalation: str, owner: str) -> None:
        accountable = owner or "nobody yet"
        next_step = f"ask {owner} to do it" if owner else "accept its assignment first"
        super().__init__(
            f"escalation {escalation} is owned by {accountable}, and only the owner may do this; "
            f"{next_step}",
            escalation_id=escalation,
            owner=owner,
        )


class VersionConflict(Refusal):
    """Someone changed the escalation first."""

    reason = "VERSION_CONFLICT"

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"expected version {expected}, found {found}; read it again and decide anew",
            expected_version=str(expected),
            version=str(found),
        )


class Overtaken(VersionConflict):
    """What a decision rests on changed again and again while it was made."""

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            "others changed what this rests on at the same moment; repeat the call with the same "
            "request_id",
        )


class RequestIdReused(Refusal):
    """The same request id came with another body."""

    reason = "REQUEST_ID_REUSED"
    field = "request_id"

    def __init__(self, request_id: str) -> None:
        super().__init__(
            f"request_id {request_id} was used with another body; send a new request_id",
            request_id=request_id,
        )


class DeadlinePassed(Refusal):
    """The caller's deadline is over: nothing more is done for the call."""

    reason = "DEADLINE_PASSED"

    def __init__(self) -> None:
        super().__init__("the deadline has passed; repeat the call with the same request_id")


class DependencyUnavailable(Refusal):
    """Another part that must be asked does not answer; the same call may be repeated."""

    reason = "DEPENDENCY_UNAVAILABLE"

    def __init__(self, dependency: str) -> None:
        super().__init__(
            f"{dependency} does not answer; repeat the call with the same request_id",
            dependency=dependency,
        )
