"""A line to a server that can be cut and mended: what goes through it is not looked at."""

import asyncio
import contextlib
from types import TracebackType
from typing import Self


class Cut:
    """Listens on a port of this machine and forwards to `target` (host:port) unless it is cut."""

    def __init__(self, target: str) -> None:
        self._host, _, self._port = target.rpartition(":")
        self._listening: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.address = "127.0.0.1:0"

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.cut()

    async def mend(self) -> None:
        """Who connects gets through."""
        port = int(self.address.rpartition(":")[2])
        self._listening = await asyncio.start_server(self._forward, "127.0.0.1", port)
        self.address = f"127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    async def cut(self) -> None:
        """Every connection breaks, and nobody can make one."""
        if self._listening is not None:
            self._listening.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _forward(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, there = await asyncio.open_connection(self._host, int(self._port))
        self._open |= {back, there}
        try:
            await asyncio.gather(_copy(near, there), _copy(far, back))
        finally:
            self._open -= {back, there}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while words := await reader.read(65_536):
            writer.write(words)
            await writer.drain()
    writer.close()
