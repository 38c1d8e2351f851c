"""What the stories about money have beside the rest: it is sent, and days later it is there."""

from datetime import timedelta

from amends.v1 import resolution_service_pb2, types_pb2
from deploy.demo.cast import wait_for
from deploy.demo.story import Story, instant


class MoneyBack(Story):
    """A story whose customer gets money back."""

    def money_is_sent(self) -> resolution_service_pb2.OfferedRemedyState:
        """The workflow has the merchant send the money, once; nobody says "refunded" yet."""
        return self._money(resolution_service_pb2.REMEDY_STATE_SUBMITTED, "the money is sent")

    def money_arrives(self) -> resolution_service_pb2.OfferedRemedyState:
        """Days later the customer has it; only now it is refunded."""
        expected = instant(self.money_is_sent().refund.expected_by)
        self.cast.move_to(expected - timedelta(minutes=30))
        return self._money(resolution_service_pb2.REMEDY_STATE_COMPLETED, "the money is credited")

    def _money(self, state: int, what: str) -> resolution_service_pb2.OfferedRemedyState:
        return wait_for(lambda: self.remedy(types_pb2.REMEDY_KIND_REFUND, state), what)
