"""One gRPC call as bytes on the wire, for headers that no client library would send."""

import socket
import struct

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEADERS, _DATA, _SETTINGS = 1, 0, 4
_END_STREAM, _END_HEADERS = 1, 4
_ENOUGH = 30.0  # seconds


def call(address: str, path: str, authorization: bytes) -> bytes:
    """Every byte that the server answers to an empty request, until it has told a status.

    What is told once in a connection stands in it as it is: names and values are not compressed.
    """
    host, port = address.rsplit(":", 1)
    headers = (
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":path", path.encode()),
        (b":authority", address.encode()),
        (b"content-type", b"application/grpc"),
        (b"te", b"trailers"),
        (b"authorization", authorization),
    )
    block = b"".join(b"\0" + _text(name) + _text(value) for name, value in headers)
    sent = (
        _PREFACE
        + _frame(_SETTINGS, 0, 0, b"")
        + _frame(_HEADERS, _END_HEADERS, 1, block)
        + _frame(_DATA, _END_STREAM, 1, b"\0" * 5)
    )
    with socket.create_connection((host, int(port)), timeout=_ENOUGH) as connection:
        connection.sendall(sent)
        answered = b""
        while b"grpc-message" not in answered:
            received = connection.recv(65536)
            if not received:
                break
            answered += received
    return answered


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    head = struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream)
    return head + payload


def _text(text: bytes) -> bytes:
    """A literal of HPACK: its length in seven bits and more, then the bytes."""
    most = 127
    if len(text) < most:
        return bytes((len(text),)) + text
    rest, length = len(text) - most, bytes((most,))
    while rest >= 1 << 7:
        length += bytes((rest % 128 + 128,))
        rest //= 128
    return length + bytes((rest,)) + text
