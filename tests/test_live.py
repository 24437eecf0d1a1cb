"""Live code on the built site: a chapter's cells become editors, and a reader's own Python runs them.

What the worker does is tested in test_live_runtime.py; here is what the page makes of it.
"""

import contextlib
import json
import os
import re

import browser
import pytest
from reader import PAGE, Reader
from test_live_runtime import IN_THE_PAGE, Handler, cut, missing, same, short
from test_site import PREFIX, SITE, VIEWS, come, size, violations

CHAPTER = f"book/{IN_THE_PAGE}.html"
ABLE = (SITE / "_static" / "live" / "runtime.json").is_file()
WHY = "the book is built without live code, as its Python could not be had"


@pytest.fixture(scope="module", autouse=True)
def able():
    if not ABLE and os.environ.get("CI") != "true":
        pytest.skip(WHY)
    assert ABLE, WHY


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve the site under a sub-path; files may fail as a test asks for."""
    folder = tmp_path_factory.mktemp("host")
    (folder / PREFIX.strip("/")).symlink_to(SITE.resolve(), target_is_directory=True)
    with browser.serving(folder, Handler) as host:
        yield f"{host}{PREFIX}"


@contextlib.contextmanager
def reading(chromium, address, **options):
    """A reader with a profile of their own."""
    context = chromium.new_context(**options)
    context.set_default_timeout(0)
    reader = Reader(context.new_page(), address)
    yield reader
    context.close()
    assert not [url for url in reader.asked if not url.startswith((address, "data:", "blob:"))]


@pytest.fixture
def reader(chromium, address):
    with reading(chromium, address) as reader:
        yield reader
    assert not [said for said in reader.complaints if not (reader.excused and reader.excused in said)]


@pytest.fixture
def faults(monkeypatch):
    """Name of a file -> what the server does instead of sending it."""
    monkeypatch.setattr(Handler, "faults", {})
    return Handler.faults


@pytest.fixture(scope="module")
def one_reader(chromium, address):
    with reading(chromium, address) as reader:
        yield reader


@pytest.fixture
def live(one_reader):
    """A page whose Python is ready; of earlier tests the browser has kept the files alone."""
    one_reader.complaints.clear()
    yield one_reader.open().start()
    one_reader.page.evaluate("localStorage.clear()")
    assert not one_reader.complaints


# --------------------------------------------------------------------------------------------- the page
def test_a_page_that_is_only_read_fetches_a_small_script_alone(reader):
    reader.open()
    fetched = [url for url in reader.asked if "/_static/live/" in url or "/_static/pyodide/" in url]
    assert [url.partition("?")[0].rpartition("/")[2] for url in fetched] == ["stub.js"]
    assert (SITE / "_static" / "live" / "stub.js").stat().st_size <= 4096
    assert reader.page.locator(".live-offer button").count() == 1
    assert reader.page.locator(".article-header-buttons .live-icon").count() == 1


@pytest.mark.parametrize("name", ["benchmarks", "published"])
def test_a_page_whose_cells_read_files_beside_the_book_is_not_run(name, reader):
    """In a browser there are none."""
    reader.page.goto(f"{reader.address}book/{name}.html", wait_until="load")
    assert reader.page.locator(".cell_input").count() > 0
    assert reader.page.locator(".live-offer, .live-icon, .lab-icon").count() == 0


def test_a_page_without_code_offers_nothing(reader):
    reader.open("book/notation.html")
    assert not reader.page.locator(".live-offer, .live-icon").count()


PRINTED = """() => [...document.querySelectorAll(".cell:has(.cell_input)")].map(cell => ({
    ignored: cell.matches(".tag_nbval-ignore-output, .tag_remove-output"),
    texts: [...cell.querySelectorAll(".cell_output :is(.stream, .text_plain) pre")]
        .map(pre => pre.textContent),
    links: [...cell.querySelectorAll(".cell_output .code-origin > *")]
        .map(({href, textContent}) => [href, textContent]),
    tables: [...cell.querySelectorAll(".cell_output table tr")]
        .map(row => [...row.children].map(part => part.textContent.trim())),
    figures: [...cell.querySelectorAll(".cell_output figure")].map(figure => figure.id),
    code: cell.querySelector(".cell_input pre").textContent,
}))"""


def test_the_cells_of_a_chapter_give_what_is_printed(reader):
    printed = reader.open(CHAPTER).page.evaluate(PRINTED)
    count = len(printed)
    reader.start().press("Run all")
    reader.wait_for_status(rf"^Cell {count} has run\.$")
    shown = reader.page.evaluate(PRINTED)
    assert reader.page.locator(".live-output").count() == count
    for number, (before, now) in enumerate(zip(printed, shown, strict=True), 1):
        assert now["code"] == before["code"], number
        assert now["figures"] == before["figures"] and now["links"] == before["links"], number
        if not before["ignored"]:
            assert now["tables"] == before["tables"], number
            assert same("".join(before["texts"]), "".join(now["texts"])), (number, before, now)
    assert sum(len(one["figures"]) for one in printed) > 2 and any(one["texts"] for one in printed)


def test_the_printed_page_comes_back_as_it_was(live):
    body = "document.querySelector('article').innerHTML"
    live.open()
    for explorer in live.page.eval_on_selector_all("figure.explorer", "all => all.map(({id}) => id)"):
        come(live.page, explorer)
    browser.lay_out(live.page)
    before = live.page.evaluate(body)
    live.start().run(3)
    live.write(1, "1 + 1")
    live.press("Printed page")
    assert live.wait_for_offer() == "In your browser, with nothing to install."
    assert live.focused() == "Run the code on this page"
    assert live.page.evaluate(body) == before


def test_an_explorer_is_moved_by_python(live):
    """One that the printed page has, too, and gives the same words for."""
    slider = "figure.explorer input[type=range]"
    words = "document.querySelector('figure.explorer .explorer-text').textContent"
    live.open()
    live.page.focus(slider)
    opening = live.page.evaluate(words)
    live.page.keyboard.press("ArrowRight")
    live.page.wait_for_function(f"opening => {words} !== opening", arg=opening)
    moved = live.page.evaluate(words)
    live.page.keyboard.press("ArrowLeft")
    live.start()
    cells = live.page.locator(".cell:has(.cell_input)").all()
    live.run(next(k for k, cell in enumerate(cells, 1) if cell.locator("figure.explorer").count()))
    assert live.page.evaluate(words) == opening
    drawing = "document.querySelector('figure.explorer .explorer-panels').innerHTML"
    before = live.page.evaluate(drawing)
    live.page.focus(slider)
    live.page.keyboard.press("ArrowRight")
    live.page.wait_for_function(f"moved => {words} === moved", arg=moved)
    assert live.page.evaluate(drawing) != before
    assert live.page.locator(".live-output figure.explorer").count() >= 1


# ---------------------------------------------------------------------------------------------- the cells
def test_a_cell_runs_those_above_it_first(live):
    live.write(1, "steps = ['one']")
    assert live.run(2, "steps.append('two'); print(steps)") == "['one', 'two']\n"
    assert live.run(2) == "['one', 'two', 'two']\n"  # the first has run
    live.write(1, "steps = ['new']")
    assert live.run(2) == "['new', 'two']\n"


def test_an_error_says_where_and_stops_what_follows(live):
    live.write(1, "def half(x):\n    return x / 0\n\n\nhalf(2)")
    live.write(2, "print('never')")
    live.press("Run", 2)
    live.wait_for_status(
        r"^Cell 1 ended with an error; those below did not run\. Press Run again to go on without it\.$"
    )
    said = live.output(1)
    assert said.startswith("ZeroDivisionError in line 2: division by zero") and live.output(2) != "never\n"
    assert live.run(2, "print('alone')") == "alone\n" and live.output(1) == said
    live.wait_for_status(r"^Cell 2 has run; cell 1 above it did not come to its end\.$")
    live.write(1, "half = 1")
    assert live.run(2, "print('now')") == "now\n" and live.output(1) == ""


def test_what_failed_is_tried_again_when_something_above_it_has_run(live):
    live.write(1, "")
    assert "NameError" in live.run(2, "print(10 * ten)")
    live.write(1, "ten = 10")
    assert live.run(3, "ten") == "10" and live.output(2) == "100\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = (1,", "SyntaxError in line 1"),
        ("input('name?')", "cannot ask for input"),
        ("import pandas", "for other packages take the whole project"),
    ],
)
def test_an_error_says_what_to_do(code, said, live):
    assert said in live.run(1, code)


def run_on(live, first):
    """Run a first line, then a loop without end, in the first cell; return when the loop runs."""
    live.write(1, f"{first}\nprint('on', flush=True)\nwhile True: pass")
    live.press("Run", 1)
    live.page.wait_for_function("document.querySelector('.live-output')?.textContent.includes('on')")


def test_a_cell_is_stopped_and_goes_on(live):
    run_on(live, "kept = 7")
    live.press("Stop")
    live.wait_for_status(r"^Cell 1 was stopped\.$")
    assert "Stopped. What was computed before is kept." in live.output(1)
    assert live.run(2, "kept") == "7"  # the loop is not begun again
    live.wait_for_status(r"^Cell 2 has run; cell 1 above it did not come to its end\.$")


def test_python_is_restarted_while_it_runs(live):
    run_on(live, "")
    live.press("Restart")
    live.wait_for_status(r"^Python is ready\.$")
    assert live.run(1, "'kept' in dir()") == "False"


def test_the_printed_page_comes_back_while_a_cell_runs(live):
    run_on(live, "")
    live.press("Printed page")
    live.wait_for_offer()
    live.start()
    assert live.page.locator(".live-buttons [aria-disabled]").text_content() == "Stop"


def test_a_cell_is_reset(live):
    printed = live.code(1)
    live.write(1, "1 + 1")
    live.press("Reset", 1)
    assert live.code(1) == printed and live.focused() == "Code of cell 1"
    assert not live.cell(1).get_by_text("Reset", exact=True).is_visible()


@pytest.mark.parametrize("number", [1, 2])
def test_with_its_code_a_cell_gets_its_printed_output_back(live, number):
    """What other code has said does not stay below it, nor a side of long lines out of sight."""
    outputs = live.cell(number).locator(".cell_output")
    printed = outputs.evaluate_all("all => all.map(output => output.outerHTML)")
    live.run(number, f"1 / 0  # {'long ' * 50}")
    assert "ZeroDivisionError" in live.output(number)
    live.cell(number).locator("pre").first.focus()
    live.page.keyboard.press("Control+End")
    live.press("Reset", number)
    assert not live.output(number)
    assert outputs.evaluate_all("all => all.map(output => output.outerHTML)") == printed
    assert live.cell(number).locator(".cell_input pre").evaluate("pre => pre.scrollLeft") == 0
    live.press("Run", number)
    live.wait_for_status(rf"^Cell {number} has run\.$")


@pytest.mark.parametrize(
    ("code", "spaces"),
    [
        ("a", 0),
        ("    a", 4),
        ("table(1,", 0),
        ("table(1,\n      2)", 0),
        ("table([1,\n       2],", 0),
        ("table([1,\n       2],\n      3)", 0),
        ("if a:\n    b = f(1,  # )\n          ')')", 4),
        ("if a:\n    b = f(1,\n          2):", 8),
        ("a)", 0),
    ],
)
def test_a_new_line_begins_where_the_statement_does(live, code, spaces):
    live.write(1, code)
    live.cell(1).locator("pre").first.focus()
    live.page.keyboard.press("Control+End")
    live.page.keyboard.press("Enter")
    live.page.keyboard.type("x")
    assert live.code(1) == f"{code}\n{' ' * spaces}x"


def test_output_without_end_ends(live):
    said = live.run(1, "for k in range(10**6): print('x' * 50)")
    assert "more than a page can hold" in said and len(said) < 300_000


def test_figures_of_pyplot_are_shown(live):
    live.run(1, "import matplotlib.pyplot as plt\nplt.plot([1, 3]); plt.show()")
    images = live.cell(1).locator(".live-output img")
    assert (
        images.count() == 1
        and images.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    )


def test_shown_code_and_tables_look_as_printed(live):
    live.run(
        1, "from mlcore.teach import source, table\nfrom mlcore.ridge import solve_ridge\nsource(solve_ridge)"
    )
    assert live.cell(1).locator(".live-output .highlight pre").text_content().startswith("def solve_ridge")
    assert live.cell(1).locator(".live-output .code-origin").text_content() == "mlcore/ridge.py"
    live.run(1, "from mlcore.teach import table\ntable({'a|b': [1, 2], 'c': ['x', 'y']})")
    rows = live.cell(1).locator(".live-output tr").all_inner_texts()
    assert [row.split() for row in rows] == [["a|b", "c"], ["1", "x"], ["2", "y"]]
    live.run(1, "from mlcore.teach import table\ntable({'wrong': ['7.5 % ± 2 %']})")
    assert live.cell(1).locator(".live-output td").inner_text() == "7.5\u00a0%\u00a0±\u00a02\u00a0%"


# -------------------------------------------------------------------------------------------- by keyboard
def test_all_goes_by_keyboard(reader):
    page = reader.open().page
    page.focus(".live-run")
    page.keyboard.press("Enter")
    reader.wait_for_status(r"^Python is ready\.$")
    assert reader.focused() == "Running the code"
    reader.cell(2)
    reader.cell(1).locator("pre").first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("for k in range(2):")
    page.keyboard.press("Enter")
    page.keyboard.type("print(k/1)  # /")
    assert reader.code(1) == "for k in range(2):\n    print(k/1)  # /"
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert reader.focused() == "Code of cell 1"
    page.keyboard.press("Control+Enter")
    reader.wait_for_status(r"^Cell 1 has run\.$")
    assert reader.output(1) == "0.0\n1.0\n" and reader.focused() == "Code of cell 1"
    page.keyboard.press("Shift+Enter")
    page.wait_for_function("document.activeElement.ariaLabel === 'Code of cell 2'")
    page.keyboard.press("Escape")
    assert reader.focused() == "Run cell 2"


def test_tab_indents_the_lines_of_a_selection_and_shift_tab_takes_it_back(live):
    page, code = live.page, "a = 1\n\nif a:\n  b = 2"
    live.write(1, code)
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    assert live.code(1) == "    a = 1\n\n    if a:\n      b = 2"
    page.keyboard.press("Shift+Tab")
    assert live.code(1) == code
    page.keyboard.press("Shift+Tab")  # the lines are selected still; two spaces are all there is to take
    assert live.code(1) == "a = 1\n\nif a:\nb = 2"
    page.keyboard.press("Control+z")
    assert live.code(1) == code
    live.write(1, "    x = 1")
    page.keyboard.press("Shift+Tab")  # from the caret at its end
    page.keyboard.type("0")
    assert live.code(1) == "x = 10"


def lie(page, what):
    """How far an element lies below the window's upper edge."""
    return page.locator(what).evaluate("element => element.getBoundingClientRect().top")


def test_an_error_keeps_who_went_on_by_keyboard(live):
    live.write(1, "\n" * 60 + "1 / 0")
    live.page.keyboard.press("Shift+Enter")
    live.wait_for_status(r"^Cell 1 ended with an error\.$")
    assert live.focused() == "Code of cell 1"
    assert 0 < lie(live.page, ".live-error") < lie(live.page, ".live-bar") - 20


def test_from_the_bar_a_way_leads_to_the_error(reader):
    page = reader.open(CHAPTER).start().page
    reader.write(3, "1 / 0")
    for above in (1, 2):
        reader.write(above, "")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_selector("#pst-back-to-top")  # at a desk it has a place of its own
    places = "all => all.map(one => document.querySelector(one).getBoundingClientRect().toJSON())"
    bar, top = page.evaluate(places, [".live-bar", "#pst-back-to-top"])
    assert bar["right"] < top["left"]
    reader.press("Run all")
    reader.wait_for_status("^Cell 3 ended with an error")
    assert lie(page, ".live-error") < 0
    reader.press("Cell 3")
    assert reader.focused() == "Code of cell 3"
    assert 0 < lie(page, ".live-error") < lie(page, ".live-bar") - 20


# ----------------------------------------------------------------------------------- what the page looks like
COLOURS = """() => {
    const colours = new Map();  // node -> [start, end, kind]
    for (const [name, ranges] of CSS.highlights)
        for (const {startContainer: node, startOffset, endOffset} of ranges)
            colours.set(node, [...colours.get(node) ?? [], [startOffset, endOffset, name]]);
    return [...document.querySelectorAll(".cell_input pre")].map(pre => {
        const walk = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT), signs = [];
        for (let node; node = walk.nextNode(); ) {
            const start = signs.length, own = getComputedStyle(node.parentElement).color;
            for (const sign of node.data.split("")) signs.push([sign, own]);
            for (const [from, to, name] of colours.get(node) ?? []) {
                const {color} = getComputedStyle(pre, `::highlight(${name})`);
                for (let k = from; k < to; k += 1) signs[start + k][1] = color;
            }
        }
        return signs.filter(([sign]) => /\\S/.test(sign));
    });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_code_that_can_run_has_the_colours_of_the_printed_page(scheme, reader):
    reader.page.emulate_media(color_scheme=scheme)
    printed = reader.open(CHAPTER).page.evaluate(COLOURS)
    reader.start().page.wait_for_function("document.querySelector('link.live-sheet').sheet")
    assert reader.page.evaluate(COLOURS) == printed
    assert len({colour for code in printed for _, colour in code}) >= 5


def test_what_is_typed_is_coloured_as_it_would_be_printed(live):
    """Names of colours: see the printed page's classes."""
    live.write(1, "@d\nclass A:\n    f'{x!r:>{n}} {{a}} {len(\"b\")}' if a.b is None else 2e3  # '")
    found = live.page.evaluate(
        """() => {
            const node = document.querySelector(".cell_input pre").firstChild;
            return Object.fromEntries([...CSS.highlights].map(([name, ranges]) => [name.slice(5), [...ranges]
                .filter(({startContainer}) => startContainer === node)
                .map(({startOffset, endOffset}) => node.data.slice(startOffset, endOffset))]));
        }"""
    )
    assert {kind: texts for kind, texts in found.items() if texts} == {
        "l": ["@d", "len", "2e3"],
        "k": ["class", "if", "else"],
        "nc": ["A"],
        "s": ["f'{", "!r:>{", "}} {{a}} {", '"b"', "}'"],
        "ne": ["is"],
        "kc": ["None"],
        "c": ["# '"],
    }


@pytest.mark.parametrize("view", VIEWS)
def test_what_one_reads_stays_when_live_code_comes_and_goes(view, chromium, address):
    with reading(chromium, address, viewport=size(view)) as reader:
        page, offer, exercise = reader.open(CHAPTER).page, ".live-offer", ".exercise >> nth=2"
        # Some browsers have no anchor of their own.
        page.add_style_tag(content="html { overflow-anchor: none }")
        height = "document.querySelector('.live-offer').offsetHeight"
        page.evaluate("document.querySelector('.live-run').scrollIntoView({block: 'center'})")
        before = [lie(page, offer), page.evaluate(height)]
        reader.start()
        assert [lie(page, offer), page.evaluate(height)] == pytest.approx(before, abs=1)
        assert page.inner_text(".live-offer [role=status]") == "Each cell can be changed and run."
        reader.press("Printed page")
        reader.wait_for_offer()
        assert [lie(page, offer), page.evaluate(height)] == pytest.approx(before, abs=1)

        page.locator(exercise).evaluate(
            "exercise => scrollTo(0, exercise.getBoundingClientRect().top + scrollY - 90)"
        )
        before = lie(page, exercise)
        box = page.locator(".live-icon").bounding_box()
        # `click` would scroll to where the header stands at first.
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        reader.wait_for_status(r"^Python is ready\.$")
        assert lie(page, exercise) == pytest.approx(before, abs=1)
        reader.press("Printed page")
        reader.wait_for_offer()
        assert lie(page, exercise) == pytest.approx(before, abs=1)


@pytest.fixture
def phone(chromium, address):
    with reading(chromium, address, viewport=size("phone"), has_touch=True, is_mobile=True) as reader:
        yield reader


def test_the_bar_is_small_on_a_phone_and_made_for_fingers(phone):
    page = phone.open(CHAPTER).start().page
    phone.write(1, "1 / 0  # " + "x" * 500)
    phone.press("Run all")
    phone.wait_for_status("^Cell 1 ended with an error; those below did not run")
    buttons = page.eval_on_selector_all(
        ".live-buttons button, .live-tools button:not([hidden])",
        "all => all.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect())"
        ".map(({width, height}) => Math.min(width, height))",
    )
    assert len(buttons) > 4 and min(buttons) >= 40
    assert page.eval_on_selector(".live-bar", "bar => bar.offsetHeight") < 80
    page.evaluate("scrollTo(0, 6000)")
    page.evaluate("new Promise(requestAnimationFrame)")
    page.evaluate("scrollTo(0, 3000)")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.eval_on_selector("#pst-back-to-top", "top => top.hasAttribute('data-offered')")
    assert not page.locator("#pst-back-to-top").is_visible()


def test_code_is_not_left_scrolled_sideways_nor_covered(phone):
    page = phone.open().start().page
    code = page.locator("[aria-label='Code of cell 1']")
    phone.write(1, "x = 1  # " + "x" * 500)
    page.keyboard.press("Control+End")
    page.keyboard.type("x")
    page.wait_for_function("document.activeElement.scrollLeft > 100")
    assert not phone.cell(1).locator(".copybtn").is_visible()
    page.keyboard.press("Control+Enter")
    phone.wait_for_status(r"^Cell 1 has run\.$")
    assert code.evaluate("code => code.scrollLeft") == 0
    page.keyboard.press("Control+End")
    page.keyboard.type("x")
    page.wait_for_function("document.activeElement.scrollLeft > 100")
    page.keyboard.press("Escape")
    assert code.evaluate("code => code.scrollLeft") == 0


def test_a_tap_on_a_selection_of_the_page_leaves_it(phone):
    page = phone.open().start().page
    phone.cell(1).get_by_text("Run", exact=True).focus()
    page.keyboard.press("Control+a")
    page.locator("[aria-label='Code of cell 1']").tap()
    page.keyboard.press("Control+a")
    page.keyboard.type("x = 1\nx")
    assert phone.code(1) == "x = 1\nx"
    page.keyboard.press("Control+z")
    assert phone.code(1) == "x = 1"


# -------------------------------------------------------------------------------------------- exercises
ANSWER = "document.querySelector('.cell.tag_remove-output .live-tools button').getAttribute('aria-label')"


def test_an_exercise_is_answered_and_the_answer_survives_a_reload(reader):
    page = reader.open(CHAPTER).start().page
    number = int(page.evaluate(ANSWER).split()[-1])
    for above in range(2, number):
        reader.write(above, "")  # what comes before is tested elsewhere, and takes long
    printed = reader.code(number)
    assert re.search(r"\b0 of \d+ exercises solved", page.inner_text(".live-bar"))
    assert "nothing to check yet" in reader.run(number)
    wrong = re.sub(r"= None.*", "= -123456.5", printed, count=1)
    assert ": not yet" in reader.run(number, wrong)
    assert "Your changes are kept in this browser." in page.inner_text(".live-offer")
    page.reload(wait_until="load")
    assert "comes back" in page.inner_text(".live-offer")
    reader.start()
    assert reader.code(number) == wrong
    right = "print('answer: right')"
    reader.run(number, right)
    assert re.search(r"\b1 of \d+ exercises solved", page.inner_text(".live-bar"))
    page.reload(wait_until="load")
    reader.start()
    assert reader.code(number) == right and re.search(r"\b1 of \d+ exercises", page.inner_text(".live-bar"))
    quiz = page.locator(".admonition.quiz").first
    quiz.locator("input").first.check()
    quiz.get_by_role("button", name="Check").click()
    page.click("text=Forget them")
    assert quiz.locator("input:checked").count() == 0
    assert reader.code(number) == printed and page.evaluate("localStorage.length") == 0
    assert re.search(r"\b0 of \d+ exercises", page.inner_text(".live-bar"))


def test_an_exercise_waits_only_for_what_it_needs(reader):
    page = reader.open(CHAPTER).start().page
    count = page.locator(".cell:has(.cell_input)").count()
    number = int(page.evaluate(ANSWER).split()[-1])
    reader.write(2, "other = 2")
    reader.write(3, "mine = 3")
    said = page.evaluate_handle(
        """() => {
            const said = [];
            const status = document.querySelector(".live-status");
            new MutationObserver(() => said.push(status.textContent)).observe(status, {childList: true});
            return said;
        }"""
    )
    reader.run(number, "mine + 1")
    assert reader.output(number) == "4"
    assert said.json_value() == [
        f"Cell 3 of {count} runs; 1 to go …",
        f"Cell {number} of {count} runs …",
        f"Cell {number} has run.",
    ]
    reader.write(2, "other = 2\nwhile True: pass")
    reader.write(number, "other + 1")
    reader.press("Run", number)
    reader.wait_for_status(rf"^Cell 2 of {count} runs; 1 to go …$")
    reader.press("Stop")
    reader.wait_for_status(r"^Cell 2 was stopped\.$")
    assert reader.cell(number).locator(".live-state").text_content() == f"cell {number} "


# -------------------------------------------------------------------------------------------- everyone
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_live_page_is_accessible(view, scheme, chromium, address, axe):
    with reading(chromium, address, color_scheme=scheme, viewport=size(view)) as reader:
        reader.open(CHAPTER).start().run(2)
        reader.run(1, "print('x' * 500)\n1 / 0")
        reader.page.evaluate("Promise.all(document.getAnimations().map(({finished}) => finished))")
        found = violations(reader.page, axe)
        wide = reader.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    assert not found, json.dumps(found, indent=1)
    assert wide <= 0


# -------------------------------------------------------------------------------------------- trouble
@pytest.mark.parametrize("fault", [cut, short, missing])
@pytest.mark.parametrize("name", ["pyodide.asm.wasm", "packages.bin"])
def test_a_download_that_fails_leaves_the_printed_page(name, fault, reader, faults):
    reader.open()
    faults[name] = fault
    reader.excused = name
    reader.page.click(".live-run")
    assert "Check the connection" in reader.wait_for_offer()
    assert not reader.page.locator("[contenteditable], .live-tools").count()
    faults.clear()
    reader.start()
    assert reader.run(1, "1 + 1") == "2"


@pytest.mark.parametrize("name", ["live.js", "worker.js"])
def test_a_script_that_does_not_come_leaves_the_printed_page(name, reader, faults):
    reader.open()
    faults[name] = missing
    reader.excused = name
    reader.page.click(".live-run")
    assert "Check the connection" in reader.wait_for_offer()
    faults.clear()
    reader.start()


def changed(before):
    """The worker, after some code of a test's."""

    def answer(handler):
        content = before.encode() + (SITE / "_static" / "live" / "worker.js").read_bytes()
        handler.send_response(200)
        handler.send_header("Content-Type", "text/javascript")
        handler.send_header("Cache-Control", "no-store")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        return True

    return answer


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("delete self.WebAssembly;", "no WebAssembly"),
        ("WebAssembly.instantiateStreaming = self.importScripts = null;", "did not start"),
    ],
)
def test_a_python_that_cannot_start_leaves_the_printed_page(before, said, reader, faults):
    reader.open()
    faults["worker.js"] = changed(before)
    reader.page.click(".live-run")
    assert said in reader.wait_for_offer()
    reader.complaints.clear()


def test_a_python_that_breaks_down_is_started_again(live):
    live.write(1, "import ctypes\nctypes.CFUNCTYPE(None)(12345)()")
    live.press("Run", 1)
    live.wait_for_status(r"^Python broke down")
    live.complaints.clear()
    live.press("Restart")
    live.wait_for_status(r"^Python is ready\.$")
    assert live.run(1, "1 + 1") == "2"


def test_with_the_network_off_after_the_first_load(chromium, address, tmp_path, faults):
    """In a profile with a cache on disk, as readers have it: a private one does not keep large files.

    A server may say, too, that a script is asked for anew each time.
    """
    faults["worker.js"] = changed("")
    with chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=browser.find(), args=browser.FLAGS
    ) as context:
        context.set_default_timeout(0)
        reader = Reader(context.new_page(), address).open().start()
        context.set_offline(True)
        reader.press("Restart")
        reader.wait_for_status(r"^Python is ready\.$")
        assert reader.run(1, "import numpy as np; np.arange(2)") == "array([0, 1])"


def test_a_page_that_is_opened_as_a_file_says_why_not(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.goto((SITE / PAGE).resolve().as_uri(), wait_until="load")
    said = page.inner_text(".live-offer")
    buttons = page.locator(".live-run, .live-icon").count()
    context.close()
    assert "where the book is served" in said and not buttons
