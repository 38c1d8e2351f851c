"""Which parts there are."""

from deploy.local.broker import Broker
from deploy.local.choice import Choice
from deploy.local.home import Home
from deploy.local.part import Part, with_needs
from deploy.local.ports import Ports
from deploy.local.postgres import Postgres
from deploy.local.processes import Processes
from deploy.local.refused import Refused
from deploy.local.temporal import Temporal


def parts(home: Home, choice: Choice) -> dict[str, Part]:
    """Every part by name, or only the chosen ones and what those need."""
    ports = Ports(choice.base)
    databases = [] if choice.database else [Postgres(home, ports).part()]
    everything = [
        *databases,
        Broker(home, ports).part(),
        Temporal(home, ports).part(),
        *Processes(home, ports).parts(),
    ]
    known = {part.name: part for part in everything}
    wanted = known.keys() if choice.programs is None else set(choice.programs)
    if strangers := wanted - known.keys():
        raise Refused(f"there is no part {min(strangers)}", f"known: {', '.join(known)}")
    return with_needs(known, frozenset(wanted))
