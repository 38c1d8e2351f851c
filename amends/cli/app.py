"""The command line: every command in the order in which a case meets it."""

import typer

from amends.cli import clock, customer, desk, directory, privacy, tokens, verify

app = typer.Typer(
    name="amends",
    help="Amends: every customer escalation as one durable process.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
for room in (customer, desk, directory, privacy, clock, tokens, verify):
    room.register(app)


def main() -> None:
    """The `amends` program. Exit codes: 0 done, 1 refused, 2 wrong usage or no stack found."""
    app()
