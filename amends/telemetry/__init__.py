"""Telemetry: what operations see of a process: its logs, its metrics and, if wanted, its traces."""

from amends.telemetry.logs import (
    AGREED,
    Logger,
    agreed_only,
    bound,
    configure,
    log,
    trace_of,
)

__all__ = ["AGREED", "Logger", "agreed_only", "bound", "configure", "log", "trace_of"]
