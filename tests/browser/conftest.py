"""The real product in a process of its own, and a real browser in front of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    (p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None
)
#: Chromium's own services would call out at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
PASSWORD = "yunxiu-2023-demo"


def _free_port() -> int:
    with socket.socket() as at:
        at.bind(("127.0.0.1", 0))
        return int(at.getsockname()[1])


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start `jiezhen up --demo` on 3 July 2023 in a fresh home and give its address.

    While writing tests, JIEZHEN_BROWSER_AT names a demonstration that runs already.
    """
    if running := os.environ.get("JIEZHEN_BROWSER_AT"):
        yield running
        return
    home, port = tmp_path_factory.mktemp("home"), _free_port()
    log = (home / "log.txt").open("w")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("JIEZHEN_", "DJANGO_"))}
    environ["JIEZHEN_HOME"] = str(home)
    # One kind behind each door of the residents' pages, whatever the shipped packs offer.
    environ["JIEZHEN_PACKS"] = str(ROOT / "src" / "jiezhen" / "portal" / "tests" / "pack")
    command = [
        str(Path(sys.executable).with_name("jiezhen")),
        "up",
        "--demo",
        "--on",
        "2023-07-03",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            if process.poll() is not None:
                pytest.fail((home / "log.txt").read_text())
            try:
                urlopen(f"{address}/login", timeout=2).close()
                break
            except (URLError, OSError):
                time.sleep(0.5)
        else:
            pytest.fail((home / "log.txt").read_text())
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        log.close()


@pytest.fixture(scope="session")
def chromium():
    """Return the system's Chromium, driven by Playwright."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A signed-in person with a page; what went wrong in the browser is collected."""

    page: object
    errors: list[str]
    outside: list[str]


@pytest.fixture(scope="session")
def signed_in() -> dict[str, dict]:
    """Keep the cookies of everybody who signed in once, so that nobody does twice."""
    return {}


@pytest.fixture
def visit(chromium, product: str, signed_in: dict[str, dict]) -> Iterator[Callable[..., Visitor]]:
    """Return a function that signs somebody in at a width and gives their page."""
    contexts = []

    def enter(username: str = "", width: int = 1366, *, script: bool = True) -> Visitor:
        context = chromium.new_context(
            base_url=product,
            viewport={"width": width, "height": 800},
            locale="zh-CN",
            java_script_enabled=script,
            accept_downloads=True,
            storage_state=signed_in.get(username),
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        visitor = Visitor(page, [], [])
        page.on("console", lambda m: visitor.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: visitor.errors.append(str(e)))
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((product, "data:", "blob:"))
                else visitor.outside.append(r.url)
            ),
        )
        if username and username not in signed_in:
            page.goto("/login")
            page.fill("[name=username]", username)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url(f"{product}/")
            signed_in[username] = context.storage_state()
        return visitor

    yield enter
    for context in contexts:
        context.close()


def axe(page) -> list[str]:
    """Return the serious and critical findings of axe on the page as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {n['target']} {n.get('failureSummary', '')[:200]}"
        for v in found
        if v["impact"] in {"serious", "critical"}
        for n in v["nodes"][:3]
    ]
