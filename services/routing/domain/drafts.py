"""Drafts: offers above their maker's authority, and which holder may decide about one (S35)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from amends.values.authority import Need, uncovered
from amends.values.identity import Subject
from services.routing.domain.matching import Holder


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that waits, or (not `open`) waited, for another holder than its maker."""

    maker: Subject
    needs: tuple[Need, ...]
    open: bool


def who_decides(draft: Draft, holders: Iterable[Holder], at: datetime) -> Holder | None:
    """The least senior of these who may approve or reject it; None where nobody of them may.

    Whoever is away is not asked, but told that it waits no more. What approving takes of a limit
    that was used in the case already is found when authority is reserved.
    """
    able = (one for one in holders if _may_decide(one, draft, at))
    return min(able, key=lambda one: (one.seniority, one.decision_maker), default=None)


def _may_decide(holder: Holder, draft: Draft, at: datetime) -> bool:
    """A person or team of the firm, with somebody in it who did not make the draft."""
    if holder.partner or not holder.subjects - {draft.maker}:
        return False
    if draft.open and holder.away(at):
        return False
    return not uncovered(draft.needs, holder.limits)
