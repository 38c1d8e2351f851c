"""Whatever the contract lets a person do has a command."""

import re
from pathlib import Path

import amends.cli
from amends.rpc.rpcs import rpcs_of
from amends.v1 import (  # noqa: F401 - an import makes a service known
    eventlog_service_pb2,
    followup_service_pb2,
    intake_service_pb2,
    privacy_service_pb2,
    resolution_service_pb2,
    routing_service_pb2,
)
from amends.values.identity import Role

SERVICES = ("Intake", "Routing", "Resolution", "FollowUp", "Privacy", "EventLog")
_CALL = re.compile(r"\.([A-Z][A-Za-z]+)\(")


def test_every_rpc_that_is_not_for_services_alone_has_a_command() -> None:
    rooms = [*Path(amends.cli.__path__[0]).glob("*.py"), Path(amends.__path__[0]) / "follow.py"]
    called = {name for room in rooms for name in _CALL.findall(room.read_text())}
    rpcs = [rpc for name in SERVICES for rpc in rpcs_of(f"amends.v1.{name}Service").values()]
    for_people = {rpc.name for rpc in rpcs if set(rpc.roles) - {Role.SERVICE}}
    assert len(for_people) > len(SERVICES)
    assert for_people - called == set()
