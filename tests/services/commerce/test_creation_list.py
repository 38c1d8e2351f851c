"""Everything that the merchant created can be listed, page by page."""

import grpc
import pytest
from sqlalchemy import insert

from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as pb
from amends.values.identity import Tenant
from services.commerce import tables
from tests.services.commerce.conftest import Merchant, pence, pounds


def listed(merchant: Merchant, size: int = 0, tenant: str = "") -> list[pb.ListCreationsResponse]:
    """Every page."""
    pages: list[pb.ListCreationsResponse] = []
    request = pb.ListCreationsRequest(page_size=size)
    while not pages or request.page_token:
        whose = (Tenant(tenant),) if tenant else ()
        page = merchant.ask("ListCreations", request, *whose)
        assert isinstance(page, pb.ListCreationsResponse)
        pages.append(page)
        request.page_token = page.next_page_token
    return pages


def ours(pages: list[pb.ListCreationsResponse]) -> list[pb.Refund]:
    """The shop's own desks sent money back as well."""
    return [one for page in pages for one in page.refunds if not one.requested_by.endswith("desk")]


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_each_page_goes_on_where_the_one_before_ended(merchant: Merchant, size: int) -> None:
    merchant.refund("rem_b", 500)
    merchant.refund("rem_a", 250)
    merchant.replace("rem_c")
    merchant.ask(
        "IssueCredit", pb.IssueCreditRequest(key="rem_d", customer="C-1042", amount=pounds(1000))
    )
    pages = listed(merchant, size)
    assert sorted((one.key, pence(one.amount)) for one in ours(pages)) == [
        ("rem_a", 250),
        ("rem_b", 500),
    ]
    assert max(len(page.refunds) for page in pages) <= (size or 500)
    assert [one.key for page in pages for one in page.replacements] == ["rem_c"]
    assert [one.key for page in pages for one in page.credits] == ["rem_d"]


def test_a_key_under_which_there_is_nothing_and_another_tenants_are_not_listed(
    merchant: Merchant,
) -> None:
    merchant.refund("rem_a", 250)
    with merchant.engine.begin() as conn:
        row = {"tenant": "sole-mates", "kind": "refund", "key": "rem_0", "body": b""}
        conn.execute(insert(tables.creations).values(row))
    assert [one.key for one in ours(listed(merchant))] == ["rem_a"]
    [others] = listed(merchant, tenant="another")
    assert not others.refunds


def test_a_token_of_somebody_elses_is_refused(merchant: Merchant) -> None:
    request = pb.ListCreationsRequest(page_token="bm90IG91cnM=")  # noqa: S106 - of a page
    with pytest.raises(grpc.RpcError) as refused:
        merchant.ask("ListCreations", request)
    assert refusal_of(refused.value).reason == "INVALID_FIELD"
