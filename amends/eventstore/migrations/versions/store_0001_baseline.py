"""Released with 0.1.0. Makes only what is missing: a database from before migrations is adopted."""

from alembic import op

revision = "store_0001"
down_revision = None

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS answers (
        tenant TEXT NOT NULL,
        subject TEXT NOT NULL,
        rpc TEXT NOT NULL,
        request_id TEXT NOT NULL,
        digest BYTEA NOT NULL,
        type TEXT NOT NULL,
        response BYTEA NOT NULL,
        answered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT answers_key PRIMARY KEY (tenant, subject, rpc, request_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS events (
        position BIGINT GENERATED ALWAYS AS IDENTITY,
        tx xid8 DEFAULT pg_current_xact_id() NOT NULL,
        event_id UUID NOT NULL,
        stream_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        type TEXT NOT NULL,
        data BYTEA NOT NULL,
        meta BYTEA NOT NULL,
        prev_hash BYTEA NOT NULL,
        hash BYTEA NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (position),
        CONSTRAINT events_stream_version UNIQUE (stream_id, version),
        UNIQUE (event_id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS events_tx_position ON events (tx, position)",
    """
    CREATE TABLE IF NOT EXISTS inbox_heads (
        source TEXT NOT NULL,
        stream_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (source, stream_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS outbox (
        position BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE,
        PRIMARY KEY (position)
    )
    """,
    "CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (position) WHERE published_at IS NULL",
    """
    CREATE TABLE IF NOT EXISTS parked (
        source TEXT NOT NULL,
        stream_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        type TEXT NOT NULL,
        problem TEXT NOT NULL,
        since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        PRIMARY KEY (source, stream_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS person_keys (
        tenant TEXT NOT NULL,
        customer TEXT NOT NULL,
        key_id UUID NOT NULL,
        wrapped BYTEA,
        destroyed_at TIMESTAMP WITH TIME ZONE,
        PRIMARY KEY (tenant, customer),
        UNIQUE (key_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS persons (
        tenant TEXT NOT NULL,
        subject TEXT NOT NULL,
        customer TEXT NOT NULL,
        PRIMARY KEY (tenant, subject)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS inbox (
        position BIGINT DEFAULT nextval('events_position_seq') NOT NULL,
        source TEXT NOT NULL,
        stream_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        event_id UUID NOT NULL,
        type TEXT NOT NULL,
        data BYTEA NOT NULL,
        meta BYTEA NOT NULL,
        hash BYTEA NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT inbox_key PRIMARY KEY (source, stream_id, version),
        CONSTRAINT inbox_event UNIQUE (source, event_id),
        UNIQUE (position)
    )
    """,
    """
    CREATE OR REPLACE FUNCTION events_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'events are never changed or removed (% refused)', TG_OP
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER events_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON events
        FOR EACH STATEMENT EXECUTE FUNCTION events_are_immutable()
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
