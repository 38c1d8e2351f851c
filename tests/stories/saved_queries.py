"""The saved queries of docs/operations.md: a question, a link into the UI, a command."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from deploy.local.home import CHECKOUT

_ASKED = re.compile(r"\*\*\[(.+)\]\((.+)\)\*\*\n\n```sh\n(temporal workflow list .+)\n```")


class Saved(NamedTuple):
    """One of them."""

    question: str
    link: str
    command: str

    @property
    def query(self) -> str:
        """What the link asks."""
        [query] = parse_qs(urlsplit(self.link).query)["query"]
        return query


SAVED = [Saved(*found) for found in _ASKED.findall((CHECKOUT / "docs/operations.md").read_text())]
BY_QUESTION = {one.question: one for one in SAVED}
