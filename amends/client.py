"""A caller from outside: a stub per service, with a deadline and a fresh token on every call.

What a contact-center platform's program uses, and the command line, the demo and the tests with
it. The refusals come as `grpc.RpcError`; `amends.rpc.status.as_sent` reads them.
"""

import time
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from amends.rpc.channel import Channels
from amends.rpc.signing import SigningKey
from amends.v1 import intake_service_pb2
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.v1.eventlog_service_pb2_grpc import EventLogServiceStub
from amends.v1.followup_service_pb2_grpc import FollowUpServiceStub
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.v1.privacy_service_pb2_grpc import PrivacyServiceStub
from amends.v1.resolution_service_pb2_grpc import ResolutionServiceStub
from amends.v1.routing_service_pb2_grpc import RoutingServiceStub
from amends.values.identity import Role

LOGS = ("intake", "routing", "resolution", "followup")
_LIFE = timedelta(minutes=10)


class Caller:
    """One caller's stubs to every service, each made when it is first asked for.

    `addresses` maps a service's name to host:port; `token` gives a token that is good now.
    """

    def __init__(self, addresses: Mapping[str, str], token: Callable[[], str]) -> None:
        self._channels = Channels(addresses, token)

    @cached_property
    def intake(self) -> IntakeServiceStub:
        """Hears the customer."""
        return IntakeServiceStub(self._channels.to("intake"))

    @cached_property
    def routing(self) -> RoutingServiceStub:
        """Takes a case to who may decide it."""
        return RoutingServiceStub(self._channels.to("routing"))

    @cached_property
    def resolution(self) -> ResolutionServiceStub:
        """Makes it right."""
        return ResolutionServiceStub(self._channels.to("resolution"))

    @cached_property
    def followup(self) -> FollowUpServiceStub:
        """Asks weeks later."""
        return FollowUpServiceStub(self._channels.to("followup"))

    @cached_property
    def commerce(self) -> CommerceServiceStub:
        """The merchant's side."""
        return CommerceServiceStub(self._channels.to("commerce"))

    @cached_property
    def privacy(self) -> Mapping[str, PrivacyServiceStub]:
        """Forgetting, by service."""
        return {name: PrivacyServiceStub(self._channels.to(name)) for name in LOGS}

    @cached_property
    def logs(self) -> Mapping[str, EventLogServiceStub]:
        """What each service stored, by service."""
        return {name: EventLogServiceStub(self._channels.to(name)) for name in LOGS}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every connection."""
        self._channels.close()


class MintedToken:
    """A token source that signs its own tokens: the local stack only, where the key lies."""

    def __init__(self, key_file: Path, subject: str, tenant: str, role: Role) -> None:
        self._key = SigningKey.read(key_file)
        self._who = (subject, tenant, role)
        self._token = ""
        self._mint_again_at = 0.0

    def __call__(self) -> str:
        """A token with at least half of its life before it."""
        if time.time() >= self._mint_again_at:
            subject, tenant, role = self._who
            self._token = self._key.mint(subject, tenant, [role], _LIFE)
            self._mint_again_at = time.time() + _LIFE.total_seconds() / 2
        return self._token


def whole_case(intake: IntakeServiceStub, escalation_id: str) -> intake_service_pb2.CaseFile:
    """The case file with all of its timeline and contacts, however many parts they come in."""
    request = intake_service_pb2.GetEscalationRequest(escalation_id=escalation_id)
    answer = intake.GetEscalation(request)
    whole = answer.case_file
    while answer.next_timeline_page_token:
        request.timeline_page_token = answer.next_timeline_page_token
        answer = intake.GetEscalation(request)
        earlier = answer.case_file
        later_entries, later_contacts = list(whole.timeline), list(whole.contacts)
        del whole.timeline[:], whole.contacts[:]
        whole.timeline.extend([*earlier.timeline, *later_entries])
        whole.contacts.extend([*earlier.contacts, *later_contacts])
    return whole


def new_request_id() -> str:
    """A request id for one new command; keep it to repeat that command safely."""
    return str(uuid.uuid4())
