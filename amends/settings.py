"""Settings: the only reader of the environment.

Every name begins with `AMENDS_`. What the environment does not say is looked up in
`$AMENDS_HOME/stack.env`, which the local stack writes; the environment wins.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy import make_url

SERVICES = ("intake", "routing", "resolution", "followup", "commerce")
PREFIX = "AMENDS_"
_CHECKOUT = Path(__file__).resolve().parent.parent


class SettingMissing(RuntimeError):
    """A setting that this process cannot do without."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not set: start the local stack with `make up`, or set it")


class Settings(BaseSettings):
    """What a process is told about the world. Empty or None where nobody said anything."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True
    )

    home: Path = _CHECKOUT / ".amends"
    database_url: str = ""
    """`{service}` in its user's name stands for the service: each has a user of its own."""
    database_owner_url: str = ""
    """As who makes the tables; read where that is done. Else the services' users own them."""
    kafka_bootstrap: str = ""
    temporal_address: str = ""
    temporal_namespace: str = "amends"
    temporal_ui: str = ""
    intake_address: str = ""
    routing_address: str = ""
    resolution_address: str = ""
    followup_address: str = ""
    commerce_address: str = ""
    jwks_file: Path | None = None
    service_token_file: Path | None = None
    signing_key_file: Path | None = None
    """Local stack only: signs tokens."""
    master_key_file: Path | None = None
    clock_file: Path | None = None
    """Local stack only: seconds by which business time is ahead."""
    metrics_address: str = ""
    """host:port where this process tells its metrics; nowhere where nobody said."""
    sdk_metrics_address: str = ""
    """host:port where a worker's Temporal SDK tells its own."""
    otlp_endpoint: str = ""
    """http://host:port of an OTLP collector (gRPC): traces are made only where one is named."""
    instance: str = ""
    """This process's name among its like, kept over its restarts: it gets its partitions back at
    once. Nobody else may have it at the same time. Without one, the others wait until it is missed.
    """
    crash_points: Path | None = None
    """Tests only: where it is read at which points this process is to die or stop."""
    token: str = ""
    """A caller's own token, for the command line."""
    tenant: str = "sole-mates"
    """The tenant for whom the command line mints tokens."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """The settings that `AMENDS_...` variables spell, whatever this process's own say."""
        named = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX)
        }
        return cls.model_validate(named)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours lies in AMENDS_HOME
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not used
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the stack that was started last."""
        home = Path(os.environ.get("AMENDS_HOME") or _CHECKOUT / ".amends")
        stack = DotEnvSettingsSource(settings_cls, env_file=home / "stack.env")
        return init_settings, env_settings, stack

    @property
    def addresses(self) -> dict[str, str]:
        """host:port of every service: where it listens and where others call it."""
        return {name: getattr(self, f"{name}_address") for name in SERVICES}

    def address_of(self, service: str) -> str:
        """Where one service listens.

        Raises:
            SettingMissing: nobody said.
        """
        return self.addresses[service] or _missing(f"AMENDS_{service.upper()}_ADDRESS")

    def database_url_for(self, service: str) -> str:
        """The database of one service: `AMENDS_DATABASE_URL` with `amends_<service>` as database.

        Raises:
            SettingMissing: `AMENDS_DATABASE_URL` is not set.
        """
        return _database(self.database_url or _missing("AMENDS_DATABASE_URL"), service)

    def database_owner_url_for(self, service: str) -> str:
        """The same database, as the user who makes its tables.

        Raises:
            SettingMissing: neither `AMENDS_DATABASE_OWNER_URL` nor `AMENDS_DATABASE_URL` is set.
        """
        if not self.database_owner_url:
            return self.database_url_for(service)
        return _database(self.database_owner_url, service)


def _database(url: str, service: str) -> str:
    server = make_url(url)
    user = (server.username or "").replace("{service}", service) or None
    named = server.set(drivername="postgresql+psycopg", username=user, database=f"amends_{service}")
    return named.render_as_string(hide_password=False)


def _missing(name: str) -> str:
    raise SettingMissing(name)
