"""Cases that nobody of the shop may decide, so that they take no place in anybody's queue."""

import uuid
from typing import Any

from google.type import money_pb2

from amends.client import new_request_id
from amends.v1 import intake_service_pb2 as pb
from amends.v1 import types_pb2
from tests.unit.rpc.serving import opening

MILLION = types_pb2.RemedySought(
    kinds=["REMEDY_KIND_REFUND"],
    amount=money_pb2.Money(currency_code="GBP", units=1_000_000),
)


def beyond_everybody(**fields: Any) -> pb.OpenEscalationRequest:  # noqa: ANN401 - what each field takes
    """A customer who asks for more than anybody may grant."""
    order = f"SM-{uuid.uuid4().hex[:8]}"
    asked = {"request_id": new_request_id(), "order": order, "remedy_sought": MILLION}
    return opening(**{**asked, **fields})
