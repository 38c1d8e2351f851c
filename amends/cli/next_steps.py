"""Next steps: the command to type after a refusal, where one helps.

The refusal's own words name the RPC that would help a program; these name the command that helps a
person. A reason that is not here speaks for itself.
"""

from collections.abc import Mapping

NEXT: Mapping[str, str] = {
    "ESCALATION_NOT_FOUND": "`amends list` shows the cases",
    "ASSIGNMENT_NOT_FOUND": "`amends queue --as ...` shows what waits for you",
    "NOT_YOUR_ASSIGNMENT": "`amends queue --as ...` shows what waits for you",
    "HAND_OVER_NOT_FOUND": "`amends queue --as ...` shows what is offered to you",
    "NOT_YOUR_HAND_OVER": "`amends queue --as ...` shows what is offered to you",
    "OFFER_NOT_FOUND": "`amends show CASE` lists the case's offers",
    "OFFER_NOT_OPEN": "`amends show CASE` says how the offer stands; the owner makes another",
    "OFFER_ALREADY_OPEN": "`amends withdraw CASE OFFER --as ...` takes the open one back",
    "REMEDY_NOT_FOUND": "`amends show CASE` lists the remedies of each offer",
    "RESPONSE_NOT_FOUND": "`amends show CASE` lists what is to be delivered",
    "PROMISE_NOT_FOUND": "`amends show CASE` lists the promises",
    "PROMISE_SETTLED": "`amends show CASE` says how the promise ended",
    "DECIDED_ALREADY": "`amends show CASE` says what was decided, by whom and when",
    "VERSION_CONFLICT": "`amends show CASE` says what happened meanwhile; then decide anew",
    "RESTATEMENT_OUTDATED": "`amends show CASE` has the newest restatement; confirm that one",
    "PROBLEM_NOT_CONFIRMED": "`amends restate CASE ...`, then `amends confirm CASE`",
    "EVIDENCE_REQUIRED": "`amends confirm CASE --evidence ...` names the recording",
    "NOT_THE_OWNER": "`amends show CASE` names the owner",
    "AUTHORITY_EXCEEDED": "`amends directory list` says who may grant how much",
    "CURRENCY_NOT_GRANTED": "`amends directory list` says who may grant how much",
    "SELF_APPROVAL": "`amends directory list` says who else may decide it",
    "DECISION_MAKER_NOT_FOUND": "`amends directory list` shows everybody who may decide",
    "GRANT_NOT_FOUND": "`amends grants list dm_...` lists them",
    "RESHIP_NOT_FEASIBLE": "`amends suggest CASE --as ...` shows the next rung: refund, credits",
    "SHIPPING_NOT_OFFERED": "`amends suggest CASE --as ...` shows the services",
    "REFUND_EXCEEDS_PAYMENT": "`amends suggest CASE --as ...` shows what can still be refunded",
    "REFUND_METHOD_NOT_OFFERED": "`amends suggest CASE --as ...` shows how money can go back",
    "ORDER_NOT_FOUND": "`amends show CASE` names the order; open the case with another",
    "FOLLOW_UP_NOT_FOUND": "`amends show CASE` says what the case waits for",
    "NOT_ASKED": "`amends show CASE` says when the customer is asked",
    "DEBRIEF_NOT_FOUND": "`amends show CASE` says when the debrief is asked for",
    "ESCALATION_CLOSED": "`amends open ...` opens a new case",
    "TOKEN_MISSING": "set AMENDS_TOKEN, or start a local stack with `make up`",
    "TOKEN_EXPIRED": "set AMENDS_TOKEN to a new token",
    "TOKEN_INVALID": "set AMENDS_TOKEN to a token of this installation",
    "ROLE_REQUIRED": "use a token of that role",
    "DEPENDENCY_UNAVAILABLE": "`make status` shows what of a local stack is down",
    "MESSAGE_TOO_LARGE": "say it in fewer words",
}


def next_step(reason: str) -> str:
    """What to type after a refusal for this reason; empty where its own words say all."""
    return NEXT.get(reason, "")
