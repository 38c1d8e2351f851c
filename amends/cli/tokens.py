"""Tokens for the local stack: what a platform's program would get from its identity provider."""

from typing import Annotated

import typer

from amends.cli import render
from amends.cli.options import Json
from amends.cli.session import says_refusals, signing_key
from amends.client import MintedToken
from amends.settings import Settings
from amends.values.identity import Role

Subject = Annotated[str, typer.Option("--as", help="The subject: an opaque name.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    app.command()(says_refusals(token))


def token(
    subject: Subject,
    role: Annotated[Role, typer.Option(help="What the bearer may be.")],
    *,
    as_json: Json = False,
) -> None:
    """Print a token of at most ten minutes, signed by the local stack's key."""
    settings = Settings()
    minted = MintedToken(signing_key(settings), subject, settings.tenant, role)
    if as_json:
        render.as_json({"token": minted(), "role": role.value, "subject": subject})
    else:
        typer.echo(minted())
