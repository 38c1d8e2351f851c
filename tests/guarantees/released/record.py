"""Records the databases of the version in pyproject.toml, with cases in them that were played.

    python -m tests.guarantees.released.record

One folder per released version, made once and never edited: databases as they lie where this
version ran. What a later program cannot go on with is a broken promise. Transaction ids are left
out, since they belong to the cluster; only a physical backup keeps them.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import uuid
from pathlib import Path
from typing import Any

import psycopg
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from amends.client import whole_case
from amends.settings import SERVICES
from amends.v1 import intake_service_pb2, resolution_service_pb2, types_pb2
from deploy.demo.cast import Cast, gather, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.local import wheels
from deploy.local.home import CHECKOUT
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests import scenario

FOLDER = Path(__file__).parent
_NOISE = re.compile(
    r"^(--.*|\\(un)?restrict .*|SET .*|SELECT pg_catalog\.set_config.*|)\n", re.MULTILINE
)
_TX_OF_EVENT = re.compile(r'(INTO public\.events \("position",) tx,(.* VALUES \(\d+,) \'\d+\',')
_TX_OF_ASSIGNMENT = re.compile(r"(INTO public\.assignments .*), tx\)(.*), '\d+'\);$", re.MULTILINE)


def main() -> int:
    """Plays one case to its end and one to an open offer, and writes what there is by then."""
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    folder = FOLDER / f"v{version}"
    folder.mkdir()
    with (
        tempfile.TemporaryDirectory() as home,
        Stack(Path(home), Ports.free()) as stack,
    ):
        server = _admin(stack)
        told = _played(gather(stack.env()), server)
        for service in SERVICES:
            (folder / f"{service}.sql").write_text(_dumped(f"{server}amends_{service}"))
        (folder / "told.json").write_text(json.dumps(told, indent=1) + "\n")
        shutil.copy(stack.env()["AMENDS_MASTER_KEY_FILE"], folder / "master.key")
    return 0


def _played(cast: Cast, server: str) -> dict[str, Any]:
    closed, offered = FootballShoes(cast), FootballShoes(cast)
    closed.prepare()
    scenario.play(closed)
    offered.prepare()
    scenario.play_until_understood(offered)
    offered.weighs()
    offered.offers()
    contact = intake_service_pb2.RecordContactRequest(
        request_id=str(uuid.uuid4()),
        escalation_id=offered.escalation,
        channel=types_pb2.CHANNEL_CHAT,
        words="Are they on their way?",
    )
    answer = cast.platform.intake.RecordContact(contact)
    wait_for(lambda: _all_told(server), "every event is published and taken in")
    return {
        "repeated": {"request": _plain(contact), "answer": _plain(answer)},
        "cases": [_told(cast, story.escalation) for story in (closed, offered)],
    }


def _told(cast: Cast, escalation: str) -> dict[str, Any]:
    request = resolution_service_pb2.GetResolutionRequest(escalation_id=escalation)
    return {
        "escalation": escalation,
        "case_file": _plain(whole_case(cast.platform.intake, escalation)),
        "resolution": _plain(cast.platform.resolution.GetResolution(request)),
    }


def _plain(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return found


def _admin(stack: Stack) -> str:
    password = (stack.home.keys / "postgres.password").read_text().strip()
    return f"postgresql://amends:{password}@{stack.ports.address('postgres')}/"


def _all_told(server: str) -> bool:
    """Each service has published all, and the others have taken in as much of it."""
    said: dict[tuple[str, str], int] = {}
    heard: dict[tuple[str, str, str], int] = {}
    for service in SERVICES[:-1]:
        with psycopg.connect(f"{server}amends_{service}") as conn:
            if conn.execute("SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1").fetchone():
                return False
            for stream, version in conn.execute(
                "SELECT stream_id, max(version) FROM events GROUP BY 1"
            ):
                said[service, stream] = version
            for source, stream, version in conn.execute("SELECT * FROM inbox_heads"):
                heard[service, source, stream] = version
    return all(said[source, stream] == version for (_, source, stream), version in heard.items())


def _dumped(address: str) -> str:
    options = ("--no-owner", "--no-privileges", "--column-inserts")
    ran = subprocess.run(
        [str(wheels.postgres("pg_dump")), *options, address],
        check=True,
        capture_output=True,
        text=True,
    )
    plain = _NOISE.sub("", ran.stdout)
    return _TX_OF_ASSIGNMENT.sub(r"\1)\2);", _TX_OF_EVENT.sub(r"\1\2", plain))


if __name__ == "__main__":
    sys.exit(main())
