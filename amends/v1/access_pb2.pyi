from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_PLATFORM: _ClassVar[Role]
    ROLE_HANDLER: _ClassVar[Role]
    ROLE_DECISION_MAKER: _ClassVar[Role]
    ROLE_REVIEWER: _ClassVar[Role]
    ROLE_OPERATIONS: _ClassVar[Role]
    ROLE_AUDITOR: _ClassVar[Role]
    ROLE_PARTNER: _ClassVar[Role]
    ROLE_MERCHANT: _ClassVar[Role]
    ROLE_SERVICE: _ClassVar[Role]
ROLE_UNSPECIFIED: Role
ROLE_PLATFORM: Role
ROLE_HANDLER: Role
ROLE_DECISION_MAKER: Role
ROLE_REVIEWER: Role
ROLE_OPERATIONS: Role
ROLE_AUDITOR: Role
ROLE_PARTNER: Role
ROLE_MERCHANT: Role
ROLE_SERVICE: Role
ACCESS_FIELD_NUMBER: _ClassVar[int]
access: _descriptor.FieldDescriptor

class Access(_message.Message):
    __slots__ = ("roles",)
    ROLES_FIELD_NUMBER: _ClassVar[int]
    roles: _containers.RepeatedScalarFieldContainer[Role]
    def __init__(self, roles: _Optional[_Iterable[_Union[Role, str]]] = ...) -> None: ...
