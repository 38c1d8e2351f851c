"""A scrape answers whatever else is away."""

import socket
import subprocess
import sys
from collections.abc import Iterable
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from sqlalchemy.exc import OperationalError

from amends.telemetry import metrics
from amends.telemetry.metrics import gauge
from deploy.local.home import CHECKOUT


def away() -> Iterable[Metric]:
    raise OperationalError("SELECT", {}, ConnectionError("nobody listens"))


def there() -> Iterable[Metric]:
    return [gauge("amends_outbox_waiting", "", 3)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    """Metrics of a registry of this test's own."""
    monkeypatch.setattr(metrics, "REGISTRY", CollectorRegistry())
    return f"127.0.0.1:{free_port()}"


def test_a_scrape_tells_what_it_can_while_the_store_is_away(address: str) -> None:
    end = metrics.serve(address, "intake", [away, there])
    with urlopen(f"http://{address}/metrics", timeout=5) as answer:
        told = answer.read().decode()
    end()
    assert "amends_outbox_waiting 3.0" in told
    assert "process_resident_memory_bytes" in told


def test_who_names_no_address_listens_nowhere(address: str) -> None:
    metrics.serve("", "intake", [there])()
    assert metrics.REGISTRY.get_sample_value("amends_outbox_waiting") is None


def test_a_process_goes_on_where_the_address_is_taken(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", int(address.rpartition(":")[2]))):
        metrics.serve(address, "intake", [])()
    assert "no_metrics" in capsys.readouterr().err


def test_nothing_of_opentelemetry_is_imported_where_nobody_traces() -> None:
    program = (
        "import sys; import services.intake.bootstrap, workflows.__main__; "
        "from amends.telemetry import traces; traces.configure('x', ''); "
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, check=False).returncode == 0
    )
