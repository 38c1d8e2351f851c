"""How the workflow calls an activity: an ordinary one, repeated for ever. Workflow code.

Runs that began before ADR 10 tried a short command once inside the workflow task. A query meanwhile
could leave them a history that does not replay, so that no later run does.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

from workflows import names, policy
from workflows.changes import ORDINARY, holds
from workflows.messages import Answer, Command, Heard, LifecycleInput, Question
from workflows.names import Rpc

T = TypeVar("T", Answer, Heard)

_ALWAYS_ORDINARY = {
    names.RECORD_CONTEXT,
    names.CARRY_OUT_REMEDY,
    names.COMPENSATE_REMEDY,
    names.CHECK_REPLACEMENT,
    names.CHECK_REFUND,
}


class Refused(Exception):
    """A service said no, under `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Abandoned(Exception):
    """Nobody needs the answer any more."""


async def ask(  # noqa: PLR0913, PLR0917 - whose run, what it asks, and how long it cares
    begin: LifecycleInput,
    rpc: Rpc,
    command: Command | Question,
    kind: type[T],
    words: str,
    over: Callable[[], bool],
) -> T:
    """The service's answer, however long the world is broken.

    Raises:
        Refused: the service said no.
        Abandoned: `over` became true before an ordinary activity ended.
    """
    try:
        if rpc not in _ALWAYS_ORDINARY and not holds(ORDINARY, begin):
            return await _quick(rpc, command, kind, words)
    except FailureError as error:
        _check(error)
    return await _ordinary(rpc, command, kind, words, over)


async def _quick(rpc: Rpc, command: Command | Question, kind: type[T], words: str) -> T:
    answer: T = await workflow.execute_local_activity(
        rpc.name,
        command,
        result_type=kind,
        schedule_to_close_timeout=policy.QUICK_ATTEMPT,
        start_to_close_timeout=policy.QUICK_ATTEMPT,
        retry_policy=policy.ONCE,
        summary=words,
    )
    return answer


async def _ordinary(
    rpc: Rpc, command: Command | Question, kind: type[T], words: str, over: Callable[[], bool]
) -> T:
    handle: workflow.ActivityHandle[Any] = workflow.start_activity(
        rpc.name,
        command,
        result_type=kind,
        start_to_close_timeout=policy.ATTEMPT,
        heartbeat_timeout=policy.HEARTBEAT,
        retry_policy=policy.FOR_EVER,
        summary=words,
    )
    await workflow.wait_condition(lambda: handle.done() or over())
    if not handle.done():
        handle.cancel()
        raise Abandoned
    try:
        answer: T = await handle
    except ActivityError as error:
        _check(error)
        raise
    return answer


def _check(error: FailureError) -> None:
    """Raises what a service refused; returns where the world was at fault."""
    # A local activity fails with what it raised itself, an ordinary one wraps it.
    cause = error.cause if isinstance(error, ActivityError) else error
    if isinstance(cause, ApplicationError) and cause.non_retryable:
        raise Refused(cause.type or "UNKNOWN") from None
