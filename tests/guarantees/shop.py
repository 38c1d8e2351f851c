"""A shop of its own on the shared stack: a tenant with its people, its goods and its cases."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from google.type import money_pb2

from amends.client import Caller, MintedToken, new_request_id
from amends.rpc.channel import Metadata, as_tenant
from amends.rpc.eventlog import read_events
from amends.rpc.identity import CALLER
from amends.v1 import (
    event_pb2,
    followup_events_pb2,
    followup_service_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
    types_pb2,
)
from amends.values.identity import Role
from deploy.demo.cast import Cast, wait_for
from tests.guarantees.calling import bearer

SAID = "Zebulon Quist of 12 Larch Row"
"""Stands in every text that a person says here, and may stand in no refusal and no log."""
CREW, CHIEF = "dm_crew", "dm_chief"
RHEA, OTTO, BESS = "rhea", "otto", "bess"
_SUBJECTS = {Role.DECISION_MAKER: RHEA}
_TEN_POUNDS = money_pb2.Money(currency_code="GBP", units=10)
_LIMIT = money_pb2.Money(currency_code="GBP", units=5_000)


class Shop:
    """Everybody of one tenant, and what they do step by step."""

    def __init__(self, cast: Cast, tenant: str) -> None:
        assert cast.settings.signing_key_file is not None
        self.cast = cast
        self.tenant = tenant
        self.order = f"SM-{tenant}"
        self.spare = f"dm_{tenant}"
        self.customer = SAID
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

    # -- what there is -------------------------------------------------------------------------

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

    # -- what happens in a case ------------------------------------------------------------------

    def opening(self, **fields: Any) -> intake_service_pb2.OpenEscalationRequest:  # noqa: ANN401
        """A customer says that something is wrong."""
        given: dict[str, Any] = {
            "request_id": new_request_id(),
            "channel": types_pb2.CHANNEL_CHAT,
            "cause": types_pb2.CAUSE_DAMAGED,
            "customer": self.customer,
            "words": f"{SAID}: it fell apart",
            **fields,
        }
        return intake_service_pb2.OpenEscalationRequest(**given)

    def open(self, **fields: Any) -> str:  # noqa: ANN401 - what each field takes
        """A case of a customer of its own."""
        customer = f"{SAID} {new_request_id()}"
        request = self.opening(**{"customer": customer, **fields})
        return self.caller(Role.PLATFORM).intake.OpenEscalation(request).escalation_id

    def assigned(self, escalation: str) -> str:
        """The assignment that waits for somebody of the crew."""
        request = routing_service_pb2.ListAssignmentsRequest(page_size=500)

        def waiting() -> str:
            queue = self.caller(Role.DECISION_MAKER).routing.ListAssignments(request)
            return next(
                (one.assignment_id for one in queue.assignments if one.escalation_id == escalation),
                "",
            )

        return wait_for(waiting, f"{escalation} is assigned")

    def accepted(self, assignment: str) -> routing_service_pb2.AcceptAssignmentResponse:
        """Rhea takes it."""
        request = routing_service_pb2.AcceptAssignmentRequest(
            request_id=new_request_id(), assignment_id=assignment
        )
        return self.caller(Role.DECISION_MAKER).routing.AcceptAssignment(request)

    def restated(self, escalation: str) -> intake_service_pb2.RestateProblemResponse:
        """Rhea says it back."""
        request = intake_service_pb2.RestateProblemRequest(
            request_id=new_request_id(), escalation_id=escalation, words=f"{SAID} has it broken"
        )
        return self.caller(Role.DECISION_MAKER).intake.RestateProblem(request)

    def offered(self, escalation: str) -> resolution_service_pb2.MakeOfferResponse:
        """Rhea offers a coupon."""
        coupon = resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_COUPON, amount=_TEN_POUNDS
        )
        request = resolution_service_pb2.MakeOfferRequest(
            request_id=new_request_id(),
            escalation_id=escalation,
            remedies=[coupon],
            explanation=f"{SAID} was unlucky",
            apology=f"{SAID}, we are sorry",
        )
        return self.caller(Role.DECISION_MAKER).resolution.MakeOffer(request)

    def told(self, escalation: str) -> str:
        """Rhea writes the answer and the platform delivers it; the response's id."""
        sent = self.caller(Role.DECISION_MAKER).resolution.SendResponse(
            resolution_service_pb2.SendResponseRequest(
                request_id=new_request_id(),
                escalation_id=escalation,
                kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
                words=f"{SAID}, it is on its way",
            )
        )
        self.caller(Role.PLATFORM).resolution.ConfirmDelivery(
            resolution_service_pb2.ConfirmDeliveryRequest(
                request_id=new_request_id(),
                escalation_id=escalation,
                response_id=sent.response_id,
            )
        )
        return sent.response_id

    def handed_over(self, escalation: str) -> str:
        """Rhea offers it to the chief; the hand-over's id."""
        request = routing_service_pb2.HandOverRequest(
            request_id=new_request_id(),
            escalation_id=escalation,
            to_decision_maker_id=CHIEF,
            reason=routing_events_pb2.HAND_OVER_REASON_WORKLOAD,
            note=f"{SAID} is waiting",
        )
        return self.caller(Role.DECISION_MAKER).routing.HandOver(request).hand_over_id

    def answered(self, escalation: str, offer: str) -> None:
        """The customer takes what is offered."""
        request = resolution_service_pb2.AnswerOfferRequest(
            request_id=new_request_id(),
            escalation_id=escalation,
            offer_id=offer,
            answer=resolution_service_pb2.OFFER_ANSWER_ACCEPT,
        )
        self.caller(Role.PLATFORM).resolution.AnswerOffer(request)

    def confirmed(self, escalation: str) -> None:
        """The customer says yes to the first restatement."""
        request = intake_service_pb2.ConfirmProblemRequest(
            request_id=new_request_id(), escalation_id=escalation, restatement=1, evidence=SAID
        )
        self.caller(Role.PLATFORM).intake.ConfirmProblem(request)

    def follow_up(
        self, escalation: str, state: followup_service_pb2.FollowUpState
    ) -> followup_service_pb2.GetFollowUpResponse:
        """The follow-up, once it has come to that."""
        request = followup_service_pb2.GetFollowUpRequest(escalation_id=escalation)

        def there() -> followup_service_pb2.GetFollowUpResponse | None:
            found = self.caller(Role.OPERATIONS).followup.GetFollowUp(request)
            return found if found.state == state else None

        return wait_for(there, f"the follow-up of {escalation} comes to {state}")

    def pleased(self, escalation: str) -> None:
        """The customer says that it is solved."""
        request = followup_service_pb2.RecordFollowUpRequest(
            request_id=new_request_id(),
            escalation_id=escalation,
            solved=True,
            pleased=True,
            staying=followup_events_pb2.STAYING_YES,
            words=f"{SAID} says thank you",
        )
        self.caller(Role.PLATFORM).followup.RecordFollowUp(request)

    def case_file(self, escalation: str) -> intake_service_pb2.CaseFile:
        """The whole case as it stands."""
        request = intake_service_pb2.GetEscalationRequest(escalation_id=escalation)
        return self.caller(Role.OPERATIONS).intake.GetEscalation(request).case_file

    def closed(self, escalation: str) -> None:
        """Waits until the case is closed."""
        wait_for(
            lambda: self.case_file(escalation).stage == types_pb2.STAGE_CLOSED,
            f"{escalation} is closed",
        )

    # -- what was said -----------------------------------------------------------------------------

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
