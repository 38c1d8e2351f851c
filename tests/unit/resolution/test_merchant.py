import pytest

from services.resolution.domain.merchant import code_of


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("CARD_EXPIRED", "CARD_EXPIRED"),
        ("", "REFUND_FAILED"),
        ("account of J. Smith closed", "REFUND_FAILED"),
        ("A" * 65, "REFUND_FAILED"),
    ],
)
def test_only_a_code_of_the_merchant_is_told(said: str, told: str) -> None:
    assert code_of(said, "REFUND_FAILED") == told
