"""What the tests of playgrounds and of the field to draw on share: pages, and what a reader does there."""

import contextlib
import json
from importlib.resources import files

import pytest
from browser import HANG, swipe

from mlcore.explore import _page, _playground

HEAD = "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
HEAD += "<title>Play</title><style>main { font-family: sans-serif; padding: 0 1rem; }"
HEAD += "[data-theme=dark] { background: #14181e; color: #e6e6e6; }</style><main><h1>Play</h1>"
END = "<p style='height: 100vh'>The end.</p></main>"


def made(function, *arguments, face="static", **options):
    """All forms of an explorer or a playground, as a page with that face shows it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(_page.FACE, face)
        patch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
        return function(*arguments, **options)._repr_mimebundle_()


def text_of(name):
    return files("mlcore.explore").joinpath(name).read_text("utf-8")


def write(folder, name, html, scripts, *, before=""):
    """A page with a playground's HTML, as the book serves it: what its scripts need lies beside it."""
    names = (*_playground.BESIDE, *_playground.NEEDED, *scripts)
    for file in names:
        (folder / file).write_text(text_of(file), "utf-8")
    linked = "".join(f"<link rel=stylesheet href={file}>" for file in names if file.endswith(".css"))
    linked += "<script src=moved.js defer></script><script src=explorer.js defer></script>"
    (folder / name).write_text(f"{HEAD}{linked}{before}{html}{END}", "utf-8")


@contextlib.contextmanager
def visiting(chromium, address, settled=lambda page: None, silent=True):
    """A function that opens a page in a context of its own, and waits for it; no page may complain.

    Nor may one say anything on the console, where it is to be silent.
    """
    complaints, contexts = [], []

    def visit(name="page.html", phone=False, wait=True, **options):
        size = {"width": 390 if phone else 1280, "height": 844}
        context = chromium.new_context(viewport=size, has_touch=phone, accept_downloads=True, **options)
        contexts.append(context)
        context.set_default_timeout(1000 * HANG)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url.rpartition("/")[2]))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: silent and complaints.append(message.text))
        page.goto(f"{address}/{name}")
        if wait and options.get("java_script_enabled", True):
            settled(page)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not complaints, complaints


def of(page, expression, name=None):
    """A property of the playground on a page, `it`: of that name, or of the only one."""
    name = f"'{name}'" if name else "document.querySelector('.playground').id"
    return page.evaluate(f"(() => {{ const it = explorers.get({name}); return {expression}; }})()")


def spot(page, x, y, name=None):
    """A place of the left panel on the screen; of the playground of that name, or of the only one."""
    field = page.locator(f"figure#{name} .playground-field" if name else ".playground-field")
    field.scroll_into_view_if_needed()
    box, (x0, x1, y0, y1) = field.bounding_box(), of(page, "it.axes", name)
    return (
        box["x"] + (x - x0) / (x1 - x0) * box["width"],
        box["y"] + (y1 - y) / (y1 - y0) * box["height"],
    )


def drag(page, a, b):
    page.mouse.move(*spot(page, *a))
    page.mouse.down()
    page.mouse.move(*spot(page, *b), steps=4)
    page.mouse.up()


def touch(page, *places):
    swipe(page, [spot(page, *place) for place in places])


def finger(page, a, b):
    """A tap that chooses the point at a, and a finger that drags it to b."""
    page.touchscreen.tap(*spot(page, *a))
    touch(page, a, b)


def paste(page, text):
    if not page.locator(".playground-own textarea").is_visible():
        page.locator(".playground-own summary").click()
        page.wait_for_function("document.querySelector('.playground-own textarea').value")
    page.locator(".playground-own textarea").fill(text)
    page.locator(".playground-take").click()


def follow(page, address):
    """A click on a link, at once after whatever was done before."""
    page.evaluate(
        """address => document.querySelector('main').prepend(
            Object.assign(document.createElement('a'), {href: address, textContent: 'Begin here'}))""",
        address,
    )
    page.evaluate("document.querySelector('main > a').click()")


def violations(page):
    """What axe, which the page has already, finds wrong with it, as a text; none is empty."""
    run = "async () => (await axe.run({preload: false, resultTypes: ['violations']})).violations"
    found = page.evaluate(run)
    return json.dumps(found, indent=1) if found else ""


def awkward(page):
    """What of a playground is too low for a finger, or reaches beyond the screen on the left."""
    return page.evaluate("""() => {
        const seen = (node) => node.checkVisibility({visibilityProperty: true});
        const low = "button:not(.network-unit), select, summary, input[type=range], .playground-kinds label";
        return [...document.querySelectorAll(`.playground :is(${low}, text)`)].filter(seen).filter((node) => {
            const {left, height} = node.getBoundingClientRect();
            return left < 0 || (node.tagName !== "text" && height < 40);
        }).map((node) => node.outerHTML);
    }""")


# Bars that follow the reader of a phone, where they stand in the figure.
STILL = ".network-bar, .playground-hand { position: static !important; }"
PLACES = """[...document.querySelectorAll('.playground > *, .playground-tools > *, p')].filter(
        (node) => node.checkVisibility()).map((node) => {
    const {x, y, width, height} = node.getBoundingClientRect();
    return [x, y + scrollY, width, height];
})"""  # of all that should keep its place
