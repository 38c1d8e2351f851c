"""Who types: a caller for each command, from the local stack's keys or a token of one's own."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import grpc
import typer
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from amends.cli.render import console
from amends.client import Caller, MintedToken
from amends.rpc.status import as_sent
from amends.settings import Settings
from amends.values.identity import Role
from amends.values.refusal import Refusal

P = ParamSpec("P")

REFUSED = 1
NOT_SET_UP = 2


def caller(subject: str, role: Role) -> Caller:
    """A caller with AMENDS_TOKEN, or with a token that the local stack's key signs."""
    settings = Settings()
    return Caller(settings.addresses, _token(settings, subject, role))


def _token(settings: Settings, subject: str, role: Role) -> Callable[[], str]:
    if settings.token:
        return lambda: settings.token
    return MintedToken(signing_key(settings), subject, settings.tenant, role)


def signing_key(settings: Settings) -> Path:
    """The local stack's signing key; ends the command where there is none."""
    if settings.signing_key_file is None or not settings.signing_key_file.exists():
        console.print("No local stack was found: start one with `make up`, or set AMENDS_TOKEN.")
        raise typer.Exit(NOT_SET_UP)
    return settings.signing_key_file


def says_refusals(command: Callable[P, None]) -> Callable[P, None]:
    """A refusal becomes one clear line and exit code 1, never a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except grpc.RpcError as error:
            _refused(as_sent(error), _wrong_fields(error))
        except Refusal as refusal:
            _refused(refusal, [])

    return run


def _refused(refusal: Refusal, wrong: list[str]) -> None:
    typer.echo(f"refused: {refusal.reason}: {refusal.message}", err=True)
    for line in wrong:
        if refusal.message not in line:
            typer.echo(f"  {line}", err=True)
    raise typer.Exit(REFUSED)


def _wrong_fields(error: grpc.RpcError) -> list[str]:
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # what a stub raises is a Call too
    found = error_details_pb2.BadRequest()
    return [
        f"{violation.field}: {violation.description}"
        for detail in (status.details if status else ())
        if detail.Unpack(found)
        for violation in found.field_violations
    ]
