"""Asks a gRPC server for its health by the standard protocol."""

import grpc
from grpc_health.v1 import health_pb2

_LIMIT = 2.0  # seconds


def channel_to(address: str) -> grpc.Channel:
    """A channel to a server on this machine, past any proxy that the environment names."""
    return grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)])


def is_serving(channel: grpc.Channel, service: str = "") -> bool:
    """Whether the server, or one service of it, says SERVING; raises when it does not answer."""
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    answer = check(health_pb2.HealthCheckRequest(service=service), timeout=_LIMIT)
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
