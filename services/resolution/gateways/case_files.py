"""Intake's case file, asked at the moment when it is needed."""

from dataclasses import dataclass

from amends.eventstore.codec import from_message
from amends.rpc.channel import Channels
from amends.v1 import intake_service_pb2
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.values.deadline import NeedBy
from amends.values.identity import Call, EscalationId
from amends.values.remedy import RemedySought
from services.resolution.domain.merchant import OrderNotFound
from services.resolution.gateways.asking import asking, for_tenant


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What intake knows and this service does not keep: references in clear, the yes.

    `customer` and `order` are empty where there is none, or where the customer was forgotten;
    `remedy_sought` is None where the customer did not say what would be fair.
    """

    customer: str
    order: str
    need_by: NeedBy | None
    confirmed: bool
    remedy_sought: RemedySought | None = None

    def order_of(self, escalation: EscalationId) -> str:
        """The order; OrderNotFound where the case names none."""
        if not self.order:
            raise OrderNotFound(escalation)
        return self.order


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
            sought = from_message(found.remedy_sought, RemedySought)
        return CaseFile(
            customer=found.customer,
            order=found.order,
            need_by=need_by,
            confirmed=found.restatement.confirmed,
            remedy_sought=sought if sought.kinds else None,
        )
