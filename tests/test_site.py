"""The built site as its readers meet it: every page and explorer, in a real browser, under a sub-path.

The site is _build/site (`make site`), or the folder that the environment variable MLCORE_SITE names.
"""

import base64
import gzip
import html
import json
import os
import posixpath
import re
import sys
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import numpy as np
import pytest
import yaml
from browser import HANG, PARTS, lay_out, serving
from fontTools.ttLib import TTFont

from mlcore.datasets import load_mnist

ROOT = Path(__file__).resolve().parents[1]
SITE = Path(os.environ.get("MLCORE_SITE") or ROOT / "_build" / "site")
PREFIX = "/book-under-test/"
VIEWS = {"desk": (1280, 900), "phone": (390, 844)}  # what a reader may look through: width and height


def size(view):
    return dict(zip(("width", "height"), VIEWS[view]))


class Page(HTMLParser):
    """What a page holds that can be checked without a browser."""

    def __init__(self, path):
        super().__init__()
        self.name = path.relative_to(SITE).as_posix()
        self.text = path.read_text("utf-8")
        self.ids, self.links, self.fetched = set(), [], []
        self.explorers, self.stills, self.playgrounds = [], [], []
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.update(filter(None, (attributes.get("id"), attributes.get("name") if tag == "a" else None)))
        classes = (attributes.get("class") or "").split()
        if tag == "figure" and "explorer" in classes:
            kind = next((kind for kind in ("still", "playground") if kind in classes[-1]), "explorer")
            getattr(self, f"{kind}s").append(attributes.get("id"))
        if tag in ("a", "area") and attributes.get("href"):
            self.links.append(attributes["href"])
        elif tag == "link" and "canonical" not in (attributes.get("rel") or ""):
            self.fetched.append(attributes.get("href"))
        elif tag == "form":
            self.links.append(attributes.get("action") or "")
        elif tag == "meta" and (attributes.get("http-equiv") or "").lower() == "refresh":
            self.links.append(attributes["content"].partition("url=")[2])
        for name in ("src", "poster", "data", "xlink:href"):
            if attributes.get(name) and not (name == "data" and tag != "object"):
                self.fetched.append(attributes[name])
        for candidate in (attributes.get("srcset") or "").split(","):
            self.fetched.extend(candidate.split()[:1])

    handle_startendtag = handle_starttag


def read_site():
    others = {"_static", "lab"}  # pages that others have made
    files = sorted(path for path in SITE.rglob("*.html") if not others & set(path.relative_to(SITE).parts))
    return {page.name: page for page in map(Page, files)}


PAGES = read_site()
# Pages of source code are alike: one stands for all. Those outside the book's design are not among them.
READ = [
    page.name
    for page in PAGES.values()
    if 'http-equiv="refresh"' not in page.text
    and page.name != "404.html"
    and (not page.name.startswith("_modules/") or page.name == "_modules/mlcore/ridge.html")
]
each_page = pytest.mark.parametrize("name", PAGES)
each_read_page = pytest.mark.parametrize("name", READ)
each_page_with_explorers = pytest.mark.parametrize("name", [name for name in READ if PAGES[name].explorers])
each_page_with_figures = pytest.mark.parametrize(
    "name", [name for name in READ if PAGES[name].explorers + PAGES[name].stills]
)


def test_there_is_a_site():
    assert "index.html" in PAGES, f"no site in {SITE}: build it with `make site`"
    assert sum(len(page.ids) > 0 for page in PAGES.values()) > 1


# ------------------------------------------------------------------------------------ without a browser


def problems_of_links(page, pages, site):
    """Yield what is wrong with a page's addresses: relative ones must lead to a file, and a place in it."""
    for address in [*page.links, *page.fetched]:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            if address in page.fetched and parts.scheme != "data":
                yield f"fetched from elsewhere: {address}"
            elif parts.scheme not in ("http", "https", "mailto", "data"):
                yield f"an address of an odd kind: {address}"
            continue
        target, fragment = urldefrag(urljoin(page.name, address))
        target = unquote(urlsplit(target).path) or page.name
        target += "index.html" if target.endswith("/") else ""
        if address.startswith("/") or target.startswith(("/", "..")):
            yield f"leads out of the site when it is hosted under a sub-path: {address}"
        elif not (site / target).is_file():
            yield f"no such file: {address}"
        elif (
            fragment
            and target in pages
            and unquote(fragment) not in pages[target].ids | {"top"}
            and unquote(fragment).partition(":")[0] not in pages[target].explorers + pages[target].playgrounds
        ):
            yield f"no such place in {target}: {address}"


@each_page
def test_links_lead_somewhere(name):
    assert not list(problems_of_links(PAGES[name], PAGES, SITE))


def test_every_page_is_linked_by_another():
    """But for those that a server shows by itself."""
    linked = {
        posixpath.normpath(posixpath.join(posixpath.dirname(page.name), unquote(urldefrag(link)[0])))
        for page in PAGES.values()
        for link in page.links
        if not urlsplit(link).scheme and urldefrag(link)[0]
    }
    assert set(PAGES) - linked <= {"404.html", "index.html"}


@each_page
def test_page_does_not_tell_where_it_was_built(name):
    for folder in {str(ROOT), str(SITE.resolve()), str(Path.home()), sys.prefix} - {"/"}:
        assert folder + "/" not in PAGES[name].text


@each_page
def test_every_id_is_given_once(name):
    class Ids(HTMLParser):
        seen, twice = set(), set()

        def handle_starttag(self, tag, attributes):
            identifier = dict(attributes).get("id")
            if identifier:
                (self.twice if identifier in self.seen else self.seen).add(identifier)

    parser = Ids()
    parser.seen, parser.twice = set(), set()
    parser.feed(PAGES[name].text)
    assert not parser.twice


@each_page
def test_a_sentence_calls_a_page_by_the_first_part_of_its_title(name):
    called = re.findall(r'<span class="doc[^"]*">([^<]*)</span>', PAGES[name].text)
    assert not [title for title in called if ":" in title]


@each_page
def test_every_figure_can_be_named(name):
    assert None not in PAGES[name].explorers + PAGES[name].stills


@each_page
def test_rows_below_an_empty_corner_have_headings(name):
    table = r'<thead>\s*<tr[^>]*>\s*<t[dh] class="[^"]*">(?:<p></p>)?</t[dh]>.*?<tbody>(.*?)</tbody>'
    for rows in re.findall(table, PAGES[name].text, re.S):
        assert not re.search(r"<tr[^>]*>\s*<td", rows)


# ------------------------------------------------------------------------------------- in the browser


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Serve the site under a sub-path, and nothing beside it."""
    folder = tmp_path_factory.mktemp("host")
    (folder / PREFIX.strip("/")).symlink_to(SITE.resolve(), target_is_directory=True)
    with serving(folder) as host:
        yield f"{host}{PREFIX}"


@pytest.fixture(scope="session")
def shelf():
    """The pages that are open, by address, colour scheme and scripts. Loading one takes seconds."""
    return {}


@pytest.fixture
def visit(chromium, address, shelf, request):
    """Open pages as a new reader would; at the end of a test, none may have complained or asked anyone else.

    A page is as an earlier test has left it, unless that test failed.
    """
    complaints = []
    failures = request.session.testsfailed

    def visit(name, view="desk", scripts=True, scheme="light"):
        close(lambda old: urlsplit(old[0]).path != urlsplit(name).path)
        if (name, scripts, scheme) not in shelf:
            shelf[name, scripts, scheme] = load(name, scripts, scheme, view)
        page = shelf[name, scripts, scheme]
        page.complaints = complaints
        page.set_viewport_size(size(view))
        if scripts:  # a menu that has no room any more slides out of the picture
            page.wait_for_function("width => innerWidth === width", arg=VIEWS[view][0])
            page.evaluate(PARTS, "")
            stand_still(page)
        return page

    def load(name, scripts, scheme, view):
        """Load a page in a profile of its own, which holds nothing of an earlier visit."""
        options = {"has_touch": True, "java_script_enabled": scripts, "color_scheme": scheme}
        context = chromium.new_context(viewport=size(view), **options)
        context.set_default_timeout(1000 * HANG)
        page = context.new_page()
        page.complaints = complaints

        def complain(text):
            page.complaints.append(text)

        def failed(request):
            if request.failure != "net::ERR_ABORTED":  # cancelled, as the test went on to another page
                complain(f"failed: {request.url} {request.failure}")

        def stranger(route):
            complain(f"asked elsewhere: {route.request.url}")
            route.abort()

        page.route(lambda url: not url.startswith((address, "data:", "blob:")), stranger)
        page.on("console", lambda m: complain(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("response", lambda r: complain(f"{r.status}: {r.url}") if r.status >= 400 else None)
        if scripts:
            page.on("requestfailed", failed)
            page.add_init_script(NOTE_THEMES)
        page.goto(address + name, wait_until="load")
        return page

    def close(which):
        for old in [old for old in shelf if which(old)]:
            shelf.pop(old).context.close()

    yield visit
    if complaints or request.session.testsfailed > failures:
        close(lambda old: True)
    assert not complaints


NOTE_THEMES = """
    window.themes = new Set();
    new MutationObserver(() => themes.add(document.documentElement.dataset.theme))
        .observe(document, {subtree: true, attributeFilter: ["data-theme"]});
"""


def stand_still(page):
    """Wait until nothing glides, fades or changes its colour any more."""
    page.evaluate("Promise.allSettled(document.getAnimations().map(a => a.finished))")


def wait_for_timers(page):
    """Wait until a timer set now has gone off: those that an explorer had set before it have, too."""
    page.evaluate("new Promise(done => setTimeout(done, 500))")


def draw_all(page):
    """As on paper, and back on the screen: also the parts and the figures that the reader is not near."""
    page.evaluate("dispatchEvent(new Event('beforeprint')), dispatchEvent(new Event('afterprint'))")
    lay_out(page)
    stand_still(page)


@pytest.mark.parametrize("view", VIEWS)
@each_read_page
def test_page_fits(name, view, visit):
    page = visit(name, view)
    draw_all(page)
    wide = page.evaluate("""() => {
        const room = document.documentElement.clientWidth;
        return document.documentElement.scrollWidth <= room ? [] : [...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > room + 1).map(e => `${e.tagName}.${e.className}`);
    }""")
    assert not wide, f"wider than the screen: {wide[:10]}"
    # What is folded is laid out when it is opened, and until then as wide as in an earlier window.
    page.evaluate("folded = [...document.querySelectorAll('details:not([open])')]")
    page.evaluate("folded.forEach(e => e.open = true)")
    stand_still(page)
    cut = page.evaluate("""() => {
        const edge = document.querySelector(".bd-article")?.getBoundingClientRect().right;
        return [...document.querySelectorAll(".bd-article :is(.cell, .cell_output, .formula)")]
            .filter(e => e.getBoundingClientRect().right > edge + 1).map(e => e.outerHTML.slice(0, 200));
    }""")
    page.evaluate("folded.forEach(e => e.open = false)")
    stand_still(page)
    assert not cut, f"reaches beyond the text, where it is cut off: {cut[:3]}"


MEASURED = r"^[−-]?[\d.,]+(\s?%)?(\s±\s[\d.,]+(\s?%)?)?$"


@pytest.mark.parametrize(
    "name", [name for name in READ if re.search(r"<td\b[^>]*>[^<]*\s±\s", PAGES[name].text)]
)
def test_a_number_stays_on_one_line_with_its_error_and_its_percent_sign(name, visit):
    numbers = visit(name, "phone").evaluate(
        """pattern => [...document.querySelectorAll(".bd-article td")]
        .filter(cell => cell.getClientRects().length && RegExp(pattern).test(cell.textContent.trim()))
        .map(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            const lines = new Set([...range.getClientRects()].map(({top}) => Math.round(top)));
            return [cell.textContent, lines.size];
        })""",
        MEASURED,
    )
    assert numbers and not [text for text, lines in numbers if lines > 1]


# The parts of formulas are half of a chapter, and to axe one is as another: while it looks, a formula is five
# letters, but for one that has to be scrolled or has a colour of its own.
# Its thousands of words have some eighty looks: of each, one is looked at for contrast.
LOOKS = """(() => {
    const paper = new Map();  // element -> all that it lies on
    const on = element => {
        if (!paper.has(element)) {
            const {backgroundColor, backgroundImage, opacity, filter} = getComputedStyle(element);
            const below = element.parentElement ? on(element.parentElement) : "";
            const own = `${backgroundColor} ${backgroundImage} ${opacity} ${filter}`;
            paper.set(element, own === "rgba(0, 0, 0, 0) none 1 none" ? below : `${below}|${own}`);
        }
        return paper.get(element);
    };
    const looks = new Map(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const {parentElement: element, data} = texts.currentNode;
        if (!data.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
        const {color, fill, fontSize, fontWeight, textShadow} = getComputedStyle(element);
        looks.set([on(element), color, fill, fontSize, fontWeight, textShadow].join(), element);
    }
    return [...looks.values()];
})"""
AXE = """async () => {
    const ink = part => getComputedStyle(part).color;
    const plain = [...document.querySelectorAll("math")].filter(formula => !formula.closest("[data-more]")
        && [...formula.querySelectorAll("*")].every(part => ink(part) === ink(formula)));
    const parts = plain.map(formula => [...formula.childNodes]);
    plain.forEach(formula => formula.replaceChildren(formula.textContent.slice(0, 5)));
    const looks = LOOKS();
    looks.forEach(element => element.setAttribute("data-look", ""));
    axe.configure({rules: [{id: "color-contrast", selector: "[data-look], input, select, textarea"}]});
    const {violations} = await axe.run({preload: false, resultTypes: ["violations"], OPTIONS});
    looks.forEach(element => element.removeAttribute("data-look"));
    plain.forEach((formula, k) => formula.replaceChildren(...parts[k]));
    const where = nodes => nodes.slice(0, 5).map(n => n.target.join(" ") + ": " + n.failureSummary);
    return violations.map(v => [v.id, v.help, ...where(v.nodes)]);
}"""


def violations(page, axe, options=""):
    """Return what axe finds wrong with a page; `options` is JavaScript."""
    draw_all(page)
    page.evaluate("axe => { window.axe || (0, eval)(axe); }", axe)
    return page.evaluate(AXE.replace("LOOKS", LOOKS).replace("OPTIONS", options))


@each_read_page
def test_page_is_accessible(name, visit, axe):
    found = violations(visit(name), axe)
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_for_what_is_not_there_is_accessible(scheme, visit, axe):
    assert not violations(visit("404.html", scheme=scheme), axe)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_for_what_is_not_there_looks_like_the_book(scheme, visit):
    style = """ground => ["h1", "main p > a[href*='.html']"].flatMap(name => {
        const { color, fontWeight } = getComputedStyle(document.querySelector(name));
        return [color, fontWeight];
    }).concat(getComputedStyle(document.querySelector(ground)).backgroundColor)"""
    book = visit("book/lasso.html", scheme=scheme).evaluate(style, "body")
    page = visit("404.html", scheme=scheme)
    assert page.evaluate(style, "html") == book
    faces = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(face => face.status))")
    assert faces == ["loaded"]


@each_read_page
def test_page_is_accessible_in_the_dark(name, visit, axe):
    """The markup is the same; the colours are not, since night has come while the page was read."""
    page = visit(name)
    page.emulate_media(color_scheme="dark")
    try:
        page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
        found = violations(page, axe, 'runOnly: ["color-contrast", "link-in-text-block"]')
        black = page.evaluate("""() => [...document.querySelectorAll(".explorer-panels > svg *")]
            .filter(shape => ["fill", "stroke"].some(ink => getComputedStyle(shape)[ink] === "rgb(0, 0, 0)"))
            .map(shape => shape.outerHTML)""")
    finally:
        page.emulate_media(color_scheme="light")
    assert not found, json.dumps(found, indent=1)
    assert not black, f"black on the dark paper: {len(black)} shapes, the first {black[0][:300]}"


@pytest.mark.parametrize("name", ["book/intro.html", "book/ridge.html", "genindex.html"])
def test_who_comes_in_the_dark_never_sees_a_light_page(name, visit):
    assert visit(name, scheme="dark").evaluate("[...themes]") == ["dark"]


def test_theme_is_chosen_and_kept(visit):
    page = visit(PAGES["index.html"].links[0])
    assert page.evaluate("[...themes]") == ["light"]
    button = page.locator(".theme-switch-button").first
    seen = []
    for _ in range(3):  # light, dark, what the system says, in a circle
        button.click()
        seen.append(page.evaluate("document.documentElement.dataset.mode"))
    assert sorted(seen) == ["auto", "dark", "light"]
    while page.evaluate("document.documentElement.dataset.mode") != "dark":
        button.click()
    page.reload()
    assert page.evaluate("[...themes]") == ["dark"]
    page.evaluate("localStorage.clear()")
    page.reload()


def test_root_leads_to_the_first_page(visit, address):
    page = visit("")
    page.wait_for_url(address + PAGES["index.html"].links[0])


def test_search_finds_a_page_and_shows_no_tex(visit):
    title = re.search(r"<title>(.*?)</title>", PAGES[PAGES["index.html"].links[0]].text)[1]
    page = visit("search.html?q=" + title.split()[-1])
    page.locator("#search-results li").first.wait_for()
    page = visit("search.html?q=gradients")
    page.locator("#search-results li .context").nth(5).wait_for()
    found = page.locator("#search-results").inner_text()
    assert "\\" not in found and "$" not in found
    marked = page.locator("#search-results .context .highlighted").all_text_contents()
    assert {word.lower() for word in marked} == {"gradient", "gradients"}
    items = page.locator("#search-results li")
    assert items.first.inner_text().startswith("gradient — Glossary\n")
    assert items.filter(has=page.locator(".context")).count() == items.count()


def found_by(page):
    """What a search has found: the title of each hit, and the address that it leads to, without the words."""
    page.wait_for_function("document.querySelector('.search-summary')?.textContent")
    found = page.locator("#search-results li a").evaluate_all(
        "links => links.map(link => [link.textContent, link.getAttribute('href')])"
    )
    return [(title, re.sub(r"\?highlight=[^#]*", "", address)) for title, address in found]


def test_search_leads_to_places_that_hold_what_it_shows(visit):
    page = visit("search.html?q=correlation")
    found = found_by(page)
    assert len({address for _, address in found}) == len(found) > 10
    assert sum("#" in address for _, address in found) > len(found) / 2
    shown = page.locator("#search-results li:has(.context .highlighted)").evaluate_all(
        """items => items.map(item => [
            item.querySelector("a").getAttribute("href"), item.querySelector(".highlighted").textContent])"""
    )
    sections = [(address, word) for address, word in shown if re.match(r"book/\w+\.html.*#", address)]
    assert sections
    for address, word in sections[:4]:
        name, place = re.fullmatch(r"(.*?)\?.*#(.*)", address).groups()
        assert word in visit(name).evaluate("id => document.getElementById(id).textContent", place), address


EQUATION = re.search(
    r'id="(equation-eq-ridge)".*?class="eqno">\(([\d.]+)\)', PAGES["book/ridge.html"].text, re.S
)


@pytest.mark.parametrize("query", ["({})", "{}", "equation ({})"])
def test_search_finds_an_equation_by_its_number(query, visit):
    found = found_by(visit(f"search.html?q={query.format(EQUATION[2])}"))
    assert found[0] == (f"Equation ({EQUATION[2]})", f"book/ridge.html#{EQUATION[1]}")


def test_search_finds_an_exercise_by_its_number(visit):
    title, address = found_by(visit("search.html?q=exercise 5.1"))[0]
    assert title.startswith("Exercise 5.1 (") and address == "book/ridge.html#ex-ridge-factor"


@pytest.mark.parametrize(
    "term, chapter", [("logistic regression", "one_neuron"), ("weight decay", "training")]
)
def test_search_for_a_term_leads_to_where_it_is_defined(term, chapter, visit):
    (first, _), (_, address), *_ = found_by(visit(f"search.html?q={term}"))
    assert first == term and address.startswith(f"book/{chapter}.html#")


@pytest.mark.parametrize("query", ["the", "of", "In the"])
def test_words_that_are_everywhere_are_not_looked_for(query, visit):
    page = visit(f"search.html?q={query}")
    assert not found_by(page)
    said = ", ".join(f"“{word}”" for word in query.lower().split())
    assert page.locator(".search-summary").inner_text() == f"Too common to be looked for: {said}."


def test_a_short_word_is_not_looked_for_within_names(visit):
    found = [title for title, _ in found_by(visit("search.html?q=mlp"))]
    assert "mlcore.mlp.MLPClassifier" in found
    assert not [
        title for title, _ in found_by(visit("search.html?q=eta")) if title.endswith((".theta", ".theta_"))
    ]


def test_search_says_so_of_words_that_code_prints(visit):
    page = visit("search.html?q=Nielsen")
    assert ("Published numbers, computed again", "book/published.html") in found_by(page)
    item = page.locator("#search-results li", has_text="Published numbers")
    assert item.locator(".context").inner_text() == "In this page’s code, or in what it prints."


def test_what_a_search_shows_has_no_signs_of_markup():
    assert "\\u0000" not in (SITE / "_static" / "searchtexts.js").read_text("utf-8")


def test_search_for_a_word_that_objects_of_javascript_have(visit):
    page = visit("search.html?q=constructor")
    found_by(page)
    assert "constructor" in page.locator(".search-summary").inner_text()


def test_search_that_finds_nothing_offers_the_nearest_word(visit):
    page = visit("search.html?q=gradiant")
    assert not found_by(page)
    assert "Did you mean gradient?" in page.locator(".search-summary").inner_text()
    page.get_by_role("link", name="gradient", exact=True).click()
    page.locator("#search-results li").first.wait_for()
    page = visit("search.html?q=qqqqqqqqqq")
    assert not found_by(page) and "qqqqqqqqqq" in page.locator(".search-summary").inner_text()
    assert page.locator(".search-summary a").count() == 0


# ------------------------------------------------------------------------------- what a page costs

ADDRESS_IN_SHEET = re.compile(r"url\((?![\"']?data:)[\"']?([^)\"']+)")
LIMIT = 250_000


def files_of(name):
    """The files that a page loads, itself and the fonts of its sheets among them."""
    found = {name}
    sheet = r'<link\b[^>]*\brel="(?:stylesheet|icon|preload)"[^>]*?\bhref="([^"]*)"'
    loaded = sheet + r'|<(?:script|img)\b[^>]*? src="([^"]*)"'
    for address in map("".join, re.findall(loaded, PAGES[name].text)):
        if not address.startswith("data:"):
            found.add(posixpath.normpath(posixpath.join(posixpath.dirname(name), urlsplit(address).path)))
    for sheet in [file for file in found if file.endswith(".css")]:
        for address in ADDRESS_IN_SHEET.findall((SITE / sheet).read_text("utf-8")):
            if not address.endswith(".woff2") or "<math" in PAGES[name].text:
                found.add(posixpath.normpath(posixpath.join(posixpath.dirname(sheet), address)))
    return found


def transferred(files):
    contents = [(file, (SITE / file).read_bytes()) for file in files]
    return sum(len(c if file.endswith(".woff2") else gzip.compress(c, 6)) for file, c in contents)


@each_page
def test_page_is_light(name):
    size = transferred(files_of(name))
    assert size <= LIMIT, f"{size / 1000:.0f} kB"


# The figures at most a screen away are drawn, and their frames are here.
NEAR_IS_HERE = """() => [...document.querySelectorAll("figure.explorer")].every(figure => {
    const {top, bottom} = figure.getBoundingClientRect();
    if (top >= 2 * innerHeight || bottom <= -innerHeight) return true;
    const {drawn, frames} = figure.dataset;
    return drawn !== undefined && (figure.matches(".explorer-still") || frames === "here");
})"""


@pytest.fixture
def arrive(visit):
    """A function that loads a page as wide as the view, until all that comes by itself has come.

    Tests share what it has loaded as long as they only look at it.
    """

    def arrive(name, view, anew=False):
        page = visit(f"{name}?arrival-{view}", view)
        if anew:
            page.goto(page.url.partition("#")[0], wait_until="load")
        page.wait_for_function(NEAR_IS_HERE)
        page.evaluate("document.fonts.ready")
        return page

    return arrive


@pytest.mark.parametrize("view", VIEWS)
@each_page_with_figures
def test_what_arrives_by_itself_is_light(name, view, arrive, address):
    page = arrive(name, view)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    files = {unquote(urlsplit(url.removeprefix(address)).path) for url in loaded} | {name}
    assert {file for file in files_of(name) if file.endswith((".css", ".js"))} <= files
    size = transferred(files)
    assert size <= LIMIT, f"{size / 1000:.0f} kB"
    drawn = page.evaluate("document.querySelectorAll('figure svg, figure svg *').length")
    assert drawn <= 300, "elements of drawings"


@each_read_page
def test_page_has_few_elements(name, arrive):
    """Layout takes time in proportion. What comes when the reader is near is not there on arrival."""
    limit = 6_300 if name.startswith("book/formulas_") else 12_000
    assert arrive(name, "desk").evaluate("document.querySelectorAll('*').length") <= limit


@pytest.mark.parametrize("view", VIEWS)
@each_page_with_figures
def test_nothing_moves_while_a_page_arrives_and_is_read(name, view, arrive):
    """It goes through the page, so it comes after those that look at what has arrived."""
    page = arrive(name, view)
    page.evaluate("""() => {
        window.shifts = [];
        const note = list => shifts.push(...list.getEntries().filter(entry => !entry.hadRecentInput));
        new PerformanceObserver(note).observe({type: "layout-shift", buffered: true});
    }""")
    page.evaluate(f"""async () => {{
        const frame = () => new Promise(requestAnimationFrame), near = {NEAR_IS_HERE};
        for (let end = false; !end;) {{
            await frame().then(frame);
            while (!near()) await frame();
            scrollBy(0, 0.8 * innerHeight);
            end = scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
        }}
    }}""")
    moved = page.evaluate("""() => {
        const unfolded = ({node}) => node?.parentElement?.closest("#pst-page-toc-nav"); // where the reader is
        return shifts.filter(({sources}) => !sources.length || !sources.every(unfolded))
            .map(({value, sources}) => [value, ...sources.map(({node}) => node?.outerHTML?.slice(0, 100))]);
    }""")
    assert sum(value for value, *_ in moved) <= 0.01, moved
    assert page.locator("figure.explorer:not([data-drawn])").count() == 0


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["book/rbf.html", "book/basis_functions.html"])
def test_what_is_far_away_is_laid_out_later(name, view, arrive):
    """And until then it counts as about as tall as it is."""
    page = arrive(name, view, anew=True)
    far = """[...document.querySelectorAll("article > section > section")]
        .filter(part => !part.firstElementChild.checkVisibility({contentVisibilityAuto: true})).length"""
    height = "document.documentElement.scrollHeight"
    assert page.evaluate(far) > 4
    promised = page.evaluate(height)
    lay_out(page)
    assert page.evaluate(far) == 0
    assert page.evaluate(height) == pytest.approx(promised, rel=0.15)


@each_page
def test_page_loads_none_of_the_themes_scripts(name):
    ours = {"pages.js", "moved.js", "explorer.js", "plain.js", "draw.js", "quiz.js", "kept.js", "mathml.js"}
    ours |= {"ledger.js", "stub.js"}
    if name == "search.html":
        ours |= {"documentation_options.js", "doctools.js", "sphinx_highlight.js", "language_data.js"}
        ours |= {"searchtools.js", "searchindex.js", "search.js"}
    scripts = {posixpath.basename(file) for file in files_of(name) if file.endswith(".js")}
    assert not scripts - ours
    for gone in ("toggle", "sd-tab-set"):
        assert not re.search(rf'class="([^"]* )?{gone}[ "]', PAGES[name].text), "its script is gone"


@each_read_page
def test_page_says_what_it_is_about(name):
    said = re.findall(r'<meta name="description" content="([^"]*)">', PAGES[name].text)
    assert len(said) == (name.startswith("book/"))
    assert all(20 < len(html.unescape(text)) <= 200 for text in said)


# ------------------------------------------------------------------------------- what every page can do

CHAPTER = "book/explorers.html"  # a short one that has code, sections and a notebook
BUTTON = ".bd-header-article .{}-toggle"


@pytest.fixture
def chapter(visit):
    """A function that loads a chapter anew, for a phone or a desk: nothing of another test is left."""

    def show(view="desk"):
        page = visit(f"{CHAPTER}?{view}", view)
        page.evaluate("localStorage.clear(), sessionStorage.clear(), scrollTo(0, 0)")
        page.goto(page.url.partition("#")[0], wait_until="load")
        return page

    return show


FOCUSED = "selector => document.activeElement.closest(selector) !== null"


@pytest.mark.parametrize("way", ["Escape", "tap outside", "its button"])
@pytest.mark.parametrize("name, link", [("primary", ".bd-docs-nav a"), ("secondary", "#pst-page-toc-nav a")])
def test_menus_of_a_phone_open_and_close(name, link, way, chapter):
    page = chapter("phone")
    dialog, button = page.locator(f"#pst-{name}-sidebar-modal"), page.locator(BUTTON.format(name))
    links = page.locator(link)
    assert not links.first.is_visible()
    if way == "Escape":
        button.focus()
        page.keyboard.press("Enter")
    else:
        button.tap()
    stand_still(page)
    assert links.first.is_visible() and dialog.evaluate("d => d.matches(':modal')")  # the rest is inert
    assert page.evaluate(FOCUSED, "dialog") and button.get_attribute("aria-expanded") == "true"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED, "dialog, body")  # or the browser's own controls
    inks = "[...document.querySelectorAll('dialog .sidebar-close, body')].map(e => getComputedStyle(e).color)"
    assert len(set(page.evaluate(inks))) == 1  # the cross is seen, in the dark, too
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "its button":
        dialog.get_by_role("button", name="Close").tap()
    else:
        page.touchscreen.tap(385 if name == "primary" else 5, 600)
    page.locator(f"{BUTTON.format(name)}[aria-expanded='false']").wait_for()
    stand_still(page)
    assert not dialog.is_visible() and not links.first.is_visible()
    assert page.evaluate(FOCUSED, BUTTON.format(name))
    button.tap()  # and again
    assert links.first.is_visible()
    page.keyboard.press("Escape")


@pytest.mark.parametrize("view", VIEWS)
def test_menu_of_the_book_is_scrolled_to_its_end(view, visit):
    page = visit(CHAPTER, view)
    here = "document.querySelector('.bd-links .current > a').getBoundingClientRect()"
    if view == "phone":
        page.locator(BUTTON.format("primary")).click()
        stand_still(page)
    assert page.evaluate(f"{here}.top > 0 && {here}.bottom < innerHeight")  # one need not look for the page
    seen = page.locator(".bd-links a").last.evaluate("""link => {
        let box = link.parentElement;
        while (!/auto|scroll/.test(getComputedStyle(box).overflowY)) box = box.parentElement;
        box.scrollTop = box.scrollHeight;
        return [link.getBoundingClientRect().bottom <= innerHeight, box.scrollWidth <= box.clientWidth];
    }""")
    assert seen == [True, True]  # its end; its words as far as the lines reach


def test_menu_of_a_phone_moves_beside_the_text_when_there_is_room(chapter):
    page = chapter("phone")
    page.locator(BUTTON.format("primary")).tap()
    width, height = VIEWS["desk"]
    page.set_viewport_size({"width": width, "height": height})
    page.locator("#pst-primary-sidebar .bd-docs-nav").wait_for()
    assert page.locator("dialog[open]").count() == 0


def test_contents_of_a_phone_lead_to_their_section(chapter):
    page = chapter("phone")
    page.locator(BUTTON.format("secondary")).tap()
    link = page.locator("#pst-page-toc-nav a").nth(2)
    link.tap()
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top < innerHeight / 2")
    assert link.get_attribute("aria-current") == "true"


@pytest.mark.parametrize("how", ["pointer", "keyboard"])
def test_menu_of_a_desk_is_folded_away(how, chapter):
    page = chapter()
    button, menu = page.locator(BUTTON.format("primary")), page.locator("#pst-primary-sidebar")
    for folded in (True, False):
        button.click() if how == "pointer" else (button.focus(), page.keyboard.press("Enter"))
        stand_still(page)
        assert menu.evaluate("m => [m.inert, getComputedStyle(m).visibility]") == [
            folded,
            "hidden" if folded else "visible",
        ]
        assert button.get_attribute("aria-expanded") == str(not folded).lower()


@pytest.mark.parametrize("view", VIEWS)
def test_search_is_asked_from_every_page(view, chapter):
    page = chapter(view)
    dialog = page.locator("#pst-search-dialog")
    page.keyboard.press("Control+k")
    assert dialog.is_visible() and page.evaluate(FOCUSED, "#pst-search-dialog input")
    page.keyboard.type("/k")  # letters like others
    page.keyboard.press("Control+k")
    assert not dialog.is_visible()
    page.keyboard.press("/")
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    button = page.locator(".search-button__button:visible").first
    button.click() if view == "desk" else button.tap()
    assert dialog.is_visible()
    page.mouse.click(10, 700)
    assert not dialog.is_visible()
    page.keyboard.press("Control+k")
    dialog.locator("input").fill("slider")
    page.keyboard.press("Enter")
    page.locator("#search-results li").first.wait_for()
    page.keyboard.press("Control+k")
    assert page.evaluate(FOCUSED, "main form.bd-search input")


def test_search_leads_into_what_is_folded(visit):
    page = visit("search.html?q=lagrange")
    page.locator("#search-results li").first.wait_for()
    hits = page.locator("#search-results li")
    assert hits.count() == page.locator("#search-results li:has(.highlighted)").count() > 0
    hit = page.locator("#search-results a[href^='book/ridge.html']")
    assert "#" in hit.get_attribute("href")
    hit.click()
    page.locator(".highlighted-here").wait_for()
    page.wait_for_function("""() => {
        const mark = document.querySelector("details[open] .highlighted-here");
        const { top, bottom } = mark.getBoundingClientRect();
        return top > 0 && bottom < innerHeight;
    }""")


@pytest.mark.parametrize("how", ["its button", "Escape"])
def test_words_searched_for_are_marked_until_hidden(how, visit):
    page = visit(f"search.html?q=slider&{how}")
    page.locator("#search-results li a").first.click()
    page.locator("article .highlighted").first.wait_for()
    marked = page.locator("article .highlighted").all_text_contents()
    assert {word.lower() for word in marked} <= {"slider", "sliders"}
    assert "highlight" not in page.url
    if how == "Escape":
        page.keyboard.press("Control+k")
        page.keyboard.press("Escape")  # closes what is in front
        assert page.locator("article .highlighted").count() == len(marked)
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Hide search matches").click()
    assert page.locator(".highlighted, .search-marks, [data-marks]").count() == 0
    page.reload()
    assert page.locator(".highlighted").count() == 0


def test_words_are_marked_for_readers_who_followed_a_hit_alone(visit):
    page = visit("search.html?q=slider&alone")
    page.locator("#search-results li a").first.wait_for()
    page.evaluate("address => { location = address; }", CHAPTER)
    page.wait_for_url(f"**/{CHAPTER}")
    page.locator(".copybtn").first.wait_for()  # the page's script has run
    assert page.locator(".highlighted").count() == 0


def test_matches_are_gone_through_and_folded_boxes_opened(visit):
    page = visit("book/ridge.html?highlight=orthonormal")
    folded = page.locator("summary[data-marks]")
    assert folded.count() > 0
    held = page.locator("details:has(> [data-marks])").first
    assert int(folded.first.get_attribute("data-marks")) == held.locator(".highlighted").count()
    first, marks = folded.first.element_handle(), page.locator("article .highlighted").count()
    seen = []
    for k in range(marks):
        page.get_by_role("button", name="Next match").click()
        assert page.locator(".search-marks").inner_text().startswith(f"{k + 1} of {marks}")
        here = page.locator(".highlighted-here")
        assert here.count() == 1 and here.is_visible()
        seen.append(here.evaluate("mark => [...document.querySelectorAll('.highlighted')].indexOf(mark)"))
    assert seen == list(range(marks)) and first.get_attribute("data-marks") is None
    page.wait_for_function(
        "document.querySelector('.highlighted-here').getBoundingClientRect().top < innerHeight"
    )


def test_matches_begin_at_the_place_that_was_found(visit):
    page = visit("book/ridge.html?highlight=ridge#summary")
    page.get_by_role("button", name="Next match").click()
    assert page.locator("#summary .highlighted-here").count() == 1


def test_contents_follow_the_reader(chapter):
    page = chapter()
    links = page.locator("#pst-page-toc-nav > ul > li > a")
    current = page.locator("#pst-page-toc-nav a[aria-current]")
    for k in (2, 1, 3):
        page.evaluate(
            "id => document.getElementById(id).scrollIntoView()", links.nth(k).get_attribute("href")[1:]
        )
        page.wait_for_function(
            "k => document.querySelectorAll('#pst-page-toc-nav > ul > li')[k].classList.contains('active')",
            arg=k,
        )
        assert current.count() == 1
    links.last.click()  # it stays the one asked for, though the page ends before it comes to the top
    assert links.last.get_attribute("aria-current") == "true"
    page.mouse.move(600, 500)
    page.mouse.wheel(0, -3000)
    page.wait_for_function("!document.querySelector('#pst-page-toc-nav > ul > li:last-child > .active')")


@pytest.mark.parametrize("way", ["back from another page", "back on the page", "reload"])
def test_who_comes_back_finds_the_line_that_was_left(way, visit):
    """However the page was come to: its address names a section that was left since."""
    page = visit("book/likelihood.html?back")
    link = page.locator("#pst-page-toc-nav > ul > li > a").nth(2)
    link.click()
    page.wait_for_function("scrollY > 0")
    page.mouse.move(600, 500)
    for _ in range(4):
        there = page.evaluate("scrollY") + 1000
        page.mouse.wheel(0, 1000)
        page.wait_for_function("there => scrollY > there - 50", arg=there)
    wait_for_timers(page)
    line = "[...document.querySelectorAll('article p')].find(p => p.getBoundingClientRect().top > 300)"
    text = page.evaluate(f"{line}.textContent")
    if way == "back on the page":
        page.locator("#pst-page-toc-nav > ul > li > a").last.click()
        page.go_back()
    elif way == "reload":
        page.reload(wait_until="load")
    else:
        page.goto(urljoin(page.url, "ridge.html"), wait_until="load")
        page.go_back(wait_until="load")
    wait_for_timers(page)
    line = f"[...document.querySelectorAll('article p')].find(p => p.textContent === {json.dumps(text)})"
    assert page.evaluate(f"(({{top}}) => 0 < top && top < innerHeight)({line}.getBoundingClientRect())")


def test_who_comes_by_keyboard_sees_where(chapter):
    page, unseen = chapter("desk"), []
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    for _ in range(80):
        page.keyboard.press("Tab")
        where = page.evaluate("""() => {
            const here = document.activeElement;
            const {outlineStyle, outlineWidth} = getComputedStyle(here);
            const ring = outlineStyle !== "none" && parseFloat(outlineWidth); // not a shadow
            return ring || here === document.body || here.outerHTML.slice(0, 200);
        }""")
        unseen += [where] if isinstance(where, str) else []
    assert not unseen


@pytest.mark.parametrize("name", ["book/intro.html", CHAPTER, "book/playgrounds.html", "search.html"])
def test_the_focus_is_seen_in_forced_colours(name, address, chromium):
    """Shadows and grounds are not painted there: whatever can have the focus has an outline."""
    page = chromium.new_page(viewport=size("desk"), forced_colors="active")
    page.goto(address + name, wait_until="load")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")  # all is drawn
    unseen = page.evaluate("""() => {
        document.getElementById("pst-search-dialog")?.show();
        return [...document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex]")]
            .filter(e => {
                e.focus({ focusVisible: true, preventScroll: true });
                const { outlineStyle, outlineWidth } = getComputedStyle(e.closest("form.bd-search") ?? e);
                const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) > 1;
                return document.activeElement === e && !outlined;
            }).map(e => e.outerHTML.slice(0, 200));
    }""")
    page.close()
    assert not unseen


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_heading_that_was_jumped_to_is_marked_for_a_moment(motion, address, chromium):
    page = chromium.new_page(viewport=size("desk"), reduced_motion=motion)
    page.goto(f"{address}book/lasso.html#the-whole-path", wait_until="load")
    ground = "getComputedStyle(document.querySelector(':target h2')).backgroundColor"
    page.evaluate("[globalThis.ground] = document.querySelector(':target h2').getAnimations()")
    page.evaluate("ground.pause(), ground.currentTime = 1500")
    marked = page.evaluate(ground)
    page.evaluate("ground.finish()")
    later = page.evaluate(ground)
    page.close()
    assert later == "rgba(0, 0, 0, 0)" != marked


def test_cards_of_the_first_page_begin_on_one_line_with_their_neighbours(visit):
    page = visit("book/intro.html")
    tops = page.evaluate("""() => {
        const top = element => Math.round(element.getBoundingClientRect().top + scrollY);
        return [...document.querySelectorAll("section.landing-part > ul > li")]
            .map(card => [top(card), top(card.querySelector(".landing-title"))]);
    }""")
    assert len({row for row, _ in tops}) == len({top for _, top in tops}) < len(tops)


def test_first_column_of_a_wide_table_stays_on_a_phone(visit):
    page = visit("book/translation.html", "phone")
    seen = page.evaluate("""() => {
        const table = document.querySelectorAll(".pst-scrollable-table-container")[1];
        table.scrollIntoView();
        const lefts = () => [...table.querySelectorAll("tr:last-child > *")].slice(0, 2)
            .map(cell => cell.getBoundingClientRect().left);
        const before = lefts();
        table.scrollLeft = 100;
        return [before, lefts()];
    }""")
    (first, second), (first_now, second_now) = seen
    assert first_now == pytest.approx(first, abs=1) and second_now == pytest.approx(second - 100, abs=1)


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("book/reference/")])
def test_signatures_of_the_reference_are_those_of_the_source(name):
    """Names of functions and classes, not what Python writes for them: <function glorot_uniform>."""
    signatures = re.findall(r'<dt class="sig[^>]*>(.*?)</dt>', PAGES[name].text, re.S)
    texts = [html.unescape(re.sub(r"<[^>]*>", "", signature)) for signature in signatures]
    assert texts and not [text for text in texts if "<" in text]


def test_names_in_the_first_column_of_a_table_are_whole(visit):
    page = visit("book/reference/networks.html")
    lines = page.evaluate("""() => [...document.querySelectorAll("article td:first-child > code.literal")]
        .map(code => [code.textContent, code.getClientRects().length])""")
    assert ["forward(z)", 1] in lines and all(count == 1 for _, count in lines)


def test_contents_of_the_reference_keep_their_height_from_class_to_class(visit):
    page = visit("book/reference/optimisation.html")
    page.set_viewport_size({"width": 1440, "height": 900})
    seen = page.evaluate("""async () => {
        const seen = [];
        for (const name of ["Objective.value", "LeastSquares.bound", "Valley"]) {
            document.getElementById(`mlcore.objectives.${name}`).scrollIntoView({ behavior: "instant" });
            for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);
            const marked = [...document.querySelectorAll("#pst-page-toc-nav a")]
                .filter(link => link.checkVisibility() && getComputedStyle(link).boxShadow !== "none");
            const { scrollHeight } = document.getElementById("pst-page-toc-nav");
            seen.push([scrollHeight, ...marked.map(link => link.textContent)]);
        }
        return seen;
    }""")
    assert len({height for height, *_ in seen}) == 1
    assert [marked for _, *marked in seen] == [["Objective"], ["LeastSquares"], ["Valley"]]


def test_way_back_to_the_top(chapter):
    page = chapter("phone")
    button = page.locator("#pst-back-to-top")
    page.evaluate("scrollTo(0, 2000)")
    page.wait_for_function("document.body.classList.contains('scrolled')")
    assert not button.is_visible()
    page.evaluate("scrollTo(0, 1500)")
    button.wait_for()
    button.tap()
    page.wait_for_function("scrollY === 0")
    button.wait_for(state="hidden")


@pytest.mark.parametrize("name", ["book/linear_regression.html", "book/bibliography.html", "genindex.html"])
def test_way_back_to_the_top_of_a_desk_has_a_place_of_its_own(name, visit):
    page = visit(name)
    button = page.locator("#pst-back-to-top")
    page.evaluate("scrollTo(0, 0)")
    button.wait_for(state="hidden")
    page.evaluate("scrollTo(0, 2000)")
    button.wait_for()
    top, left = page.evaluate("""() => {
        const {top, left} = document.getElementById("pst-back-to-top").getBoundingClientRect();
        return [top, left];
    }""")
    text, contents = ".bd-article-container", "#pst-secondary-sidebar"
    box = "element => [element.getBoundingClientRect().right, element.getBoundingClientRect().bottom]"
    assert page.eval_on_selector(text, box)[0] < left
    assert page.locator(contents).count() == 0 or page.eval_on_selector(contents, box)[1] <= top
    button.click()
    page.wait_for_function("scrollY === 0")


@pytest.mark.parametrize("how", ["pointer", "keyboard", "without https"])
def test_code_is_copied(how, chapter):
    page = chapter()
    if how == "without https":
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = page.locator("div.highlight:visible").nth(1)
    button = code.get_by_role("button")
    assert button.get_attribute("aria-label") == "Copy to clipboard"
    if how == "keyboard":
        button.focus()
        page.keyboard.press("Enter")
    else:
        code.hover()
        button.click()
    page.locator(".copybtn[aria-label='Copied!']").wait_for()
    if how == "without https":
        page.evaluate("delete navigator.clipboard")
    assert page.evaluate("navigator.clipboard.readText()") == code.locator("pre").text_content().rstrip("\n")
    page.locator(".copybtn[aria-label='Copied!']").wait_for(state="detached")


@pytest.mark.parametrize("view", VIEWS)
def test_downloads_are_offered(view, chapter):
    page = chapter(view)
    button, source = page.locator(".dropdown-toggle"), page.locator(".btn-download-source-button")
    button.focus()
    page.keyboard.press("Enter")
    assert source.is_visible() and button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED, ".btn-download-source-button")
    page.keyboard.press("Escape")
    assert not source.is_visible() and page.evaluate(FOCUSED, ".dropdown-toggle")
    button.click() if view == "desk" else button.tap()
    assert source.is_visible()
    box = source.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= VIEWS[view][0]
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator(".btn-download-pdf-button").click()
    assert page.evaluate("printed")
    page.mouse.click(VIEWS[view][0] / 2, 500)
    assert not source.is_visible()


NOTEBOOKS = [name for name in READ if (ROOT / name).with_suffix(".ipynb").is_file()]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_taken_away_has_the_words_and_numbers_of_its_page(name):
    """It runs what the repository has; of the labels that only the book's build knows none is left."""
    here = (ROOT / name).with_suffix(".ipynb")
    away = json.loads((SITE / "_sources" / name).with_suffix(".ipynb").read_text("utf-8"))
    code = [
        [c for c in n["cells"] if c["cell_type"] == "code"]
        for n in (away, json.loads(here.read_text("utf-8")))
    ]
    assert code[0] == code[1]
    text = "\n\n".join("".join(cell["source"]) for cell in away["cells"] if cell["cell_type"] == "markdown")
    plain = re.sub(r"``.+?``", "", text, flags=re.S)  # where the book speaks of roles
    assert not re.search(r"\{(eq|doc|ref|term|show|cite(:t)?)\}`|^\([\w-]+\)=$|^:label:", plain, flags=re.M)
    page = PAGES[name].text
    assert re.findall(r"\\tag\{(.+?)\}", text) == re.findall(r'class="eqno">\((.+?)\)', page)
    shown = re.findall(r'class="caption-number">Exercise ([\d.]+)', page)
    assert re.findall(r"\{admonition\} Exercise ([\d.]+)", text) == shown
    for other in re.findall(r"\]\(([^)]*)\.ipynb\)", text):
        assert f"book/{other}.html" in NOTEBOOKS


def test_page_fills_the_screen(chapter):
    page = chapter()
    for filled in (True, False):
        page.locator(".btn-fullscreen-button").click()
        page.wait_for_function(f"(document.fullscreenElement !== null) === {str(filled).lower()}")


def test_what_works_a_solution_out_is_in_its_fold(visit):
    page = visit("book/ridge.html")
    assert page.locator("details.solution .cell_input").count() > 5
    assert page.locator("details.solution details.hide, details.solution + .cell.tag_hide-cell").count() == 0
    solution = page.locator("details.solution:has(.cell_input)").first
    solution.locator("summary").click()
    assert solution.locator(".cell_input").first.is_visible()
    assert solution.locator(".cell_output").first.is_visible()


def test_an_answer_to_a_question_is_kept_and_can_be_erased(visit):
    page = visit("book/ridge.html?quiz")
    quiz = page.locator(".admonition.quiz").nth(1)
    note, verdict = quiz.get_by_text("kept in this browser"), quiz.locator(".quiz-verdict")
    assert note.is_hidden()
    quiz.locator("input").nth(1).check()
    quiz.get_by_role("button", name="Check").click()
    said = verdict.text_content()
    assert said and note.is_visible()
    page.reload(wait_until="load")
    assert quiz.locator("input").nth(1).is_checked() and verdict.text_content() == said and note.is_visible()
    assert page.locator(".quiz input:checked").count() == 1
    page.evaluate("kept.forget()")  # as live code does
    assert verdict.text_content() == "" and note.is_hidden()
    quiz.locator("input").nth(0).check()
    quiz.get_by_role("button", name="Check").click()
    quiz.get_by_role("button", name="Forget it").click()
    assert quiz.locator("input:checked").count() == 0 and note.is_hidden()
    page.reload(wait_until="load")
    assert page.locator(".quiz input:checked").count() == 0
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kept'))") == []


def test_works_lead_back_to_the_pages_that_cite_them():
    text = PAGES["book/bibliography.html"].text
    works = re.findall(r'<div class="citation" id="(\w+)".*?</div>', text, re.S)
    ways = re.findall(r'<div class="citation" id="(\w+)"(.*?)</div>', text, re.S)
    assert len(ways) == len(works) > 100
    for work, entry in ways:
        links = re.findall(r'href="(\w+\.html)#(\w+)"', entry.partition("Cited in")[2])
        assert links, entry
        for page, place in links:
            cited = PAGES[f"book/{page}"].text.partition(f'id="{place}"')[2]
            assert f'href="bibliography.html#{work}"' in cited.partition("</span>")[0], (work, page, place)


def test_all_exercises_are_listed_once_in_the_order_of_the_chapters():
    chapters = [name for name in PAGES["book/intro.html"].links if f"book/{name}" in PAGES]
    written = [
        f"{name}#{label}"
        for name in dict.fromkeys(chapters)
        for label in re.findall(r'<div class="exercise admonition" id="([^"]*)"', PAGES[f"book/{name}"].text)
    ]
    listed = [link for link in PAGES["book/exercises.html"].links if "#ex-" in link]
    assert listed == written and len(listed) > 200


def test_terms_lead_to_where_they_are_defined():
    entry = r'((?:<dt id="term-(?:(?!<dd>).)*?</dt>)+)<dd>(.*?)</dd>'
    entries = re.findall(entry, PAGES["book/glossary.html"].text, re.S)
    bold = {
        (name.removeprefix("book/"), term)
        for name, page in PAGES.items()
        for term in re.findall(r'<strong><a [^>]*href="glossary.html#(term-[^"]+)"', page.text)
    }
    assert len(bold) > 200
    for heads, entry in entries:
        terms = re.findall(r'<dt id="([^"]+)"', heads)
        ways = re.findall(r'href="(\w+\.html)#([^"]+)"', entry.partition("Defined in")[2])
        assert len(ways) == bool({term for _, term in bold}.intersection(terms)), terms
        for page, place in ways:
            assert place in PAGES[f"book/{page}"].ids and bold.intersection((page, term) for term in terms)


@pytest.mark.parametrize("view", VIEWS)
def test_a_citation_leads_to_its_work_in_full_sight(view, visit):
    page = visit("book/ridge.html?cited", view)
    page.locator(".bibtex-citation a").last.click()
    page.wait_for_url("**/bibliography.html#*")
    page.wait_for_function("scrollY > 0 && document.readyState === 'complete'")
    top, bottom, header, ground = page.evaluate("""() => {
        const {top, bottom} = document.querySelector(":target").getBoundingClientRect();
        const headers = [...document.querySelectorAll(".bd-header, .bd-header-article")];
        const header = Math.max(...headers.map(element => element.getBoundingClientRect().bottom));
        return [top, bottom, header, getComputedStyle(document.querySelector(":target")).backgroundColor];
    }""")
    assert header <= top < bottom < VIEWS[view][1]
    assert ground != "rgba(0, 0, 0, 0)"


def test_folded_code_is_shown(visit):
    page = visit("book/ridge.html")
    folded = page.locator("details.hide").first
    folded.locator("summary").click()
    assert folded.locator("pre").first.is_visible()


def test_icons_have_a_font(chapter):
    page = chapter()
    page.evaluate("document.fonts.ready")
    fonts = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    drawn = page.locator("[class*='fa-']:visible").evaluate_all("""icons => icons.map(i => {
        const {content, fontFamily} = getComputedStyle(i, "::before");
        return [content, fontFamily.split(",")[0].replaceAll('"', "")];
    })""")
    signs, families = map(set, zip(*drawn))
    assert "none" not in signs and len(signs) > 4
    assert families <= {family.replace('"', "") for family in fonts}


def test_pages_work_from_a_folder(chromium):
    """Without a server, which is asked for nothing but files that a page itself names."""
    context = chromium.new_context()
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((SITE / CHAPTER).resolve().as_uri(), wait_until="load")
    page.locator(".theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    with page.expect_navigation(wait_until="load"):
        page.locator("#pst-primary-sidebar a").nth(2).click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").fill("slider")
    page.keyboard.press("Enter")
    page.locator("#search-results .context .highlighted").nth(3).wait_for()
    page.locator("#search-results li a").first.click()
    page.locator("article .highlighted").first.wait_for()
    context.close()
    assert not complaints


# ------------------------------------------------------------------------------- between phone and desk


@pytest.mark.parametrize("width", [850, 1100])
def test_where_contents_have_no_room_the_text_stands_in_the_middle(width, visit):
    page = visit(CHAPTER)
    page.set_viewport_size({"width": width, "height": 900})
    boxes = (page.locator(one).bounding_box() for one in (".bd-content", ".bd-header-article", "article"))
    room, bar, text = ((box["x"], box["x"] + box["width"]) for box in boxes)
    assert bar == room and sum(text) == pytest.approx(sum(room), abs=1)


def test_results_of_a_search_stand_where_a_chapter_does(visit):
    left = visit(CHAPTER, "phone").locator("h1").bounding_box()["x"]
    page = visit("search.html?q=slider", "phone")
    page.locator("#search-results li").first.wait_for()
    assert page.locator("#search-results li").first.bounding_box()["x"] == left
    assert page.locator(".prev-next-footer").is_hidden()  # a line above nothing


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_search_does_not_scroll_and_begins_where_a_page_does(view, visit):
    below = visit("book/errata.html", view).locator("h1").bounding_box()["y"]
    page = visit("search.html", view)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert abs(page.locator("h1").bounding_box()["y"] - below) <= 8


def test_the_sheet_of_the_first_explorer_is_as_wide_as_its_column(visit):
    page = visit("book/intro.html")
    for width in (820, 1024, 1140):
        page.set_viewport_size({"width": width, "height": 900})
        stand_still(page)
        sheet, column = page.evaluate("""[".landing-explorer", ".bd-article > section"]
            .map(part => document.querySelector(part).getBoundingClientRect().width)""")
        assert sheet == pytest.approx(column, abs=1), width


@pytest.mark.parametrize("view", VIEWS)
def test_buttons_above_the_text_have_one_frame_within_the_bar(view, visit):
    page = visit(CHAPTER, view)
    page.keyboard.press("Tab")
    for button in page.locator(".bd-header-article .btn:visible:not(.dropdown-item)").all():
        button.focus()
        frame = "e => (({outlineOffset, borderRadius}) => [outlineOffset, borderRadius])(getComputedStyle(e))"
        assert button.evaluate(frame) == ["-3px", "4px"]


def test_paper_is_no_phone_whatever_its_margins(visit):
    page = visit("book/ridge.html")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 1000})  # A4 but for 15 mm at each side
    formula, text = page.locator("div.math").first, page.locator("figcaption.explorer-text").first
    sizes = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert formula.evaluate("e => getComputedStyle(e).flexDirection") == "row"
    assert text.evaluate(sizes) < page.locator("article").evaluate(sizes)
    page.emulate_media(media="screen")


# --------------------------------------------------------------------------------------- the look

TABLE = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
NUMBERED = [
    (part["caption"], chapter["file"])
    for part in TABLE["parts"]
    if part.get("numbered")
    for chapter in part["chapters"]
]
SHEET = (SITE / "_static" / "book.css").read_text("utf-8")


@pytest.mark.parametrize("number, part, name", [(i, *each) for i, each in enumerate(NUMBERED, start=1)])
def test_chapters_open_with_their_part_and_number(number, part, name):
    opening = re.search(r"<h1>(.*?)<a", PAGES[f"{name}.html"].text)[1]
    assert re.fullmatch(rf'<span class="chapter">{part} · Chapter {number}</span> [^<\d]+', opening)


@pytest.mark.parametrize("name", [name for _, name in NUMBERED])
def test_search_finds_a_chapter_by_its_title(name, visit):
    title = re.search(r"<title>\d+\. (.+?)(: | &#8212;)", PAGES[f"{name}.html"].text)[1]
    found = found_by(visit(f"search.html?q={title}"))
    chapters = [address for title, address in found if re.match(r"\d+\. ", title)]
    assert chapters[0] == f"{name}.html" and f"{name}.html" in [address for _, address in found[:5]]


def test_the_books_font_has_every_letter_that_it_is_asked_for():
    """All of Latin-1, and Greek; the few other letters of names and indices come from another font."""
    pages = (
        re.sub(r"<(script|style|svg|math)\b.*?</\1>|<[^>]*>", "", p.text, flags=re.S) for p in PAGES.values()
    )
    captions = (
        text
        for file in (SITE / "_static" / "data").glob("explorer-frames-*.js")
        for text in json.loads(re.search("`(.*)`", file.read_text("utf-8"))[1])["texts"]
    )
    asked = {ord(sign) for sign in html.unescape("".join([*pages, *captions])) if sign.isprintable()}
    served = {
        re.sub(r"-\w+$", "", font.stem): set(TTFont(font).getBestCmap())
        for font in (SITE / "_static" / "fonts").glob("*.woff2")
    }
    upright = served["source-serif-4-latin-wght-normal"]
    assert upright == served["source-serif-4-latin-wght-italic"] > set(range(32, 127))
    assert {ord(sign) for sign in "αδηθκλρσ"} <= served["source-serif-4-greek-wght-normal"]
    assert not [sign for sign in asked - upright if sign < 0x100]


@each_page
def test_nothing_is_bold_and_italic(name):
    """The book's italics have one weight: a second one would cost each page 12 kB."""
    bold = r"<(strong|b|h[1-6]|th|dt)\b[^>]*>(?:(?!</\1>).)*<(?:em|i|cite)>[^<]"
    assert not re.search(bold, PAGES[name].text, re.S)
    assert not re.search(r"<(em|i|cite)\b[^>]*>(?:(?!</\1>).)*<(?:strong|b)>", PAGES[name].text, re.S)


@pytest.mark.parametrize("style", ["normal", "italic"])
def test_text_is_set_in_the_books_font(style, chapter):
    page = chapter()
    font = f"{style} 16px 'Source Serif 4'"
    loaded = page.evaluate("font => document.fonts.load(font).then(faces => faces.map(f => f.style))", font)
    assert loaded == [style]
    first = page.evaluate("getComputedStyle(document.querySelector('article p')).fontFamily.split(',')[0]")
    assert first == '"Source Serif 4"'
    preloads = page.locator("head link[rel=preload]").evaluate_all("links => links.map(link => link.href)")
    faces = (SITE / "_static" / "fonts.css").read_text("utf-8")
    assert len(preloads) == 3 and all(preload.rpartition("/")[2] in faces for preload in preloads)


def test_paper_is_light_and_holds_the_text_alone(visit):
    page = visit(CHAPTER, scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    shown = page.evaluate("""() =>
        [...document.body.querySelectorAll("nav, header, footer, button, input, h1")]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height)
        .map(e => e.tagName)""")
    ink = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown == ["H1"]
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 200
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_what_stays_in_the_window_is_not_on_paper(visit):
    page = visit(CHAPTER)
    page.evaluate("""() => {
        document.getElementById("pst-back-to-top").toggleAttribute("data-offered", true);
        document.getElementById("pst-search-dialog").showModal();
        for (const element of document.querySelectorAll("body *")) {
            if (/fixed|sticky/.test(getComputedStyle(element).position)) element.dataset.stays = "";
        }
    }""")
    page.emulate_media(media="print")
    shown = page.evaluate("""() => [...document.querySelectorAll("[data-stays]")]
        .filter(e => e.offsetHeight).map(e => e.id || e.className)""")
    page.emulate_media(media="screen")
    page.evaluate("document.getElementById('pst-search-dialog').close()")
    page.evaluate("document.getElementById('pst-back-to-top').toggleAttribute('data-offered', false)")
    assert not shown


@pytest.mark.parametrize("view", VIEWS)
def test_playgrounds_are_whole_on_paper(view, address, chromium):
    """Wherever the reader has been: maps lie in their axes, and no room is kept for what is not printed."""
    page = chromium.new_page(viewport=size(view))
    page.goto(address + "book/playgrounds.html", wait_until="load")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 640, "height": 900})
    off, empty, gaps = page.evaluate("""() => {
        const maps = [...document.querySelectorAll(".explorer-panels canvas")];
        const off = maps.flatMap(map => {
            const figure = explorers.get(map.closest("figure").id), panel = map.closest("svg");
            const [inner, outer] = [map, panel].map(e => e.getBoundingClientRect());
            const [left, top, right, bottom] = figure.within(figure.panels.indexOf(panel));
            return [
                inner.left - outer.left - left * outer.width, inner.right - outer.left - right * outer.width,
                inner.top - outer.top - top * outer.height, inner.bottom - outer.top - bottom * outer.height,
            ];
        });
        const pixels = map => map.getContext("2d").getImageData(0, 0, map.width, map.height).data;
        const gaps = [...document.querySelectorAll("figure.playground")].map(figure => {
            const { top, bottom } = figure.getBoundingClientRect();
            let [end, largest] = [top, 0];
            const seen = [...figure.querySelectorAll("svg :is(path, text, line), dd, p, figcaption")]
                .filter(e => e.checkVisibility({ visibilityProperty: true }))
                .map(e => e.getBoundingClientRect()).filter(({ height }) => height);
            for (const box of seen.sort((a, b) => a.top - b.top)) {
                largest = Math.max(largest, box.top - end);
                end = Math.max(end, box.bottom);
            }
            return Math.max(largest, bottom - end);
        });
        return [off, maps.filter(map => !pixels(map).some(Boolean)).length, gaps];
    }""")
    page.close()
    assert len(off) == 3 * 4 and np.abs(off).max() < 1 and not empty
    assert max(gaps) < 60


def test_paper_has_the_fonts_of_the_screen(visit):
    """Those asked for anew when a page is printed would come too late."""
    page, asked = visit(CHAPTER), []
    page.evaluate("Promise.all([...document.fonts].map(face => face.load()))")
    page.on("request", lambda request: asked.append(request.url))
    page.pdf()
    assert not [url for url in asked if url.endswith(".woff2")]


# ------------------------------------------------------------------------------- the formula collection

COLLECTION = "book/formulas_regression.html"
LATER = "document.querySelectorAll('.ledger-entry noscript').length"
HIDDEN = (
    "[...document.querySelectorAll('.ledger-entry .formula')].filter(f => !f.querySelector('math')).length"
)


def test_formulas_come_when_they_are_near(visit):
    page = visit(COLLECTION)
    page.wait_for_selector(".ledger-entry math")
    assert page.evaluate(HIDDEN) > 100
    page.locator(".ledger-entry").last.scroll_into_view_if_needed()
    page.wait_for_selector(".ledger-entry:last-child .formula math")
    page.locator(".ledger-entry summary").last.click()
    assert page.locator(".ledger-entry").last.get_by_text("Checked by").is_visible()


def test_formula_that_an_address_names_is_shown(visit):
    page = visit(f"{COLLECTION}#ledger-eq-ridge")
    page.locator("#ledger-eq-ridge math").first.wait_for()
    stand_still(page)
    assert 0 <= page.evaluate("document.getElementById('ledger-eq-ridge').getBoundingClientRect().y") < 300


FIND = {
    "search": {"key": "f", "code": "KeyF", "ctrlKey": True},
    "search in another alphabet": {"key": "а", "code": "KeyF", "ctrlKey": True},
    "search by F3": {"key": "F3", "code": "F3"},
}


@pytest.mark.parametrize("why", ["print", *FIND])
def test_all_formulas_are_there_to_be(why, visit):
    page = visit(f"{COLLECTION}#{why}")
    assert page.evaluate(LATER)
    if why == "print":
        assert page.pdf()
    else:
        page.evaluate("key => dispatchEvent(new KeyboardEvent('keydown', key))", FIND[why])
    page.wait_for_function(f"{LATER} === 0 && {HIDDEN} === 0")


@pytest.mark.parametrize("sign", ["scroll", "pointerdown", "keydown"])
def test_all_formulas_come_by_and_by_once_somebody_reads(sign, visit):
    page = visit(f"{COLLECTION}#{sign}")
    wait_for_timers(page)
    assert page.evaluate(HIDDEN) > 100
    page.evaluate("sign => dispatchEvent(new Event(sign))", sign)
    page.wait_for_function(f"{LATER} === 0 && {HIDDEN} === 0")


@pytest.mark.parametrize("view", VIEWS)
def test_contents_of_a_collection_are_its_chapters(view, visit):
    page = visit(f"{COLLECTION}?{view}", view)
    if view == "phone":
        page.locator(BUTTON.format("secondary")).tap()
    links = page.locator("#pst-page-toc-nav a")
    sections = page.locator("article .ledger section > h2")
    assert links.count() == sections.count() == 8
    links.nth(4).click()
    page.wait_for_function("document.querySelector(':target')?.id === 'ledger-book-ridge'")
    top = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
    assert 0 <= top < VIEWS[view][1] / 2


def test_terms_of_the_glossary_stand_below_their_letters():
    text = (ROOT / "book" / "glossary.md").read_text("utf-8")
    parts = re.findall(r"^## (.)\n\n```\{glossary\}\n(.*?)```", text, re.M | re.S)
    assert [letter for letter, _ in parts] == sorted(letter for letter, _ in parts)
    for letter, terms in parts:
        heads = re.findall(r"(?:\A|\n\n)(\S)", terms)
        assert heads and {head.upper() for head in heads} == {letter}


def test_all_formulas_are_there_without_javascript(visit):
    page = visit(COLLECTION, scripts=False)
    formulas = page.locator(".ledger-entry .formula").count()
    assert page.locator(".ledger-entry .formula:has(math)").filter(visible=True).count() == formulas
    page.locator(".ledger-entry summary").first.click()
    assert page.locator(".ledger-entry li").first.is_visible()


# ----------------------------------------------------------------------------------------- formulas

FORMULA = re.compile(r"<math.*?</math>", re.S)
BREAK = re.compile(r'</math>(?:<wbr>|(?:</?span(?: class="part")?>)+)<math')  # of pieces, parts and rows


@each_page
def test_every_formula_is_mathml(name):
    text = PAGES[name].text
    assert text.count(' data-tex="') == len(FORMULA.findall(text)) - len(BREAK.findall(text))
    assert "mathjax" not in text.replace("mathjax_ignore", "").lower()


def test_font_has_every_sign_of_a_formula():
    """An italic letter is a sign of its own, which the browser puts for a letter that stands alone."""
    formulas = {formula for page in PAGES.values() for formula in FORMULA.findall(page.text)}
    text = {html.unescape(part) for formula in formulas for part in re.findall(r">([^<]+)<", formula)}
    shown = {sign for part in text for sign in part if not unicodedata.category(sign).startswith(("C", "Z"))}
    alone = {part for part in text if len(part) == 1 and part.isalpha() and part.isascii()} - {"h"}
    italic = {chr(0x1D434 + ord(x) - 65 - 6 * x.islower()) for x in alone}
    font = TTFont(SITE / "_static" / "math" / "STIXTwoMath.woff2")
    missing = sorted(sign for sign in shown | italic | {*"ℎ√", "𝜃"} if ord(sign) not in font.getBestCmap())
    missing.remove("\ufe0e")  # no sign: it asks for a text's, not a picture's
    assert not missing
    variants = font["MATH"].table.MathVariants
    taller = zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True)
    sizes = {glyph: len(each.MathGlyphVariantRecord) for glyph, each in taller}
    assert min(sizes[glyph] for glyph in ("parenleft", "bracketright", "braceleft", "radical")) >= 4


@pytest.fixture
def formulas(visit):
    """A page with formulas in its lines and between them, and wider than a phone."""
    return visit("book/backpropagation.html", "phone")


def test_what_is_copied_of_a_formula_is_tex(formulas):
    copied = """selector => {
        const [range, data] = [document.createRange(), new DataTransfer()];
        range.selectNodeContents(document.querySelector(selector));
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        document.querySelector(selector).dispatchEvent(
            new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
        return data.getData("text/plain");
    }"""
    tex = formulas.locator("p [data-tex]").first.get_attribute("data-tex")
    line = formulas.evaluate(copied, "p:has([data-tex])")
    assert f"${tex}$" in line and len(line) > len(tex) + 20
    tex = formulas.locator(".formula").first.get_attribute("data-tex")
    assert (
        formulas.evaluate(copied, ".formula math").strip() == f"$${tex}$$"
    )  # all of it, whatever part was chosen
    assert formulas.evaluate(copied, "h2") == ""  # without a formula, the browser does what it does


def test_formulas_wider_than_the_page_are_scrolled_by_keyboard(formulas):
    wide = formulas.evaluate_handle(
        "[...document.querySelectorAll('.formula')].find(f => f.scrollWidth > f.clientWidth)"
    ).as_element()
    before = formulas.evaluate(
        "f => [f.scrollLeft, f.querySelector('math').getBoundingClientRect().left]", wide
    )
    assert before[0] == 0 and before[1] >= 0  # it begins on the page
    wide.focus()
    formulas.keyboard.press("ArrowRight")
    formulas.wait_for_function("f => f.scrollLeft > 0", arg=wide)
    fitting = "f => f.scrollWidth <= f.clientWidth && f.hasAttribute('tabindex')"
    assert not formulas.evaluate(f"[...document.querySelectorAll('.formula')].some({fitting})")


# ---------------------------------------------------------------------------------------- explorers


def snapshot(page, explorer):
    """Return what an explorer shows: its figure, its words, and what its controls say."""
    return page.evaluate(
        """id => {
        const figure = document.getElementById(id);
        const inputs = [...figure.querySelectorAll(".explorer-controls input")];
        const output = input => figure.querySelector(`output[for="${input.id}"]`);
        const drawing = figure.querySelector(".explorer-panels").cloneNode(true);
        for (const node of drawing.querySelectorAll("*")) { // in whatever order its attributes came
            const attributes = [...node.attributes].map(({name, value}) => [name, value]).sort();
            for (const [name] of attributes) node.removeAttribute(name);
            for (const [name, value] of attributes) node.setAttribute(name, value);
        }
        return {figure: drawing.innerHTML,
                words: figure.querySelector(".explorer-text").textContent.trim(),
                values: inputs.map(input => Number(input.value)),
                last: inputs.map(input => Number(input.max)),
                said: inputs.map(input => input.getAttribute("aria-valuetext")),
                shown: inputs.map(input => output(input).textContent.trim())};
    }""",
        explorer,
    )


def come(page, explorer):
    """Scroll to an explorer, and wait for its frames."""
    page.evaluate("id => document.getElementById(id).scrollIntoView({block: 'center'})", explorer)
    page.wait_for_selector(f"figure[id='{explorer}'][data-frames=here]")


def sliders(page, explorer):
    come(page, explorer)
    return page.locator(f"figure[id='{explorer}'] .explorer-controls input").all()


@each_page_with_explorers
def test_explorers_move_by_keyboard(name, visit):
    page = visit(name)
    for explorer in PAGES[name].explorers:
        for k, slider in enumerate(sliders(page, explorer)):
            where = f"{explorer}, slider {k + 1}"
            slider.focus()
            before = snapshot(page, explorer)
            key = "ArrowRight" if before["values"][k] < before["last"][k] else "ArrowLeft"
            for _ in range(3):
                page.keyboard.press(key)
                after = snapshot(page, explorer)
                if after["values"][k] == before["values"][k]:
                    break  # at the end
                assert after["figure"] != before["figure"], f"{where}: no other figure at {after['said'][k]}"
                assert after["said"] == after["shown"] != before["shown"], where
                before = after
            page.keyboard.press("Home")
            first = snapshot(page, explorer)
            page.keyboard.press("End")
            last = snapshot(page, explorer)
            assert (first["values"][k], last["values"][k]) == (0, last["last"][k]), where
            assert last["figure"] != first["figure"], where
            assert last["words"] != first["words"], f"{where}: the words under the figure do not follow"


# A place on a slider, its size, and whether a finger there would meet it.
IN_SIGHT = """(slider, share) => {
    slider.scrollIntoView({block: "center"});
    const {x, y, width, height} = slider.getBoundingClientRect();
    const place = [x + share * width, y + height / 2];
    return [...place, width, height, document.elementFromPoint(...place) === slider];
}"""


@pytest.mark.parametrize("view", VIEWS)
@each_page_with_explorers
def test_explorers_move_by_pointer(name, view, visit):
    page = visit(name, view)
    for explorer in PAGES[name].explorers:
        for k, slider in enumerate(sliders(page, explorer)):
            where = f"{explorer}, slider {k + 1}"
            seen = [snapshot(page, explorer)]
            for share in (0.02, 0.98, 0.5):
                x, y, width, height, free = slider.evaluate(IN_SIGHT, share)
                assert width >= 80 and height >= 24, f"{where}: too small a target for a finger"
                assert free, f"{where}: something lies over it"
                (page.touchscreen.tap if view == "phone" else page.mouse.click)(x, y)
                seen.append(snapshot(page, explorer))
                if seen[-1]["values"] != seen[-2]["values"]:
                    assert seen[-1]["figure"] != seen[-2]["figure"], where
            assert {0, seen[0]["last"][k]} <= {s["values"][k] for s in seen}, (
                f"{where}: the pointer does not move it"
            )


@each_page_with_explorers
def test_explorers_are_restored_from_the_address(name, visit):
    page = visit(name)
    for explorer in PAGES[name].explorers:
        for slider in sliders(page, explorer):
            slider.focus()
            page.keyboard.press("Home" if slider.evaluate("e => e.defaultValue") != "0" else "End")
    last = PAGES[name].explorers[-1]
    wait_for_timers(page)  # it is written a moment after the last move
    assert last + ":" in unquote(page.evaluate("location.hash"))
    wanted = [snapshot(page, explorer) for explorer in PAGES[name].explorers]
    again = visit(name + page.evaluate("location.hash"))
    for explorer in PAGES[name].explorers:
        again.wait_for_selector(f"figure[id='{explorer}'][data-frames=here]")
    assert [snapshot(again, explorer) for explorer in PAGES[name].explorers] == wanted
    assert again.locator(f"figure[id='{PAGES[name].explorers[0]}']").evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top < innerHeight && b.bottom > 0; }"
    ), "out of sight"


@each_page_with_explorers
def test_explorers_show_their_first_frame_without_javascript(name, visit):
    page = visit(name, scripts=False)
    for explorer in PAGES[name].explorers:
        figure = page.locator(f"figure[id='{explorer}']")
        assert figure.locator(".explorer-controls").is_hidden()
        assert figure.locator(".explorer-text").text_content().strip()
        drawings = [svg for svg in figure.locator(".explorer-panels > svg").all() if svg.is_visible()]
        assert drawings
        for drawing in drawings:
            box = drawing.bounding_box()
            assert box["width"] > 100 and box["height"] > 50, explorer
            assert drawing.locator("path, use, text").count() > 2, explorer


@each_page_with_explorers
def test_explorers_play(name, visit):
    page = visit(name)
    for button in page.locator(".explorer-play").all():
        slider = page.locator(f"[id='{button.get_attribute('data-for')}']")
        come(page, button.evaluate("b => b.closest('figure').id"))
        slider.focus()
        page.keyboard.press("Home")
        button.click()
        page.wait_for_function("id => document.getElementById(id).value > 0", arg=slider.get_attribute("id"))
        if button.get_attribute("aria-pressed") == "true":
            button.click()
        assert button.get_attribute("aria-pressed") == "false"
        stopped = slider.input_value()
        wait_for_timers(page)
        assert slider.input_value() == stopped


@each_page_with_explorers
def test_explorers_answer_at_once(name, visit, record_property):
    """The times are reported, not judged: a busy machine is no fault of the page."""
    page = visit(name)
    for explorer in PAGES[name].explorers:
        come(page, explorer)
        times = page.evaluate(
            """id => {
            const figure = document.getElementById(id), times = [];
            for (const input of figure.querySelectorAll(".explorer-controls input")) {
                const last = Number(input.max);
                for (let k = 0; k < 60; k++) {
                    const start = performance.now();
                    input.value = (Number(input.value) + 1) % (last + 1);
                    input.dispatchEvent(new Event("input", {bubbles: true}));
                    figure.getBoundingClientRect();  // style and layout are part of the answer
                    times.push(performance.now() - start);
                }
            }
            return times;
        }""",
            explorer,
        )
        assert times, explorer
        record_property(f"explorer {explorer}", times)


@pytest.mark.parametrize(
    "name", [page.name for page in PAGES.values() if page.explorers + page.stills + page.playgrounds]
)
def test_letters_of_a_figure_can_be_read_on_a_phone(name, visit):
    """At least ten pixels high, exponents and indices nine."""
    page = visit(name, "phone")
    draw_all(page)
    small = page.evaluate("""() => [...document.querySelectorAll(".explorer-panels text")].flatMap(text => {
        if (!text.checkVisibility()) return [];
        const {a, b} = text.getScreenCTM();
        const size = part => Math.hypot(a, b) * parseFloat(getComputedStyle(part).fontSize);
        const parts = text.children.length ? [...text.children] : [text];
        const largest = Math.max(...parts.map(size));
        const least = part => (size(part) < largest ? 9 : 10) - 0.05;
        return parts.filter(part => part.textContent.trim() && size(part) < least(part))
            .map(part => [text.closest("figure").id, part.textContent, size(part)]);
    })""")
    assert not small


# A letter may be wider than the one it was measured with: by a point, of 200 to 330 that a panel has.
BEYOND = """() => [...document.querySelectorAll(".explorer-panels > svg")].flatMap(panel => {
    const room = panel.getBoundingClientRect(), point = room.width / panel.viewBox.baseVal.width;
    return [...panel.querySelectorAll("text")].filter(text => text.checkVisibility() && text.textContent)
        .map(text => [text, text.getBoundingClientRect()])
        .filter(([, box]) => Math.max(room.left - box.left, box.right - room.right,
            room.top - box.top, box.bottom - room.bottom) > point)
        .map(([text]) => [panel.closest("figure").id, text.textContent]);
})"""


@each_page_with_figures
def test_letters_of_a_figure_stay_in_its_panel(name, visit):
    """On a phone there is no room beside one: they would be cut."""
    page = visit(name, "phone")
    draw_all(page)
    assert not page.evaluate(BEYOND)


@pytest.mark.parametrize("name", [name for name in READ if PAGES[name].stills])
def test_still_figures_are_seen(name, visit):
    page = visit(name)
    for still in PAGES[name].stills:
        page.evaluate("id => document.getElementById(id).scrollIntoView()", still)
        page.wait_for_selector(f"figure[id='{still}'][data-drawn]")
        figure = page.locator(f"figure[id='{still}']")
        assert figure.locator(".explorer-panels > svg").first.bounding_box()["height"] > 50, still
        assert figure.locator(".explorer-panels path").count() > 2, still
        assert figure.locator(".explorer-text").text_content().strip(), still


# ------------------------------------------------------------------------------------------- playgrounds


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", [name for name in READ if PAGES[name].playgrounds])
def test_playgrounds_play(name, view, visit):
    page = visit(name, view)
    for id_ in PAGES[name].playgrounds:
        figure = page.locator(f"figure[id='{id_}']")
        page.evaluate("id => document.getElementById(id).scrollIntoView({block: 'center'})", id_)
        figure.locator(".playground-field").wait_for()
        panel, field = (
            figure.locator(part).bounding_box()
            for part in (".explorer-panels > svg >> nth=0", ".playground-field")
        )
        assert panel["x"] < field["x"] and field["x"] + field["width"] <= panel["x"] + panel["width"]
        assert panel["y"] < field["y"] and field["y"] + field["height"] < panel["y"] + panel["height"]
        count = f"explorers.get('{id_}').points.length"
        before = page.evaluate(count)
        figure.locator(".playground-add").click()
        assert page.evaluate(count) == before + 1
        assert figure.locator(".playground-ring").bounding_box()["width"] == 20
        figure.locator(".playground-undo").click()
        assert page.evaluate(count) == before


# ------------------------------------------------------------------------------------ a field to draw on


def test_the_chapters_own_network_reads_the_test_images_on_the_page_as_mlcore_does(visit):
    """The caption's count is mlcore's, made as the book was built; the page counts for itself."""
    _, test = load_mnist()
    page = visit("book/digits.html")
    page.locator(".digit-image").click()  # it fetches the network
    page.wait_for_function("document.querySelector('.digit-says').textContent.includes('The network says')")
    said = page.evaluate(
        """images => {
        const net = digit.unpack(document.querySelector("script[src*=digit-network]").data);
        const bytes = Uint8Array.from(atob(images), letter => letter.charCodeAt(0));
        return Array.from({length: bytes.length / 784}, (_, k) => {
            const p = digit.probabilities(net, bytes.subarray(784 * k, 784 * (k + 1)));
            return p.indexOf(Math.max(...p));
        });
    }""",
        base64.b64encode(test.X.astype(np.uint8).tobytes()).decode(),
    )
    wrong = int((np.array(said) != test.y).sum())
    caption = page.locator("figure.digit figcaption").inner_text()
    assert f"{wrong} of 2,000 test images" in caption and 0 < wrong < 100
