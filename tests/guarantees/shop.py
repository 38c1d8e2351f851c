"""A shop of its own on the shared stack: a tenant with its people, its goods and its cases."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from google.type import money_pb2

from amends.client import Caller, MintedToken, new_request_id
from amends.rpc.channel import Metadata, as_tenant
from amends.rpc.eventlog import read_events
from amends.rpc.identity import CALLER
from amends.v1 import (
    event_pb2,
    followup_service_pb2,
    intake_service_pb2,
    resolution_service_pb2,
    routing_service_pb2,
)
from amends.values.identity import Role
from deploy.demo.cast import Cast
from tests.guarantees.calling import bearer
from tests.guarantees.desk import CHIEF, Desk

CREW = "dm_crew"
RHEA, OTTO, BESS = "rhea", "otto", "bess"
_SUBJECTS = {Role.DECISION_MAKER: RHEA}
_LIMIT = money_pb2.Money(currency_code="GBP", units=5_000)


class Shop(Desk):
    """Everybody of one tenant, and what they do step by step."""

    def __init__(self, cast: Cast, tenant: str) -> None:
        assert cast.settings.signing_key_file is not None
        self.cast = cast
        self.tenant = tenant
        self.order = f"SM-{tenant}"
        self.spare = f"dm_{tenant}"
        self._key = cast.settings.signing_key_file
        self._tokens: dict[tuple[Role, str], MintedToken] = {}
        self._callers: dict[str, Caller] = {}

    def token(self, role: Role, subject: str = "") -> MintedToken:
        """Mints for somebody of this tenant; the subject says whose events are theirs."""
        tenant = "*" if role is Role.SERVICE else self.tenant
        return MintedToken(self._key, subject or f"{self.tenant}-{role.value}", tenant, role)

    def metadata(self, role: Role, subject: str = "") -> Metadata:
        """The credentials of somebody in a role; a service acts for the owner where it may."""
        credentials = bearer(self._held(role, subject)())
        if role is not Role.SERVICE:
            return credentials
        owner = (CALLER, self._held(Role.DECISION_MAKER)())
        return (*credentials, *as_tenant(self.tenant), owner)

    def _held(self, role: Role, subject: str = "") -> MintedToken:
        who = (role, subject or _SUBJECTS.get(role, ""))
        if who not in self._tokens:
            self._tokens[who] = self.token(*who)
        return self._tokens[who]

    def caller(self, role: Role, subject: str = "") -> Caller:
        """A program of theirs."""
        name = subject or role.value
        if name not in self._callers:
            token = self.token(role, subject or _SUBJECTS.get(role, ""))
            self._callers[name] = Caller(self.cast.settings.addresses, token)
        return self._callers[name]

    def close(self) -> None:
        """Ends every connection."""
        for caller in self._callers.values():
            caller.close()

    def stock(self) -> None:
        """The merchant has the customer of the demo, under an order of this shop's own."""
        arguments = ["--at", self.cast.now().isoformat(), "--shoes", self.order]
        subprocess.run(
            [
                sys.executable,
                "-m",
                "services.commerce",
                "seed",
                *arguments,
                "--tenant",
                self.tenant,
            ],
            env=dict(self.cast.environment),
            check=True,
            capture_output=True,
        )

    def enter_directory(self) -> str:
        """A crew of two that is asked first, their chief, and one to spare; the id of his grant."""
        everybody = (
            (CHIEF, "DECISION_MAKER_KIND_PERSON", [BESS], 2),
            (CREW, "DECISION_MAKER_KIND_TEAM", [RHEA, OTTO], 1),
            (self.spare, "DECISION_MAKER_KIND_PERSON", ["sam"], 100),
        )
        grant = ""
        for holder, kind, subjects, seniority in everybody:
            entry = routing_service_pb2.DecisionMaker(
                decision_maker_id=holder,
                kind=kind,
                public_name=holder.removeprefix("dm_").title(),
                subjects=subjects,
                seniority=seniority,
                capacity=1000,
            )
            self.caller(Role.OPERATIONS).routing.UpdateDecisionMaker(
                routing_service_pb2.UpdateDecisionMakerRequest(
                    request_id=new_request_id(), decision_maker=entry, allow_missing=True
                )
            )
            for action in ("REFUND", "RESHIP", "GOODWILL", "EXPEDITED_SHIPPING"):
                grant = self._granted(holder, f"ACTION_{action}")
        return grant

    def _granted(self, holder: str, action: str) -> str:
        request = routing_service_pb2.GrantAuthorityRequest(
            request_id=new_request_id(), decision_maker_id=holder, action=action, per_case=_LIMIT
        )
        return self.caller(Role.OPERATIONS).routing.GrantAuthority(request).grant_id

    def events(self, subject: str) -> Mapping[str, list[event_pb2.EventEnvelope]]:
        """Everything that each service said about a subject."""
        caller = self.caller(Role.SERVICE)
        acting = as_tenant(self.tenant)
        return {
            name: list(read_events(log, subject, metadata=acting))
            for name, log in caller.logs.items()
        }

    def said_by_us(self, *subjects: str) -> set[str]:
        """The ids of the events that people of this shop caused, not the workflow or the clock."""
        return {
            event.event_id
            for subject in subjects
            for events in self.events(subject).values()
            for event in events
            if event_pb2.EventMeta.FromString(event.meta).actor in self._ours
        }

    @property
    def _ours(self) -> set[str]:
        return {RHEA, OTTO, BESS, *(f"{self.tenant}-{role.value}" for role in Role)}

    def ids(self, cases: Sequence[str]) -> Mapping[str, list[str]]:
        """The ids of what has come of some cases, by their prefix."""
        operations = self.caller(Role.OPERATIONS)
        found: dict[str, list[str]] = {}
        queue = routing_service_pb2.ListAssignmentsRequest(include_decided=True, page_size=100)
        for one in operations.routing.ListAssignments(queue).assignments:
            found.setdefault("asg_", []).append(one.assignment_id)
            if one.hand_over.hand_over_id:
                found.setdefault("hov_", []).append(one.hand_over.hand_over_id)
        for escalation in cases:
            request = resolution_service_pb2.GetResolutionRequest(escalation_id=escalation)
            told = operations.resolution.GetResolution(request)
            found.setdefault("off_", []).extend(one.offer_id for one in told.offers)
            remedies = [one.remedy.remedy_id for offer in told.offers for one in offer.remedies]
            found.setdefault("rem_", []).extend(remedies)
            found.setdefault("rsp_", []).extend(one.response_id for one in told.responses)
            about = followup_service_pb2.GetFollowUpRequest(escalation_id=escalation)
            if follow_up := operations.followup.GetFollowUp(about).follow_up_id:
                found.setdefault("fup_", []).append(follow_up)
        return found

    def cases(self) -> int:
        """How many cases there are."""
        request = intake_service_pb2.ListEscalationsRequest(page_size=500)
        return len(self.caller(Role.OPERATIONS).intake.ListEscalations(request).escalations)


@contextmanager
def founded(cast: Cast, tenant: str) -> Iterator[Shop]:
    """A shop with its goods and its people."""
    shop = Shop(cast, tenant)
    shop.stock()
    try:
        yield shop
    finally:
        shop.close()
