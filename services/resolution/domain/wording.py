"""The policy's own words, for what is said before a person could write (S15, S16, S17, S59).

No name and no personal word can stand here: nothing that a customer said is known to this service.
Each acknowledgement is empathy, apology and commitment, in this order; it promises no remedy.
"""

from amends.values.case import Cause

_EMPATHY = {
    Cause.LATE_DELIVERY: "Waiting for something that does not come is hard, above all when you "
    "were counting on the day.",
    Cause.MISSED_CUT_OFF: "We understand how much it matters that it arrives on the day.",
    Cause.DAMAGED: "Opening a parcel and finding it damaged is a real disappointment.",
    Cause.DEFECTIVE: "Having something that does not work as it should is frustrating.",
    Cause.WRONG_ITEM: "Unpacking something you did not order is frustrating.",
    Cause.MISSING_ITEM: "Finding that part of your order is missing is frustrating.",
    Cause.REFUND_NOT_CREDITED: "Waiting for your own money is worrying.",
    Cause.ACCOUNT_ACCESS: "Being locked out of your own account is frustrating.",
    Cause.SERVICE_MALFUNCTION: "Relying on a service that lets you down is frustrating.",
    Cause.RUDE_SERVICE: "Nobody should be spoken to like that.",
    Cause.TECHNICAL: "Relying on something that lets you down is frustrating.",
    Cause.BILLING: "A bill that is not right is worrying.",
    Cause.OTHER: "Thank you for telling us; we understand that this matters to you.",
}
_APOLOGY = "We are sorry."
_COMMITMENT = (
    "One person with the authority to decide is taking this over now and will stay with you until "
    "it is made right."
)
_FOLLOW_UP = (
    "Some weeks ago you told us about a problem with your order. Is it solved, and are you pleased "
    "with how it was solved? If anything is still not right, tell us, and we take it up again at "
    "once."
)


def acknowledgement(cause: Cause) -> str:
    """What the customer hears at once."""
    return f"{_EMPATHY[cause]} {_APOLOGY} {_COMMITMENT}"


def follow_up() -> str:
    """What the customer is asked weeks later."""
    return _FOLLOW_UP
