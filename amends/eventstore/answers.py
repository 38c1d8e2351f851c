"""Answers: what a call was told, so that its repeat is told the same and changes nothing.

Kept for ever, under (tenant, subject, RPC, request id), with a keyed digest of the request. A
refusal leaves no answer. An answer holds no personal words.
"""

import hmac
from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message
from sqlalchemy import Connection, Row, text

from amends.values.identity import Call
from amends.values.refusal import RequestIdReused

ANSWER = """
    SELECT digest AS answer_digest, type AS answer_type, response AS answer FROM answers
    WHERE tenant = :tenant AND subject = :subject AND rpc = :rpc AND request_id = :request_id"""
"""The row that `answer_in` reads, of the call that `answer_key` names."""
_FIND = text(ANSWER)

_REMEMBER = text("""
    INSERT INTO answers (tenant, subject, rpc, request_id, digest, type, response)
    VALUES (:tenant, :subject, :rpc, :request_id, :digest, :response_type, :response)
    ON CONFLICT DO NOTHING
""")


def find_answer(conn: Connection, call: Call) -> Message | None:
    """What this call was answered before; None where it is new or carries no request id.

    Raises:
        RequestIdReused: the same request id came with another body.
    """
    if not call.request_id:
        return None
    row = conn.execute(_FIND, answer_key(call)).one_or_none()
    return None if row is None else answer_in(row, call)


def answer_in(row: Row[Any], call: Call) -> Message | None:
    """The answer in a row of `ANSWER`; None where its columns are empty.

    Raises:
        RequestIdReused: the same request id came with another body.
    """
    if row.answer is None:
        return None
    if not hmac.compare_digest(row.answer_digest, call.request_digest):
        raise RequestIdReused(call.request_id)
    descriptor = descriptor_pool.Default().FindMessageTypeByName(row.answer_type)
    return message_factory.GetMessageClass(descriptor).FromString(row.answer)


def answer_key(call: Call) -> dict[str, str]:
    """The columns under which a call's answer stands."""
    return {
        "tenant": call.actor.tenant,
        "subject": call.actor.subject,
        "rpc": call.rpc,
        "request_id": call.request_id,
    }


def answer_row(call: Call, response: Message) -> dict[str, object]:
    """All columns of a call's answer but the time."""
    return {
        **answer_key(call),
        "digest": call.request_digest,
        "response_type": response.DESCRIPTOR.full_name,
        "response": response.SerializeToString(deterministic=True),
    }


def remember_answer(conn: Connection, call: Call, response: Message) -> None:
    """Keeps a call's answer, where what it did is recorded in no stream; the first one counts."""
    conn.execute(_REMEMBER, answer_row(call, response))
