"""Records the history of a closed case of the running stack, for the replay in every test run.

    python -m tests.replay.record esc_... football-shoes

A history is recorded once per release and per way a case can go, and never edited: it stands for
the cases that are open when the next release comes.
"""

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

from temporalio.client import Client

from amends.settings import Settings
from workflows import names

_PROCESS = re.compile(r"^\d+@.*")  # as the SDK names a process: its number and its machine
HISTORIES = Path(__file__).parent / "histories"


async def record(client: Client, escalation_id: str, name: str) -> Path:
    """Writes the history of the case's latest run; where it is."""
    handle = client.get_workflow_handle(names.workflow_id(escalation_id))
    history = json.loads((await handle.fetch_history()).to_json())
    file = HISTORIES / f"{name}.json"
    HISTORIES.mkdir(exist_ok=True)
    file.write_text(json.dumps(_nameless(history), indent=1, sort_keys=True) + "\n")
    return file


def _nameless(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Without the names of the machines that the case ran on."""
    if isinstance(value, list):
        return [_nameless(each) for each in value]
    if isinstance(value, dict):
        return {key: _nameless(each) for key, each in value.items()}
    return _PROCESS.sub("worker", value) if isinstance(value, str) else value


async def _main(escalation_id: str, name: str) -> None:
    settings = Settings()
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    await record(client, escalation_id, name)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
