"""Examples: one whole request for every RPC, as docs/api.md shows it."""

from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from proto.describe import examples

_EXAMPLES = examples()


def request_of(rpc: MethodDescriptor) -> Message:
    """A request that breaks no rule, with every field that a caller would fill in.

    Raises:
        KeyError: nobody has written one; a test of docs/api.md names it.
    """
    message = GetMessageClass(rpc.input_type)()
    return json_format.ParseDict(_EXAMPLES[f"{rpc.containing_service.name}.{rpc.name}"], message)
