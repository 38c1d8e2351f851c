"""Intake's case file, asked at the moment when it is needed."""

from dataclasses import dataclass

from amends.eventstore.codec import from_message
from amends.rpc.channel import Channels
from amends.v1 import intake_service_pb2
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.values.deadline import NeedBy
from amends.values.identity import Call, EscalationId
from services.resolution.gateways.asking import asking, for_tenant


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What intake knows and this service does not keep: references in clear, the yes.

    `customer` and `order` are empty where there is none, or where the customer was forgotten.
    """

    customer: str
    order: str
    need_by: NeedBy | None
    confirmed: bool


class CaseFiles:
    """Intake, asked at the moment when its answer is needed."""

    def __init__(self, channels: Channels) -> None:
        self._intake = IntakeServiceStub(channels.to("intake"))

    def of(self, call: Call, escalation: EscalationId) -> CaseFile:
        """The case as it stands at intake now."""
        request = intake_service_pb2.GetEscalationRequest(escalation_id=escalation)
        with asking("intake"):
            answer = self._intake.GetEscalation(request, metadata=for_tenant(call))
            found = answer.case_file
            need_by = from_message(found.need_by, NeedBy) if found.HasField("need_by") else None
        return CaseFile(found.customer, found.order, need_by, found.restatement.confirmed)
