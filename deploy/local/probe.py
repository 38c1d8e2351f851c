"""Asks a part whether it is ready."""

import grpc
import psycopg
from kafka.errors import KafkaError

from deploy.local.part import Part

# All the ways in which a part that is not there yet says so.
_NOT_YET = (OSError, grpc.RpcError, psycopg.OperationalError, KafkaError)


def answers(part: Part) -> bool:
    """Whether it is ready now; a part that cannot be reached is not."""
    try:
        return part.ready()
    except _NOT_YET:
        return False
