"""The library `supervisor`: one daemon per stack that starts each part again when it dies."""

import os
import secrets
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from deploy.local.home import CHECKOUT, Home
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.private import write_private
from deploy.local.refused import Refused

_START_LIMIT = 10.0  # seconds until a new daemon answers

_DAEMON = """\
[supervisord]
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={run}/supervisord.pid
childlogdir={logs}
minfds=1024
{user}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

; A socket file's path would be limited to 107 characters.
[inet_http_server]
port={address}
username=amends
password={password}
"""

# A part may fail for long because another one does: it is never given up.
_PROGRAM = """
[program:{name}]
command={command}
environment={environment}
directory={directory}
autostart=false
autorestart=true
startsecs=1
startretries=100000
stopsignal={signal}
stopwaitsecs=15
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=1
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What the supervisor knows of one program."""

    name: str
    state: str
    pid: int
    since: float

    @classmethod
    def of(cls, info: Mapping[str, Any]) -> Self:
        """From the supervisor's own words."""
        return cls(info["name"], info["statename"], info["pid"], float(info["start"]))


@dataclass(frozen=True, slots=True)
class Supervisor:
    """The daemon of one stack, asked over its local port."""

    home: Home
    ports: Ports

    def begin(self, parts: Iterable[Part], environment: Mapping[str, str]) -> None:
        """Starts the daemon with every part configured and none started."""
        configuration = self.home.run / "supervisord.conf"
        write_private(configuration, self._configuration(parts))
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)]
        done = subprocess.run(
            command,
            cwd=CHECKOUT,
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
        )
        limit = time.monotonic() + _START_LIMIT
        while done.returncode == 0 and not self.is_up():
            if time.monotonic() > limit:
                raise Refused(
                    "the supervisor does not answer", f"look at {self.home.log('supervisord')}"
                )
            time.sleep(0.02)
        if done.returncode != 0:
            raise Refused(f"the supervisor did not start: {done.stderr.strip()}", "see above")

    def is_up(self) -> bool:
        """Whether the daemon of this home answers (not another program on its port)."""
        try:
            return bool(self._ask("getState")["statename"] == "RUNNING")
        except (OSError, xmlrpc.client.Error):
            return False

    def runs(self) -> dict[str, Run]:
        """Every configured part by name; empty when the daemon is not up."""
        try:
            return {info["name"]: Run.of(info) for info in self._ask("getAllProcessInfo")}
        except (OSError, xmlrpc.client.Error):
            return {}

    def start(self, name: str) -> None:
        """Starts a part; one that runs stays as it is."""
        self._tell("startProcess", name, already="ALREADY_STARTED")

    def stop(self, name: str) -> None:
        """Tells a part to stop and returns at once; one that does not run stays as it is."""
        self._tell("stopProcess", name, already="NOT_RUNNING")

    def end(self) -> None:
        """Tells the daemon to stop whatever runs, and itself."""
        self._ask("shutdown")

    def _tell(self, method: str, name: str, *, already: str) -> None:
        try:
            self._ask(method, name, False)  # noqa: FBT003  (wait: XML-RPC knows positions only)
        except xmlrpc.client.Fault as fault:
            if already not in fault.faultString:
                raise

    def _ask(self, method: str, *arguments: str | bool) -> Any:  # noqa: ANN401  (its own words)
        address = f"amends:{self._password()}@{self.ports.address('supervisor')}"
        with xmlrpc.client.ServerProxy(f"http://{address}/RPC2") as proxy:
            return getattr(proxy.supervisor, method)(*arguments)

    def _password(self) -> str:
        file = self.home.keys / "supervisor.password"
        if not file.exists():
            write_private(file, secrets.token_urlsafe(24))
        return file.read_text()

    def _configuration(self, parts: Iterable[Part]) -> str:
        daemon = _DAEMON.format(
            logs=_literal(self.home.logs),
            run=_literal(self.home.run),
            address=self.ports.address("supervisor"),
            password=self._password(),
            user="user=root" if os.geteuid() == 0 else "",  # else it warns of being root
        )
        return daemon + "".join(self._program(part) for part in parts)

    def _program(self, part: Part) -> str:
        return _PROGRAM.format(
            name=part.name,
            command=" ".join(_quoted(word) for word in part.command),
            environment=",".join(f'{name}="{value}"' for name, value in part.environment.items()),
            directory=_literal(CHECKOUT),
            signal=part.stop_signal,
            log=_literal(self.home.log(part.name)),
        )


def _literal(path: Path | str) -> str:
    """Supervisor reads % as the beginning of one of its own names."""
    return str(path).replace("%", "%%")


def _quoted(word: str) -> str:
    escaped = _literal(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
