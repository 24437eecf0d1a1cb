"""Find the browser that the site is tested in; as a program, see to it that there is one.

In this order: $CHROME; a Chromium or Chrome on the machine; the one that Playwright keeps, downloaded if need
be; Debian's package where we may install it. One that is made to have no window, a headless shell, draws the
same pages with a sixth less work: it is preferred, but where time is measured as a reader has it.
"""

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

HANG = 3600  # seconds, after which what waits for an event gives up; nothing is judged by its speed
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# The window that nobody sees has an address bar, whose suggestions are pages of their own: they take longer
# to start than a page of the book. The other features are those that Playwright turns off: its list does not
# count any more.
WITHOUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AvoidUnnecessaryBeforeUnloadCheckSync", "PaintHolding"),
    *("DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "MediaRouter"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
FLAGS = [  # without its own calls home
    f"--disable-features={','.join(WITHOUT)}",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
MISSING = """No browser to test the site in. Any one of these will do:
  - install Chromium or Google Chrome (Debian: sudo apt install chromium; macOS: brew install --cask chromium)
  - let Playwright download one: .venv/bin/python -m playwright install --with-deps chromium
  - say where one is: CHROME=/path/to/chrome make test"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serving(folder, handler=Quiet):
    """Serve a folder for as long as a `with` block lasts, at the address that it is given."""
    handler = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True  # a request that a test holds back ends with it
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def find(shell=True):
    """Return the path of a browser that starts, or None; with `shell`, one without windows comes first."""
    chosen = os.environ.get("CHROME")
    if chosen:
        if not starts(chosen):
            sys.exit(f"CHROME={chosen} does not start")
        return chosen
    return next(filter(starts, candidates(shell)), None)


def candidates(shell):
    yield from filter(None, map(shutil.which, (*SHELLS, *NAMES) if shell else (*NAMES, *SHELLS)))
    yield from APPS
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    yield own


def starts(path):
    """Tell whether the program is there with all it needs (chromium-browser may be a mere hint to a snap)."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=HANG).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def download():
    print("No browser here; asking Playwright for one (some 150 MB).", flush=True)
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, timeout=HANG
    )


def install():
    if os.name == "posix" and os.geteuid() == 0 and Path("/etc/debian_version").exists():
        print(f"Installing Debian's package {SHELLS[0]}.", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        packages = [SHELLS[0], "fonts-liberation"]
        options = ["-y", "-qq", "--no-install-recommends", "--no-remove"]
        for command in (["update", "-qq"], ["install", *options, *packages]):
            subprocess.run(["apt-get", *command], stdout=subprocess.DEVNULL, env=environment, timeout=HANG)


def launch(playwright, path):
    """Start the browser without a window, and without its own calls home."""
    return playwright.chromium.launch(executable_path=path, timeout=1000 * HANG, args=FLAGS)


PARTS = """value => {
    for (const {style} of document.querySelectorAll("section")) style.contentVisibility = value;
}"""


def lay_out(page):
    """Lay out also the parts of a page that its reader is not near, and let its scripts measure them."""
    page.evaluate(PARTS, "visible")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def swipe(page, places):
    """A finger comes down on the first place, moves through the others, and is lifted."""
    send = page.context.new_cdp_session(page).send
    kinds = ["touchStart"] + ["touchMove"] * (len(places) - 1)
    for kind, (x, y) in zip(kinds, places):
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def main():
    path = find()
    for remedy, enough in ((install, SHELLS), (download, None)):
        if path is None or (enough and "CHROME" not in os.environ and Path(path).name not in enough):
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                remedy()
            path = find()
    if path is None:
        sys.exit(MISSING)
    print(f"Browser: {path}")


if __name__ == "__main__":
    main()
