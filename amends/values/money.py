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


class InvalidMoney(Refusal):
    """An amount that is not a whole number of the currency's minor units, or an unknown currency.

    `field` in the metadata names the request's field.
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
            raise InvalidMoney(f"{currency!r} is not a known ISO 4217 currency", field=field)
        if units * nanos < 0 or abs(nanos) >= 10**_NANO_DIGITS:
            raise InvalidMoney("units and nanos must have the same sign", field=field)
        step = 10 ** (_NANO_DIGITS - digits)
        if nanos % step:
            raise InvalidMoney(f"{currency} has {digits} decimal digits", field=field)
        return cls(currency, units * 10**digits + (nanos // step))

    def to_units(self) -> tuple[int, int]:
        """(units, nanos) as google.type.Money carries them; both have the amount's sign."""
        digits = _DIGITS[self.currency]
        sign = -1 if self.minor < 0 else 1
        whole, part = divmod(abs(self.minor), 10**digits)
        return sign * whole, sign * part * 10 ** (_NANO_DIGITS - digits)
