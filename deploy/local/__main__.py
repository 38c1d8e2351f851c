"""`python -m deploy.local [up|down|status|logs]`: the commands behind the Makefile."""

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable, Collection, Mapping

from rich.console import Console
from rich.progress import Progress

from deploy.local import follow, jars, leftovers, screen
from deploy.local.home import Home, default_home
from deploy.local.ports import Ports
from deploy.local.processes import OBSERVED
from deploy.local.refused import Refused
from deploy.local.stack import Stack
from deploy.local.state import all_healthy

_BASES = range(1024, 65_001)

_console = Console(highlight=False)


def up(arguments: argparse.Namespace) -> int:
    """Starts the stack, or the named parts and what they need, and waits until it is healthy."""
    stack = asked_for(arguments.part or None)
    began = time.monotonic()
    started = screen.watch(stack, _console)
    if started:
        _console.print(f"\n[green]Up[/] after {time.monotonic() - began:.1f} s.")
    else:
        _console.print(screen.status(stack.states()))
        _console.print("\nThe stack is [green]up[/] already.")
    _say_where(stack)
    return 0


def _say_where(stack: Stack) -> None:
    if "temporal" in stack.parts():
        _console.print(f"Temporal's page  {stack.env()['AMENDS_TEMPORAL_UI']}", soft_wrap=True)
    if told := _metrics(stack):
        _console.print(f"Metrics          {told}", soft_wrap=True)
    _console.print(f"Addresses        {stack.home.environment}", soft_wrap=True)
    _console.print("[dim]make status · make logs · make down[/]")


def _metrics(stack: Stack) -> str:
    """Where each process of ours tells its own."""
    ports = {part: stack.ports[f"{part}-metrics"] for part in OBSERVED if part in stack.parts()}
    listed = ", ".join(f"{port} {part}" for part, port in ports.items())
    return f"http://127.0.0.1:PORT/metrics: {listed}" if ports else ""


def down(_: argparse.Namespace) -> int:
    """Stops everything of this folder; the data stays."""
    stopped = Stack.found(default_home()).down()
    _console.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def status(_: argparse.Namespace) -> int:
    """Shows every part; 1 when one is not healthy."""
    stack = Stack.found(default_home())
    states = stack.states()
    _console.print(screen.status(states))
    if stack.is_up():
        _console.print()
        _say_where(stack)
    else:
        left = len(leftovers.find(stack.home))
        without = f"Its supervisor is gone and {left} processes are left" if left else "It is down"
        _console.print(f"\n{without}; `make up` starts it again with its data.")
    return 0 if all_healthy(states) else 1


def logs(arguments: argparse.Namespace) -> int:
    """Follows the logs until Ctrl-C, or shows their ends (`--no-follow`)."""
    home = Home(default_home())
    names = arguments.part or sorted(file.stem for file in home.logs.glob("*.log"))
    with contextlib.suppress(KeyboardInterrupt):
        follow.follow({name: home.log(name) for name in names}, _console, wait=arguments.follow)
    return 0


def fetch_jars(_: argparse.Namespace) -> int:
    """Installs Kafka's jars, as the lock names them."""
    locked = jars.locked()
    with Progress(*Progress.get_default_columns(), console=_console) as progress:
        task = progress.add_task("Kafka's jars", total=len(locked))
        jars.install(lambda _: progress.advance(task))
    return 0


def asked_for(programs: Collection[str] | None) -> Stack:
    """The running stack; else one as before, but for what the environment names."""
    found = Stack.found(default_home())
    if found.is_up() and programs is None:
        return found
    ports = _ports(found.ports)
    database = _foreign_database(ports, found.database)
    return Stack(default_home(), ports, programs, database=database)


def _ports(before: Ports) -> Ports:
    """From `AMENDS_PORT_BASE`, or those that the stack had before."""
    named = os.environ.get("AMENDS_PORT_BASE")
    if not named:
        return before
    if not named.isdecimal() or int(named) not in _BASES:
        raise Refused(f"AMENDS_PORT_BASE is {named}", "name a number from 1024 to 65000")
    return Ports(int(named))


def _foreign_database(ports: Ports, before: str) -> str:
    """`AMENDS_DATABASE_URL`, unless it came from our own stack.env; or the one it had before."""
    named = os.environ.get("AMENDS_DATABASE_URL", before)
    return "" if ports.address("postgres") in named else named


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "up": up,
    "down": down,
    "status": status,
    "logs": logs,
    "jars": fetch_jars,
}


def main() -> int:
    """Runs one command; a refusal is said in words."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local")
    commands = parser.add_subparsers(required=True)
    for name, command in _COMMANDS.items():
        one = commands.add_parser(name, help=command.__doc__)
        one.set_defaults(command=command)
        if name in {"up", "logs"}:
            one.add_argument("part", nargs="*")
        if name == "logs":
            one.add_argument("--no-follow", dest="follow", action="store_false")
    arguments = parser.parse_args()
    try:
        return int(arguments.command(arguments))
    except Refused as refused:
        _console.print(f"[red]Refused:[/] {refused}\n[bold]Do this:[/] {refused.remedy}")
    except OSError as error:
        _console.print(
            f"[red]Refused:[/] {error}\n[bold]Do this:[/] see that {default_home()} "
            "can be written and its disk has room"
        )
    except KeyboardInterrupt:
        _console.print("Interrupted; `make down` stops what runs.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
