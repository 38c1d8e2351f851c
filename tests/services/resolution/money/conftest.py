"""Resolution with the real merchant: what is said of money is what stands in its ledger."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.services.resolution.conftest import Resolution
from tests.services.resolution.money.shop import Money, Shop, a_shop


@pytest.fixture
def shop(environment: Mapping[str, str], clock: Path) -> Iterator[Shop]:
    with a_shop(environment, clock, datetime.now(UTC)) as opened:
        yield opened


@pytest.fixture
def merchant_address(shop: Shop) -> str:
    return shop.line.address


@pytest.fixture
def money(resolution: Resolution, shop: Shop) -> Money:
    return Money(resolution, shop)
