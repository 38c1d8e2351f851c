"""How others are asked: as this service, and what their failing to answer means."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from amends.rpc.channel import as_tenant
from amends.rpc.status import refusal_of
from amends.values.identity import Call
from amends.values.money import InvalidMoney
from amends.values.refusal import DependencyUnavailable, InvalidField


def for_tenant(call: Call) -> tuple[tuple[str, str], ...]:
    """As this service, for the call's tenant."""
    return as_tenant(call.actor.tenant, call.causation_id)


@contextmanager
def asking(dependency: str) -> Iterator[None]:
    """Turns a failed call into a refusal: theirs, or that they cannot be asked now."""
    try:
        yield
    except grpc.RpcError as error:
        raise refusal_of(error, dependency) from error
    except (InvalidField, InvalidMoney) as error:
        raise DependencyUnavailable(dependency) from error
