"""Whether any broker listens, asked before a client is made.

A kafka-python client (3.0.12) whose bootstrap fails leaves its thread and its sockets behind, so
none is made in vain while Kafka is away.
"""

import socket

from kafka.errors import KafkaConnectionError

_SECONDS = 2.0


def require_broker(bootstrap: str) -> None:
    """Returns when one of the brokers (host:port, comma between) takes connections.

    Raises:
        kafka.errors.KafkaConnectionError: none does.
    """
    if not any(_listens(address) for address in bootstrap.split(",")):
        raise KafkaConnectionError(f"no broker listens at {bootstrap}")


def _listens(address: str) -> bool:
    host, _, port = address.strip().rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _SECONDS).close()
    except OSError:
        return False
    return True
