"""What a case is about and where it stands; the words of the contract's enums."""

from enum import Enum, auto


class Channel(Enum):
    """How the customer reached the company (S10)."""

    PHONE = auto()
    EMAIL = auto()
    CHAT = auto()
    WEB = auto()
    IN_PERSON = auto()
    SOCIAL = auto()
    PUBLIC_REVIEW = auto()
    PROACTIVE = auto()


class Cause(Enum):
    """What went wrong (S11)."""

    LATE_DELIVERY = auto()
    MISSED_CUT_OFF = auto()
    DAMAGED = auto()
    DEFECTIVE = auto()
    WRONG_ITEM = auto()
    MISSING_ITEM = auto()
    REFUND_NOT_CREDITED = auto()
    ACCOUNT_ACCESS = auto()
    SERVICE_MALFUNCTION = auto()
    RUDE_SERVICE = auto()
    TECHNICAL = auto()
    BILLING = auto()
    OTHER = auto()


class Stage(Enum):
    """Where a case stands."""

    INTAKE = auto()
    ROUTING = auto()
    RESOLUTION = auto()
    FOLLOW_UP = auto()
    CLOSED = auto()
