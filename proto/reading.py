"""What the contract says, read once: its modules, its comments, its types in words."""

import importlib
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import FieldDescriptor

from proto import generate

PACKAGE = "amends.v1."


def _place(service: str) -> int:
    return _ORDER.index(service) if service in _ORDER else len(_ORDER)


def names(pattern: str) -> list[str]:
    return sorted(path.stem for path in (generate.PROTO / "amends" / "v1").glob(pattern))


def module(name: str) -> Any:  # noqa: ANN401 - a FileDescriptor, whose services have no type
    return importlib.import_module(f"{PACKAGE}{name}_pb2").DESCRIPTOR


def services() -> list[Any]:
    files = [module(name) for name in names("*_service.proto")]
    found = [service for file in files for service in file.services_by_name.values()]
    return sorted(found, key=lambda service: _place(service.name))


def comment(full_name: str) -> str:
    return _comments().get(full_name, "")


@cache
def _comments() -> dict[str, str]:
    """What stands above each thing of the contract, by its full name."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "amends.binpb"
        generate.image(Path(folder), file)
        image = descriptor_pb2.FileDescriptorSet.FromString(file.read_bytes())
    return {
        _named(proto, list(place.path)): _left(place.leading_comments)
        for proto in image.file
        if proto.package == PACKAGE.rstrip(".")
        for place in proto.source_code_info.location
        if place.leading_comments and place.path
    }


def _left(words: str) -> str:
    return "\n".join(line.strip() for line in words.strip().splitlines())


def _named(proto: Any, path: list[int]) -> str:  # noqa: ANN401 - a descriptor
    """The full name of what a path of source info points at ([4, 0, 2, 1]: a message's field)."""
    at, names = proto, [proto.package]
    while len(path) > 1:
        at = getattr(at, at.DESCRIPTOR.fields_by_number[path[0]].name)[path[1]]
        names.append(at.name)
        path = path[2:]
    return ".".join(names)


def type_of(field: FieldDescriptor, *, linked: bool = True) -> str:
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        key, value = (entry.fields_by_name[name] for name in ("key", "value"))
        return f"map of {_single(key, linked=linked)} to {_single(value, linked=linked)}"
    return ("repeated " if field.is_repeated else "") + _single(field, linked=linked)


def _single(field: FieldDescriptor, *, linked: bool) -> str:
    kind = field.message_type or field.enum_type
    if kind is None:
        names = descriptor_pb2.FieldDescriptorProto.Type.Name(field.type)
        return names.removeprefix("TYPE_").lower()
    ours = kind.full_name.startswith(PACKAGE)
    return f"[{kind.name}](#{kind.name.lower()})" if ours and linked else kind.name


def cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


_ORDER = (
    "IntakeService",
    "RoutingService",
    "ResolutionService",
    "FollowUpService",
    "PrivacyService",
    "EventLogService",
    "AlarmService",
    "CommerceService",
)
