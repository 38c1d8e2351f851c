"""`python -m deploy.browser install`: the browser in which the pages are looked at."""

import argparse
import sys

from rich.console import Console

from deploy.browser import chromium
from deploy.local.refused import Refused

_console = Console(highlight=False)


def install(_: argparse.Namespace) -> None:
    """Installs Chromium where there is none."""
    words = "Installed" if chromium.install() else "There already"
    _console.print(f"{words}: {chromium.found()}", soft_wrap=True)


def main() -> int:
    """Runs one command; a refusal is said in words."""
    parser = argparse.ArgumentParser(prog="python -m deploy.browser")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("install", help=install.__doc__).set_defaults(command=install)
    arguments = parser.parse_args()
    try:
        arguments.command(arguments)
    except Refused as refused:
        _console.print(f"[red]Refused:[/] {refused}\n[bold]Do this:[/] {refused.remedy}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
