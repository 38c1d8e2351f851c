"""Words can be read by who has the key, and by nobody once it is destroyed."""

from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine

from amends.eventstore.sealing import (
    FORGOTTEN_TEXT,
    ForeignWords,
    Vault,
    sealed_bytes,
    words_of,
)
from amends.eventstore.streams import StreamId
from amends.values.forgetting import CustomerIsForgotten
from amends.values.identity import CustomerDigest, EscalationId, Tenant
from amends.values.personal import FORGOTTEN, Personal
from tests.eventstore.problems import PROBLEMS, Restate, respond
from tests.eventstore.world import ANN, MASTER_KEY, SHOP, Store, a_call, a_case, rows, sealed


def _said(store: Store, case: StreamId) -> Personal[str]:
    return store.log.load(case, PROBLEMS).state.said[-1]


def test_words_moved_to_a_read_model_and_back_still_open(store: Store) -> None:
    case = a_case()
    store.restate(case, words="ça grince 👟")
    [(_, _, column)] = rows(store.engine, "restatements")
    assert isinstance(column, bytes)
    found = words_of(column)
    assert found is not None
    assert store.vault.reveal(found) == "ça grince 👟"
    assert sealed_bytes(found) == column


def test_clear_words_are_never_kept_in_a_read_model() -> None:
    with pytest.raises(TypeError, match="clear words"):
        sealed_bytes(Personal("clear"))


def test_words_put_into_another_place_do_not_open(store: Store) -> None:
    case = a_case()
    store.restate(case)
    held = sealed(_said(store, case))
    with pytest.raises(InvalidTag):
        store.vault.reveal(replace(held, context=held.context + b"x").as_personal())


def test_words_said_again_in_another_event_are_sealed_anew(store: Store) -> None:
    case = a_case()
    store.restate(case, words="it squeaks")
    again = Restate(EscalationId(case.subject), _said(store, case), store.clock.now())
    store.log.decide(case, PROBLEMS, again, a_call(), respond=respond)
    first, second = map(sealed, store.log.load(case, PROBLEMS).state.said)
    assert first.ciphertext != second.ciphertext
    assert store.vault.reveal(second.as_personal()) == "it squeaks"


def test_a_destroyed_key_forgets_everything_said_and_is_never_made_again(store: Store) -> None:
    case = a_case()
    store.restate(case, words="before")
    assert store.vault.reveal(_said(store, case)) == "before"
    with store.engine.begin() as conn:
        store.vault.forget(conn, SHOP, ANN)
        store.vault.forget(conn, SHOP, ANN)
    assert store.vault.reveal(_said(store, case)) is FORGOTTEN
    with pytest.raises(CustomerIsForgotten):
        store.restate(case, words="after")
    with pytest.raises(CustomerIsForgotten):
        store.restate(a_case(), words="elsewhere")
    assert store.vault.clear(_said(store, case)) == FORGOTTEN_TEXT
    assert all(event.hash == event.true_hash() for event in store.log.read_stream(case))


def test_somebody_else_s_words_stay(store: Store) -> None:
    case = a_case()
    store.restate(case, words="stays")
    with store.engine.begin() as conn:
        store.vault.forget(conn, SHOP, CustomerDigest("bob"))
    assert store.vault.reveal(_said(store, case)) == "stays"


def test_another_service_cannot_open_them(store: Store, other: Engine) -> None:
    case = a_case()
    store.restate(case)
    with pytest.raises(ForeignWords):
        Vault(other, MASTER_KEY).reveal(_said(store, case))


def test_a_rolled_back_opening_leaves_no_key_behind(store: Store) -> None:
    case = a_case()

    def fail(*_: object) -> None:
        raise ConnectionError

    command = Restate(EscalationId(case.subject), Personal("lost"), store.clock.now())
    with pytest.raises(ConnectionError):
        store.log.decide(case, PROBLEMS, command, a_call(), respond=respond, person=ANN, rows=fail)
    assert rows(store.engine, "person_keys") == []
    store.restate(case, words="kept")
    assert store.vault.reveal(_said(store, case)) == "kept"


def test_digests_are_the_same_in_every_service_and_differ_per_tenant(
    store: Store, other: Engine
) -> None:
    elsewhere = Vault(other, MASTER_KEY)
    assert store.vault.customer_digest(SHOP, "c-1") == elsewhere.customer_digest(SHOP, "c-1")
    assert store.vault.customer_digest(SHOP, "c-1") != store.vault.reference_digest(
        SHOP, "order", "c-1"
    )
    assert store.vault.customer_digest(Tenant("other"), "c-1") != elsewhere.customer_digest(
        SHOP, "c-1"
    )
