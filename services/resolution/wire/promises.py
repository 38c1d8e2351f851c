"""Promises as the contract spells them."""

from datetime import datetime
from typing import TypeVar

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, PromiseId
from services.resolution.domain.promises import MakePromise, Promise, Promises

PromiseStands = TypeVar("PromiseStands", pb.KeepPromiseResponse, pb.BreakPromiseResponse)


def make_promise(request: pb.MakePromiseRequest, call: Call, at: datetime) -> MakePromise:
    """The owner's promise; its id is the call's."""
    promise = PromiseId(call.new_id("prm_"))
    return from_message(request, MakePromise, promise=promise, by=call.who, at=at)


def promised_response(promise: PromiseId, recorded: Recorded[Promises]) -> pb.MakePromiseResponse:
    """From when on an alarm stands for it."""
    made = recorded.state.of(promise).made
    return pb.MakePromiseResponse(
        promise_id=promise, warn_by=to_timestamp(made.warn_by), version=recorded.version
    )


def promise_response(
    promise: PromiseId, kind: type[PromiseStands], recorded: Recorded[Promises]
) -> PromiseStands:
    """How a promise stands."""
    found = recorded.state.of(promise)
    return kind(state=promise_state(found), version=recorded.version)


def promise_state(promise: Promise) -> pb.PromiseState:
    """How a promise stands."""
    return to_message(promise, pb.KeepPromiseResponse, without=("made",)).state
