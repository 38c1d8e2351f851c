"""Words that a released version sealed open with the key row it left, until that is destroyed."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from amends.eventstore.records import Origin
from amends.eventstore.sealing import SealedText, Vault
from amends.eventstore.streams import StreamId
from amends.v1 import intake_events_pb2
from amends.values.identity import CustomerDigest, Tenant
from amends.values.personal import FORGOTTEN
from tests.eventstore.world import Store
from tests.guarantees.golden.record import FOLDER

VERSIONS = [json.loads(file.read_text()) for file in sorted(FOLDER.glob("v*.json"))]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda each: each["version"])
def test_words_sealed_by_a_released_version_open_until_their_key_is_destroyed(
    store: Store, version: dict[str, Any]
) -> None:
    keys = version["keys"]
    with store.engine.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO person_keys (tenant, customer, key_id, wrapped) VALUES "
                "(:tenant, :customer, CAST(:key_id AS uuid), :wrapped)"
            ),
            {**keys, "wrapped": bytes.fromhex(keys["wrapped"])},
        )
    told = version["logs"]["intake"][0]
    stream = StreamId.parse(told["stream"])
    message = intake_events_pb2.EscalationOpened.FromString(bytes.fromhex(told["data"]))
    context = Origin(stream.tenant, stream, told["event_id"]).bind("words")
    words = SealedText.from_message(message.words, context).as_personal()
    vault = Vault(store.engine, bytes.fromhex(keys["master"]))
    assert vault.reveal(words) == told["words"]["words"]
    with store.engine.begin() as conn:
        vault.forget(conn, Tenant(keys["tenant"]), CustomerDigest(keys["customer"]))
    assert vault.reveal(words) is FORGOTTEN
