"""One case of another tenant, played through the whole stack, and whoever might ask for it."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import grpc

from amends.rpc.signing import SigningKey
from amends.v1 import commerce_service_pb2, event_pb2, intake_events_pb2, routing_service_pb2
from amends.values.identity import Role
from deploy.demo.cast import Cast, wait_for
from deploy.demo.football_shoes import CUSTOMER, FootballShoes
from tests.guarantees.calling import Callers
from tests.guarantees.reflected import Reflected
from tests.guarantees.requests import Ids, kinds_named, minimal
from tests.scenario import events_of, play_until_understood

# Nothing that a server says may be hidden by a repeat.
_OPTIONS = (("grpc.enable_retries", 0), ("grpc.enable_http_proxy", 0))
ELSEWHERE = "elsewhere"
"""A tenant that has none of what the stories play."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A case of the shop, up to the offer; who asks for it is of another tenant."""

    story: FootballShoes
    tenant: str
    ids: Mapping[str, str]
    overheard: Mapping[str, list[bytes]]
    """What streams that name nothing told meanwhile, by the tenant of who listened."""

    @property
    def secrets(self) -> frozenset[str]:
        """What nobody of another tenant may ever be told."""
        return frozenset(self.ids.values())

    def said(self) -> Mapping[str, bytes]:
        """Every event about the case and its people, its words in clear, and the order."""
        caller, acting = self.story.cast.workflow, self.story.cast.as_tenant()
        people = self.story.cast.directory().decision_makers
        subjects = [self.story.escalation, *(one.decision_maker_id for one in people)]
        events = {
            f"{name} {subject}": log.ReadEvents(
                event_pb2.ReadEventsRequest(subject=subject), metadata=acting
            ).SerializeToString(deterministic=True)
            for subject in subjects
            for name, log in caller.logs.items()
        }
        order = commerce_service_pb2.GetOrderRequest(order=self.story.order)
        found = caller.commerce.GetOrder(order, metadata=acting)
        words = self.story.case().words.encode()
        return {**events, "order": found.SerializeToString(deterministic=True), "words": words}


@contextmanager
def anybody(cast: Cast) -> Iterator[Callers]:
    """Makes callers of whatever tenant and role, with a channel to every server."""
    assert cast.settings.signing_key_file is not None
    channels = {
        name: grpc.insecure_channel(address, _OPTIONS)
        for name, address in cast.settings.addresses.items()
    }
    yield Callers(SigningKey.read(cast.settings.signing_key_file), channels)
    for channel in channels.values():
        channel.close()


def played(cast: Cast, callers: Callers, rpcs: Sequence[Reflected]) -> Foreign:
    """Plays a case of the shop up to the offer, while somebody of each tenant listens."""
    story = FootballShoes(cast)
    shop = cast.settings.tenant
    overheard: dict[str, list[bytes]] = {shop: [], ELSEWHERE: []}
    story.prepare()
    ends = [
        _listens(callers, rpc, role, tenant, overheard[tenant])
        for rpc in rpcs
        if rpc.streams and not kinds_named(rpc.request)
        for role in rpc.roles
        for tenant in overheard
    ]
    play_until_understood(story)
    story.weighs()
    story.offers()
    wait_for(lambda: events_of(story, intake_events_pb2.ContextRecorded), "the context is found")
    wait_for(lambda: overheard[shop], "the shop's own streams tell of it")
    for end in ends:
        end()
    return Foreign(story, shop, _ids(story), overheard)


def _listens(
    callers: Callers, rpc: Reflected, role: Role, tenant: str, heard: list[bytes]
) -> Callable[[], None]:
    """Keeps what a stream tells; ends it when called."""
    subject = "maya" if role is Role.DECISION_MAKER else "operator"
    listen: Any = callers.channels[rpc.server].unary_stream(rpc.path)
    stream = listen(
        minimal(rpc.request, Ids()).SerializeToString(),
        metadata=callers.as_(role, tenant, subject),
    )

    def keep() -> None:
        with suppress(grpc.RpcError):  # it was ended
            for one in stream:
                heard.append(one)  # noqa: PERF402 - each as it comes, not all at the end

    thread = threading.Thread(target=keep)
    thread.start()

    def end() -> None:
        stream.cancel()
        thread.join()

    return end


def _ids(story: FootballShoes) -> Mapping[str, str]:
    """Every id and reference that the case has, by what it is."""
    cast = story.cast
    order = cast.workflow.commerce.GetOrder(
        commerce_service_pb2.GetOrderRequest(order=story.order), metadata=cast.as_tenant()
    )
    request = routing_service_pb2.GetDecisionMakerRequest(decision_maker_id="dm_maya")
    maya = cast.operator.routing.GetDecisionMaker(request).decision_maker
    return {
        "esc_": story.escalation,
        "asg_": story.assignment.assignment_id,
        "off_": story.offer.offer_id,
        "rem_": story.offer.remedies[0].remedy_id,
        "rsp_": story.resolution().responses[0].response_id,
        "dm_": maya.decision_maker_id,
        "grn_": maya.grants[0].grant_id,
        "customer": CUSTOMER,
        "order": story.order,
        "shipment": order.shipments[0],
        "sku": order.lines[0].sku,
        "key": story.offer.remedies[0].remedy_id,
    }
