"""Moments that may be unset."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from amends.eventstore.records import to_timestamp


def moment(at: datetime | None) -> Timestamp | None:
    """None where there is none."""
    return None if at is None else to_timestamp(at)
