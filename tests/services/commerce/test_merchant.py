from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from google.type import money_pb2
from sqlalchemy import update

from amends.rpc.status import refusal_of
from amends.settings import Settings
from amends.v1 import commerce_service_pb2 as pb
from amends.values.identity import Tenant
from services.commerce import bootstrap, seed, tables
from tests.services.commerce.conftest import SHOP, Merchant, an_empty_shop, moment, refused

SHOES = "FB-PREDATOR-42"
FIVE_POUNDS = money_pb2.Money(currency_code="GBP", units=5)


def credit(key: str, amount: money_pb2.Money = FIVE_POUNDS) -> pb.IssueCreditRequest:
    return pb.IssueCreditRequest(key=key, customer="C-1042", amount=amount)


def test_the_football_shoes_arrived_the_day_before(merchant: Merchant) -> None:
    order = merchant.ask("GetOrder", pb.GetOrderRequest(order="SM-20418"))
    assert isinstance(order, pb.GetOrderResponse)
    assert (order.customer, order.delivery_zone) == ("C-1042", "city")
    assert order.lines[0].sku == SHOES
    assert (order.total.units, order.total.nanos) == (64, 900_000_000)
    assert order.payments[0].captured == order.total
    assert order.shipments == ["SHP-SM-20418"]
    friday = merchant.saturday.date() - timedelta(days=1)
    assert moment(order.delivered_at).date() == friday
    shipment = merchant.ask("GetShipment", pb.GetShipmentRequest(shipment="SHP-SM-20418"))
    assert isinstance(shipment, pb.GetShipmentResponse)
    assert shipment.delivered_at == order.delivered_at


def test_a_customer_comes_with_their_history(merchant: Merchant) -> None:
    found = merchant.ask("GetCustomer", pb.GetCustomerRequest(customer="C-1042"))
    assert isinstance(found, pb.GetCustomerResponse)
    assert (found.orders, found.claims, found.zone) == (5, 1, "Europe/London")
    assert found.spent.units == 436
    assert moment(found.since) < merchant.saturday - timedelta(days=1000)


def test_what_was_spent_in_two_currencies_is_not_added_up(merchant: Merchant) -> None:
    with merchant.engine.begin() as conn:
        orders = tables.orders
        conn.execute(update(orders).filter_by(order_ref="SM-19877").values(currency="EUR"))
    found = merchant.ask("GetCustomer", pb.GetCustomerRequest(customer="C-1042"))
    assert isinstance(found, pb.GetCustomerResponse)
    assert found.orders == 5
    assert not found.HasField("spent")


def test_a_parcel_under_way_is_not_delivered_before_it_is(merchant: Merchant) -> None:
    request = pb.GetOrderRequest(order="SM-20391")
    before = merchant.ask("GetOrder", request)
    assert isinstance(before, pb.GetOrderResponse)
    assert not before.HasField("delivered_at")
    merchant.move_to(merchant.saturday + timedelta(days=4))
    after = merchant.ask("GetOrder", request)
    assert isinstance(after, pb.GetOrderResponse)
    assert after.HasField("delivered_at")


def test_three_services_are_quoted_and_nothing_for_empty_shelves(merchant: Merchant) -> None:
    found = merchant.ask("QuoteShipping", pb.QuoteShippingRequest(order="SM-20418", sku=SHOES))
    assert isinstance(found, pb.QuoteShippingResponse)
    assert [quote.service for quote in found.quotes] == [
        "standard",
        "next-day",
        "same-day-courier",
    ]
    empty = pb.QuoteShippingRequest(order="SM-20405", sku="BALLET-SILK-37")
    assert merchant.ask("QuoteShipping", empty) == pb.QuoteShippingResponse()


def test_a_replacement_ships_before_any_return_and_arrives_in_its_window(
    merchant: Merchant,
) -> None:
    left = merchant.stock(SHOES)
    made = merchant.replace("rem_1")
    assert made.state == pb.REPLACEMENT_STATE_ORDERED
    assert moment(made.ships_by) <= merchant.saturday + timedelta(minutes=31)
    assert merchant.stock(SHOES) == left - 1
    merchant.move_to(moment(made.ships_by))
    shipped = find_replacement(merchant, "rem_1")
    assert shipped.state == pb.REPLACEMENT_STATE_SHIPPED
    assert shipped.HasField("shipped_at")
    assert not shipped.return_received
    merchant.move_to(moment(made.arrives_by))
    delivered = find_replacement(merchant, "rem_1")
    assert delivered.state == pb.REPLACEMENT_STATE_DELIVERED
    assert moment(delivered.delivered_at) <= moment(made.arrives_by)


def find_replacement(merchant: Merchant, key: str) -> pb.Replacement:
    found = merchant.ask("GetReplacement", pb.GetReplacementRequest(key=key))
    assert isinstance(found, pb.GetReplacementResponse)
    return found.replacement


def test_one_key_makes_one_replacement_however_many_ask_at_once(merchant: Merchant) -> None:
    left = merchant.stock(SHOES)
    with ThreadPoolExecutor(8) as callers:
        made = list(callers.map(lambda _: merchant.replace("rem_one"), range(24)))
    assert len({one.replacement_id for one in made}) == 1
    assert merchant.stock(SHOES) == left - 1


def test_the_last_pair_is_sent_once(merchant: Merchant) -> None:
    with merchant.engine.begin() as conn:
        conn.execute(update(tables.products).filter_by(tenant=SHOP, sku=SHOES).values(in_stock=1))

    def attempt(number: int) -> str:
        try:
            return merchant.replace(f"rem_last_{number}").replacement_id
        except grpc.RpcError as error:
            return refusal_of(error).reason

    with ThreadPoolExecutor(8) as callers:
        answers = sorted(callers.map(attempt, range(8)))
    assert answers[:7] == ["OUT_OF_STOCK"] * 7
    assert answers[7].startswith("rep_")
    assert merchant.stock(SHOES) == 0


def test_a_repeat_after_the_stock_ran_out_answers_what_was_made(merchant: Merchant) -> None:
    made = merchant.replace("rem_1")
    with merchant.engine.begin() as conn:
        conn.execute(update(tables.products).filter_by(tenant=SHOP, sku=SHOES).values(in_stock=0))
    merchant.move_to(merchant.saturday + timedelta(hours=2))
    assert merchant.replace("rem_1").replacement_id == made.replacement_id


def test_a_refused_key_is_free_for_another_try(merchant: Merchant) -> None:
    with refused("SHIPPING_NOT_OFFERED"):
        merchant.replace("rem_1", service="carrier-pigeon")
    assert merchant.replace("rem_1").service == "same-day-courier"


def test_the_courier_is_refused_after_its_cut_off(merchant: Merchant) -> None:
    left = merchant.stock(SHOES)
    merchant.move_to(merchant.saturday + timedelta(minutes=51))
    with refused("SHIPPING_NOT_OFFERED"):
        merchant.replace("rem_1")
    assert merchant.stock(SHOES) == left
    with refused("REPLACEMENT_NOT_FOUND"):
        find_replacement(merchant, "rem_1")


def test_the_same_key_with_another_body_is_refused(merchant: Merchant) -> None:
    merchant.replace("rem_1")
    with refused("REQUEST_ID_REUSED"):
        merchant.replace("rem_1", service="next-day")
    merchant.ask("IssueCredit", credit("rem_2"))
    with refused("REQUEST_ID_REUSED"):
        merchant.ask("IssueCredit", credit("rem_2", money_pb2.Money(currency_code="GBP", units=6)))


def test_a_credit_is_good_for_a_year_and_issued_once(merchant: Merchant) -> None:
    with ThreadPoolExecutor(8) as callers:
        answers = list(
            callers.map(lambda _: merchant.ask("IssueCredit", credit("rem_c")), range(16))
        )
    first = answers[0]
    assert isinstance(first, pb.IssueCreditResponse)
    assert all(answer == first for answer in answers)
    assert moment(first.credit.valid_until) - moment(first.credit.issued_at) == timedelta(days=365)
    assert first.credit.code.startswith("SORRY-")
    found = merchant.ask("GetCredit", pb.GetCreditRequest(key="rem_c"))
    assert isinstance(found, pb.GetCreditResponse)
    assert found.credit == first.credit


@pytest.mark.parametrize(
    "amount",
    [
        money_pb2.Money(currency_code="GBP"),
        money_pb2.Money(currency_code="GBP", units=-5),
        money_pb2.Money(currency_code="GBP", nanos=1),
        money_pb2.Money(currency_code="XXX", units=5),
    ],
)
def test_a_credit_of_no_real_money_is_refused(merchant: Merchant, amount: money_pb2.Money) -> None:
    with refused("INVALID_MONEY"):
        merchant.ask("IssueCredit", credit("rem_c", amount))


def test_a_return_is_asked_for_within_two_weeks(merchant: Merchant) -> None:
    request = pb.RequestReturnRequest(key="rem_1", order="SM-20418", sku=SHOES)
    first = merchant.ask("RequestReturn", request)
    assert isinstance(first, pb.RequestReturnResponse)
    assert merchant.ask("RequestReturn", request) == first
    within = moment(first.return_by) - merchant.saturday
    assert timedelta(days=14) <= within < timedelta(days=14, minutes=2)


def test_what_is_back_shows_in_the_replacement(merchant: Merchant) -> None:
    merchant.replace("rem_1")
    merchant.ask("RequestReturn", pb.RequestReturnRequest(key="rem_1", order="SM-20418", sku=SHOES))
    assert not find_replacement(merchant, "rem_1").return_received
    with merchant.engine.begin() as conn:
        conn.execute(update(tables.returns).values(received_at=merchant.saturday))
    assert find_replacement(merchant, "rem_1").return_received


@pytest.mark.parametrize(
    ("rpc", "request_", "reason"),
    [
        ("GetCustomer", pb.GetCustomerRequest(customer="C-0"), "CUSTOMER_NOT_FOUND"),
        ("GetOrder", pb.GetOrderRequest(order="SM-0"), "ORDER_NOT_FOUND"),
        ("GetShipment", pb.GetShipmentRequest(shipment="SHP-0"), "SHIPMENT_NOT_FOUND"),
        ("QuoteShipping", pb.QuoteShippingRequest(order="SM-0", sku=SHOES), "ORDER_NOT_FOUND"),
        ("QuoteShipping", pb.QuoteShippingRequest(order="SM-20418", sku="?"), "SKU_NOT_FOUND"),
        ("GetReplacement", pb.GetReplacementRequest(key="rem_0"), "REPLACEMENT_NOT_FOUND"),
        ("GetCredit", pb.GetCreditRequest(key="rem_0"), "CREDIT_NOT_FOUND"),
        (
            "IssueCredit",
            pb.IssueCreditRequest(key="rem_0", customer="C-0", amount=FIVE_POUNDS),
            "CUSTOMER_NOT_FOUND",
        ),
        (
            "RequestReturn",
            pb.RequestReturnRequest(key="rem_0", order="SM-20418", sku="?"),
            "SKU_NOT_FOUND",
        ),
        ("GetCustomer", pb.GetCustomerRequest(), "INVALID_FIELD"),
    ],
)
def test_what_is_not_there_is_refused_by_name(
    merchant: Merchant, rpc: str, request_: object, reason: str
) -> None:
    with refused(reason):
        merchant.ask(rpc, request_)


def test_another_tenant_finds_nothing_and_shares_no_keys(merchant: Merchant) -> None:
    other = Tenant("other-shop")
    merchant.ask("IssueCredit", credit("rem_c"))
    with refused("ORDER_NOT_FOUND"):
        merchant.ask("GetOrder", pb.GetOrderRequest(order="SM-20418"), other)
    with refused("CREDIT_NOT_FOUND"):
        merchant.ask("GetCredit", pb.GetCreditRequest(key="rem_c"), other)
    with refused("CUSTOMER_NOT_FOUND"):
        merchant.ask("IssueCredit", credit("rem_c"), other)


def test_sowing_again_moves_the_orders_and_keeps_what_was_created(merchant: Merchant) -> None:
    made = merchant.replace("rem_1")
    later = merchant.saturday + timedelta(days=7)
    seed.sow(merchant.engine, later)
    merchant.move_to(later)
    order = merchant.ask("GetOrder", pb.GetOrderRequest(order="SM-20418"))
    assert isinstance(order, pb.GetOrderResponse)
    assert moment(order.delivered_at).date() == later.date() - timedelta(days=1)
    assert find_replacement(merchant, "rem_1").replacement_id == made.replacement_id
    assert merchant.stock(SHOES) == 24


def test_migrate_fills_an_empty_shop_once(settings: Settings, tmp_path: Path) -> None:
    engine = an_empty_shop(settings)
    app = bootstrap.build(settings)
    app.migrate()
    with engine.begin() as conn:
        conn.execute(update(tables.products).values(in_stock=3))
    app.migrate()
    with engine.connect() as conn:
        assert {row.in_stock for row in conn.execute(tables.products.select())} == {3}
    app.close()
    engine.dispose()
