"""docs/events.md: every event with its owner, its fields, and which of them are sealed."""

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from proto.reading import cell, comment, module, names, type_of

_SEALED = "amends.v1.Sealed"
_EVENTS = """\
# The events

What each service says happened, as it stands in its log and on its topic `amends.<service>.v1`.
Written by `make proto` from `proto/`. The type is the protobuf full name, `amends.v1.<Event>`.

🔒 marks personal words: sealed with a key of their customer from the first event on, readable by
asking the service that said them, and by nobody once the customer is forgotten.

{contents}
"""


def events_page() -> str:
    """docs/events.md."""
    files = {name.removesuffix("_events"): module(name) for name in names("*_events.proto")}
    lists, chapters = [], []
    for owner, file in {**files, "every service": module("event")}.items():
        every = file.message_types_by_name.values()
        messages = [one for one in every if _is_event(one)]
        named = ", ".join(f"[{one.name}](#{one.name.lower()})" for one in messages)
        lists.append(f"- **{owner}**: {named}")
        chapters += [f"## Of {owner}\n", *(_event(one) for one in messages)]
        parts = [one for one in every if _is_part(one, messages)]
        chapters += [_event(one) for one in parts]
    return "\n".join([_EVENTS.format(contents="\n".join(lists)), *chapters])


def _event(message: Descriptor) -> str:
    rows = [
        f"| `{field.name}` | {'🔒 ' if _is_sealed(field) else ''}{type_of(field, linked=False)} | "
        f"{cell(comment(field.full_name))} |"
        for field in message.fields
    ]
    return "\n".join(
        [
            f"### {message.name}",
            "",
            comment(message.full_name),
            "",
            "| field | type | |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _is_event(message: Descriptor) -> bool:
    """Of the events' files what is no part of another message there; else the alarms."""
    if message.file.name.endswith("/event.proto"):
        return message.name in {"AlarmRaised", "AlarmCleared"}
    parts = {
        field.message_type
        for name in names("*_events.proto")
        for other in module(name).message_types_by_name.values()
        for field in other.fields
    }
    return message not in parts


def _is_part(message: Descriptor, told: list[Descriptor]) -> bool:
    return message.file.name.endswith("_events.proto") and message not in told


def _is_sealed(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.full_name == _SEALED
