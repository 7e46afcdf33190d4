"""Take the pictures of the README from the demonstration, as it stands on 3 July 2023.

    python tools/screenshots.py http://127.0.0.1:8000

Start the product first: `jiezhen up --demo --on 2023-07-03`. Needs Chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from jiezhen.desk.demonstration import PASSWORD

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SHOTS = (
    ("demo-leader", "/", "today", 1366),
    ("demo-office", "/plans/2023/docs/1", "plan", 1366),
    ("demo-office", "/indicators", "board", 1366),
    ("demo-section", "/matters", "matters-phone", 390),
)


def main(address: str) -> None:
    """Sign in as each person and keep the picture of a page."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for username, path, name, width in SHOTS:
            context = browser.new_context(
                base_url=address, viewport={"width": width, "height": 860}
            )
            page = context.new_page()
            page.goto("/login")
            page.fill("[name=username]", username)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_load_state()
            page.goto(path)
            page.screenshot(path=str(IMAGES / f"{name}.png"))
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
