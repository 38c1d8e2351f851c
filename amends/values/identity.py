"""Who is who: typed ids, actors and the call that carries them.

Actor, role and tenant come from a call's credentials only, never from a request's body.
"""

import base64
import uuid
from dataclasses import dataclass
from enum import Enum
from typing import NewType

Tenant = NewType("Tenant", str)
Subject = NewType("Subject", str)
"""An opaque name of a person or program, as the identity provider calls it."""
EscalationId = NewType("EscalationId", str)
DecisionMakerId = NewType("DecisionMakerId", str)
GrantId = NewType("GrantId", str)
AssignmentId = NewType("AssignmentId", str)
HandOverId = NewType("HandOverId", str)
ReservationId = NewType("ReservationId", str)
OfferId = NewType("OfferId", str)
RemedyId = NewType("RemedyId", str)
ResponseId = NewType("ResponseId", str)
PromiseId = NewType("PromiseId", str)
FollowUpId = NewType("FollowUpId", str)
DebriefId = NewType("DebriefId", str)
AlarmId = NewType("AlarmId", str)
CustomerDigest = NewType("CustomerDigest", str)
"""Keyed hash of a tenant's customer reference: the same customer, without saying who."""
OrderDigest = NewType("OrderDigest", str)
"""Keyed hash of a tenant's order reference."""

_NAMESPACE = uuid.UUID("6a1f4c6e-2c0e-5b0e-9a53-1d6d1f0c7a11")
_ID_BYTES = 13  # 104 bits: 21 characters, no clash at any size that a store reaches


class Role(Enum):
    """What a caller may be; the contract's method options say who may call what."""

    PLATFORM = "platform"
    HANDLER = "handler"
    DECISION_MAKER = "decision-maker"
    REVIEWER = "reviewer"
    OPERATIONS = "operations"
    AUDITOR = "auditor"
    PARTNER = "partner"
    MERCHANT = "merchant"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which tenant, in which role."""

    subject: Subject
    tenant: Tenant
    role: Role


@dataclass(frozen=True, slots=True)
class Call:
    """One changing call: who asks, which RPC, and what makes its repeat harmless.

    `request_digest` is a keyed hash of the request's canonical form; `caller` is the person for
    whom a service calls (verified from the forwarded token), None where the actor calls itself.
    """

    actor: Actor
    rpc: str
    request_id: str
    request_digest: bytes
    expected_version: int = 0
    causation_id: str = ""
    caller: Actor | None = None

    @property
    def who(self) -> Actor:
        """The person or program whose relations (owner, maker, holder) the rules ask."""
        return self.caller or self.actor

    def new_id(self, prefix: str, n: int = 0) -> str:
        """The n-th id that this call makes, the same at every repeat of the same request."""
        actor = self.actor
        name = f"{actor.tenant}|{actor.subject}|{self.rpc}|{self.request_id}|{prefix}|{n}"
        return prefix + _short(uuid.uuid5(_NAMESPACE, name))


def derived_request_id(cause: str, rpc: str, target: str) -> str:
    """The request id of a call that another request or event causes: the same at each repeat."""
    return str(uuid.uuid5(_NAMESPACE, f"{cause}|{rpc}|{target}"))


def _short(value: uuid.UUID) -> str:
    return base64.b32encode(value.bytes[:_ID_BYTES]).decode().rstrip("=").lower()
