"""Answers as people read them: tables and short lines; `--json` prints the message itself.

Colour is for terminals: none where the output goes elsewhere or NO_COLOR is set (rich sees to it).
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money as MoneyMessage
from rich.console import Console
from rich.table import Table
from rich.text import Text

from amends.cli import parse
from amends.v1.types_pb2 import Action, AuthorityNeed
from amends.values.money import Money

_UNCUT = {"case", "id", "offer", "refund", "grant"}  # what people copy into the next command
_PIPED = 200  # columns where nobody's screen says how wide it is


def _console() -> Console:
    """A console that cuts nothing to 80 columns where a program reads it."""
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, width=_PIPED if piped else None)


console = _console()


def fields(message: Message) -> dict[str, Any]:
    """A message as JSON has it, with the contract's field names; what is unset is left out."""
    return MessageToDict(message, preserving_proto_field_name=True)


def as_json(answer: Message | Mapping[str, Any]) -> None:
    """One answer as one JSON document, for programs."""
    document = fields(answer) if isinstance(answer, Message) else answer
    console.print_json(json.dumps(document, ensure_ascii=False))


def as_json_line(answer: Message | Mapping[str, Any]) -> None:
    """One of several answers as one JSON document on a line of its own."""
    document = fields(answer) if isinstance(answer, Message) else answer
    typer.echo(json.dumps(document, ensure_ascii=False))
    sys.stdout.flush()


def say(answer: Message, line: str, *, as_json: bool, only: str = "") -> None:
    """The answer to one command: its JSON, the new id that is `only` wanted, or a line."""
    if as_json:
        console.print_json(json.dumps(fields(answer), ensure_ascii=False))
    elif only:
        typer.echo(only)
    else:
        console.print(line, markup=False, soft_wrap=True)


def table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table, or a line that says that there is nothing."""
    if not rows:
        console.print(f"{title}: nothing", markup=False)
        return
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(column, no_wrap=column in _UNCUT)
    for row in rows:
        # What people said may hold brackets, which mean nothing here.
        drawn.add_row(*map(Text, row))
    console.print(drawn)


def when(stamp: Timestamp, zone: str) -> str:
    """`Sat 28 Nov 15:10` on the customer's clock; empty where it is unset."""
    if not stamp.seconds:
        return ""
    return at(stamp.ToDatetime(tzinfo=ZoneInfo("UTC")), zone)


def until(stamp: Timestamp, zone: str) -> str:
    """`, until Sat 28 Nov 15:10`; empty where it is unset."""
    by = when(stamp, zone)
    return f", until {by}" if by else ""


def at(moment: datetime, zone: str) -> str:
    """A moment on the clock of `zone`."""
    return moment.astimezone(ZoneInfo(zone or "UTC")).strftime("%a %d %b %H:%M")


def money(message: MoneyMessage) -> str:
    """`64.90 GBP`; empty where it is unset."""
    if not message.currency_code:
        return ""
    amount = Money.of_units(message.currency_code, message.units, message.nanos, field="amount")
    return str(amount)


def need(message: AuthorityNeed) -> str:
    """`refund 480.00 GBP`: an action, and its amount where it is known."""
    action = parse.word(Action.Name(message.action), "ACTION_")
    return f"{action} {money(message.amount)}".strip()
