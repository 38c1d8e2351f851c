"""Every event that resolution says; the contract has a message for each."""

from services.resolution.domain.drafts import OfferApproved, OfferDrafted, OfferRejected
from services.resolution.domain.offers import (
    OfferAccepted,
    OfferCountered,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
)
from services.resolution.domain.promises import PromiseBroken, PromiseKept, PromiseMade
from services.resolution.domain.refunds import RefundFailed, RefundSubmitted, RefundSucceeded
from services.resolution.domain.remedies import (
    CreditIssued,
    RemedyCompensated,
    RemedyCompleted,
    RemedyFailed,
    RemedyStarted,
)
from services.resolution.domain.replacements import (
    ReplacementDelayed,
    ReplacementDelivered,
    ReplacementFailed,
    ReplacementOrdered,
    ReplacementShipped,
)
from services.resolution.domain.resolved import EscalationResolved
from services.resolution.domain.responses import ResponseDelivered, ResponseSent

EVENTS: tuple[type, ...] = (
    OfferDrafted,
    OfferMade,
    OfferApproved,
    OfferRejected,
    OfferAccepted,
    OfferCountered,
    OfferDeclined,
    OfferWithdrawn,
    OfferExpired,
    RemedyStarted,
    ReplacementOrdered,
    ReplacementShipped,
    ReplacementDelivered,
    ReplacementDelayed,
    ReplacementFailed,
    RefundSubmitted,
    RefundSucceeded,
    RefundFailed,
    CreditIssued,
    RemedyCompleted,
    RemedyFailed,
    RemedyCompensated,
    PromiseMade,
    PromiseKept,
    PromiseBroken,
    ResponseSent,
    ResponseDelivered,
    EscalationResolved,
)
