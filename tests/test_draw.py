"""The field to draw a digit on, in a real browser: what it computes is what mlcore does, and all can draw."""

import functools
import gzip
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playgrounds import text_of, visiting

from mlcore import MLPClassifier, MLPRegressor, softmax
from mlcore.datasets import load_mnist
from mlcore.explore import _draw, _page, draw_digit
from mlcore.explore._moved import moved_out
from mlcore.layers import ACTIVATIONS
from mlcore.mlp import forward_pass

ROOT = Path(__file__).resolve().parents[1]


@functools.cache
def digits():
    return load_mnist()


@functools.cache
def network(activation="relu", dtype="float32", hidden=(64,), m=1500):
    train, _ = digits()
    net = MLPClassifier(hidden, activation, epochs=4, random_state=0, dtype=dtype)
    return net.fit(train.X[:m] / 255, train.y[:m])


def html_of(*arguments, face="static", **options):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(_page.FACE, face)
        patch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
        return draw_digit(*arguments, **options)._repr_mimebundle_()["text/html"]


def network_in(page):
    return json.loads(re.search(_draw.NETWORK.format("(.+?)"), page)[1])


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The panel as the book serves it (page.html), and as a notebook shows it (notebook.html)."""
    _, test = digits()
    folder = tmp_path_factory.mktemp("panel")
    body, scripts = moved_out(html_of(network(), test.X, test.y))
    for name in ("moved.js", "plain.js", "draw.js", "draw.css"):
        (folder / name).write_text(text_of(name), "utf-8")
    for name, content in scripts.items():
        (folder / name).write_text(content, "utf-8")
    head = (
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    )
    head += "<title>Draw</title><style>main { font-family: sans-serif; }</style><main><h1>Draw</h1>"
    linked = "<link rel=stylesheet href=draw.css>" + "".join(
        f"<script src={name}.js defer></script>" for name in ("moved", "plain", "draw")
    )
    end = "<p style='height: 100vh'>The end.</p></main>"
    (folder / "page.html").write_text(f"{head}{linked}{body}{end}", "utf-8")
    (folder / "notebook.html").write_text(head + html_of(network(), test.X, test.y, face="") + end, "utf-8")
    (folder / "bare.html").write_text(f"{head}<script src=plain.js></script><script src=draw.js></script>")
    return folder.as_uri()


@pytest.fixture
def visit(chromium, address):
    with visiting(chromium, address, silent=False) as visit:
        yield visit


FACES = pytest.mark.parametrize("name", ["page.html", "notebook.html"])


# ------------------------------------------------------------------------------------- what is computed


def computed(page, coded, X, scale=255):
    """The probabilities that the page gives the images X, rows of bytes, with a network as it is coded."""
    P = page.evaluate(
        """([coded, X]) => {
            const net = digit.unpack(coded);
            const bytes = (row) => Uint8Array.from(atob(row), (letter) => letter.charCodeAt(0));
            return X.map((row) => [...digit.probabilities(net, bytes(row))]);
        }""",
        [coded, [_draw.base64.b64encode(row.astype(np.uint8).tobytes()).decode() for row in X]],
    )
    return np.array(P)


@pytest.mark.parametrize(
    ("activation", "dtype", "hidden"),
    [
        ("relu", "float32", (64,)),
        ("sigmoid", "float64", (64,)),
        ("tanh", "float64", (30, 20)),
        ("identity", "float64", ()),
    ],
)
def test_the_page_computes_what_mlcore_does_on_every_test_image(visit, activation, dtype, hidden):
    _, test = digits()
    net = network(activation, dtype, hidden)
    P = computed(visit("bare.html"), network_in(html_of(net, test.X, test.y)), test.X)
    assert P.shape == (2000, 10)
    assert np.abs(P - net.predict_proba(test.X / 255)).max() < 1e-5


def test_red_fewer_bits_do_not_do(visit, monkeypatch):
    _, test = digits()
    monkeypatch.setattr(_draw, "BITS", 8)
    coded = network_in(html_of(network(), test.X, test.y))
    codes = np.frombuffer(_draw.base64.b64decode(coded["theta"]), np.int8)  # as draw.js wants them, 24 bits
    wide = codes.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    coded["theta"] = _draw.base64.b64encode(wide).decode()
    P = computed(visit("bare.html"), coded, test.X)
    assert 1e-3 < np.abs(P - network().predict_proba(test.X / 255)).max() < 0.5


def test_the_network_is_small_on_the_page():
    _, test = digits()
    ((_, script),) = moved_out(html_of(network(), test.X, test.y))[1].items()
    assert network().network_.theta.size == 784 * 64 + 64 + 640 + 10
    assert len(script) < 250_000 and len(gzip.compress(script.encode(), mtime=0)) < 200_000


def test_plain_forms_are_those_of_mlcore(visit):
    page, rng = visit("bare.html"), np.random.default_rng(3)
    for size in (1e-3, 1.0, 50.0, 800.0):
        z = size * rng.standard_normal((40, 7))
        got = page.evaluate("Z => Z.map((z) => [...plain.softmax(z)])", z.tolist())
        assert np.abs(np.array(got) - softmax(z)).max() < 1e-9
        for name in _draw.ACTIVATIONS:
            got = page.evaluate(f"Z => Z.map((z) => z.map((s) => plain.ACTIVATIONS.{name}(s)))", z.tolist())
            wanted = ACTIVATIONS[name]().g(z)
            assert np.allclose(got, wanted, rtol=1e-12, atol=1e-300), name
    assert set(page.evaluate("Object.keys(plain.ACTIVATIONS)")) == set(_draw.ACTIVATIONS)


@pytest.mark.parametrize("name", _draw.ACTIVATIONS)
@pytest.mark.parametrize("widths", [(5, 3), (6, 8, 4), (4, 1, 7, 5)])
def test_forward_is_that_of_mlcore(visit, name, widths):
    rng = np.random.default_rng(len(widths))
    theta = [(rng.standard_normal((n, k)), rng.standard_normal(k)) for n, k in zip(widths, widths[1:])]
    X = rng.standard_normal((5, widths[0])) * rng.integers(0, 2, (5, widths[0]))  # some zeros
    wanted = forward_pass(theta, X, ACTIVATIONS[name]())
    got = visit("bare.html").evaluate(
        """([theta, X, name]) => X.map((x) =>
            plain.forward(theta, Float64Array.from(x), plain.ACTIVATIONS[name])
                .map((part) => part.map((a) => [...a])))""",
        [[[W.ravel().tolist(), b.tolist()] for W, b in theta], X.tolist(), name],
    )
    for part, arrays in enumerate(wanted):
        for l, array in enumerate(arrays):
            assert np.abs(np.array([one[part][l] for one in got]) - array).max() < 1e-9


def test_a_test_image_is_seen_as_it_is_centred_or_not(visit):
    """In MNIST the longer side is 20 and the centre of mass is in the middle: nothing is left to do."""
    _, test = digits()
    X, page = test.X[:200], visit("bare.html")
    for centred in (False, True):
        got = page.evaluate(
            """([images, centred]) => images.map((image) => {
                const cell = (k) => image[28 * Math.floor(k / 448) + Math.floor((k % 112) / 4)] / 255;
                return [...digit.see(Float32Array.from({length: 112 * 112}, (_, k) => cell(k)), centred)];
            })""",
            [X.tolist(), centred],
        )
        same = (np.array(got) == X).all(axis=1)
        assert same.mean() > (0.99 if centred else 0.9999)  # in a few the longer side is 19


def test_a_drawing_is_scaled_and_centred(visit):
    seen = visit("bare.html").evaluate(
        """() => {
            const ink = new Float32Array(112 * 112);
            digit.line(ink, [3, 4], [6, 12], 2);
            return [false, true].map((centred) => [...digit.see(ink, centred)]);
        }"""
    )
    before, after = np.array(seen, float).reshape(2, 28, 28)
    middle = [
        np.array([np.average(np.arange(28), weights=one.sum(k)) for k in (1, 0)]) for one in (before, after)
    ]
    heights = [np.ptp(np.flatnonzero(one.any(1))) + 1 for one in (before, after)]
    assert np.allclose(middle[0], [7.5, 4], atol=0.1) and np.abs(middle[1] - 14).max() <= 0.5
    assert heights == [11, 20] or heights == [12, 20]
    assert after.max() == 255


# ----------------------------------------------------------------------------------- what a reader does


def bars(page):
    """The bars' widths in per cent, once the network has answered."""
    return page.evaluate(
        "[...document.querySelectorAll('.digit-bars i')].map((bar) => parseFloat(bar.style.width))"
    )


def answer(page):
    """Wait for an answer, and return it."""
    page.wait_for_function("document.querySelector('.digit-says').textContent.includes('The network says')")
    return said(page)


def said(page):
    return page.locator(".digit-says").text_content()


def ink(page):
    """How much the network sees."""
    return page.evaluate(
        """() => document.querySelector('.digit-seen').getContext('2d').getImageData(0, 0, 28, 28).data
            .reduce((sum, value) => sum + value, 0)"""
    )


def spots(page, *points):
    """Places of the field, in pixels of the image, on the screen."""
    paper = page.locator(".digit-paper")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    return [(box["x"] + x / 28 * box["width"], box["y"] + y / 28 * box["height"]) for x, y in points]


SEVEN, ONE = [(7, 6), (20, 6), (12, 23)], [(14, 5), (14, 23)]
EMPTY = "The field is empty, and nothing is claimed of it."


def by_mouse(page, points):
    (first, *others) = spots(page, *points)
    page.mouse.move(*first)
    page.mouse.down()
    for spot in others:
        page.mouse.move(*spot, steps=5)
    page.mouse.up()


def by_finger(page, points, kind="touch"):
    places = spots(page, *points)
    send = page.context.new_cdp_session(page).send
    if kind == "pen":
        for k, (x, y) in enumerate([*places, places[-1]]):
            what = "mousePressed" if k == 0 else "mouseReleased" if k == len(places) else "mouseMoved"
            event = {"type": what, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
            send("Input.dispatchMouseEvent", event | {"pointerType": "pen"})
        return
    for k, (x, y) in enumerate(places):
        what = "touchMove" if k else "touchStart"
        send("Input.dispatchTouchEvent", {"type": what, "touchPoints": [{"x": x, "y": y}]})
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def by_keys(page, points):
    page.get_by_role("application", name="field to draw a digit on").focus()
    at = np.array([14, 14])
    for k, point in enumerate(points):
        for axis, names in enumerate([("ArrowRight", "ArrowLeft"), ("ArrowDown", "ArrowUp")]):
            by = int(point[axis] - at[axis])
            for _ in range(abs(by)):
                page.keyboard.press(names[by < 0])
        at = np.array(point)
        if k == 0:
            page.keyboard.press("Space")
            assert page.locator(".digit-pen").text_content() == "The pen is down."
    page.keyboard.press("Space")
    assert page.locator(".digit-pen").text_content() == "The pen is up."


WAYS = {
    "mouse": by_mouse,
    "touch": by_finger,
    "pen": functools.partial(by_finger, kind="pen"),
    "keys": by_keys,
}


@FACES
@pytest.mark.parametrize("way", WAYS)
def test_a_digit_is_drawn(visit, way, name):
    page = visit(name, phone=way == "touch")
    assert said(page) == EMPTY and bars(page) == [0] * 10
    WAYS[way](page, ONE)
    first = answer(page)
    assert first.startswith("The network says 1, with probability"), first
    one = bars(page)
    assert np.argmax(one) == 1 and sum(one) == pytest.approx(100, abs=0.01)
    assert page.locator(".digit-largest").text_content().startswith("1")
    page.locator(".digit-clear").click()
    assert said(page) == EMPTY and bars(page) == [0] * 10
    WAYS["mouse" if way == "keys" else way](page, SEVEN)
    assert answer(page).startswith("The network says 7, with probability")
    assert np.argmax(bars(page)) == 7


def test_a_finger_draws_and_does_not_scroll(visit):
    page = visit(phone=True)
    spots(page, (0, 0))
    before = page.evaluate("scrollY")
    by_finger(page, [(14, 25), (14, 3)])
    answer(page)
    assert page.evaluate("scrollY") == before


def test_the_bars_move_while_the_pen_is_down(visit):
    page = visit()
    page.locator(".digit-image").click()
    answer(page)
    page.locator(".digit-clear").click()
    page.locator(".digit-centring").uncheck()
    first, second, third = spots(page, *SEVEN)
    page.mouse.move(*first)
    page.mouse.down()
    seen = [bars(page)]
    for spot in (second, third):
        page.mouse.move(*spot, steps=5)
        seen.append(bars(page))
        assert said(page) == EMPTY  # it is read aloud, so it waits for the end of the stroke
    page.mouse.up()
    assert len({tuple(one) for one in seen}) == 3 and said(page).startswith("The network says")


def test_undo_and_clear(visit):
    page = visit()
    undo, clear = page.locator(".digit-undo"), page.locator(".digit-clear")
    undo.click()
    clear.click()  # nothing to clear
    assert said(page) == EMPTY
    by_mouse(page, ONE)
    first = answer(page), bars(page), ink(page)
    by_mouse(page, [(5, 5), (23, 5)])
    second = said(page), bars(page), ink(page)
    assert second[1:] != first[1:]
    clear.click()
    assert (said(page), ink(page)) == (EMPTY, 0)
    undo.click()
    assert (said(page), bars(page), ink(page)) == second
    page.locator(".digit-field").focus()
    page.keyboard.press("Control+z")
    assert (said(page), bars(page), ink(page)) == first
    undo.click()
    undo.click()
    assert (said(page), bars(page), ink(page)) == (EMPTY, [0] * 10, 0)


@FACES
def test_test_images_are_laid_on_the_field(visit, name):
    _, test = digits()
    page = visit(name)
    coded = network_in(html_of(network(), test.X, test.y))
    images = np.frombuffer(_draw.base64.b64decode(coded["images"]), np.uint8).reshape(-1, 784)
    P = network().predict_proba(images / 255)
    assert len(images) == 20 and set(coded["labels"]) == set(range(10))
    page.locator(".digit-centring").uncheck()
    for label, image, p in zip([*coded["labels"], coded["labels"][0]], [*images, images[0]], [*P, P[0]]):
        page.locator(".digit-image").click()
        page.wait_for_function(
            "text => document.querySelector('.digit-says').textContent.startsWith(text)",
            arg=f"A test image, labelled {label}. The network says {p.argmax()}, with probability ",
        )
        assert np.allclose(bars(page), 100 * p, atol=2e-3)  # of a per cent: as the page keeps a width
        assert ink(page) == image.sum(dtype=int)
    by_mouse(page, ONE)
    assert said(page).startswith("The network says")  # no test image any more
    page.locator(".digit-undo").click()
    assert said(page).startswith(f"A test image, labelled {coded['labels'][0]}. ")


def test_what_centring_does(visit):
    page = visit()
    by_mouse(page, [(2, 3), (5, 3), (3, 8)])
    centred = answer(page), ink(page)
    page.locator(".digit-centring").uncheck()
    assert (said(page), ink(page)) != centred and ink(page) < centred[1] / 2
    page.locator(".digit-centring").check()
    assert (said(page), ink(page)) == centred


def test_the_pen_has_a_width(visit):
    page = visit()
    page.locator(".digit-centring").uncheck()
    by_mouse(page, ONE)
    answer(page)
    thin = ink(page)
    page.locator(".digit-undo").click()
    page.locator(".digit-width").focus()
    page.keyboard.press("End")
    by_mouse(page, ONE)
    assert ink(page) > 1.7 * thin


# --------------------------------------------------------------------------------- what a page asks for


def test_the_network_is_fetched_with_the_first_stroke_and_once(visit):
    page = visit()
    fetched = lambda: [name for name in page.asked if name.startswith("digit-network-")]  # noqa: E731
    assert {"plain.js", "draw.js"} <= set(page.asked) and not fetched()
    by_mouse(page, ONE)
    answer(page)
    by_mouse(page, SEVEN)
    assert len(fetched()) == 1


def test_a_network_that_does_not_come_is_asked_for_again(visit, address):
    page = visit()
    (script,) = Path(urlsplit(address).path).glob("digit-network-*.js")
    away = script.rename(script.with_suffix(".away"))
    by_mouse(page, ONE)
    page.wait_for_function(
        "document.querySelector('.digit-says').textContent.includes('could not be fetched')"
    )
    assert bars(page) == [0] * 10
    away.rename(script)
    by_mouse(page, ONE)
    assert answer(page).startswith("The network says 1")


def test_only_a_page_with_a_field_is_given_its_scripts():
    _, test = digits()
    body = html_of(network(), test.X, test.y)
    moved, scripts = moved_out(f"<p>before</p>{body}<p>after</p>")
    ((name, script),) = scripts.items()
    assert (
        re.fullmatch(r"digit-network-\w{12}\.js", name)
        and f'data-src="{name}"' in moved
        and len(moved) < 5000
    )
    assert moved.startswith("<p>before</p><figure") and moved.endswith("</figure><p>after</p>")
    assert json.loads(re.search("`(.*)`", script)[1]) == network_in(body)
    assert moved_out("<p>none</p>") == ("<p>none</p>", {})


# --------------------------------------------------------------------------------------- for everyone


@FACES
@pytest.mark.parametrize("phone", [False, True])
def test_the_panel_is_accessible(visit, axe, name, phone):
    page = visit(name, phone)
    page.evaluate("axe => (0, eval)(axe)", axe)
    for drawn in (False, True):
        if drawn:
            by_mouse(page, SEVEN)
            answer(page)
        found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
        assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("phone", [False, True])
def test_nothing_moves_or_sticks_out(visit, phone):
    page = visit(phone=phone)
    if phone:
        page.set_viewport_size({"width": 320, "height": 844})  # where the sentence takes three lines
        page.wait_for_function("innerWidth === 320")
    page.evaluate(
        """() => {
            window.shifts = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((entry) => (shifts += entry.value)))
                .observe({type: "layout-shift", buffered: true});
        }"""
    )
    places = """[...document.querySelectorAll('.digit *:not(.digit-cursor, i), p')].map((node) => {
        const {x, y, width, height} = node.getBoundingClientRect();
        const size = node.tagName === 'SPAN' ? [] : [width, height]; // words change theirs
        return [node.tagName, x, y + scrollY, ...size];
    })"""
    before = page.evaluate(places)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    start = page.evaluate("shifts")
    assert phone or start == 0  # the phone was made narrower
    for _ in range(3):
        page.locator(".digit-image").click()
        answer(page)
        assert page.evaluate(places) == before
    by_mouse(page, SEVEN)
    assert page.evaluate(places) == before
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("shifts") == start
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_page_says_so(visit):
    page = visit(java_script_enabled=False)
    assert page.locator("noscript").is_visible() and page.locator(".digit-panel").is_hidden()
    assert "test images wrongly" in page.locator("figcaption").inner_text()


# ------------------------------------------------------------------------------------------ in Python


@pytest.mark.parametrize("touch", [True, False])
def test_keys_are_for_those_who_have_some(visit, touch):
    page = visit(phone=touch, is_mobile=touch)
    assert page.locator(".digit-tools > p").is_visible() is not touch


def test_the_words_below_are_counted():
    _, test = digits()
    bundle = draw_digit(network(), test.X, test.y)._repr_mimebundle_()
    wrong = int((network().predict(test.X / 255) != test.y).sum())
    assert 0 < wrong < 600
    assert "The network 784 – 64 – 10 has 50,890 parameters." in bundle["text/plain"]
    assert f"It reads {wrong} of 2,000 test images wrongly, {wrong / 20:.1f} %" in bundle["text/plain"]
    assert "of the 20 behind the button, 10." in bundle["text/plain"]


def test_images_are_chosen_right_and_wrong_in_turn():
    y = np.repeat(np.arange(10), 3)
    said = y.copy()
    said[::3] = (said[::3] + 1) % 10
    rows = _draw._samples(said, y)
    assert [(said[row] == y[row]) for row in rows] == [True, False] * 10
    assert list(y[rows[::2]]) == list(range(10)) and len(set(rows)) == 20
    assert list(_draw._samples(y, y)) == list(range(0, 30, 3))  # none is wrong
    assert len(set(_draw._samples((y + 1) % 10, y))) == 10  # none is right


def test_a_scale_of_the_pixels():
    _, test = digits()
    train, _ = digits()
    net = MLPClassifier((4,), epochs=1, random_state=0).fit(train.X[:500] / 16, train.y[:500])
    page = html_of(net, test.X[:50], test.y[:50], scale=16)
    assert network_in(page)["scale"] == 16
    wrong = int((net.predict(test.X[:50] / 16) != test.y[:50]).sum())
    assert f"It reads {wrong} of 50 test images wrongly" in page


def regression():
    return MLPRegressor((2,), epochs=1).fit(np.zeros((4, 784)), np.arange(4.0))


def other(d=784, classes=10, activation="relu", hidden=(2,)):
    X, y = np.zeros((40, d)), np.arange(40) % classes
    return MLPClassifier(hidden, activation, epochs=1, random_state=0).fit(X, y)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: dict(net=regression()), "net must be an MLPClassifier; got MLPRegressor"),
        (lambda: dict(net=None), "net must be an MLPClassifier; got NoneType"),
        (lambda: dict(net=MLPClassifier()), "must be fitted first"),
        (lambda: dict(net=other(d=64)), "net must take images of 28 × 28 = 784 pixels; got 64"),
        (lambda: dict(net=other(classes=3)), r"net must tell the digits 0 to 9 apart; got \[0.*, 1.*, 2.*\]"),
        (lambda: dict(net=other(activation="elu")), "activation must be .*; got 'elu'"),
        (lambda: dict(net=other(hidden=(200,))), "net needs 6..,... bytes on a page; the limit is 500,000"),
        (lambda: dict(X=np.zeros((40, 64))), "X has 64 features"),
        (lambda: dict(X=digits()[1].X[:40] / 255), "X must hold bytes, whole numbers from 0 to 255; got"),
        (lambda: dict(X=np.full((40, 784), 256)), "X must hold bytes.*got 256"),
        (lambda: dict(y=np.arange(40)), "y must hold digits, 0 to 9; got 10 at position 10"),
        (lambda: dict(y=np.zeros(39)), "39"),
        (lambda: dict(scale=0), "scale must be .*got 0"),
        (lambda: dict(name="My digit"), "name must be lower-case"),
    ],
)
def test_bad_input(change, message):
    good = dict(net=network(), X=digits()[1].X[:40], y=digits()[1].y[:40])
    draw_digit(**good)
    with pytest.raises(ValueError, match=message):
        draw_digit(**good | change())
