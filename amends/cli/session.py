"""Who types: a caller for each command, from the local stack's keys or a token of one's own."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import grpc

from amends.cli import troubles
from amends.cli.exits import Exit
from amends.client import LOGS, Caller, MintedToken
from amends.settings import SettingMissing, Settings
from amends.values.identity import Role
from amends.values.refusal import Refusal

P = ParamSpec("P")


def caller(subject: str, role: Role) -> Caller:
    """A caller with AMENDS_TOKEN, or with a token that the local stack's key signs."""
    settings = Settings()
    for service in LOGS:
        settings.address_of(service)
    return Caller(settings.addresses, _token(settings, subject, role))


def _token(settings: Settings, subject: str, role: Role) -> Callable[[], str]:
    if settings.token:
        return lambda: settings.token
    return MintedToken(signing_key(settings), subject, settings.tenant, role)


def signing_key(settings: Settings) -> Path:
    """The local stack's signing key.

    Raises:
        SettingMissing: there is none.
    """
    if settings.signing_key_file is None or not settings.signing_key_file.exists():
        raise SettingMissing("AMENDS_TOKEN")
    return settings.signing_key_file


def says_refusals(command: Callable[P, None]) -> Callable[P, None]:
    """What goes wrong is told in lines (or as JSON) with an exit code, never as a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (grpc.RpcError, Refusal, SettingMissing) as error:
            _end(error, kwargs)

    return run


def _end(error: troubles.Known, typed: dict[str, Any]) -> None:
    trouble = troubles.trouble_of(error)
    request_id = typed.get("request_id", "")
    if request_id and trouble.exit_code is Exit.UNAVAILABLE:
        trouble = troubles.repeatable(trouble, request_id)
    troubles.end(trouble, as_json=bool(typed.get("as_json")))
