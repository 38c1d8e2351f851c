"""Answers as people read them: tables and short lines; `--json` prints the message itself."""

import json
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money as MoneyMessage
from rich.console import Console
from rich.table import Table

from amends.values.money import Money

console = Console(highlight=False)
_UNCUT = {"case", "id"}  # what people copy into the next command


def as_json(message: Message) -> None:
    """The message with the contract's field names, for programs."""
    fields = MessageToDict(message, preserving_proto_field_name=True)
    console.print_json(json.dumps(fields, ensure_ascii=False))


def table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table, or a line that says that there is nothing."""
    if not rows:
        console.print(f"{title}: nothing")
        return
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(column, no_wrap=column in _UNCUT)
    for row in rows:
        drawn.add_row(*row)
    console.print(drawn)


def when(stamp: Timestamp, zone: str) -> str:
    """`Sat 28 Nov 15:10` on the customer's clock; empty where it is unset."""
    if not stamp.seconds:
        return ""
    return at(stamp.ToDatetime(tzinfo=ZoneInfo("UTC")), zone)


def at(moment: datetime, zone: str) -> str:
    """A moment on the clock of `zone`."""
    return moment.astimezone(ZoneInfo(zone or "UTC")).strftime("%a %d %b %H:%M")


def money(message: MoneyMessage) -> str:
    """`64.90 GBP`; empty where it is unset."""
    if not message.currency_code:
        return ""
    amount = Money.of_units(message.currency_code, message.units, message.nanos, field="amount")
    return str(amount)
