"""explorer.js in a real browser: what it shows at a slider's position is what Python draws for it."""

import functools
import itertools
from importlib.resources import files

import numpy as np
import pytest
from browser import HANG, swipe
from playgrounds import made

from mlcore.explore import Ask, Handle, Slider, _page, explore, figure, panels, show
from mlcore.explore._moved import moved_out
from mlcore.explore._svg import SvgWriter, markup
from mlcore.teach import minus

SLOPES, KINDS = [-1.0, 0.0, 2.0], ["line", "dots", "nothing"]


def draw(slope, kind):
    """Attributes, texts and whole subtrees change here."""
    fig, (left, right) = panels(2)
    x = np.linspace(0, 1, 4)
    left.plot(*([[], []] if kind == "nothing" else [x, slope * x]), "o" if kind == "dots" else "-")
    left.set(xlim=(0, 1), ylim=(-1, 2))
    left.set_title(
        f"{kind} < {slope:g}", rotation=10 if kind == "dots" else 0
    )  # an attribute that comes and goes
    for k in range(int(slope) + 2):  # more artists for a steeper slope
        right.axhline(k)
    right.set(ylim=(-1, 5))
    return fig


def describe(slope, kind):
    return f"A {kind} of slope {slope:g}."


def write(folder, body, *, out=False):
    """A page with explorers, whole as in a notebook or with its parts moved out; its address."""
    if out:
        body, scripts = moved_out(body)
        for name, content in scripts.items():
            (folder / name).write_text(content, "utf-8")
    names = ("explorer.css", "moved.js", "explorer.js")
    css, *scripts = (files("mlcore.explore").joinpath(name).read_text("utf-8") for name in names)
    head = "<meta charset=utf-8><meta name=viewport content='width=device-width'><title>Board</title>"
    page = f"<!DOCTYPE html><html lang=en>{head}<style>{css}</style><main><h1>Board</h1>{body}</main>"
    (folder / "page.html").write_text(f"{page}<script>{'</script><script>'.join(scripts)}</script>", "utf-8")
    return (folder / "page.html").as_uri()


@pytest.fixture(scope="module", params=["whole", "moved out"])
def address(request, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(_page.FACE, "static")
        patch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
        sliders = dict(slope=Slider(SLOPES, "slope"), kind=Slider(KINDS, "kind"))
        demo = explore(draw, describe=describe, name="demo", play="slope", **sliders)
    body = demo._repr_mimebundle_()["text/html"]
    return write(tmp_path_factory.mktemp("page"), body, out=request.param == "moved out")


@pytest.fixture
def page(address, chromium):
    page = chromium.new_page()
    page.set_default_timeout(1000 * HANG)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.address = address
    yield page
    page.close()
    assert not page.complaints


def goto(page, fragment=""):
    page.goto("about:blank")  # another fragment alone would not load the page anew
    page.goto(page.address + fragment)


def shows(page, slope, kind):
    """Whether the panels are, as trees, what the browser makes of Python's frame for these values."""
    return page.evaluate(
        """frame => {
            const shown = document.querySelector(".explorer-panels"), drawn = document.createElement("div");
            drawn.innerHTML = frame;
            return shown.children.length === drawn.children.length &&
                [...shown.children].every((child, k) => child.isEqualNode(drawn.children[k]));
        }""",
        frame_of(slope, kind),
    )


@functools.cache
def frame_of(slope, kind):
    return markup(*SvgWriter("demo").panels(draw(slope, kind)))


def test_every_frame_from_every_other(page):
    goto(page)
    slope, kind = page.locator("input[type=range]").all()
    positions = list(itertools.product(range(3), range(3)))
    for start in positions:
        for end in positions:
            for i, j in (start, end):
                slope.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", i)
                kind.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", j)
            i, j = end
            assert shows(page, SLOPES[i], KINDS[j])
            assert page.locator("figcaption").text_content() == minus(describe(SLOPES[i], KINDS[j]))


def test_address_follows_and_restores(page):
    goto(page)
    page.locator("input").first.press("End")
    page.wait_for_function("location.hash")
    assert page.evaluate("location.hash") == "#demo:slope=2,kind=dots"
    goto(page, "#demo:slope=-1,kind=nothing")
    assert page.locator("figcaption").text_content() == "A nothing of slope −1."
    assert page.locator("output").first.text_content() == "−1"
    page.locator("input").first.press("ArrowRight")
    page.locator("input").last.press("ArrowLeft")  # back at the start: nothing to remember
    page.wait_for_function("!location.hash")


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("#demo:slope=1.4", "A dots of slope 2."),  # the nearest
        ("#demo:kind=line", "A line of slope 0."),
        ("#demo:slope=steep,size=3,kind=", "A dots of slope 0."),
        ("#demo", "A dots of slope 0."),
        ("#other:slope=2;demo:slope=2", "A dots of slope 2."),
    ],
)
def test_address_by_hand(page, fragment, text):
    goto(page, fragment)
    assert page.locator("figcaption").text_content() == text


def test_play_runs_to_the_end_and_starts_over(page):
    page.clock.install(time=0)
    goto(page)
    page.clock.pause_at(3600)  # from now on time passes when it is told to, on a busy machine too
    button = page.locator(".explorer-play")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    bars = button.evaluate("b => getComputedStyle(b, '::before').borderLeftWidth")
    assert float(bars[:-2]) > 2 and button.text_content() == "▶"  # drawn: not every font has a sign for them
    page.clock.run_for(5000)
    assert button.get_attribute("aria-pressed") == "false"
    assert page.locator("output").first.text_content() == "2"
    button.click()
    assert page.locator("output").first.text_content() == "−1"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"


def test_no_play_where_motion_is_unwelcome(page):
    page.emulate_media(reduced_motion="reduce")
    goto(page)
    assert page.locator(".explorer-play").is_hidden()
    assert page.locator("input").first.is_visible()


# ------------------------------------------------------------------ questions, handles, words of the text

PLACES = {"a": (0.0, 0.0), "b": (1.0, 0.5), "c": (2.0, -1.0), "d": (3.0, 1.0)}  # of the handle on a path
STEPS = [-2.0, -1.0, 0.0, 1.0, 2.0]


def draw_plane(across, up, stop):
    fig, (left, right) = panels(2)
    left.plot([across], [up], "o")
    left.plot([-2, 2], [-2, 2], gid=show("diagonal"))
    left.set(xlim=(-2.5, 2.5), ylim=(-2.5, 2.5), xlabel="across", ylabel="up")
    right.plot(*zip(*PLACES.values()), gid=show("path"))
    right.plot(*[[value] for value in PLACES[stop]], "o")
    right.set(xlim=(-0.5, 3.5), ylim=(-1.5, 1.5))
    return fig


WORDS = """<p>A <a class="explorer-word" data-show="path">path</a> and
a <a class="explorer-word" data-show="none">ghost</a>.</p>"""


@pytest.fixture(scope="module")
def board(tmp_path_factory, chromium):
    """A page with a question to be answered by a slider, and one to be answered by a mark."""
    sliders = dict(
        across=Slider(STEPS, "across"), up=Slider(STEPS, "up"), stop=Slider(list(PLACES), "stop", start="a")
    )
    handles = [Handle(0, x="across", y="up"), Handle(1, x="stop", at=lambda across, up, stop: PLACES[stop])]
    asks = {
        "number": Ask(
            "How high is d?",
            lambda across, up, stop: PLACES[stop][1],
            {"stop": "d"},
            guess=[-1.0, 0.0, 1.0, 2.0],
            hides="path",
        ),
        "mark": Ask(
            "Where is it?", lambda across, up, stop: (across, up), {"across": 2.0, "up": 1.0}, panel=0
        ),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(_page.FACE, "static")
        patch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
        figures = [
            explore(
                draw_plane,
                describe=lambda across, up, stop: f"{across:g}, {up:g}, {stop}",
                name=name,
                handle=handles,
                ask=ask,
                **sliders,
            )._repr_mimebundle_()["text/html"]
            for name, ask in asks.items()
        ]
    body = f"{WORDS}{''.join(figures)}<p style='height: 100vh'>The end.</p>"
    return write(tmp_path_factory.mktemp("board"), body, out=True)


HERE = "document.querySelectorAll('figure[data-drawn][data-frames=here]').length === 2"


@pytest.fixture(params=["desk", "phone"])
def visit(request, board, chromium):
    """Opens the page in a window of its own, with nothing remembered."""
    phone = request.param == "phone"
    context = chromium.new_context(viewport={"width": 390 if phone else 1280, "height": 900}, has_touch=phone)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def visit(fragment=""):
        page.goto("about:blank")
        page.goto(board + fragment)
        page.wait_for_function(HERE)
        return page

    visit.phone, visit.tap = phone, page.touchscreen.tap if phone else page.mouse.click
    yield visit
    context.close()
    assert not complaints


def caption(page, name):
    return page.locator(f"#{name} figcaption").text_content().replace("−", "-")


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def in_panel(page, name, k, x, y):
    """Where a point of the drawing stands on the screen: the inverse of what Python was asked for."""
    panel = page.locator(f"#{name} .explorer-panels > svg").nth(k)
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    fig, _ = panels(2)
    axes = draw_plane(0, 0, "a").axes[k]
    across, up = fig.transFigure.inverted().transform(axes.transData.transform((x, y)))
    return box["x"] + (2 * across - k) * box["width"], box["y"] + (1 - up) * box["height"]


def handle_of(page, name, k):
    return page.locator(f"#{name} .explorer-handle").nth(k)


def test_a_handle_stands_on_its_point_and_is_tapped_to_another(visit):
    page = visit()
    for x, y in [(1.0, -2.0), (-1.0, 2.0), (0.0, 0.0)]:
        visit.tap(*in_panel(page, "number", 0, x + 0.2, y - 0.3))  # the nearest frame
        assert caption(page, "number") == f"{x:g}, {y:g}, a"
        assert np.allclose(middle(handle_of(page, "number", 0)), in_panel(page, "number", 0, x, y), atol=1)
    visit.tap(*in_panel(page, "number", 1, 1.2, 0.3))  # b is nearest in the plane
    assert caption(page, "number") == "0, 0, b"
    page.set_viewport_size({"width": 700, "height": 900})  # the panels are laid out anew, the handles follow
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert np.allclose(
        middle(handle_of(page, "number", 1)), in_panel(page, "number", 1, *PLACES["b"]), atol=1
    )


def test_a_handle_is_dragged(visit):
    page = visit()
    start, end = in_panel(page, "number", 0, 0, 0), in_panel(page, "number", 0, 2, 1)
    if visit.phone:
        swipe(page, [start, end])
    else:
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end)
        page.mouse.up()
    assert caption(page, "number") == "2, 1, a"
    page.wait_for_function("location.hash.startsWith('#number:across=2,up=1')")


def test_the_page_scrolls_under_a_finger_beside_the_handle(visit):
    page = visit()
    if not visit.phone:
        pytest.skip("a mouse has a wheel")
    x, y = in_panel(page, "number", 0, -2, 2)
    before = page.evaluate("scrollY")
    swipe(page, [(x, y - 20 * k) for k in range(11)])
    page.wait_for_function("before => scrollY > before", arg=before)
    assert caption(page, "number") == "0, 0, a"


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["ArrowRight", "ArrowUp", "ArrowUp"], "1, 2, a"),
        (["ArrowLeft", "ArrowDown"], "-1, -1, a"),
        (["End", "PageDown"], "2, -2, a"),
        (["Home", "PageUp", "ArrowUp"], "-2, 2, a"),
    ],
)
def test_a_handle_of_two_sliders_moves_by_keys(visit, keys, text):
    page = visit()
    handle = handle_of(page, "number", 0)
    handle.focus()
    for key in keys:
        page.keyboard.press(key)
    assert caption(page, "number") == text
    across, up, _ = text.split(", ")
    assert handle.get_attribute("role") == "slider"
    assert handle.get_attribute("aria-label") == "across, up"
    assert handle.get_attribute("aria-valuetext") == minus(f"{across}, {up}")
    assert page.locator("#number input[data-param=up]").input_value() == str(STEPS.index(float(up)))


def test_a_handle_of_one_slider_moves_by_both_pairs_of_keys(visit):
    page = visit()
    handle_of(page, "number", 1).focus()
    seen = []
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "End", "ArrowUp", "Home"):
        page.keyboard.press(key)
        seen.append(caption(page, "number")[-1])
    assert seen == ["b", "c", "b", "d", "d", "a"]


def hidden(page, name="path"):
    return (
        page.locator(f"#number [data-show={name}]").evaluate("e => getComputedStyle(e).visibility")
        == "hidden"
    )


def test_a_number_is_guessed_and_judged_in_words(visit):
    page = visit()
    card = page.locator("#number .explorer-ask")
    assert hidden(page) and not hidden(page, "diagonal")
    guess = card.locator("input")
    assert guess.input_value() == "3"  # the middle would be the answer
    guess.focus()
    page.keyboard.press("End")
    assert guess.get_attribute("aria-valuetext") == "2" == card.locator("output").text_content()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert card.locator("[role=status]").text_content() == "You said 2, it is 1; that is 1 too large."
    assert caption(page, "number") == "0, 0, d" and not hidden(page)
    assert page.evaluate("document.activeElement.className") == "explorer-again"
    yours, right = (middle(dot)[0] for dot in card.locator("i").all())
    assert yours > right
    page.keyboard.press("Enter")  # ask me again
    assert hidden(page) and caption(page, "number") == "0, 0, a"
    assert guess.evaluate("e => e === document.activeElement") and guess.input_value() == "3"


def test_a_panel_that_a_question_empties_says_so_until_it_is_answered(visit):
    page = visit()
    word = page.locator(".explorer-veil")  # one: in the other figure, and in the other panel, all is seen
    assert word.text_content() == "hidden until you answer" and word.get_attribute("aria-hidden") == "true"
    (x, y), panel = middle(word), page.locator("#number .explorer-panels > svg").nth(1).bounding_box()
    assert panel["x"] < x < panel["x"] + panel["width"] and panel["y"] < y < panel["y"] + panel["height"]
    for handle in page.locator("#number .explorer-handle").all():
        assert max(abs(a - b) for a, b in zip(middle(handle), (x, y))) > 22
    page.emulate_media(media="print")
    assert word.is_hidden()
    page.emulate_media(media="screen")
    page.locator("#number .explorer-see").click()
    assert word.count() == 0
    page.locator("#number .explorer-again").click()
    assert word.count() == 1
    page.locator("#number input[data-param=stop]").press("ArrowRight")
    assert word.count() == 0


def test_a_mark_is_set_and_judged_in_words(visit):
    page = visit()
    card, mark = page.locator("#mark .explorer-ask"), page.locator("#mark .explorer-mark")
    assert handle_of(page, "mark", 0).is_hidden() and handle_of(page, "mark", 1).is_visible()
    visit.tap(*in_panel(page, "mark", 0, 0, 1))
    assert caption(page, "mark") == "0, 0, a"  # the figure has not answered yet
    page.keyboard.press("Escape")
    mark.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert mark.get_attribute("aria-valuetext") == "0, 1"
    x, y = middle(card.locator(".explorer-see"))
    visit.tap(x, y)
    words = card.locator("[role=status]").text_content()
    assert words == "Across: you said 0, it is 2; that is 2 too small. Up: you said 1, right."
    assert caption(page, "mark") == "2, 1, a"
    assert mark.is_visible() and handle_of(page, "mark", 0).is_visible()
    start, end = in_panel(page, "mark", 0, 0, 1), in_panel(page, "mark", 0, 2, 1)
    miss = page.locator("#mark .explorer-miss").bounding_box()
    assert np.allclose([miss["x"], miss["x"] + miss["width"]], [start[0], end[0]], atol=1.5)
    handle_of(page, "mark", 0).focus()
    page.keyboard.press("ArrowDown")  # who goes on leaves the mark behind, and keeps the words
    assert mark.is_hidden() and caption(page, "mark") == "2, 0, a"
    assert card.locator("[role=status]").text_content() == words


def test_an_answer_is_told_without_a_guess(visit):
    page = visit()
    page.locator("#number .explorer-tell").click()
    assert page.locator("#number [role=status]").text_content() == "It is 1."
    assert caption(page, "number") == "0, 0, d" and not hidden(page)
    assert page.locator("#number .explorer-scale").is_hidden()


@pytest.mark.parametrize("name", ["number", "mark"])
def test_who_moves_the_figure_is_not_told_the_answer(visit, name):
    page = visit()
    card = page.locator(f"#{name} .explorer-ask")
    page.locator(f"#{name} input[data-param=up]").press("ArrowRight")
    assert caption(page, name) == "0, 1, a" and (name == "mark" or not hidden(page))
    assert card.locator("[role=status]").text_content() == ""
    assert handle_of(page, name, 0).is_visible()
    assert all(mark.is_hidden() for mark in page.locator(f"#{name} .explorer-mark").all())
    assert card.locator(".explorer-moved").is_visible()
    # What is true: the mark's question hides nothing.
    way = {"number": "covers it", "mark": "goes back"}[name]
    assert card.locator(".explorer-moved").text_content() == f"The figure is open. “Ask me again” {way}."
    assert card.locator(".explorer-guess > :not(.explorer-moved)").first.is_hidden()
    words = {"number": "It is 1.", "mark": "Across is 2, up is 1."}[name]
    again = card.get_by_role("button", name="Ask me again")
    again.click()
    assert (
        caption(page, name) == "0, 0, a" and card.locator(".explorer-tell").text_content() == "Just tell me"
    )
    assert card.locator(".explorer-moved").is_hidden()
    page.locator(f"#{name} input[data-param=up]").press("ArrowRight")
    card.get_by_role("button", name="Show me").click()
    assert card.locator("[role=status]").text_content() == words  # of no guess is it said that it was wrong
    assert caption(page, name) == {"number": "0, 0, d", "mark": "2, 1, a"}[name]
    assert again.is_visible() and page.locator(f"#{name}").get_attribute("data-ask") == "done"


def test_who_comes_back_is_not_asked(visit):
    page = visit()
    page.locator("#number .explorer-see").click()
    page = visit()
    assert [page.locator(f"#{name}").get_attribute("data-ask") for name in ("number", "mark")] == [
        "done",
        "open",
    ]
    assert not hidden(page)
    page = visit("#mark:up=1")
    assert page.locator("#mark").get_attribute("data-ask") == "moved"
    assert caption(page, "mark") == "0, 1, a"


def test_words_and_artists_light_up_together(visit):
    page = visit()
    word, ghost = page.locator("a.explorer-word").all()
    artist = page.locator("#number [data-show=path]")
    lit = "e => e.hasAttribute('data-lit')"
    word.focus()  # the question hides the path: it is the question that is lit
    assert page.locator("#number .explorer-ask").evaluate(lit) and not page.locator("#number").evaluate(lit)
    word.blur()
    assert not page.locator("#number .explorer-ask").evaluate(lit)
    page.locator("#number .explorer-tell").click()
    word.focus()
    assert artist.evaluate(lit) and not page.locator("#mark [data-show=path]").evaluate(lit)
    word.blur()
    assert not artist.evaluate(lit)
    assert word.get_attribute("href") == "#number" and ghost.get_attribute("href") is None
    if visit.phone:
        visit.tap(*middle(word))
        assert artist.evaluate(lit) and artist.is_visible()
        return
    word.hover()
    assert artist.evaluate(lit)
    page.mouse.move(*in_panel(page, "number", 1, 0.5, 0.25))  # on the path
    assert word.evaluate(lit) and artist.evaluate(lit)
    page.mouse.move(*in_panel(page, "number", 1, 0.2, -1.2))
    assert not word.evaluate(lit)


def test_a_word_means_the_figure_of_its_own_section(tmp_path, chromium):
    word, figures = '<a class="explorer-word" data-show="a &quot;bend&quot; &lt; 1">bend</a>', iter("abcd")

    def drawn():
        return made(
            explore, draw_bend, describe=lambda slope: f"{slope:g}", name=next(figures), slope=SLOPES
        )["text/html"]

    sections = [word, drawn(), word + drawn() + word, f"<section>{word}</section>{drawn()}{word}{drawn()}"]
    page = chromium.new_page()
    page.goto(write(tmp_path, "".join(f"<section><p>{body}</p></section>" for body in sections)))
    words = page.locator("a.explorer-word").all()
    meant = [word.get_attribute("href") for word in words]
    page.close()
    # The first of all, where none is before; its own section's, not another's; there, the last before it.
    assert meant == ["#a", "#b", "#b", "#c", "#c"]


# --------------------------------------------------------------------------------- the way back, in history

LONG = "<p style='height: 300vh' id={0}>Much to read. <a href='#other'>Elsewhere</a></p>"
PLACE = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(scrollY))))"


@pytest.fixture
def road(tmp_path, chromium):
    """Opens a page with an explorer at its top, much to read, and a word that lights it up."""
    drawn = made(
        explore, draw_bend, describe=lambda slope: f"A bend of {slope:g}.", slope=SLOPES, name="bend"
    )
    body = drawn["text/html"]
    address = write(tmp_path, f"{body}{LONG.format('some')}{LONG.format('other')}{WORD}{LONG.format('end')}")
    context = chromium.new_context(viewport={"width": 390, "height": 700}, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(1000 * HANG)

    def go(fragment=""):
        page.goto("about:blank")
        page.goto(address + fragment)
        page.wait_for_selector("figure[data-frames=here]")
        return page

    yield go
    context.close()


def test_back_returns_to_the_place_also_after_a_move(road):
    page = road()
    page.locator("#bend input").press("End")
    page.wait_for_function("location.hash")
    page.evaluate("scrollTo(0, 2000)")
    place = page.evaluate(PLACE)
    page.evaluate("document.querySelector('#some a').click()")
    page.wait_for_function("location.hash === '#other'")
    assert page.evaluate(PLACE) != place
    page.go_back()
    page.wait_for_function("location.hash.startsWith('#bend')")
    assert page.evaluate(PLACE) == place and caption(page, "bend") == "A bend of 2."


def test_a_link_to_a_section_keeps_the_positions(road):
    page = road()
    page.locator("#bend input").press("End")
    page.evaluate("document.querySelector('#some a').click()")  # before the move is written down
    page.wait_for_function("history.state?.positions && location.hash === '#other'")
    place = page.evaluate(PLACE)
    page.reload()
    page.wait_for_selector("figure[data-frames=here]")
    assert caption(page, "bend") == "A bend of 2." and page.evaluate("location.hash") == "#other"
    assert page.evaluate(PLACE) == place


def test_an_address_shows_its_figure_on_arrival_alone(road):
    page = road("#bend:slope=2")
    assert page.evaluate(PLACE) < 100 and caption(page, "bend") == "A bend of 2."
    page.evaluate("scrollTo(0, 2000)")
    page.reload()
    page.wait_for_selector("figure[data-frames=here]")
    assert page.evaluate(PLACE) == 2000
    page.evaluate("location.hash = 'bend:slope=-1'")  # a link to another position
    page.wait_for_function("scrollY < 100")
    assert caption(page, "bend") == "A bend of -1."


def test_back_returns_from_what_a_word_lights_up(road):
    page = road()
    word, artist = page.locator("a.explorer-word"), page.locator("#bend [data-show]")
    assert word.get_attribute("title")
    word.scroll_into_view_if_needed()
    place = page.evaluate(PLACE)
    for back in (page.locator(".explorer-back").click, page.go_back):
        page.touchscreen.tap(*middle(word))
        page.wait_for_function("place => scrollY < place - 1000", arg=place)
        assert artist.evaluate("e => e.hasAttribute('data-lit')")
        box = artist.bounding_box()
        controls = page.locator("#bend .explorer-controls").bounding_box()
        assert 0 <= box["y"] - controls["height"] <= 13, "scrolled no further than needed"
        back()
        page.wait_for_function("place => scrollY === place", arg=place)
        assert page.locator(".explorer-back").is_hidden()


def test_a_word_beside_its_figure_moves_nothing(visit):
    page = visit()
    page.locator("#number .explorer-tell").click()
    page.set_viewport_size({"width": 1280, "height": 1100})
    word = page.locator("a.explorer-word").first
    before = page.evaluate("[scrollY, history.length]")
    word.click()
    assert page.locator("#number [data-show=path]").evaluate("e => e.hasAttribute('data-lit')")
    assert page.evaluate("[scrollY, history.length]") == before
    assert page.locator(".explorer-back").is_hidden()


def test_a_word_that_stays_in_sight_needs_no_way_back(visit):
    page = visit()
    page.locator("#number .explorer-tell").click()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.querySelector('main > p').style.marginTop = '200px'")
    page.evaluate("scrollTo(0, 0)")
    word, box = page.locator("a.explorer-word").first, page.locator("#number [data-show=path]").bounding_box()
    page.set_viewport_size({"width": 1280, "height": int(box["y"] + box["height"]) - 40})
    before = page.evaluate("history.length")
    word.click()
    assert 40 < page.evaluate(PLACE) < 60 and word.bounding_box()["y"] > 0
    assert page.evaluate("history.length") == before and page.locator(".explorer-back").is_hidden()


def test_nothing_moves_under_the_finger(visit):
    """Neither when the script wakes the controls, nor when one is moved, whatever became of the question."""
    page = visit()
    shifts = page.evaluate(
        """() => new Promise(done => {
        const shifts = [];
        const note = list => shifts.push(...list.getEntries());
        new PerformanceObserver(note).observe({type: "layout-shift", buffered: true});
        requestAnimationFrame(() => requestAnimationFrame(() => done(shifts.map(shift => shift.value))));
    })"""
    )
    assert shifts == []
    tops = """() => [...document.querySelectorAll('.explorer-panels')]
        .map(e => e.getBoundingClientRect().top + scrollY)"""
    before = page.evaluate(tops)
    for name in ("number", "mark"):
        for button in (None, "tell", "see", "again", "tell"):  # "tell" asks again, once the figure was moved
            if button:
                page.locator(f"#{name} .explorer-{button}").click()
            after = page.evaluate(tops)
            assert button in ("see", "tell") or after == before
            for key in ("ArrowRight", "ArrowLeft"):
                page.locator(f"#{name} input[data-param=up]").press(key)
                assert page.evaluate(tops) == after
        before = page.evaluate(tops)


def test_a_question_is_as_high_as_its_words(visit):
    page = visit()
    blank = """name => {
        const card = document.querySelector(`#${name} .explorer-ask`);
        const parts = [...card.querySelectorAll("p, button, input, i")]
            .filter(e => e.checkVisibility({visibilityProperty: true}));
        const bottom = Math.max(...parts.map(e => e.getBoundingClientRect().bottom));
        return card.getBoundingClientRect().bottom - bottom;
    }"""
    for name in ("number", "mark"):
        for button in (None, "see", "again", "tell"):
            if button:
                page.locator(f"#{name} .explorer-{button}").click()
            assert page.evaluate(blank, name) <= 14, button


def test_sliders_stay_beside_each_panel_of_a_phone(visit):
    page = visit()
    page.set_viewport_size({"width": 390 if visit.phone else 1280, "height": 650})
    page.evaluate(THIRD)
    for name in ("number", "mark"):
        controls, last = page.locator(f"#{name} .explorer-controls"), page.locator(f"#{name} svg").last
        last.evaluate("e => e.scrollIntoView({block: 'end'})")
        box, panel = controls.bounding_box(), last.bounding_box()
        few = name == "number"
        if not visit.phone:
            assert box["y"] + box["height"] <= page.locator(f"#{name} .explorer-stage").bounding_box()["y"]
        elif few:
            assert box["y"] == 0 and panel["y"] >= box["height"]  # both are seen, none over the other
            top = page.evaluate("document.elementFromPoint(195, 20).closest('.explorer-controls') !== null")
            assert top
        else:
            assert box["y"] < 0  # three sliders would leave no room


THIRD = "document.querySelector('#number .explorer-control:last-child').remove()"


def test_panels_that_are_stacked_are_named_as_the_text_names_them(visit):
    page = visit()
    for name in ("number", "mark"):
        sides = page.locator(f"#{name} .explorer-side")
        assert sides.all_text_contents() == ["left", "right"]
        panels = page.locator(f"#{name} .explorer-panels > svg").all()
        for side, panel in zip(sides.all(), panels):
            assert side.is_visible() == visit.phone
            if visit.phone:
                box, drawing = side.bounding_box(), panel.bounding_box()
                assert 0 <= box["y"] - drawing["y"] < 12 and box["y"] + box["height"] < drawing["y"] + 30


def test_a_handle_on_a_line_shows_its_way(visit):
    page = visit()
    plane, path = handle_of(page, "number", 0), handle_of(page, "number", 1)
    way = """e => [getComputedStyle(e, "::after").content,
        parseFloat(e.style.getPropertyValue("--explorer-way"))]"""
    assert plane.evaluate(way)[0] == "none"
    page.locator("#number input[data-param=stop]").press("ArrowRight")  # at b, between a and c
    (ax, ay), (cx, cy) = (in_panel(page, "number", 1, *PLACES[k]) for k in "ac")
    content, angle = path.evaluate(way)
    assert content == '""' and np.isclose(angle, np.arctan2(cy - ay, cx - ax), atol=0.01)


def test_a_finger_that_scrolls_over_a_slider_moves_nothing(visit):
    if not visit.phone:
        pytest.skip("a mouse has a wheel")
    page = visit()
    slider = page.locator("#number input[data-param=up]")
    slider.evaluate("e => e.scrollIntoView({block: 'center'})")
    box, before = slider.bounding_box(), page.evaluate("scrollY")
    x, y = box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2
    swipe(page, [(x, y - 20 * k) for k in range(11)])
    page.wait_for_function("before => scrollY > before", arg=before)
    assert caption(page, "number") == "0, 0, a" and slider.input_value() == "2"
    assert page.locator("#number").get_attribute("data-ask") == "open"


def test_questions_and_handles_are_accessible(visit, axe):
    page = visit()
    for theme in ("light", "dark"):
        page.evaluate(
            "theme => { document.documentElement.dataset.theme = theme;"
            "document.body.style.background = theme === 'dark' ? '#14181e' : '#fff';"
            "document.body.style.color = theme === 'dark' ? '#ddd' : '#222'; }",
            theme,
        )
        for button in ("again", "see"):
            for one in page.locator(f".explorer-{button}").all():
                if one.is_visible():
                    one.click()
            page.evaluate("axe => { window.axe || (0, eval)(axe); }", axe)
            found = page.evaluate(
                """async () => (await axe.run()).violations
                    .map(v => [v.id, ...v.nodes.map(n => n.html.slice(0, 200))])"""
            )
            assert not found, found


def test_a_slider_of_long_words_is_as_wide_as_a_phone_and_they_stay_on_it(tmp_path, chromium):
    words = Slider(["none", "the sum is taken over the wrong axis"], "mistake", start="none")
    drawn = made(explore, lambda word: panels()[0], describe=lambda word: word, name="words", word=words)
    long = drawn["text/html"]
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.set_default_timeout(1000 * HANG)
    page.goto(write(tmp_path, f"<div style='container-type: inline-size'>{long}</div>"))
    slider, said = page.locator("input[data-param]"), page.locator(".explorer-control output")
    slider.press("ArrowRight")
    assert slider.bounding_box()["width"] > 300
    assert said.bounding_box()["x"] + said.bounding_box()["width"] <= 390
    assert said.bounding_box()["y"] > slider.bounding_box()["y"]
    page.close()


def draw_hill(x):
    fig, (left, right) = panels(2)
    for ax in (left, right):
        ax.plot(SLOPES, np.square(SLOPES), gid=show("hill"))
        ax.set(xlim=(-2, 3), ylim=(-1, 5))
    left.plot([x], [x**2], "o", gid=show("hill"))
    right.plot([x], [x**2], "o")
    return fig


def test_a_handle_on_what_a_question_hides_is_not_shown_until_that_is(tmp_path, chromium):
    ask = Ask("How high?", lambda x: x**2, {"x": 2.0}, guess=[0.0, 1.0, 4.0], hides="hill")
    hill = made(
        explore,
        draw_hill,
        describe=lambda x: f"{x:g}",
        name="hill",
        ask=ask,
        handle=[Handle(k, x="x", at=lambda x: (x, x**2)) for k in range(2)],
        x=SLOPES,
    )["text/html"]
    page = chromium.new_page()
    page.set_default_timeout(1000 * HANG)
    page.goto(write(tmp_path, hill))
    handles = page.locator(".explorer-handle")
    page.wait_for_function("document.querySelectorAll('.explorer-handle').length === 2")
    assert [handles.nth(k).is_visible() for k in range(2)] == [False, True]  # the other mark is to be seen
    page.locator(".explorer-see").click()
    assert handles.nth(0).is_visible()
    page.locator(".explorer-again").click()
    assert handles.nth(0).is_hidden()
    page.locator("input[data-param=x]").press("ArrowRight")
    assert handles.nth(0).is_visible()
    page.close()


# ------------------------------------------------------------------------------ what comes when it is needed

FAR = "<p style='height: 400vh'>Much to read.</p>"
WORD = '<p>The <a class="explorer-word" data-show="a &quot;bend&quot; &lt; 1">bend</a>.</p>'


def draw_bend(slope):
    fig, ax = panels()
    ax.plot([0, 1, 2], [0, slope, 0], "o-", gid=show('a "bend" < 1'))
    ax.set(ylim=(-3, 3))
    return fig


@pytest.fixture
def far(tmp_path, chromium, request):
    """Opens a page with an explorer at its top, and far below a still figure and another explorer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(_page.FACE, "static")
        patch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
        sliders = dict(slope=Slider(SLOPES, "slope"), kind=Slider(KINDS, "kind"))
        bend = dict(describe=lambda slope: f"A bend of {slope:g}.", slope=SLOPES, play="slope")
        ask = Ask("How high?", lambda slope: slope, {"slope": 2.0}, guess=SLOPES)
        figures = (
            explore(draw, describe=describe, name="top", **sliders),
            figure(draw_plane(0, 0, "a"), describe="Two panels.", name="still"),
            explore(
                draw_bend,
                name="below",
                ask=ask,
                handle=Handle(0, x="slope", at=lambda slope: (1, slope)),
                **bend,
            ),
        )
        top, still, below = (one._repr_mimebundle_()["text/html"] for one in figures)
    address = write(tmp_path, f"{top}{WORD}{FAR}{still}{FAR}{below}{FAR}", out=True)
    contexts, complaints = [], []

    def visit(fragment="", hold=False, clock=False, **options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(1000 * HANG)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url.rpartition("/")[2]))
        if clock:
            page.clock.install(time=0)
        if hold:
            page.add_init_script(HOLD)
        page.goto(address + fragment)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("figure[data-drawn]")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not complaints


HOLD = """
    window.held = [];
    const append = Element.prototype.append;
    Element.prototype.append = function (...nodes) {
        if (nodes[0]?.tagName === "SCRIPT") held.push(() => append.apply(this, nodes));
        else append.apply(this, nodes);
    };
"""
ARRIVED = "[data-frames=here]"


def drawn(page):
    return page.locator("figure[data-drawn]").evaluate_all("all => all.map(e => e.id)")


def test_what_is_far_is_neither_drawn_nor_fetched_until_it_is_near(far):
    page = far()
    page.wait_for_selector(f"#top{ARRIVED}")
    assert drawn(page) == ["top"] and sum(name.startswith("explorer-frames") for name in page.asked) == 1
    assert page.locator("#still path, #still text, #below .explorer-panels path").count() == 0
    boxes = """() => [...document.querySelectorAll(
            "figure, figcaption, .explorer-stage, .explorer-panels, .explorer-panels > svg")]
        .map(e => e.getBoundingClientRect()).map(b => [b.x, b.y + scrollY, b.width, b.height])"""
    before = page.evaluate(boxes)
    page.locator("#below").scroll_into_view_if_needed()
    page.wait_for_selector(f"#below{ARRIVED}")
    assert "below" in drawn(page) and sum(name.startswith("explorer-frames") for name in page.asked) == 2
    page.locator("#still").scroll_into_view_if_needed()
    page.wait_for_selector("#still[data-drawn]")
    assert page.locator("#still path").count() > 5
    assert page.evaluate(boxes) == before  # each drawing where its place was kept


def test_what_is_far_is_seen_without_scripts(far):
    page = far(java_script_enabled=False)
    for name, count in {"top": 2, "still": 2, "below": 1}.items():
        drawings = page.locator(f"#{name} .explorer-panels > svg").all()
        visible = [one for one in drawings if one.is_visible()]
        assert len(visible) == count and all(one.locator("path").count() > 3 for one in visible)


def test_paper_shows_all_figures(far):
    page = far()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert drawn(page) == ["top", "still", "below"]


def test_a_word_brings_in_the_figure_it_lights_up(far):
    page = far()
    word = page.locator("a.explorer-word")
    assert word.get_attribute("href") == "#below" and drawn(page) == ["top"]
    word.focus()
    assert page.locator("#below [data-show]").evaluate("e => e.hasAttribute('data-lit')")


def test_the_address_brings_in_the_figures_it_names(far):
    page = far("#below:slope=2;top:slope=2")  # it is opened at the first of them
    for name in ("below", "top"):
        page.wait_for_selector(f"#{name}{ARRIVED}")
    assert caption(page, "below") == "A bend of 2." and caption(page, "top") == "A dots of slope 2."


WISHES = {
    "slider": (lambda page: page.locator("#below input[data-param]").press("End"), "A bend of 2."),
    "question": (lambda page: page.locator("#below .explorer-see").click(), "A bend of 2."),
    "tap": (
        lambda page: page.locator("#below svg").last.click(position={"x": 200, "y": 250}),
        "A bend of −1.",
    ),
}


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_is_kept_until_the_frames_are_there(far, wish):
    page = far(hold=True)
    page.locator("#below").scroll_into_view_if_needed()
    page.wait_for_selector("#below[data-frames=asked]")
    make, text = WISHES[wish]
    make(page)
    assert caption(page, "below") == "A bend of 0."
    if wish in ("slider", "question"):
        assert page.locator("#below .explorer-controls output").text_content() == "2"
    page.evaluate("held.forEach(go => go())")
    page.wait_for_function(
        "text => document.querySelector('#below figcaption').textContent === text", arg=text
    )


def test_play_waits_for_the_frames(far):
    page = far(hold=True, clock=True)
    page.locator("#below").scroll_into_view_if_needed()
    page.wait_for_selector("#below[data-frames=asked]")
    page.clock.pause_at(3600)
    page.locator("#below .explorer-play").click()
    page.clock.run_for(5000)
    assert page.locator("#below input[data-param]").input_value() == "1"
    page.evaluate("held.forEach(go => go())")
    page.wait_for_selector(f"#below{ARRIVED}")
    page.clock.run_for(5000)
    assert caption(page, "below") == "A bend of 2."


def test_frames_that_do_not_come_are_asked_for_again(far, tmp_path):
    page = far()
    page.wait_for_selector(f"#top{ARRIVED}")
    name = page.locator("#below .explorer-frames").get_attribute("data-src")
    away = (tmp_path / name).rename(tmp_path / "away.js")
    page.locator("#below").scroll_into_view_if_needed()
    page.wait_for_selector("#below[data-frames=missing]")
    words, slider = page.locator("#below .explorer-missing"), page.locator("#below input[data-param]")
    assert words.is_visible() and "could not be fetched" in words.text_content()
    assert page.locator("#below text").first.is_visible()
    slider.press("End")
    page.wait_for_selector("#below[data-frames=missing]")
    assert slider.input_value() == "1" and caption(page, "below") == "A bend of 0."  # they agree
    away.rename(tmp_path / name)
    slider.press("End")
    page.wait_for_selector(f"#below{ARRIVED}")
    assert words.is_hidden() and caption(page, "below") == "A bend of 2."
