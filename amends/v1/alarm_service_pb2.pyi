from amends.v1 import access_pb2 as _access_pb2
from amends.v1 import event_pb2 as _event_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
