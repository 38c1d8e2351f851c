"""Remedies as people type them: what a customer seeks, and what an owner offers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import typer

from amends.cli import parse
from amends.v1 import commerce_service_pb2, resolution_service_pb2, types_pb2

KINDS = parse.words(types_pb2.RemedyKind, "REMEDY_KIND_")
METHODS = parse.words(commerce_service_pb2.RefundMethod, "REFUND_METHOD_")
ALL = "all"
"""As the amount of a refund: everything that can still be refunded."""


def sought(kinds: Sequence[str], worth: str, percent: int) -> types_pb2.RemedySought | None:
    """What the customer would consider fair; None where they said nothing of it."""
    if not (kinds or worth or percent):
        return None
    return types_pb2.RemedySought(
        kinds=[parse.member(types_pb2.RemedyKind, "REMEDY_KIND_", kind) for kind in kinds],
        amount=parse.money(worth) if worth else None,
        percent=percent,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One offer as it was typed: each option is one remedy, or a detail of one."""

    replacement: str = ""
    sku: str = ""
    refund: str = ""
    method: str = ""
    percent: int = 0
    at_most: str = ""
    gift_certificate: str = ""
    coupon: str = ""
    goodwill: str = ""
    in_place_of: Sequence[str] = ()


def offered(typed: Typed) -> list[resolution_service_pb2.OfferedRemedy]:
    """The remedies of an offer, in the order in which they are carried out: goods, money, credits.

    Raises:
        typer.BadParameter: nothing is offered, or a detail belongs to no remedy.
    """
    remedies = [*_goods(typed), *_money(typed), *_credits(typed)]
    if not remedies:
        raise typer.BadParameter("nothing is offered; name a remedy, e.g. --refund all")
    for name in typed.in_place_of:
        _replace(remedies, name)
    return remedies


def _goods(typed: Typed) -> Iterator[resolution_service_pb2.OfferedRemedy]:
    if typed.sku and not typed.replacement:
        raise typer.BadParameter("--sku belongs to --replacement")
    if typed.replacement:
        yield resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_REPLACEMENT,
            shipping_service=typed.replacement,
            sku=typed.sku,
        )


def _money(typed: Typed) -> Iterator[resolution_service_pb2.OfferedRemedy]:
    if typed.method and not typed.refund:
        raise typer.BadParameter("--method belongs to --refund")
    if typed.refund:
        yield resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_REFUND,
            amount=None if typed.refund == ALL else parse.money(typed.refund),
            method=_method(typed.method),
        )


def _method(text: str) -> commerce_service_pb2.RefundMethod:
    if not text:
        return commerce_service_pb2.REFUND_METHOD_UNSPECIFIED
    found: commerce_service_pb2.RefundMethod = parse.member(
        commerce_service_pb2.RefundMethod, "REFUND_METHOD_", text
    )
    return found


def _credits(typed: Typed) -> Iterator[resolution_service_pb2.OfferedRemedy]:
    if typed.at_most and not typed.percent:
        raise typer.BadParameter("--at-most belongs to --percent")
    if typed.percent:
        yield resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_PERCENTAGE_OFF,
            percent=typed.percent,
            amount=parse.money(typed.at_most) if typed.at_most else None,
        )
    for kind, amount in (
        (types_pb2.REMEDY_KIND_GIFT_CERTIFICATE, typed.gift_certificate),
        (types_pb2.REMEDY_KIND_COUPON, typed.coupon),
        (types_pb2.REMEDY_KIND_GOODWILL, typed.goodwill),
    ):
        if amount:
            yield resolution_service_pb2.OfferedRemedy(kind=kind, amount=parse.money(amount))


def _replace(remedies: list[resolution_service_pb2.OfferedRemedy], name: str) -> None:
    """`rem_...` for an offer of one remedy, else `KIND=rem_...`."""
    kind, _, earlier = name.rpartition("=")
    found = [one for one in remedies if not kind or one.kind == _kind(kind)]
    if len(found) != 1:
        raise typer.BadParameter(
            f"{name!r} names no one remedy of this offer; write it like 'refund=rem_...'"
        )
    found[0].in_place_of = earlier


def _kind(text: str) -> int:
    return int(parse.member(types_pb2.RemedyKind, "REMEDY_KIND_", text))
