"""The escalation: how any of intake's events changes the case."""

from services.intake.domain import contact, forgetting, opening, problem
from services.intake.domain.case import Case
from services.intake.domain.contact import ContactRecorded
from services.intake.domain.forgetting import CustomerForgotten
from services.intake.domain.opening import EscalationOpened
from services.intake.domain.problem import ProblemConfirmed, ProblemRestated


def evolve(case: Case, event: object) -> Case:
    """Never refuses, never reads a clock; what no rule depends on changes nothing."""
    match event:
        case EscalationOpened():
            return opening.evolve(case, event)
        case ContactRecorded():
            return contact.evolve(case, event)
        case ProblemRestated() | ProblemConfirmed():
            return problem.evolve(case, event)
        case CustomerForgotten():
            return forgetting.evolve(case, event)
        case _:
            return case
