"""`python -m deploy.browser [install|screenshot FILE]`: the browser, and the README's picture."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from deploy.browser import chromium, scene
from deploy.browser.temporal_ui import look
from deploy.demo.cast import gather
from deploy.local.ports import Ports
from deploy.local.refused import Refused
from deploy.local.stack import Stack

_console = Console(highlight=False)


def install(_: argparse.Namespace) -> None:
    """Installs Chromium where there is none."""
    words = "Installed" if chromium.install() else "There already"
    _console.print(f"{words}: {chromium.found()}", soft_wrap=True)


def screenshot(arguments: argparse.Namespace) -> None:
    """Takes a picture of the page of a case that has an alarm, on a stack of its own."""
    with tempfile.TemporaryDirectory() as home, Stack(Path(home), Ports.free()) as stack:
        cast = gather(stack.env())
        try:
            story = scene.comes_by_a_partner(cast)
            scene.is_overdue(story)
        finally:
            cast.close()
        settings = cast.settings
        place = settings.temporal_ui, settings.temporal_namespace
        asyncio.run(_picture(*place, story.escalation, arguments.file))
    _console.print(f"Taken: {arguments.file}")


async def _picture(address: str, namespace: str, escalation: str, file: Path) -> None:
    async with look(address, namespace) as ui:
        await ui.opens(f"escalation/{escalation}")
        await ui.says("clears when")
        await ui.picture(file)


def main() -> int:
    """Runs one command; a refusal is said in words."""
    parser = argparse.ArgumentParser(prog="python -m deploy.browser")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("install", help=install.__doc__).set_defaults(command=install)
    taking = commands.add_parser("screenshot", help=screenshot.__doc__)
    taking.add_argument("file", type=Path)
    taking.set_defaults(command=screenshot)
    arguments = parser.parse_args()
    try:
        arguments.command(arguments)
    except Refused as refused:
        _console.print(f"[red]Refused:[/] {refused}\n[bold]Do this:[/] {refused.remedy}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
