"""`stack.env`: the names by which our processes, the command line and the tests find the parts."""

import os
from collections.abc import Mapping

from deploy.local import keys
from deploy.local.choice import Choice
from deploy.local.home import Home
from deploy.local.leftovers import MARK
from deploy.local.ports import Ports
from deploy.local.postgres import Postgres
from deploy.local.private import write_private
from deploy.local.processes import EVENT_SOURCED
from deploy.local.refused import Refused
from deploy.local.temporal import NAMESPACE

# What belongs to the program that called us, not to the processes that stay.
_NOT_INHERITED = ("AMENDS_", "MAKE", "PYTEST_", "COV_")
# But where traces go is told by whoever starts the stack: `AMENDS_OTLP_ENDPOINT=... make up`.
_TRACES = "AMENDS_OTLP_ENDPOINT"


def variables(home: Home, choice: Choice) -> dict[str, str]:
    """Everything that a process of this stack may want to know."""
    ports = Ports(choice.base)
    return {
        "AMENDS_HOME": str(home.path),
        **_database(Postgres(home, ports), choice),
        "AMENDS_KAFKA_BOOTSTRAP": ports.address("kafka"),
        "AMENDS_TEMPORAL_ADDRESS": ports.address("temporal"),
        "AMENDS_TEMPORAL_NAMESPACE": NAMESPACE,
        "AMENDS_TEMPORAL_UI": f"http://{ports.address('temporal-ui')}",
        **{
            f"AMENDS_{name.upper()}_ADDRESS": ports.address(name)
            for name in (*EVENT_SOURCED, "commerce")
        },
        "AMENDS_JWKS_FILE": str(keys.jwks(home)),
        "AMENDS_SERVICE_TOKEN_FILE": str(keys.service_token(home)),
        "AMENDS_SIGNING_KEY_FILE": str(keys.signing_key(home)),
        "AMENDS_MASTER_KEY_FILE": str(keys.master_key(home)),
        "AMENDS_CLOCK_FILE": str(home.clock),
    }


def _database(ours: Postgres, choice: Choice) -> dict[str, str]:
    """On a server that is not ours one user owns and serves."""
    if choice.database:
        return {"AMENDS_DATABASE_URL": choice.database}
    return {"AMENDS_DATABASE_URL": ours.url, "AMENDS_DATABASE_OWNER_URL": ours.owner_url}


def write(home: Home, choice: Choice) -> None:
    """Writes `stack.env`; it holds the database's password, so only its user may read it."""
    lines = (f"{name}={value}\n" for name, value in variables(home, choice).items())
    write_private(home.environment, "".join(lines))


def read(home: Home) -> dict[str, str]:
    """The variables of the stack that was started last."""
    if not home.environment.exists():
        raise Refused(f"there is no {home.environment}", "run `make up`: it writes it")
    lines = home.environment.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def _no_proxy() -> dict[str, str]:
    """Without this gRPC would ask a proxy even for this machine."""
    named = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    without = ",".join(filter(None, (named, "127.0.0.1", "localhost")))
    return {"no_proxy": without, "NO_PROXY": without}


def of_processes(home: Home) -> dict[str, str]:
    """The whole environment of a supervised process."""
    inherited: Mapping[str, str] = {
        name: value
        for name, value in os.environ.items()
        if name == _TRACES or not name.startswith(_NOT_INHERITED)
    }
    return {
        "USER": "amends",  # Temporal asks for one where the user's id has no name
        **inherited,
        **read(home),
        **_no_proxy(),
        MARK: str(home.path),
        "PYTHONUNBUFFERED": "1",
    }
