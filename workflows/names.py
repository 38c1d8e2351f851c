"""The names that are fixed: task queue, workflow, signals, search attributes, commands.

A released name never gets another meaning: open cases go on under it for weeks.
"""

import re
from typing import NamedTuple

from temporalio.common import SearchAttributeKey

TASK_QUEUE = "amends"
WORKFLOW_TYPE = "EscalationLifecycle"
RUNNING = f"WorkflowType = '{WORKFLOW_TYPE}' AND ExecutionStatus = 'Running'"
"""The query of every open workflow."""
CLOCK_MOVED = "clock_moved"
PROGRESS = "progress"

BUSINESS_TIME = "amends-now"
"""The trailing metadata in which every answer tells its service's time."""

INTAKE = "intake"
ROUTING = "routing"
RESOLUTION = "resolution"
FOLLOW_UP = "followup"
SERVICES = (INTAKE, ROUTING, RESOLUTION, FOLLOW_UP)

STAGE = SearchAttributeKey.for_keyword("AmendsStage")
OWNER = SearchAttributeKey.for_keyword("AmendsOwner")
PARTNER = SearchAttributeKey.for_keyword("AmendsPartner")
CAUSE = SearchAttributeKey.for_keyword("AmendsCause")
ALARM = SearchAttributeKey.for_keyword("AmendsAlarm")
TENANT = SearchAttributeKey.for_keyword("AmendsTenant")
PRIORITY = SearchAttributeKey.for_int("AmendsPriority")
DUE_BY = SearchAttributeKey.for_datetime("AmendsDueBy")


class Rpc(NamedTuple):
    """One command or question of the workflow: the RPC's name, which is also the activity's."""

    name: str
    service: str
    """Who answers; empty where each service answers for itself."""


RECORD_CONTEXT = Rpc("RecordContext", INTAKE)
ROUTE_ESCALATION = Rpc("RouteEscalation", ROUTING)
EXPIRE_ASSIGNMENT = Rpc("ExpireAssignment", ROUTING)
RETURN_HAND_OVER = Rpc("ReturnHandOver", ROUTING)
SEND_RESPONSE = Rpc("SendResponse", RESOLUTION)
EXPIRE_OFFER = Rpc("ExpireOffer", RESOLUTION)
CARRY_OUT_REMEDY = Rpc("CarryOutRemedy", RESOLUTION)
COMPENSATE_REMEDY = Rpc("CompensateRemedy", RESOLUTION)
CHECK_REPLACEMENT = Rpc("CheckReplacement", RESOLUTION)
CHECK_REFUND = Rpc("CheckRefund", RESOLUTION)
BREAK_PROMISE = Rpc("BreakPromise", RESOLUTION)
RESOLVE_ESCALATION = Rpc("ResolveEscalation", RESOLUTION)
SCHEDULE_FOLLOW_UP = Rpc("ScheduleFollowUp", FOLLOW_UP)
ASK_FOLLOW_UP = Rpc("AskFollowUp", FOLLOW_UP)
MISS_FOLLOW_UP = Rpc("MissFollowUp", FOLLOW_UP)
REQUEST_DEBRIEF = Rpc("RequestDebrief", FOLLOW_UP)
CLOSE_ESCALATION = Rpc("CloseEscalation", FOLLOW_UP)
RAISE_ALARM = Rpc("RaiseAlarm", "")
CLEAR_ALARM = Rpc("ClearAlarm", "")
READ_EVENTS = Rpc("ReadEvents", "")


def workflow_id(escalation_id: str) -> str:
    """One run at a time per escalation, whoever starts it."""
    return f"escalation/{escalation_id}"


def signal_of(event: str) -> str:
    """The signal that carries an event: `AssignmentAccepted` -> `assignment_accepted`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event).lower()
