"""Money: integer minor units with their currency, never a float."""

from dataclasses import dataclass
from functools import total_ordering

from amends.values.refusal import Refusal

# ISO 4217 minor-unit digits of the currencies that Amends accepts.
_TWO_DIGITS = (
    "AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR MXN MYR NOK NZD PHP PLN RON SEK SGD "
    "THB TRY USD ZAR"
)
_DIGITS = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(["CLP", "ISK", "JPY", "KRW", "VND"], 0),
    **dict.fromkeys(["BHD", "JOD", "KWD", "OMR", "TND"], 3),
}
_NANO_DIGITS = 9
# Minor units: what many such amounts come to still fits in a column and in google.type.Money.
_MOST = 10**15


class InvalidMoney(Refusal):
    """An amount that is no amount, or none that may stand here.

    `field` in the metadata names the request's field; the message never repeats the currency,
    which may be anybody's text.
    """

    reason = "INVALID_MONEY"


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units of `currency` (ISO 4217); arithmetic only within one currency."""

    currency: str
    minor: int

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.currency, self.minor + other.minor)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.currency, self.minor - other.minor)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __str__(self) -> str:
        digits = _DIGITS[self.currency]
        if not digits:
            return f"{self.minor} {self.currency}"
        whole, part = divmod(abs(self.minor), 10**digits)
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{whole}.{part:0{digits}d} {self.currency}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            msg = f"{self.currency} and {other.currency} do not mix"
            raise ValueError(msg)

    @classmethod
    def of_units(cls, currency: str, units: int, nanos: int, *, field: str) -> "Money":
        """From google.type.Money's whole units and nanos; refuses what is not whole minor units.

        Raises:
            InvalidMoney: unknown currency, signs that disagree, or more digits than it has.
        """
        digits = _DIGITS.get(currency)
        if digits is None:
            message = "the currency must be one that is accepted, by its ISO 4217 code, such as GBP"
            raise InvalidMoney(message, field=field)
        if units * nanos < 0 or abs(nanos) >= 10**_NANO_DIGITS:
            message = "units and nanos must have the same sign, and nanos be less than one unit"
            raise InvalidMoney(message, field=field)
        step = 10 ** (_NANO_DIGITS - digits)
        if nanos % step:
            message = f"{currency} has {digits} decimal digits; round the amount to them"
            raise InvalidMoney(message, field=field)
        return cls(currency, units * 10**digits + nanos // step)

    def plausible(self, *, field: str) -> "Money":
        """Itself, for what is asked or offered; what was once recorded is read whatever it is.

        Raises:
            InvalidMoney: more than anything costs.
        """
        if abs(self.minor) > _MOST:
            most = Money(self.currency, _MOST)
            raise InvalidMoney(f"the amount must be at most {most}", field=field)
        return self

    def to_units(self) -> tuple[int, int]:
        """(units, nanos) as google.type.Money carries them; both have the amount's sign."""
        digits = _DIGITS[self.currency]
        sign = -1 if self.minor < 0 else 1
        whole, part = divmod(abs(self.minor), 10**digits)
        return sign * whole, sign * part * 10 ** (_NANO_DIGITS - digits)
