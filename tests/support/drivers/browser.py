"""People in the web chat with a real browser, for the scenario: they type, click and read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from itsdangerous import URLSafeSerializer
from playwright.async_api import Browser, Dialog, Locator, Page, async_playwright, expect

from commands.reactions import FAVOURITE, verb_of
from tests.support.browser import FLAGS, PATIENCE
from tests.support.chat_users import Seen, Stage
from tests.support.fakes import FakePaintingClient
from tests.support.web_client import ADMIN_TOKEN, web_app

NAMES = {"reroll": "Reroll", "vary": "Vary", "upscale": "Upscale", "delete": "Delete", "cancel": "Cancel"}
"""A picture's buttons by their labels."""


@dataclass(kw_only=True)
class BrowserStage(Stage):
    browser: Browser

    def running(self) -> Any:
        return web_app(self.folder, self.painting_client, self.clock)

    async def arrive(self, name: str) -> BrowserPerson:
        context = await self.browser.new_context()
        person = BrowserPerson(self, await context.new_page())
        person.page.set_default_timeout(PATIENCE)
        person.page.on("dialog", person.agree)
        await self.come_back(person)
        if name == "mod":
            await person.sign_in()
        return person

    async def come_back(self, person: BrowserPerson) -> None:
        """Open the page again with the same cookie."""
        await person.page.goto(self.app.platforms["web"].address)
        await person.page.wait_for_selector("html[data-ready=true]")
        [cookie] = await person.page.context.cookies()
        person.named = f"web:{URLSafeSerializer('?').loads_unsafe(cookie['value'])[1]['name']}"


@dataclass
class BrowserPerson:
    stage: BrowserStage
    page: Page
    named: str = ""
    told: list[Seen] = field(default_factory=list)

    @property
    def room(self) -> str:
        """Everyone has a chat of their own."""
        return f"channel={self.named.replace(':', ':chat-')}"

    async def agree(self, dialog: Dialog) -> None:
        await dialog.accept()

    async def sign_in(self) -> None:
        address = self.stage.app.platforms["web"].address
        await self.page.goto(f"{address}/admin")
        await self.page.get_by_label("Admin token").fill(ADMIN_TOKEN)
        await self.page.get_by_role("button", name="Sign in").click()
        await expect(self.page.get_by_role("button", name="Sign out")).to_be_visible(timeout=PATIENCE)
        await self.page.goto(address)
        await self.page.wait_for_selector("html[data-ready=true]")

    async def say(self, line: str) -> Seen:
        async def typed() -> None:
            await self.page.locator("#line").fill(line)
            await self.page.keyboard.press("Enter")

        seen = await self._asked(typed)
        await self._stands_there(seen)
        if seen.alts:
            self.told.append(seen)
        return seen

    async def _asked(self, act: Callable[[], Awaitable[None]]) -> Seen:
        """Act on the page and return the answer."""
        async with self.page.expect_response("**/ask") as answered:
            await act()
        answer = await (await answered.value).json()
        alts = [each["alt"] for each in answer["pictures"]]
        hidden, due = sum(each["hidden"] for each in answer["pictures"]), ""
        # With an open gate the result may stand there already.
        if answer["seconds"] and not self.stage.painting_client.gate.is_set():
            due = await self.page.locator(".due").last.inner_text()
        return Seen(answer["text"], alts, hidden, due, answer)

    async def _stands_there(self, seen: Seen) -> None:
        """Read the answer at the end of the page, which a result may already have replaced."""
        if seen.raw["job"] is None:
            last = self.page.locator("#log > li").last
            await expect(last.locator(".answer")).to_contain_text(
                seen.text.splitlines()[-1], timeout=PATIENCE
            )
            await expect(last.locator("figure")).to_have_count(len(seen.alts), timeout=PATIENCE)

    async def press(self, seen: Seen, verb: str, place: int = 0) -> Seen:
        if verb == "gallery":
            turns = self.page.locator("#log > li").last.locator(".row button")
            seen = await self._asked(turns.nth(place).click)
            await self._stands_there(seen)
            return seen
        if verb == "cancel":
            button = self.page.locator(f'[data-line="/cancel {seen.raw["job"]}"]')
        else:
            button = self._sheet(seen, place).get_by_role("button", name=NAMES.get(verb, "-"), exact=True)
        # Of others' posts a person sees the numbers only.
        if await button.count():
            return await self._asked(button.click)
        return await self.say(f"/{verb} {seen.raw['job'] if verb == 'cancel' else seen.numbers[place]}")

    def _sheet(self, seen: Seen, place: int) -> Locator:
        # A page of the gallery may show it once more below.
        return self.page.locator(f'[data-picture="{seen.raw["ids"][place]}"]').first

    async def react(self, seen: Seen, emoji: str, on: bool = True) -> None:
        """Press the heart, or the button that a reaction stands for."""
        verb = verb_of(emoji)
        for place, number in enumerate(seen.numbers):
            sheet = self._sheet(seen, place)
            if not await sheet.count():
                await self.say(f"/{verb} {number}")
            elif verb == FAVOURITE:
                async with self.page.expect_response("**/like"):
                    await sheet.locator(".heart").click()
            elif on or verb == "spoiler":
                await self._asked(sheet.locator(".hide" if verb == "spoiler" else ".remove").click)

    async def result(self) -> Seen:
        """Wait for the next new result on this page and return it."""
        async with asyncio.timeout(PATIENCE / 1000):
            while True:
                for sheets in await self._hung():
                    if sheets.raw["ids"] and not set(sheets.raw["ids"]) & self.stage.known:
                        self.stage.known |= set(sheets.raw["ids"])
                        return sheets

    async def _hung(self) -> list[Seen]:
        """Return every result on the page."""
        found = await self.page.evaluate(_READ)
        said = [
            f"{each['says']}\nPicture {', '.join(each['numbers'])}, painted by Easel (AI)" for each in found
        ]
        return [
            Seen(text, each["alts"], each["veils"], "", each) for text, each in zip(said, found, strict=True)
        ]

    async def until(self, seen: Seen, true: Callable[[Seen], object]) -> Seen:
        """Wait until the post is as expected and return it."""
        async with asyncio.timeout(PATIENCE / 1000):
            while True:
                same = [each for each in await self._hung() if {*each.raw["ids"]} & {*seen.raw["ids"]}]
                now = same[0] if same else Seen("")
                if true(now):
                    return now

    async def inbox(self, count: int) -> list[Seen]:
        """Return the answers: nobody else sees them."""
        assert len(self.told) >= count
        return self.told


_READ = """() => [...document.querySelectorAll("#log > li > .sheets")]
  .filter((sheets) => !sheets.querySelector(".waiting") && !sheets.parentElement.querySelector(".answer"))
  .map((sheets) => {
    const all = [...sheets.querySelectorAll("figure")];
    return {
      says: sheets.parentElement.querySelector(".says").textContent,
      ids: all.map((each) => each.dataset.picture),
      numbers: all.map((each) => each.querySelector(".number").textContent.match(/\\d+/)[0]),
      alts: all.map((each) => each.querySelector("img.painting").alt),
      veils: all.filter((each) => each.querySelector(".veil")).length,
    };
  })
"""


@asynccontextmanager
async def stage(folder: Path, painting_client: FakePaintingClient) -> AsyncIterator[BrowserStage]:
    """Return the web chat in a headless browser, without people."""
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        stack.push_async_callback(browser.close)
        yield BrowserStage(folder=folder, painting_client=painting_client, browser=browser)
