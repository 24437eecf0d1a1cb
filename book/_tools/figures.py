"""Measure what a reader waits for on the built site: code that runs in the page, the lab, playgrounds.

    python book/_tools/figures.py                  all of it, some 15 minutes
    python book/_tools/figures.py live drags       ... or only those named

live    seconds from the click to the first result and the first explorer; a slider, Stop, Restart; megabytes
lab     seconds from the click to the first cell's output in the lab; megabytes
drags   milliseconds from a drag to the new figure, in playgrounds with 200 points
cells   seconds of each chapter's longest cell, all of them run on its page

A new profile knows nothing yet; "warm" is its second visit. A busy machine takes two to four times as long:
the machine's load is said, and nothing is judged.
"""

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import threading

from lighthouse import ROOT, load
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(ROOT / "tests"))
try:
    import browser
    from playgrounds import of, spot
    from reader import Reader
finally:
    sys.path.pop(0)
site = load(ROOT / "book" / "_tools" / "site.py")

CHAPTER = "ridge"
POINTS = 200
SLIDES = 25  # of a slider
LINES = ("a straight line", "squares and products", "cubes", "bumps on a grid")
CASES = [("curve", basis) for basis in ("polynomial", "a bump on each point", "bumps on a grid")]
CASES += [("boundary", basis, classes) for classes in (2, 3) for basis in LINES]

CLICK = "element => { window.since = performance.now(); element.click(); }"
RESULT = "document.querySelector('.live-output :is(pre, table, figure)')"
EXPLORER = "document.querySelector('.live-output figure.explorer .explorer-panels > svg')"
# The first cell with a result, counted from 1.
FIRST = """1 + [...document.querySelectorAll(".cell:has(.cell_input)")]
    .findIndex(cell => cell.querySelector(".cell_output :is(pre, table, figure)"))"""
SLIDE = """async times => {
    const figure = document.querySelector(".live-output figure.explorer"), seconds = [];
    const input = figure.querySelector(".explorer-controls input");
    const panels = figure.querySelector(".explorer-panels");
    for (let k = 0; k < times; k++) {
        const since = performance.now();
        const drawn = new Promise(done => new MutationObserver((_, watch) => { watch.disconnect(); done(); })
            .observe(panels, {childList: true, subtree: true, attributes: true}));
        input.value = (Number(input.value) + 1) % (Number(input.max) + 1);
        input.dispatchEvent(new Event("input", {bubbles: true}));
        await drawn;
        figure.getBoundingClientRect();
        seconds.push((performance.now() - since) / 1000);
    }
    return seconds;
}"""
# From a move of the pointer until what it changed is painted.
WATCH = """() => {
    window.waits = [];
    addEventListener("pointermove", () => {
        const since = performance.now();
        requestAnimationFrame(() => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = () => waits.push(performance.now() - since);
            port2.postMessage(0);
        });
    }, {capture: true});
}"""
SPANS = """() => {
    window.spans = [];
    const status = document.querySelector(".live-status");
    let [number, since] = [null, 0];
    new MutationObserver(() => {
        const now = performance.now();
        if (number) spans.push([(now - since) / 1000, Number(number)]);
        [number, since] = [status.textContent.match(/^Cell (\\d+) of .* runs/)?.[1], now];
    }).observe(status, {childList: true});
}"""


class Sent:
    """Counts the bytes of answers, all of which are packed, as on a host that does so."""

    PACKED = ""
    count = 0

    def copyfile(self, source, target):
        content = source.read()
        Sent.count += len(content)
        with contextlib.suppress(ConnectionError):  # the page was left
            target.write(content)


@contextlib.contextmanager
def profile(playwright):
    with tempfile.TemporaryDirectory() as folder:
        options = {"executable_path": browser.find(shell=False), "args": browser.FLAGS}
        context = playwright.chromium.launch_persistent_context(folder, **options)
        context.set_default_timeout(0)
        yield context
        context.close()


def click(page, selector):
    page.locator(selector).first.evaluate(CLICK)


def until(page, what):
    """Seconds from the click until something is so, looked for at each frame."""
    return page.wait_for_function(f"({what}) && performance.now() - since").json_value() / 1000


def says(pattern):
    return f"/{pattern}/.test(document.querySelector('.live-status')?.textContent)"


def live(context, address):
    reader, found = Reader(context.new_page(), address), {}
    page = reader.open(f"/book/{CHAPTER}.html").page
    first, before = page.evaluate(FIRST), Sent.count
    click(page, ".live-run")
    page.locator(f"[aria-label='Run cell {first}']").evaluate("button => button.click()")
    found["first result"] = until(page, RESULT)
    found["first explorer"] = until(page, EXPLORER)
    until(page, says("has run"))
    found["slider"] = statistics.median(page.evaluate(SLIDE, SLIDES))
    reader.write(1, "print('on', flush=True)\nwhile True: pass")
    click(page, "[aria-label='Run cell 1']")
    until(
        page, "[...document.querySelectorAll('.live-output')].some(({textContent}) => /on/.test(textContent))"
    )
    click(page, ".live-buttons button:text('Stop')")
    found["Stop"] = until(page, says("was stopped"))
    click(page, ".live-buttons button:text('Restart')")
    found["Restart"] = until(page, says("is ready"))
    click(page, "[aria-label='Reset cell 1']")
    page.close()
    return found | {"MB": (Sent.count - before) / 1e6}


def lab(context, address):
    page, before = context.new_page(), Sent.count
    page.goto(f"{address}/book/{CHAPTER}.html", wait_until="load")
    began = page.evaluate("performance.timeOrigin + performance.now()")
    with context.expect_page() as opened:
        page.click(".lab-icon")
    page = opened.value
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
    page.wait_for_function("jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'")
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    outputs = "[...jupyterapp.shell.currentWidget.content.model.cells].some(cell => cell.outputs?.length)"
    ended = page.wait_for_function(f"{outputs} && performance.timeOrigin + performance.now()").json_value()
    page.close()
    return {"first output": (ended - began) / 1000, "MB": (Sent.count - before) / 1e6}


def scattered(kind, classes):
    """Two hundred points, as an address has them."""
    for k in range(POINTS):
        a, b = 2 * (k + 0.5) / POINTS - 1, (k * 37 % POINTS + 0.5) / POINTS
        if kind == "curve":
            yield f"{a:.3f}_{1 + a + 2 * b:.3f}"
        else:
            label = k % classes if k % 3 else k * classes // POINTS  # they overlap
            yield f"{2.8 * a:.2f}_{5.6 * b - 2.8:.2f}_{label}"


def drag(context, address, kind, basis, classes=None, moves=150):
    """Milliseconds that each move of a point takes."""
    page = context.new_page()
    where = f"{kind}:basis={basis.replace(' ', '%20')},points={'~'.join(scattered(kind, classes))}"
    page.goto(f"{address}/book/playgrounds.html#{where}", wait_until="load")
    page.locator(f"figure#{kind}").scroll_into_view_if_needed()
    page.wait_for_selector(f"figure#{kind} .playground-field")  # it is drawn
    page.evaluate("document.fonts.ready")
    left, top = spot(page, *of(page, "it.points[100].slice(0, 2)", kind), kind)
    page.mouse.move(left, top)
    page.mouse.down()
    page.evaluate(WATCH)
    for k in range(moves):
        page.mouse.move(left + 1.5 * (k % 40), top + k % 30)
        page.wait_for_function("count => waits.length > count", arg=k)
    page.mouse.up()
    waits = page.evaluate("waits")
    page.close()
    return waits


def longest(context, address, name):
    """Seconds of a chapter's longest cell, and which it is."""
    page = context.new_page()
    page.goto(f"{address}/book/{name}.html", wait_until="load")
    click(page, ".live-run")
    page.wait_for_selector(".live-status")
    page.evaluate(SPANS)
    click(page, ".live-buttons button:text('Run all')")
    until(page, says("(has run|ended with an error|did not run)\\.$"))
    assert "has run" in page.text_content(".live-status"), f"{name}: {page.text_content('.live-status')}"
    seconds, number = max(page.evaluate("spans"))
    page.close()
    return seconds, number


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", nargs="*", help="live, lab, drags, cells (default: all of them)")
    parser.add_argument("--rounds", type=int, default=3, help="new profiles for live and lab (default: 3)")
    arguments = parser.parse_args()
    wanted = arguments.what or ["live", "lab", "drags", "cells"]
    if unknown := set(wanted) - {"live", "lab", "drags", "cells"}:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    site.Handler = type("Handler", (Sent, site.Handler), {"log_message": lambda *_: None})

    def say(text):
        print(text, flush=True)

    with site.open_server(ROOT / "_build" / "site", 0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://localhost:{server.server_port}"
        for name, visit in (("live", live), ("lab", lab)):
            if name not in wanted:
                continue
            visits = []
            for _ in range(1 + arguments.rounds):  # in the first the server packs
                with profile(playwright) as context:
                    visits.append([visit(context, address) for _ in range(2)])
            for kind, found in zip(("cold", "warm"), zip(*visits[1:])):
                medians = {key: statistics.median(one[key] for one in found) for key in found[0]}
                say(f"{name}, {kind}: " + ", ".join(f"{key} {value:.2f}" for key, value in medians.items()))
        if "drags" in wanted:
            with profile(playwright) as context:
                for kind, basis, *classes in CASES:
                    waits = drag(context, address, kind, basis, *classes)
                    middle, late = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
                    name = ", ".join([kind, basis, *(f"{count} classes" for count in classes)])
                    say(f"{name}: median {middle:.1f} ms, 95 of 100 below {late:.1f} ms")
        if "cells" in wanted:
            with profile(playwright) as context:
                for path in sorted((ROOT / "book").glob("*.ipynb")):
                    if "stub.js" in (ROOT / "_build/site/book" / f"{path.stem}.html").read_text("utf-8"):
                        seconds, number = longest(context, address, path.stem)
                        say(f"{path.stem:<18} {seconds:5.1f} s, cell {number}")
        server.shutdown()
    with contextlib.suppress(OSError):
        say("The machine's load was {:.1f}, {:.1f}, {:.1f}.".format(*os.getloadavg()))


if __name__ == "__main__":
    main()
