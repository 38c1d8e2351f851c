"""Verify: whether what the services hold is what was once said. For operations, in production too.

It reads only, each database as it was at one moment, with the services' own users. It goes past the
services, since whoever could change their rows could also change what they answer.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from amends.cli import render
from amends.eventstore.findings import Checked, Finding
from amends.settings import SettingMissing, Settings
from amends.verify.running import CHECKS, Verification, Wanted

FOUND = 1
UNCHECKED = 2

Chain = Annotated[bool, typer.Option("--chain", help="Only the hash chains: --only chain.")]
Only = Annotated[
    str, typer.Option(help=f"Only these checks, with commas between: {', '.join(CHECKS)}.")
]
Acknowledged = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="A caller's own file of what was acknowledged: JSON lines with rpc, request_id, "
        "escalation.",
    ),
]
WordsFile = Annotated[
    Path | None,
    typer.Option(
        "--words",
        exists=True,
        dir_okay=False,
        help="Words that must stand nowhere in clear, one in a line.",
    ),
]
Places = Annotated[
    list[str] | None,
    typer.Option(
        "--in", help="A folder, a file or a page (http://...) to look for them in; repeatable."
    ),
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="Publish again what Kafka lacks, start workflows that are missing, verify again.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def register(app: typer.Typer) -> None:
    """Adds the command of this room."""
    app.command()(verify)


def verify(
    *,
    only: Only = "",
    chain: Chain = False,
    acknowledged: Acknowledged = None,
    words: WordsFile = None,
    places: Places = None,
    mend: Repair = False,
    as_json: Json = False,
) -> None:
    """Check that all stores together hold what is promised (I1 to I10). Reads only.

    Exit code 0: all is whole. 1: something was found. 2: nothing was found, but something could
    not be looked at.
    """
    wanted = Wanted(
        only=_chosen(only, chain=chain),
        acknowledged=acknowledged,
        words=words,
        places=places or (),
    )
    try:
        verification = Verification(Settings(), wanted)
    except SettingMissing as missing:
        typer.echo(f"nothing was checked: {missing}", err=True)
        raise typer.Exit(UNCHECKED) from None
    told, mended = verification.run(), []
    if mend and any(one.findings for one in told):
        if not as_json:
            _print(told)
        mended = verification.repair(told)
        told = verification.run()
    if as_json:
        _print_json(told, mended)
    else:
        typer.echo("".join(f"repaired: {line}\n" for line in mended), nl=False)
        _print(told)
    raise typer.Exit(_exit_code(told))


def _chosen(only: str, *, chain: bool) -> frozenset[str]:
    """The checks that were named.

    Raises:
        typer.BadParameter: there is no such check.
    """
    named = {one.strip() for one in only.split(",") if one.strip()} | (
        {"chain"} if chain else set()
    )
    if unknown := named - set(CHECKS):
        message = f"there is no check {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}"
        raise typer.BadParameter(message, param_hint="--only")
    return frozenset(named)


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
        finding.about,
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


def _print_json(told: Sequence[Checked], mended: Sequence[str]) -> None:
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
    typer.echo(json.dumps({"repaired": list(mended), "checks": checks}, indent=2))


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
        "about": finding.about,
        "what": finding.what,
        "witnesses": list(finding.witnesses),
        "next": finding.next_step,
    }
