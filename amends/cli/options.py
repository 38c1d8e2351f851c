"""Options that several commands share, declared once."""

from typing import Annotated

import typer

CaseId = Annotated[str, typer.Argument(help="The escalation, esc_...", metavar="CASE")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Zone = Annotated[str, typer.Option(help="IANA time zone in which times are given and shown.")]
Platform = Annotated[str, typer.Option("--as", help="The platform's subject.")]
Operator = Annotated[str, typer.Option("--as", help="Who looks: a subject of operations.")]
Person = Annotated[str, typer.Option("--as", help="Who you are: your subject.")]
RequestId = Annotated[
    str, typer.Option(help="Repeat a command safely: the id that it had the first time.")
]

PLATFORM = "voice-desk"
OPERATOR = "operator"
ZONE = "Europe/London"
