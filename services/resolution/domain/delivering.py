"""Delivering: the platform has brought something to the customer, maybe the last that was left."""

from collections.abc import Sequence
from functools import reduce

from services.resolution.domain import resolving, responses
from services.resolution.domain.case import Case
from services.resolution.domain.resolved import EscalationResolved
from services.resolution.domain.resolving import Resolution
from services.resolution.domain.responses import ConfirmDelivery, ResponseDelivered


def decide(
    resolution: Resolution, command: ConfirmDelivery, case: Case
) -> Sequence[ResponseDelivered | EscalationResolved]:
    """That it was delivered, and that the case is made right where nothing else is left.

    Where it is not certain the process asks for the resolution, which then may be refused.
    """
    told = responses.confirm(resolution.responses, command, case)
    after = reduce(resolving.evolve, told, resolution)
    if not told or case.closed or not after.is_to_be_resolved(case):
        return told
    return (*told, EscalationResolved(case.escalation, command.at, made_right=True))
