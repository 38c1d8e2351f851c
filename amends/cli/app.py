"""The command line: every command in the order in which a case meets it."""

import sys

import typer
from typer.exceptions import TyperException

from amends.cli import (
    answers,
    cases,
    clock,
    customer,
    desk,
    directory,
    events,
    exits,
    grants,
    merchant,
    offers,
    owners,
    privacy,
    queue,
    saying,
    tokens,
    troubles,
    verify,
    watching,
)

app = typer.Typer(
    name="amends",
    help="Amends: every customer escalation as one durable process.",
    epilog=exits.told(),
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
for room in (
    customer,
    cases,
    watching,
    queue,
    desk,
    offers,
    answers,
    saying,
    owners,
    merchant,
    directory,
    grants,
    privacy,
    events,
    clock,
    tokens,
    verify,
):
    room.register(app)


def main() -> None:
    """The `amends` program; its exit codes are those of `exits`."""
    if "--json" not in sys.argv[1:]:
        app()
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:  # wrong usage; a program wants that as JSON too
        worded = getattr(error, "format_message", error.__str__)
        troubles.say(troubles.misused(worded()), as_json=True)
        sys.exit(exits.Exit.USAGE)
