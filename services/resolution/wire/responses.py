"""What is said to the customer, as the contract spells it."""

from datetime import datetime

from amends.eventstore.codec import from_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, ResponseId
from services.resolution.domain.responses import Responses, SendResponse


def send_response(request: pb.SendResponseRequest, call: Call, at: datetime) -> SendResponse:
    """What is to be said; no words are None."""
    response = ResponseId(call.new_id("rsp_"))
    return from_message(request, SendResponse, response=response, by=call.who, at=at)


def sent_response(command: SendResponse, recorded: Recorded[Responses]) -> pb.SendResponseResponse:
    """What was sent, or the acknowledgement that stood already."""
    sent = recorded.state.answered_with(command).sent
    return pb.SendResponseResponse(
        response_id=sent.response,
        deliver_by=to_timestamp(sent.deliver_by),
        version=recorded.version,
    )
