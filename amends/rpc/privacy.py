"""PrivacyService: forgets a customer, for ever; alike in every service.

First the customer's cases are asked about, and their owners with them; then the keys are destroyed
in one transaction; then each case is told. A crash in between leaves destroyed keys and cases that
were not told: the same call, or another one for the same customer, finishes. The customer's
reference becomes a keyed digest at once and is neither kept nor logged.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, cast

import grpc
from sqlalchemy import Engine

from amends import telemetry
from amends.eventstore.answers import find_answer, remember_answer
from amends.eventstore.records import to_timestamp
from amends.eventstore.sealing import Vault, cases_of
from amends.eventstore.streams import StreamId
from amends.rpc.identity import call_of
from amends.v1 import event_pb2, privacy_service_pb2, privacy_service_pb2_grpc
from amends.values.forgetting import KeptByLaw, OpenClaim, PersonalData
from amends.values.identity import Call, CustomerDigest, Tenant, derived_request_id
from amends.values.refusal import Overtaken

_TRIES = 3


class Forgetting(Protocol):
    """What only the service itself knows of a customer's cases."""

    def open_claim(self, case: StreamId, /) -> OpenClaim | None:
        """What stands against forgetting: the case is not made right. Asks the owners first."""

    def record_until(self, cases: Sequence[StreamId], /) -> datetime | None:
        """Until when the law has the record of a payment kept; None where nothing was paid."""

    def tell(self, case: StreamId, record_until: datetime | None, call: Call, /) -> None:
        """Says in the case that its customer was forgotten; harmless when repeated."""


class PrivacyHandlers:
    """Forgets customers in one service's database."""

    def __init__(self, engine: Engine, vault: Vault, service: Forgetting) -> None:
        self._engine = engine
        self._vault = vault
        self._service = service

    def forget(self, reference: str, call: Call) -> privacy_service_pb2.ForgetCustomerResponse:
        """What can be read of the customer from now on: nothing but what the law has kept.

        Raises:
            KeptByLaw: one of the customer's cases is open; nothing was changed.
            DependencyUnavailable, grpc.RpcError: an owner must be asked and does not answer.
            RequestIdReused: the request id was used with another body.
        """
        with self._engine.connect() as conn:
            before = find_answer(conn, call)
        if before is not None:
            return cast("privacy_service_pb2.ForgetCustomerResponse", before)
        person = self._vault.customer_digest(call.actor.tenant, reference)
        self._destroy(call.actor.tenant, person)
        return self._told(person, call)

    def _destroy(self, tenant: Tenant, person: CustomerDigest) -> None:
        """Destroys the keys, unless they are; decides again where a case was opened meanwhile."""
        for _ in range(_TRIES):
            with self._engine.connect() as conn:
                if self._vault.standing(conn, tenant, person) is not None:
                    return
                cases = cases_of(conn, tenant, person)
            self._require_no_claim(cases)
            until = self._service.record_until(cases)
            with self._engine.connect() as conn:
                self._vault.forget(conn, tenant, person, record_until=until)
                # Behind the keys' locks: whoever opens a case from now on finds them destroyed.
                if cases_of(conn, tenant, person) == cases:
                    conn.commit()
                    telemetry.log().info("customer_forgotten", tenant=tenant, count=len(cases))
                    return
        raise Overtaken

    def _require_no_claim(self, cases: Sequence[StreamId]) -> None:
        claims = [claim for case in cases if (claim := self._service.open_claim(case)) is not None]
        if claims:
            raise KeptByLaw(max(claims, key=lambda claim: claim.until))

    def _told(
        self, person: CustomerDigest, call: Call
    ) -> privacy_service_pb2.ForgetCustomerResponse:
        """Tells each case, and remembers the answer as the last of all."""
        tenant = call.actor.tenant
        with self._engine.connect() as conn:
            standing = self._vault.standing(conn, tenant, person) or {}
            cases = cases_of(conn, tenant, person)
        for case in cases:
            self._service.tell(case, standing.get(PersonalData.RECORD), _caused_by(call, case))
        response = privacy_service_pb2.ForgetCustomerResponse(
            forgotten=[_number(data) for data, until in standing.items() if until is None],
            kept=[_kept(data, until) for data, until in standing.items() if until is not None],
            cases=len(cases),
        )
        with self._engine.begin() as conn:
            remember_answer(conn, call, response)
        return response


class PrivacyServicer(privacy_service_pb2_grpc.PrivacyServiceServicer):
    """The gRPC edge of forgetting."""

    def __init__(self, handlers: PrivacyHandlers) -> None:
        self._handlers = handlers

    def ForgetCustomer(  # noqa: N802 - gRPC's name
        self, request: privacy_service_pb2.ForgetCustomerRequest, context: grpc.ServicerContext
    ) -> privacy_service_pb2.ForgetCustomerResponse:
        """What is forgotten, and what the law has kept."""
        return self._handlers.forget(request.customer, call_of(context, request))


def _caused_by(call: Call, case: StreamId) -> Call:
    """The call that tells one case: the same for each repeat of this one."""
    return replace(
        call,
        request_id=derived_request_id(call.request_id, call.rpc, case.subject),
        request_digest=b"",
        causation_id=call.request_id,
    )


def _kept(data: PersonalData, until: datetime) -> privacy_service_pb2.KeptData:
    return privacy_service_pb2.KeptData(
        data=_number(data),
        reason=privacy_service_pb2.KEPT_REASON_PAYMENT_RECORD,
        until=to_timestamp(until),
    )


def _number(data: PersonalData) -> Any:  # noqa: ANN401 - an enum's value, as its type stubs say
    return event_pb2.PersonalData.Value(f"PERSONAL_DATA_{data.name}")
