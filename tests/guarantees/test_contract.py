"""What was released stays callable: `buf breaking` compares every change with it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool

from amends.v1 import access_pb2
from deploy.local.home import CHECKOUT
from tests.contract import rpcs

RELEASED = CHECKOUT / "proto" / "released.binpb"
BUF = Path(sys.executable).parent / "buf"


def released() -> FileDescriptorSet:
    return FileDescriptorSet.FromString(RELEASED.read_bytes())


def breaking(today: FileDescriptorSet | Path, folder: Path) -> str:
    """What `buf breaking` says about a contract; empty where it breaks nothing."""
    image = folder / "today.binpb"
    if isinstance(today, Path):
        image = today
    else:
        image.write_bytes(today.SerializeToString())
    config = CHECKOUT / "proto" / "buf.yaml"
    checked = subprocess.run(
        [BUF, "breaking", image, "--against", RELEASED, "--config", config],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stderr == ""
    return checked.stdout


def file_of(image: FileDescriptorSet, name: str) -> descriptor_pb2.FileDescriptorProto:
    return next(file for file in image.file if file.name == f"amends/v1/{name}.proto")


def message_of(image: FileDescriptorSet, file: str, name: str) -> descriptor_pb2.DescriptorProto:
    return next(one for one in file_of(image, file).message_type if one.name == name)


def field_of(image: FileDescriptorSet, name: str) -> FieldDescriptorProto:
    """A field of ReplacementFailed, for one."""
    message = message_of(image, "resolution_events", "ReplacementFailed")
    return next(field for field in message.field if field.name == name)


def test_todays_contract_breaks_nothing_that_was_released(tmp_path: Path) -> None:
    image = tmp_path / "amends.binpb"
    subprocess.run(
        [sys.executable, "proto/generate.py", "--image", image], cwd=CHECKOUT, check=True
    )
    assert breaking(image, tmp_path) == ""


def _without_a_field(image: FileDescriptorSet) -> None:
    del message_of(image, "resolution_events", "ReplacementFailed").field[2]


def _with_a_field_renumbered(image: FileDescriptorSet) -> None:
    field_of(image, "reason").number = 9


def _with_a_field_renamed(image: FileDescriptorSet) -> None:
    field_of(image, "reason").name = "cause"


def _with_a_field_of_another_type(image: FileDescriptorSet) -> None:
    field_of(image, "reason").type = FieldDescriptorProto.TYPE_BYTES


def _with_a_field_repeated(image: FileDescriptorSet) -> None:
    field_of(image, "reason").label = FieldDescriptorProto.LABEL_REPEATED


def _without_an_event(image: FileDescriptorSet) -> None:
    messages = file_of(image, "followup_events").message_type
    del messages[[one.name for one in messages].index("FollowUpMissed")]


def _without_an_rpc(image: FileDescriptorSet) -> None:
    del file_of(image, "intake_service").service[0].method[-1]


def _with_another_answer(image: FileDescriptorSet) -> None:
    method = file_of(image, "intake_service").service[0].method[0]
    method.output_type = ".amends.v1.RecordContactResponse"


def _with_a_stream_that_was_none(image: FileDescriptorSet) -> None:
    file_of(image, "intake_service").service[0].method[0].server_streaming = True


def _without_a_value(image: FileDescriptorSet) -> None:
    del file_of(image, "types").enum_type[0].value[-1]


def _with_a_value_renamed(image: FileDescriptorSet) -> None:
    file_of(image, "types").enum_type[0].value[-1].name = "CHANNEL_OUTREACH"


def _with_a_message_in_another_file(image: FileDescriptorSet) -> None:
    moved = message_of(image, "followup_events", "FollowUpMissed")
    file_of(image, "followup_service").message_type.append(moved)
    _without_an_event(image)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without_a_field, 'Previously present field "3" with name "reason"'),
        (_with_a_field_renumbered, 'Previously present field "3" with name "reason"'),
        (_with_a_field_renamed, 'changed name from "reason" to "cause"'),
        (_with_a_field_of_another_type, 'changed type from "string" to "bytes"'),
        (_with_a_field_repeated, "changed cardinality"),
        (_without_an_event, 'Previously present message "FollowUpMissed"'),
        (_without_an_rpc, 'Previously present RPC "WatchEscalation"'),
        (_with_another_answer, "changed response type"),
        (_with_a_stream_that_was_none, "changed from server unary to server streaming"),
        (_without_a_value, 'Previously present enum value "8"'),
        (_with_a_value_renamed, 'changed name from "CHANNEL_PROACTIVE"'),
        (_with_a_message_in_another_file, 'Previously present message "FollowUpMissed"'),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_change_that_breaks_a_caller_is_refused(
    change: Callable[[FileDescriptorSet], None], said: str, tmp_path: Path
) -> None:
    today = released()
    change(today)
    assert said in breaking(today, tmp_path)


def test_what_is_added_breaks_nobody(tmp_path: Path) -> None:
    today = released()
    message = message_of(today, "resolution_events", "ReplacementFailed")
    message.field.add().CopyFrom(message.field[2])
    message.field[-1].MergeFrom(FieldDescriptorProto(name="more", number=4, json_name="more"))
    events = file_of(today, "followup_events")
    events.message_type.add(name="FollowUpRepeated")
    events.enum_type[0].value.add(name="STAYING_PERHAPS", number=4)
    service = file_of(today, "intake_service").service[0]
    service.method.add().CopyFrom(service.method[0])
    service.method[-1].name = "ReopenEscalation"
    assert breaking(today, tmp_path) == ""


def test_who_could_call_an_rpc_when_it_was_released_still_may() -> None:
    pool = DescriptorPool()
    for file in released().file:
        pool.Add(file)
    now = {rpc.full_name: _roles(rpc.GetOptions().SerializeToString()) for rpc in rpcs()}
    lost = {}
    for name, roles in now.items():
        if gone := _roles_when_released(pool, name) - roles:
            lost[name] = gone
    assert lost == {}


def _roles_when_released(pool: DescriptorPool, name: str) -> set[str]:
    try:
        return _roles(pool.FindMethodByName(name).GetOptions().SerializeToString())
    except KeyError:
        return set()


def _roles(options: bytes) -> set[str]:
    extensions: Any = descriptor_pb2.MethodOptions.FromString(options).Extensions
    return {access_pb2.Role.Name(role) for role in extensions[access_pb2.access].roles}
