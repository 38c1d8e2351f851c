"""The Temporal UI as a person looks at it: the list behind a query, and what a case's page says.

Its pages are Temporal's own; whatever is read here is what is seen, not what lies behind it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

from playwright.async_api import FloatRect, Page, Route, ViewportSize, async_playwright
from playwright.async_api import TimeoutError as NotShown

from deploy.browser import chromium

_SIZE = ViewportSize(width=1480, height=900)
_MARGIN = 16.0  # pixels around what a picture shows
_PATIENCE = 60.0  # seconds, on a machine that is busy otherwise
_FOR_ONE_LIST = 15.0
_BETWEEN_LOOKS = 0.3
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class TemporalUI:
    """One page of one stack's UI; `strangers` are the addresses elsewhere that it asked for."""

    def __init__(self, page: Page, address: str, namespace: str) -> None:
        self._page = page
        self._place = f"{address}/namespaces/{namespace}/workflows"
        self._host = urlsplit(address).netloc
        self.strangers: list[str] = []

    async def let_in(self, route: Route) -> None:
        """Only what the stack itself serves."""
        asked = route.request.url
        if urlsplit(asked).netloc == self._host:
            await route.continue_()
            return
        self.strangers.append(asked)
        await route.abort()

    async def lists(self, query: str, workflow_id: str) -> str:
        """The row of the workflow in the list that the query filters, as soon as it stands there.

        Raises:
            TimeoutError: it does not stand there.
        """
        row = self._page.get_by_role("row").filter(has_text=workflow_id)
        async with asyncio.timeout(_PATIENCE):
            while True:
                await self._page.goto(f"{self._place}?query={quote(query)}")
                with suppress(NotShown):  # the list does not renew itself
                    await row.wait_for(timeout=_FOR_ONE_LIST * 1000)
                    return await row.inner_text()

    async def filters(self) -> str:
        """How the list says by what it is filtered."""
        return await self._page.locator("main").inner_text()

    async def opens(self, workflow_id: str) -> None:
        """The page of one workflow, where it says in words how it stands."""
        await self._page.goto(f"{self._place}/{quote(workflow_id, safe='')}")
        await self._page.get_by_test_id("user-metadata-tab").click()

    async def says(self, words: str) -> None:
        """Returns as soon as the open page says it, in its summary or details.

        Raises:
            TimeoutError: it does not say it.
        """
        async with asyncio.timeout(_PATIENCE):
            while not await self._shows(words):
                await self._page.keyboard.press("r")  # the page's own key for what is new

    async def _shows(self, words: str) -> bool:
        """Within one wait for it: each part of the details is a page within the page."""
        await asyncio.sleep(_BETWEEN_LOOKS)
        found = [await frame.get_by_text(words).count() for frame in self._page.frames]
        return any(found)

    async def picture(self, file: Path) -> None:
        """What the open page shows of the workflow, without the navigation around it."""
        await self._page.mouse.move(0, 0)
        seen = await self._page.locator("main").bounding_box()
        assert seen is not None  # noqa: S101 - it is waited for
        bottoms = [await one.bounding_box() for one in await self._page.locator("iframe").all()]
        bottom = max(box["y"] + box["height"] for box in bottoms if box)
        clip = FloatRect(
            x=seen["x"], y=seen["y"], width=seen["width"], height=bottom + _MARGIN - seen["y"]
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        await self._page.screenshot(path=file, clip=clip, animations="disabled")


@asynccontextmanager
async def look(address: str, namespace: str) -> AsyncIterator[TemporalUI]:
    """A browser that knows nobody but 127.0.0.1, at the UI's address."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium.found(), args=[_ALONE])
        context = await browser.new_context(
            viewport=_SIZE,
            color_scheme="light",
            locale="en-GB",
            timezone_id="Europe/London",
            service_workers="block",
        )
        ui = TemporalUI(await context.new_page(), address, namespace)
        await context.route("**/*", ui.let_in)
        yield ui
        await browser.close()
