"""Writes docs/api.md and docs/events.md from the contract: `make proto` does it.

    python -m proto.describe [--check]

What they say comes from the comments, roles, rules and messages of proto/, the statuses of
amends/rpc/status.py and the examples of proto/examples.json; nothing in them is written by hand.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, MethodDescriptor

from amends.rpc.rpcs import rpcs_of
from amends.rpc.status import STATUS_OF
from proto import generate
from proto.events_page import events_page
from proto.reading import PACKAGE, cell, comment, services, type_of
from proto.rules import in_words, rules_of

DOCS = generate.ROOT / "docs"
EXAMPLES = generate.PROTO / "examples.json"
_REFUSED = re.compile(r"Refused: (.*)", re.DOTALL)
_REASON = re.compile(r"([A-Z]+(?:_[A-Z]+)+)(?: \(([^)]*)\))?")
# What a server says before any rule of an RPC is asked, and what may be said of every call.
OF_EVERY_CALL = (
    "TOKEN_MISSING",
    "TOKEN_EXPIRED",
    "TOKEN_INVALID",
    "ROLE_REQUIRED",
    "TENANT_REQUIRED",
    "INVALID_FIELD",
    "INVALID_MONEY",
    "MESSAGE_TOO_LARGE",
    "DEADLINE_PASSED",
    "OVERLOADED",
    "DEPENDENCY_UNAVAILABLE",
    "SERVER_STOPPING",
)
_API = """\
# The API

Every RPC of the contract: what it does, who may call it, what it takes and answers, what it
refuses. Written by `make proto` from `proto/`; the package is `amends.v1`.

**A call** carries `authorization: Bearer <token>`; actor, roles and tenant come from there and from
nowhere else. **A changing call** carries a `request_id` (a UUID) of its own: repeated with the same
body it gives the same answer and does nothing twice; with another body it is `REQUEST_ID_REUSED`.
`expected_version` 0 means "whatever it is". Lists take `page_size` and `page_token`; streams resume
with the last `watch_token`.

**A refusal** is a gRPC status with `google.rpc.ErrorInfo` (domain `amends`, the reason, values) and
`BadRequest` where fields are wrong. Beside its own, every RPC may refuse with:

{common}

## All RPCs

{contents}
"""


def main(arguments: list[str]) -> int:
    """Writes both pages; with `--check` only says which would change."""
    pages = {DOCS / "api.md": api(), DOCS / "events.md": events_page()}
    changed = [file for file, page in pages.items() if _text(file) != page]
    if "--check" in arguments:
        for file in changed:
            name = file.relative_to(generate.ROOT)
            sys.stdout.write(
                f"{name} differs from proto/: run `make proto` and commit the result\n"
            )
        return 1 if changed else 0
    for file in changed:
        file.write_text(pages[file])
    return 0


def api() -> str:
    """docs/api.md."""
    every = services()
    contents = "\n\n".join(_contents(service) for service in every)
    common = ", ".join(_reason(reason) for reason in OF_EVERY_CALL)
    chapters = [_chapter(service) for service in every]
    used = _used(method for service in every for method in service.methods)
    return "\n".join([_API.format(common=common, contents=contents), *chapters, _parts(used), ""])


def refusals_of(method: MethodDescriptor) -> Mapping[str, str]:
    """The reasons that an RPC's comment names, with what it says of each."""
    found = _REFUSED.search(comment(method.full_name))
    return dict(_REASON.findall(" ".join(found[1].split()))) if found else {}


def examples() -> dict[str, Any]:
    """A request of every RPC, by `<Service>.<Rpc>`, as protobuf's JSON."""
    found: dict[str, Any] = json.loads(EXAMPLES.read_text())
    return found


def _chapter(service: Any) -> str:  # noqa: ANN401 - a ServiceDescriptor, which has no type
    roles = rpcs_of(service.full_name)
    told = [f"## {service.name}", "", comment(service.full_name), ""]
    for method in service.methods:
        rpc = roles[f"/{service.full_name}/{method.name}"]
        told += _rpc(method, sorted(role.value for role in rpc.roles))
    return "\n".join(told)


def _rpc(method: MethodDescriptor, roles: list[str]) -> Iterator[str]:
    yield from (f"### {method.name}", "", _REFUSED.sub("", comment(method.full_name)).strip(), "")
    yield f"- **May call**: {', '.join(roles)}"
    yield f"- **Repeated**: {_repeated(method)}"
    refused = refusals_of(method)
    own = "; ".join(
        _reason(reason) + (f": {why}" if why else "") for reason, why in refused.items()
    )
    yield f"- **Refused**: {own or 'only as every RPC may be'}"
    yield ""
    yield from _table(method.input_type, "takes", with_rules=True)
    yield from _table(
        method.output_type, "answers, as a stream" if method.server_streaming else "answers"
    )
    service = method.containing_service.name
    if (example := examples().get(f"{service}.{method.name}")) is not None:
        shown = json.dumps(example, indent=2, ensure_ascii=False)
        yield from ("For example:", "", "```json", shown, "```", "")


def _repeated(method: MethodDescriptor) -> str:
    names = method.input_type.fields_by_name
    if "request_id" in names:
        return "the same `request_id` gives the same answer"
    if "key" in names and not method.name.startswith("Get"):
        return "once per `key`; the same key with another body is `REQUEST_ID_REUSED`"
    return "as often as you like"


def _table(message: Descriptor, title: str, *, with_rules: bool = False) -> Iterator[str]:
    if not message.fields:
        return
    rules = " rules |" if with_rules else ""
    yield f"| {title} | type |{rules} |"
    yield "|---|---|---|---|" if with_rules else "|---|---|---|"
    for field in message.fields:
        said = f" {cell(in_words(rules_of(field), field))} |" if with_rules else ""
        yield f"| `{field.name}` | {type_of(field)} |{said} {cell(comment(field.full_name))} |"
    yield ""


def _parts(messages: Iterable[Descriptor | EnumDescriptor]) -> str:
    told = ["## Messages and enums within them", ""]
    for one in sorted(messages, key=lambda each: each.name):
        told += [f"### {one.name}", "", comment(one.full_name), ""]
        if isinstance(one, Descriptor):
            told += _table(one, "field", with_rules=True)
        else:
            told += [*(_value(value) for value in one.values if value.number), ""]
    return "\n".join(told).rstrip()


def _value(value: Any) -> str:  # noqa: ANN401 - an EnumValueDescriptor
    said = comment(f"{value.type.full_name}.{value.name}")
    return f"- `{value.name}`" + (f": {said}" if said else "")


def _used(methods: Iterable[MethodDescriptor]) -> set[Any]:
    """Messages and enums that stand within requests and answers, ours alone."""
    waiting = [one for method in methods for one in (method.input_type, method.output_type)]
    tops, found = set(waiting), set()
    while waiting:
        for field in waiting.pop().fields:
            kind = field.message_type or field.enum_type
            if kind is None or kind in found or not kind.full_name.startswith(PACKAGE):
                continue
            if not (field.message_type and kind.GetOptions().map_entry) and kind not in tops:
                found.add(kind)
            if field.message_type is not None:
                waiting.append(kind)
    return found


def _contents(service: Any) -> str:  # noqa: ANN401 - a ServiceDescriptor, which has no type
    roles = rpcs_of(service.full_name)
    rows = [f"| [{service.name}](#{service.name.lower()}) | who may call | |", "|---|---|---|"]
    for method in service.methods:
        may = sorted(role.value for role in roles[f"/{service.full_name}/{method.name}"].roles)
        first = re.split(r"(?<=[.;])\s", comment(method.full_name))[0].rstrip(";")
        rows.append(
            f"| [{method.name}](#{method.name.lower()}) | {', '.join(may)} | {cell(first)} |"
        )
    return "\n".join(rows)


def _reason(reason: str) -> str:
    status = STATUS_OF.get(reason)
    return f"`{reason}` ({status.name if status else '?'})"


def _text(file: Path) -> str:
    return file.read_text() if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
