"""Pages: where the next one begins, as a token that only this service makes."""

import base64
from datetime import UTC, datetime

from amends.values.refusal import InvalidField
from services.routing.domain.grants import AuthorityGranted
from services.routing.wire.directory import Listed
from services.routing.wire.queue import Place

USUAL_PAGE = 50
_MOST_SENIOR = 100
_FIRST = Place("-infinity", "-infinity", "")


def directory_token(last: Listed) -> str:
    """Where the next page of the directory begins."""
    return _token(f"{last.holder.seniority} {last.holder.decision_maker}")


def directory_place(token: str) -> tuple[int, str]:
    """Back from a token; the beginning where there is none.

    Raises:
        InvalidField: the token is none of ours.
    """
    if not token:
        return (0, "")
    try:
        seniority, decision_maker = _untoken(token).split(" ")
        return min(int(seniority), _MOST_SENIOR), decision_maker
    except ValueError:
        raise _no_token("page_token") from None


def grant_token(last: AuthorityGranted) -> str:
    """Where the next page of grants begins."""
    return _token(last.grant)


def grant_place(token: str) -> str:
    """Back from a token; the beginning where there is none.

    Raises:
        InvalidField: the token is none of ours.
    """
    if not token:
        return ""
    try:
        place = _untoken(token)
    except ValueError:
        raise _no_token("page_token") from None
    if not place.startswith("grn_"):
        raise _no_token("page_token")
    return place


def queue_token(last: Place) -> str:
    """Where the next page of a queue begins."""
    return _token(" ".join(last))


def queue_place(token: str) -> Place:
    """Back from a token; the beginning where there is none.

    Raises:
        InvalidField: the token is none of ours.
    """
    if not token:
        return _FIRST
    try:
        need_by, accept_by, asked = _untoken(token).split(" ")
        needed = need_by if need_by == "infinity" else _moment(need_by)
        return Place(needed, _moment(accept_by), asked)
    except (ValueError, OverflowError):
        raise _no_token("page_token") from None


def _moment(text: str) -> str:
    """A moment as the database reads it; ISO 8601 knows more forms."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def _token(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode()


def _untoken(token: str) -> str:
    """ValueError where it is none of ours (UnicodeDecodeError and binascii.Error are such)."""
    place = base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    if not place.isprintable():
        raise ValueError(token)
    return place


def _no_token(field: str) -> InvalidField:
    return InvalidField(field, f"{field} must be one that this service gave; begin without one")
