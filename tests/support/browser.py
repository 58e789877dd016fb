"""Drive a real Chromium against a real `easel serve` with the shipped weights.

Pictures of what was seen are kept in artefacts/.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "artefacts"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CONFIG = '[web]\nport = 0\nper_minute = "none"\n[storage]\ndatabase = "easel.db"\npictures = "pictures"\n'
LINE = "/paint style=ink color=blue shape=fish seed=7"
PATIENCE = 60_000
"""Milliseconds; machines may be busy."""


@contextmanager
def serving(folder):
    """Start an Easel with its database in `folder`, and return its address."""
    (folder / "config.toml").write_text(CONFIG)
    command = [sys.executable, "-m", "bot", "serve", "--config", str(folder / "config.toml")]
    environment = {**os.environ, "EASEL_WEB_ADMIN_TOKEN": "opening-day-2027"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stderr.readline, "")
            yield next(found[0] for line in lines if (found := re.search(r"http://[\d.:]+", line)))
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=60)[1]
    assert process.returncode == 0, rest
    assert "Traceback" not in rest, rest


@contextmanager
def chromium():
    """Start a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def visiting(browser, address):
    """Open pages as somebody new; fail if a page logged an error."""
    complaints = []
    contexts = []

    def open_page(**settings):
        context = browser.new_context(base_url=address, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        load(page, page.goto, "/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, complaints


def load(page, go, *where):
    """Open an address and wait until the page can be used."""
    go(*where)
    page.wait_for_selector("html[data-ready=true]")


def paint(page, line=LINE):
    """Type a line, wait for the painting, and return its sheet."""
    before = page.locator("#log figure:not(.waiting)").count()
    page.locator("#line").fill(line)
    page.keyboard.press("Enter")
    sheet = page.locator("#log figure:not(.waiting)").nth(before)
    expect(sheet).to_be_visible(timeout=PATIENCE)
    return sheet


def keep(page, name):
    """Take a screenshot of the page once all its pictures are loaded."""
    ARTEFACTS.mkdir(exist_ok=True)
    # Waiting for a condition would evaluate text, which the page's policy forbids.
    page.evaluate(
        "Promise.all([...document.querySelectorAll('main figure img, .hung img')]"
        ".filter((image) => image.getBoundingClientRect().top < innerHeight).map((image) => image.decode()))"
    )
    page.screenshot(path=ARTEFACTS / f"{name}.png", animations="disabled")
