"""Facts: what any of the services said about a case, as plain values.

The case file is told from facts alone, so it can be told again from zero at any time. Personal
words never reach a fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One event. `name` is its message's name ("OfferMade"), `fields` its fields by their names.

    Moments are aware UTC datetimes, amounts `Money`, enums their names without prefix ("PHONE"),
    nested messages mappings, repeated fields tuples; a message that is not set is None. Sealed
    fields are left out.
    """

    source: str
    version: int
    name: str
    at: datetime
    actor: str
    role: str
    fields: Mapping[str, Any]

    def __getitem__(self, field: str) -> Any:  # noqa: ANN401 - a field may hold any plain value
        return self.fields[field]
