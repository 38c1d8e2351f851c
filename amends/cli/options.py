"""Options that several commands share, declared once."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from amends.client import new_request_id


def _known_zone(name: str) -> str:
    """A zone that this machine knows, or none at all."""
    try:
        return name and ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise typer.BadParameter(f"{name!r} is no time zone like Europe/London") from error


CaseId = Annotated[str, typer.Argument(help="The escalation, esc_...", metavar="CASE")]
OfferId = Annotated[str, typer.Argument(help="The offer, off_...", metavar="OFFER")]
Holder = Annotated[str, typer.Argument(help="Whom: dm_...", metavar="DECISION-MAKER")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only the new id.")]
Zone = Annotated[
    str,
    typer.Option(help="IANA time zone in which times are given and shown.", callback=_known_zone),
]
Platform = Annotated[str, typer.Option("--as", help="The platform's subject.")]
Operator = Annotated[str, typer.Option("--as", help="Who looks: a subject of operations.")]
Person = Annotated[str, typer.Option("--as", help="Who you are: your subject.")]
Note = Annotated[str, typer.Option(help="What the next owner should know; kept sealed.")]
RequestId = Annotated[
    str,
    typer.Option(
        default_factory=new_request_id,
        show_default=False,
        help="Repeat a command safely: the id that it had the first time.",
    ),
]

PLATFORM = "voice-desk"
OPERATOR = "operator"
ZONE = "Europe/London"
