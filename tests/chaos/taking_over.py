"""The other process: it brings to an end what a frozen one holds, and pays another way instead."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy import make_url

from amends.client import Caller, MintedToken, new_request_id
from amends.rpc.channel import as_tenant
from amends.settings import Settings
from amends.v1 import intake_service_pb2, resolution_events_pb2, types_pb2
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Role
from deploy.demo.cast import patiently
from tests.chaos.load import REFUND, TENANTS

# Remedies of a case are carried out one after the other: only the last one may be under way.
_HELD = """
    SELECT stream_id, data FROM events AS began
    WHERE type = 'amends.v1.RemedyStarted' AND NOT EXISTS (
        SELECT FROM events AS later
        WHERE later.stream_id = began.stream_id AND later.version > began.version
            AND later.type IN ('amends.v1.RefundSubmitted', 'amends.v1.RemedyFailed',
                'amends.v1.CreditIssued', 'amends.v1.ReplacementOrdered')
    )
"""
_NOTHING_LEFT = "UPDATE payments SET refunded_minor = captured_minor WHERE order_ref = %s"
_ALL_LEFT = "UPDATE payments SET refunded_minor = 0 WHERE order_ref = %s"


@dataclass(frozen=True, slots=True)
class Held:
    """A refund that was begun and has no outcome yet."""

    tenant: str
    escalation: str
    remedy: str


class TakingOver:
    """Speaks with the second process of resolution, at `address`, for everybody of a case."""

    def __init__(self, environment: Mapping[str, str], address: str) -> None:
        self._settings = Settings.of(environment)
        self._addresses = {**self._settings.addresses, "resolution": address}
        self._service = self._caller("amends", "*", Role.SERVICE)
        self._people = {
            (tenant, role): self._caller(subject, tenant, role)
            for tenant in TENANTS
            for subject, role in (("bench", Role.DECISION_MAKER), ("voice-desk", Role.PLATFORM))
        }

    def held(self) -> list[Held]:
        """Every refund that somebody has begun."""
        found = []
        for stream, data in self._ask("resolution", _HELD):
            began = resolution_events_pb2.RemedyStarted.FromString(data)
            if began.kind == types_pb2.REMEDY_KIND_REFUND:
                tenant = stream.split("/")[0]
                found.append(Held(tenant, began.escalation_id, began.remedy_id))
        return found

    def carries_out(self, held: Held) -> int:
        """Brings it to an outcome; its state then."""
        request = pb.CarryOutRemedyRequest(
            request_id=new_request_id(),
            escalation_id=held.escalation,
            remedy_id=held.remedy,
        )
        carry_out = partial(
            self._service.resolution.CarryOutRemedy,
            metadata=as_tenant(held.tenant),
            wait_for_ready=True,
        )
        return patiently(carry_out, request).state

    def replaces(self, held: Held) -> None:
        """Its owner offers the same money once more in its place; it is accepted and paid."""
        owner = self._people[held.tenant, Role.DECISION_MAKER].resolution
        instead = pb.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_REFUND, amount=REFUND, in_place_of=held.remedy
        )
        made = patiently(
            owner.MakeOffer,
            pb.MakeOfferRequest(
                request_id=new_request_id(),
                escalation_id=held.escalation,
                remedies=[instead],
                explanation="The bank did not take it the first time.",
                apology="I am sorry that it takes so long.",
            ),
        )
        patiently(
            self._people[held.tenant, Role.PLATFORM].resolution.AnswerOffer,
            pb.AnswerOfferRequest(
                request_id=new_request_id(),
                escalation_id=held.escalation,
                offer_id=made.offer_id,
                answer=pb.OFFER_ANSWER_ACCEPT,
            ),
        )
        [paid] = made.remedies
        self.carries_out(Held(held.tenant, held.escalation, paid.remedy_id))

    @contextmanager
    def refusing(self, held: Held) -> Iterator[None]:
        """Inside, nothing is left at the merchant of what was paid for the order."""
        platform = self._people[held.tenant, Role.PLATFORM].intake
        request = intake_service_pb2.GetEscalationRequest(escalation_id=held.escalation)
        order = platform.GetEscalation(request).case_file.order
        self._ask("commerce", _NOTHING_LEFT, order)
        try:
            yield
        finally:
            self._ask("commerce", _ALL_LEFT, order)

    def _caller(self, subject: str, tenant: str, role: Role) -> Caller:
        assert self._settings.signing_key_file is not None
        token = MintedToken(self._settings.signing_key_file, subject, tenant, role)
        return Caller(self._addresses, token)

    def _ask(self, service: str, statement: str, *values: str) -> list[tuple[Any, ...]]:
        url = make_url(self._settings.database_url_for(service)).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
            done = connection.execute(statement.encode(), values or None)
            return list(done) if done.description else []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for caller in (self._service, *self._people.values()):
            caller.close()
