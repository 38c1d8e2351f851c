"""The shop of the load: one customer with one order for each life.

Paid where money goes back at once, so that a life need not wait for a bank.
"""

import psycopg
from sqlalchemy import make_url

from amends.settings import Settings

PRICE = 3490  # minor units

_STATEMENTS = (
    """
    INSERT INTO customers (tenant, customer, name, since, claims, zone)
    SELECT %(tenant)s, 'C-' || %(run)s || '-' || n, 'Bench', now() - interval '1 year', 0,
        'Europe/London'
    FROM generate_series(0, %(count)s - 1) n
    """,
    """
    INSERT INTO products (tenant, sku, description, in_stock)
    VALUES (%(tenant)s, 'BENCH', 'Slippers', 1000) ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone)
    SELECT %(tenant)s, 'O-' || %(run)s || '-' || n, 'C-' || %(run)s || '-' || n,
        now() - interval '9 days', 'GBP', 'city'
    FROM generate_series(0, %(count)s - 1) n
    """,
    """
    INSERT INTO order_lines (tenant, order_ref, sku, quantity, price_minor)
    SELECT %(tenant)s, 'O-' || %(run)s || '-' || n, 'BENCH', 1, %(price)s
    FROM generate_series(0, %(count)s - 1) n
    """,
    """
    INSERT INTO payments
        (tenant, payment_id, order_ref, captured_minor, refunded_minor, method, refund_fate)
    SELECT %(tenant)s, 'P-' || %(run)s || '-' || n, 'O-' || %(run)s || '-' || n, %(price)s, 0,
        'PAYPAL', 'AT_ONCE'
    FROM generate_series(0, %(count)s - 1) n
    """,
)


def stock(settings: Settings, tenant: str, run: str, count: int) -> None:
    """Sows so many orders, straight into the merchant's tables; `run` keeps two loads apart."""
    url = make_url(settings.database_url_for("commerce")).set(drivername="postgresql")
    values = {"tenant": tenant, "run": run, "count": count, "price": PRICE}
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        for statement in _STATEMENTS:
            connection.execute(statement, values)


def customer(run: str, number: int) -> str:
    """The customer of one life."""
    return f"C-{run}-{number}"


def order(run: str, number: int) -> str:
    """The order that one life is about."""
    return f"O-{run}-{number}"
