"""The picture of the overview in the README: `make screenshot` makes it anew.

    python -m bench.screenshot docs/overview.png

Prepares a demonstration in a folder that is gone afterwards, and takes the overview in headless
Chromium (CHROMIUM names one) as a coordinator saw it the day after the first convening.
"""

import os
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from threading import Thread

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.web.database import Tracker
from config import from_environment

DAY = "2024-11-22"
WIDTH, HEIGHT = 1280, 800
LARGEST = 200_000
"""Bytes."""
PASSWORD = "only while the picture is taken"  # noqa: S105 - of accounts that are gone afterwards


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/overview.png")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DEMO_PASSWORD"] = PASSWORD
        os.environ.pop("DATABASE_URL", None)
        app = create_app(from_environment(Path(folder)))
        prepared = app.test_cli_runner().invoke(args=["demo", "--only-prepare"])
        if prepared.exit_code:
            raise SystemExit(prepared.output)
        content = picture(app)
    if len(content) > LARGEST:
        raise SystemExit(f"{len(content)} bytes are too many for a README.")
    target.write_bytes(content)
    print(f"{target}: {len(content) // 1000} kB")


def picture(app: Tracker) -> bytes:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        chosen = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(
            executable_path=chosen, args=["--no-sandbox", "--lang=en-GB"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="en-GB"
        )
        taken = photograph(page, f"http://127.0.0.1:{server.server_port}")
        browser.close()
    server.shutdown()
    return taken


def photograph(page: Page, root: str) -> bytes:
    page.goto(f"{root}/sign-in")
    page.fill("#email", "coordinator@demo.example")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{root}/**")
    page.goto(f"{root}/?as_of={DAY}")
    page.wait_for_load_state("networkidle")
    small = BytesIO()
    # 256 colours are enough for a page, and a third of the bytes.
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    main()
