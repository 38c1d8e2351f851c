"""Troubles: what a person, or a program, is told when a command could not do what was asked.

A line that says what and why, each wrong field, and the next step; with `--json` the same as one
JSON document. On standard error, and never a traceback or a word of what was sent.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import grpc
import typer
from google.rpc import error_details_pb2
from grpc import StatusCode
from grpc_status import rpc_status

from amends.cli.exits import Exit, exit_of
from amends.cli.next_steps import next_step
from amends.rpc.status import as_sent, code_of
from amends.settings import SettingMissing
from amends.values.refusal import Refusal

GrpcError = Any
"""A grpc.RpcError that a stub raised; its type stubs know no error with details."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a command could not do what was asked; `retry_after` in seconds, None for no hint."""

    exit_code: Exit
    status: str
    reason: str
    message: str
    fields: tuple[tuple[str, str], ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    next_step: str = ""
    retry_after: float | None = None

    def lines(self) -> list[str]:
        """As a person reads it."""
        how = "refused" if self.exit_code is not Exit.UNAVAILABLE else "not now"
        fields = [f"  {name}: {why}" for name, why in self.fields if why not in self.message]
        after = [f"next: {self.next_step}"] if self.next_step else []
        return [f"{how}: {self.reason}: {self.message}", *fields, *after]

    def as_dict(self) -> dict[str, Any]:
        """As a program reads it; what is not known is left out."""
        known = {
            "status": self.status,
            "reason": self.reason,
            "message": self.message,
            "fields": [{"field": name, "description": why} for name, why in self.fields],
            "metadata": dict(self.metadata),
            "next_step": self.next_step,
            "retry_after_seconds": self.retry_after,
        }
        kept = {name: value for name, value in known.items() if value not in ("", [], {}, None)}
        return {"error": {**kept, "exit_code": int(self.exit_code)}}


class NotAsked(Refusal):
    """A case stands in nobody's queue but others': there is nothing to accept."""

    reason = "ASSIGNMENT_NOT_FOUND"

    def __init__(self, escalation: str) -> None:
        super().__init__(
            f"you are not asked to take {escalation} now; look at your queue",
            escalation_id=escalation,
        )


Known = grpc.RpcError | Refusal | SettingMissing


def trouble_of(error: Known, service: str = "the service") -> Trouble:
    """What an error means to whoever typed the command; `service` is who was asked."""
    if isinstance(error, grpc.RpcError):
        return _refused(as_sent(error, service), _details(error))
    if isinstance(error, SettingMissing):
        return no_stack(str(error))
    return _refused(error, ())


def no_stack(message: str) -> Trouble:
    """Nobody said where the services are."""
    return Trouble(
        exit_code=Exit.UNAVAILABLE, status="UNAVAILABLE", reason="NO_STACK_FOUND", message=message
    )


def repeatable(trouble: Trouble, request_id: str) -> Trouble:
    """The same, with how to repeat the command so that it happens once."""
    again = f"repeat the command with --request-id {request_id}: it happens once"
    steps = "; then ".join(filter(None, (trouble.next_step, again)))
    return replace(
        trouble, next_step=steps, metadata=(*trouble.metadata, ("request_id", request_id))
    )


def misused(message: str) -> Trouble:
    """The command line itself could not be understood; nothing was sent."""
    return Trouble(
        exit_code=Exit.USAGE,
        status="INVALID_ARGUMENT",
        reason="USAGE",
        message=message,
        next_step="`--help` after the command tells its options",
    )


def say(trouble: Trouble, *, as_json: bool) -> None:
    """Tells it on standard error."""
    told = [json.dumps(trouble.as_dict(), ensure_ascii=False)] if as_json else trouble.lines()
    for line in told:
        typer.echo(line, err=True)


def end(trouble: Trouble, *, as_json: bool) -> NoReturn:
    """Tells it and ends the command with its code."""
    say(trouble, as_json=as_json)
    raise typer.Exit(trouble.exit_code)


def _refused(refusal: Refusal, details: Sequence[Any]) -> Trouble:
    status = StatusCode.INTERNAL if refusal.reason == "INTERNAL" else code_of(refusal)
    return Trouble(
        exit_code=exit_of(status),
        status=status.name,
        reason=refusal.reason,
        message=refusal.message,
        fields=tuple(
            (one.field, one.description)
            for found in _of_kind(details, error_details_pb2.BadRequest)
            for one in found.field_violations
        ),
        metadata=tuple(refusal.metadata.items()),
        next_step=next_step(refusal.reason),
        retry_after=next(
            (
                found.retry_delay.ToTimedelta().total_seconds()
                for found in _of_kind(details, error_details_pb2.RetryInfo)
            ),
            None,
        ),
    )


def _details(error: GrpcError) -> Sequence[Any]:
    status = rpc_status.from_call(error)
    return tuple(status.details) if status else ()


def _of_kind(details: Sequence[Any], kind: Callable[[], Any]) -> list[Any]:
    found = []
    for packed in details:
        detail = kind()
        if packed.Unpack(detail):
            found.append(detail)
    return found
