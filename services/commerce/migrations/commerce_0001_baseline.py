"""Released with 0.1.0. Makes only what is missing: a database from before migrations is adopted."""

from alembic import op

revision = "commerce_0001"
down_revision = None

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS creations (
        tenant TEXT NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        body BYTEA NOT NULL,
        PRIMARY KEY (tenant, kind, key)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS customers (
        tenant TEXT NOT NULL,
        customer TEXT NOT NULL,
        name TEXT NOT NULL,
        since TIMESTAMP WITH TIME ZONE NOT NULL,
        claims INTEGER NOT NULL,
        zone TEXT NOT NULL,
        PRIMARY KEY (tenant, customer)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS products (
        tenant TEXT NOT NULL,
        sku TEXT NOT NULL,
        description TEXT NOT NULL,
        in_stock INTEGER NOT NULL CHECK (in_stock >= 0),
        PRIMARY KEY (tenant, sku)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS issued_credits (
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        credit_id TEXT NOT NULL,
        customer TEXT NOT NULL,
        currency TEXT NOT NULL,
        amount_minor BIGINT NOT NULL,
        issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
        valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
        code TEXT NOT NULL,
        PRIMARY KEY (tenant, key),
        FOREIGN KEY(tenant, customer) REFERENCES customers (tenant, customer),
        UNIQUE (tenant, code)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS orders (
        tenant TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        customer TEXT NOT NULL,
        ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        currency TEXT NOT NULL,
        delivery_zone TEXT NOT NULL,
        PRIMARY KEY (tenant, order_ref),
        FOREIGN KEY(tenant, customer) REFERENCES customers (tenant, customer)
    )
    """,
    "CREATE INDEX IF NOT EXISTS orders_of_customer ON orders (tenant, customer)",
    """
    CREATE TABLE IF NOT EXISTS order_lines (
        tenant TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        sku TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        price_minor BIGINT NOT NULL,
        PRIMARY KEY (tenant, order_ref, sku),
        FOREIGN KEY(tenant, order_ref) REFERENCES orders (tenant, order_ref),
        FOREIGN KEY(tenant, sku) REFERENCES products (tenant, sku)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS payments (
        tenant TEXT NOT NULL,
        payment_id TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        captured_minor BIGINT NOT NULL,
        refunded_minor BIGINT NOT NULL,
        PRIMARY KEY (tenant, payment_id),
        FOREIGN KEY(tenant, order_ref) REFERENCES orders (tenant, order_ref)
    )
    """,
    "CREATE INDEX IF NOT EXISTS payments_of_order ON payments (tenant, order_ref)",
    """
    CREATE TABLE IF NOT EXISTS replacements (
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        replacement_id TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        sku TEXT NOT NULL,
        service TEXT NOT NULL,
        currency TEXT NOT NULL,
        price_minor BIGINT NOT NULL,
        ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ships_by TIMESTAMP WITH TIME ZONE NOT NULL,
        arrives_by TIMESTAMP WITH TIME ZONE NOT NULL,
        shipped_at TIMESTAMP WITH TIME ZONE NOT NULL,
        delivered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (tenant, key),
        FOREIGN KEY(tenant, order_ref) REFERENCES orders (tenant, order_ref)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS returns (
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        return_id TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        sku TEXT NOT NULL,
        return_by TIMESTAMP WITH TIME ZONE NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE,
        PRIMARY KEY (tenant, key),
        FOREIGN KEY(tenant, order_ref) REFERENCES orders (tenant, order_ref)
    )
    """,
    "CREATE INDEX IF NOT EXISTS returns_of_line ON returns (tenant, order_ref, sku)",
    """
    CREATE TABLE IF NOT EXISTS shipments (
        tenant TEXT NOT NULL,
        shipment TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        service TEXT NOT NULL,
        shipped_at TIMESTAMP WITH TIME ZONE,
        delivered_at TIMESTAMP WITH TIME ZONE,
        PRIMARY KEY (tenant, shipment),
        FOREIGN KEY(tenant, order_ref) REFERENCES orders (tenant, order_ref)
    )
    """,
    "CREATE INDEX IF NOT EXISTS shipments_of_order ON shipments (tenant, order_ref)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
