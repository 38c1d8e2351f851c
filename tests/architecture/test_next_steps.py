"""Every refusal says what to do next; read from the source, so that none is forgotten."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from amends.rpc.status import STATUS_OF
from deploy.local.home import CHECKOUT

# "why it is refused; what to do": the second half has at least three words.
_NEXT_STEP = re.compile(r"; \W*\w+\W+\w+\W+\w+")
# A wrong field is told what it must be.
_RULE = re.compile(r"\bmust\b|" + _NEXT_STEP.pattern)
_ONE_FIELD = {"InvalidField", "InvalidMoney"}
_FILL = "so much"  # stands for what is known only when it is raised
_LONGEST = 400  # characters of a message without its values


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it stands in the source."""

    where: str
    message: str


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in ("amends", "services"):
        for path in sorted((CHECKOUT / package).rglob("*.py")):
            yield str(path.relative_to(CHECKOUT)), ast.parse(path.read_text())


def refusals() -> list[Said]:
    """The message of every class that has a reason; not where whoever raises it writes it."""
    return [
        Said(f"{file}:{kind.name}", message)
        for file, module in sources()
        for kind in ast.walk(module)
        if isinstance(kind, ast.ClassDef) and _reason(kind)
        for message in _messages(kind)
        if message != _FILL
    ]


def wrong_fields() -> list[Said]:
    """What is said where one field is refused by a rule of the domain."""
    return [
        Said(f"{file}:{call.lineno}", message)
        for file, module in sources()
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and _name(call.func) in _ONE_FIELD
        for message in [_text(_message_of(call), function)]
        if message.replace(_FILL, "").strip()  # else it is handed on
    ]


def test_every_refusal_says_what_to_do_next() -> None:
    """After a semicolon."""
    assert [said for said in refusals() if not _NEXT_STEP.search(said.message)] == []


def test_every_refusal_is_short() -> None:
    assert [said for said in refusals() if len(said.message) > _LONGEST] == []


def test_every_wrong_field_is_told_what_it_must_be() -> None:
    assert [said for said in wrong_fields() if not _RULE.search(said.message)] == []


def test_every_reason_of_the_source_has_its_status() -> None:
    found = {
        reason
        for _, module in sources()
        for kind in ast.walk(module)
        if isinstance(kind, ast.ClassDef) and (reason := _reason(kind))
    }
    assert found - {"REMOTE_REFUSAL"} <= set(STATUS_OF)
    assert len(refusals()) > len(found) / 2


def _reason(kind: ast.ClassDef) -> str:
    for line in kind.body:
        if isinstance(line, ast.Assign) and _name(line.targets[0]) == "reason":
            return _text(line.value, kind)
    return ""


def _messages(kind: ast.ClassDef) -> Iterator[str]:
    """What `super().__init__` is given first; a class that adds nothing has its parent's."""
    for made in kind.body:
        if isinstance(made, ast.FunctionDef) and made.name == "__init__":
            calls = [call for call in ast.walk(made) if isinstance(call, ast.Call)]
            starts = [call for call in calls if _name(call.func) == "__init__"]
            for call in starts:
                arguments = call.args[1:] if _name(call.args[0]) == "self" else call.args
                yield _text(arguments[0], made)


def _message_of(call: ast.Call) -> ast.expr:
    """InvalidField(field, message), InvalidMoney(message, field=...)."""
    return call.args[1] if _name(call.func) == "InvalidField" else call.args[0]


def _text(told: ast.expr, scope: ast.AST) -> str:
    """The words of an expression; of a variable, those that the function gave it."""
    match told:
        case ast.Constant():
            return str(told.value)
        case ast.JoinedStr():
            return "".join(_text(part, scope) for part in told.values)
        case ast.FormattedValue():
            return _text(told.value, scope)
        case ast.IfExp():
            return _vaguest([_text(told.body, scope), _text(told.orelse, scope)])
        case ast.Name():
            return _vaguest(_given(told.id, scope))
        case _:
            return _FILL


def _given(name: str, scope: ast.AST) -> list[str]:
    """What a function may have put into a variable of its own."""
    lines = [line for line in ast.walk(scope) if isinstance(line, ast.Assign)]
    return [_text(line.value, scope) for line in lines if _name(line.targets[0]) == name]


def _vaguest(texts: list[str]) -> str:
    """Of several that may be said, one that says no next step if there is such."""
    return min(texts, key=lambda text: bool(_RULE.search(text)), default=_FILL)


def _name(told: ast.expr) -> str:
    if isinstance(told, ast.Attribute):
        return told.attr
    return told.id if isinstance(told, ast.Name) else ""
