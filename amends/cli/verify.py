"""Verify: whether what the services hold is what was once said. For operations, in production too.

It reads only, each database as it was at one moment, with the services' own users. It goes past the
services, since whoever could change their rows could also change what they answer.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from amends.cli import render
from amends.eventstore.findings import Check, Checked, Finding
from amends.eventstore.verifying import ChainCheck
from amends.kafka.history import History
from amends.kafka.topics import SERVICES, TOPICS
from amends.settings import SettingMissing, Settings

FOUND = 1
UNCHECKED = 2

Chain = Annotated[bool, typer.Option("--chain", help="Only the hash chains and their witnesses.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def register(app: typer.Typer) -> None:
    """Adds the command of this room."""
    app.command()(verify)


def verify(*, chain: Chain = False, as_json: Json = False) -> None:
    """Check that no stored event was changed, swapped, dropped or cut off. Reads only.

    Exit code 0: all is whole. 1: something was found. 2: nothing was found, but something could
    not be looked at.
    """
    wanted = {name for name, asked in (("chain", chain),) if asked} or set(CHECKS)
    try:
        checks = [make(Settings()) for name, make in CHECKS.items() if name in wanted]
    except SettingMissing as missing:
        typer.echo(f"nothing was checked: {missing}", err=True)
        raise typer.Exit(UNCHECKED) from None
    told = [check.run() for check in checks]
    (_print_json if as_json else _print)(told)
    raise typer.Exit(_exit_code(told))


def chain_check(settings: Settings) -> ChainCheck:
    """The logs of all services; Kafka is asked where the settings name it."""
    databases = {service: settings.database_url_for(service) for service in SERVICES}
    bootstrap = settings.kafka_bootstrap
    return ChainCheck(databases, History(bootstrap, TOPICS) if bootstrap else None)


CHECKS: dict[str, Callable[[Settings], Check]] = {"chain": chain_check}
"""Every check by its name, in the order in which they run; each has an option of that name."""


def _exit_code(told: Sequence[Checked]) -> int:
    if any(one.findings for one in told):
        return FOUND
    return UNCHECKED if any(one.unchecked for one in told) else 0


def _print(told: Sequence[Checked]) -> None:
    for one in told:
        rows = [(looked.where, looked.what, str(looked.count)) for looked in one.looked]
        render.table(f"{one.name}: looked at", ("where", "what", "how many"), rows)
        for finding in one.findings:
            typer.echo("\n".join(_lines(finding)))
        if one.unlisted:
            typer.echo(f"... and {one.unlisted} more findings")
        for problem in one.unchecked:
            typer.echo(f"NOT CHECKED  {problem}; start it (`make status`), verify again")
        typer.echo(_summary(one))


def _lines(finding: Finding) -> list[str]:
    """One finding; ids stand uncut, to be copied."""
    where = [
        f"stream {finding.stream}" if finding.stream else "",
        f"version {finding.version}" if finding.version else "",
        f"event {finding.event_id}" if finding.event_id else "",
        f"position {finding.position}" if finding.position else "",
    ]
    return [
        f"{finding.wrong.value}  {finding.place}  {', '.join(filter(None, where))}",
        f"    what: {finding.what}",
        f"    who says so: {', '.join(finding.witnesses)}",
        f"    next: {finding.next_step}",
    ]


def _summary(one: Checked) -> str:
    if one.findings:
        return f"{one.name}: {len(one.findings) + one.unlisted} findings"
    return f"{one.name}: " + ("nothing wrong in what was looked at" if one.unchecked else "whole")


def _print_json(told: Sequence[Checked]) -> None:
    checks = [
        {
            "name": one.name,
            "looked": [asdict(looked) for looked in one.looked],
            "findings": [_as_dict(finding) for finding in one.findings],
            "unlisted": one.unlisted,
            "unchecked": list(one.unchecked),
        }
        for one in told
    ]
    typer.echo(json.dumps({"checks": checks}, indent=2))


def _as_dict(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "wrong": finding.wrong.value,
        "service": place.service,
        "table": place.table,
        "source": place.source,
        "stream": finding.stream,
        "version": finding.version,
        "event_id": finding.event_id,
        "position": finding.position,
        "what": finding.what,
        "witnesses": list(finding.witnesses),
        "next": finding.next_step,
    }
