"""Points that the reader moves, in a real browser: the page computes what mlcore does, and all can play."""

import ast
import gzip
import importlib
import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tinycss2
from browser import HANG
from playgrounds import (
    END,
    HEAD,
    PLACES,
    STILL,
    awkward,
    drag,
    finger,
    follow,
    made,
    of,
    paste,
    spot,
    text_of,
    touch,
    violations,
    visiting,
    write,
)

import mlcore
from mlcore import Ridge, polynomial, rbf, ridge_loo
from mlcore.datasets import QUADRATIC, make_quadratic
from mlcore.explore import _curve, _playground, curve_playground
from mlcore.explore._moved import moved_out

SCRIPTS = ["curve.js"]
BASES = pytest.mark.parametrize("basis", _curve.BASES)


def points():
    X, y = make_quadratic(20, 1.0, np.random.default_rng(1))
    return X[:, 0], y


def truth(x):
    a, b, c = QUADRATIC
    return a + b * x + c * x**2


def curve(face="static", **options):
    given = dict(xlim=(-1, 1), ylim=(-2, 6), truth=truth, sigma=1.0, degree=9, delta=0.01)
    return made(curve_playground, *points(), face=face, **given | options)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """As the book serves it, without and with a question, far below, and as a notebook shows two of them."""
    folder = tmp_path_factory.mktemp("playground")
    asked = curve(ask="Which δ would you choose?", because="The valley is broad.")["text/html"]
    write(folder, "page.html", curve()["text/html"], SCRIPTS)
    write(folder, "asked.html", asked, SCRIPTS)
    far = "<p style='height: 400vh'>Far below.</p>"
    write(folder, "far.html", curve()["text/html"], SCRIPTS, before=far)
    two = curve("", name="one")["text/html"] + curve("", name="two", basis=_curve.BASES[2])["text/html"]
    (folder / "notebook.html").write_text(f"{HEAD}{two}{END}", "utf-8")
    return folder.as_uri()


@pytest.fixture
def visit(chromium, address):
    with visiting(chromium, address, settled) as visit:
        yield visit


def settled(page, name="curve"):
    """Wait until the map is whole."""
    page.wait_for_function(f"explorers.get('{name}')?.best")


def features(basis, x, at, degree, lam):
    if basis == _curve.BASES[0]:
        return polynomial(x, degree)
    return rbf(x, at if basis == _curve.BASES[1] else np.linspace(-1, 1, _curve.GRID), lam)


# ------------------------------------------------------------------------------------- what is computed


@BASES
@pytest.mark.parametrize("lam, delta", [(0.0316, 0.1), (1, 2), (0.001, 0.0316)])
def test_the_page_computes_what_mlcore_does(visit, basis, lam, delta):
    lam, delta = (_playground.near(v, w, "") for v, w in ((_curve.LAMS, lam), (_curve.DELTAS, delta)))
    page = visit(f"page.html#curve:basis={basis},degree=7,lam={lam:.3g},delta={delta:.3g}")
    x, y = points()
    Phi = features(basis, x, x, 7, lam)
    model = Ridge(delta).fit(Phi, y)
    e, missed = y - model.predict(Phi), ridge_loo(Phi, y, [delta])[0]
    wanted = {"training": np.mean(e**2), "left-out": np.mean(missed**2), "noise": 1.0}
    assert of(page, "it.found") == pytest.approx(wanted, rel=1e-8)
    assert of(page, "[...it.fit.theta]") == pytest.approx(model.theta_.tolist(), rel=1e-6, abs=1e-8)
    rows = np.linspace(-1, 1, 241)
    ys = re.findall(r"[ML]\S+ (\S+?)(?=L|$)", page.locator("[data-show=curve] path").get_attribute("d"))
    _, top, _, bottom = of(page, "it.boxes[0]")
    curve = -2 + 8 * (bottom - np.array(ys, float)) / (bottom - top)
    fit = model.predict(features(basis, rows, x, 7, lam))
    seen = np.abs(fit) < 100
    assert np.abs(curve - fit)[seen].max() < 8 * 0.06 / (bottom - top)  # tenths of a point


@BASES
def test_the_map_is_that_of_mlcore(visit, basis):
    page = visit(f"page.html#curve:basis={basis}")
    x, y = points()
    found = of(page, "[...it.errors].map(([key, { error }]) => [...key.split(' ').map(Number), error])")
    lams, deltas = _curve.LAMS[:: _curve.EVERY], _curve.DELTAS[:: _curve.EVERY]
    columns = [(M, None) for M in range(1, 13)] if basis == _curve.BASES[0] else [(None, lam) for lam in lams]
    wanted = np.array(
        [np.mean(ridge_loo(features(basis, x, x, *c), y, deltas) ** 2, axis=1) for c in columns]
    )
    got = np.full(wanted.shape, np.nan)
    for i, j, error in found:
        got[i, j] = error
    assert np.allclose(got, wanted, rtol=1e-6)
    assert of(page, "it.best.error") == pytest.approx(wanted.min(), rel=1e-6)


@BASES
@pytest.mark.parametrize("own", [False, True])
def test_the_python_cell_does_the_same(visit, basis, own, capsys):
    page = visit(f"page.html#curve:basis={basis},lam=0.0316,delta=0.0316")
    if own:
        paste(page, "\n".join(f"{3 * k} {100 + 7 * (k % 4)}" for k in range(30)))
        settled(page)
    exec(page.locator(".playground-python pre").text_content(), {"mlcore": mlcore})
    train, left_out = (float(line.split()[-1]) for line in capsys.readouterr().out.splitlines())
    now = of(page, "it.found")
    assert now["training"] == pytest.approx(train, rel=1e-7) and now["left-out"] == pytest.approx(
        left_out, rel=1e-7
    )


# ----------------------------------------------------------------------------------- what a reader does


@pytest.mark.parametrize("way", [drag, finger])
def test_a_point_is_dragged_and_the_curve_follows(visit, way):
    page = visit(phone=way is finger)
    x, y = points()
    start = of(page, "it.found")
    way(page, (x[3], y[3]), (0.5, 5))
    page.wait_for_function("!explorers.get('curve').dragging")
    assert of(page, "it.points[3]") == pytest.approx([0.5, 5], abs=0.05)
    assert of(page, "it.points.toSpliced(3, 1)") == np.delete(np.column_stack((x, y)), 3, axis=0).tolist()
    assert of(page, "it.found") != start and page.locator(".playground-ring").is_visible()
    assert "x = 0.5" in page.locator(".playground-status").text_content()
    page.locator(".playground-undo").click()
    assert of(page, "it.points[3]") == [x[3], y[3]] and of(page, "it.found") == start
    assert page.locator(".playground-undo").is_disabled()


def test_a_finger_drags_the_chosen_point_and_elsewhere_scrolls(visit):
    page = visit(phone=True)
    x, y = points()
    before = of(page, "it.points")
    for place in ((x[3], y[3]), (0.5, -1.5)):  # upon a point, and beside all of them
        spot(page, 0, 0)
        page.evaluate("scrollBy(0, 50)")  # there is way to go, up and down
        start = page.evaluate("scrollY")
        touch(page, *[(place[0], place[1] + step) for step in (0, 0.5, 1, 1.5, 2)])
        page.wait_for_function("start => scrollY !== start", arg=start)
        assert of(page, "[it.points, it.chosen]") == [before, None]
    page.touchscreen.tap(*spot(page, x[3], y[3]))
    page.wait_for_function("explorers.get('curve').chosen === 3")
    assert of(page, "it.points") == before and page.locator(".playground-undo").is_disabled()
    start = page.evaluate("scrollY")
    touch(page, *[(x[3], y[3] + step) for step in (0, 0.5, 1, 1.5, 2)])
    page.wait_for_function("y => Math.abs(explorers.get('curve').points[3][1] - y) < 0.1", arg=y[3] + 2)
    assert page.evaluate("scrollY") == start


def test_a_tap_chooses_the_neighbour_of_the_chosen_point(visit):
    page = visit(phone=True)
    page.evaluate("explorers.get('curve').change({points: [[0, 0], [0.12, 0], [0.5, 3]]})")
    for chosen, x in ((0, 0), (1, 0.12), (0, 0)):
        page.touchscreen.tap(*spot(page, x, 0))
        page.wait_for_function("k => explorers.get('curve').chosen === k", arg=chosen)
    assert of(page, "it.points.length") == 3


def test_undo_brings_back_the_sliders_too(visit):
    page = visit()
    undo, where = page.locator(".playground-undo"), "[it.points, it.positions]"
    seen = [of(page, where)]

    def after(act, *arguments, **options):
        act(*arguments, **options)
        seen.append(of(page, where))
        assert seen[-1] != seen[-2]

    slider = page.locator("[data-param=degree]")
    slider.focus()
    after(page.keyboard.press, "ArrowLeft")
    box = slider.bounding_box()

    def slide():  # one move of the hand, of many steps
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 5, box["y"] + box["height"] / 2, steps=9)
        page.mouse.up()

    after(slide)
    after(page.locator(".playground-add").click)
    after(page.locator("[data-param=basis]").select_option, "1")
    handle = page.get_by_role("slider", name="λ and δ")
    handle.focus()
    after(page.keyboard.press, "ArrowUp")
    after(page.locator(".playground-reset").click)
    assert seen[-1] == seen[0]
    for wanted in seen[-2::-1]:
        undo.click()
        assert of(page, where) == wanted
    assert undo.is_disabled()
    assert slider.input_value() == str(of(page, "it.start[1]")) and slider.is_visible()
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+z")
    assert of(page, where) == seen[0]


def test_what_was_undone_is_done_again(visit):
    page = visit()
    seen = [of(page, "it.points")]
    for _ in range(3):
        page.locator(".playground-add").click()
        seen.append(of(page, "it.points"))
    page.locator(".playground-field").focus()
    for wanted in seen[-2::-1]:
        page.keyboard.press("Control+z")
        assert of(page, "it.points") == wanted
    for key, wanted in zip(("Control+Shift+z", "Control+y", "Control+Shift+Z"), seen[1:]):
        page.keyboard.press(key)
        assert of(page, "it.points") == wanted
    page.keyboard.press("Control+z")
    page.locator(".playground-add").click()  # another way was taken
    now = of(page, "it.points")
    page.keyboard.press("Control+y")
    assert of(page, "it.points") == now


def test_points_added_by_keyboard_are_each_seen(visit):
    page = visit()
    before = of(page, "it.points.length")
    page.locator(".playground-field").focus()
    for _ in range(45):
        page.keyboard.press("Enter")
    points = of(page, "it.points")[before:]
    assert len(points) == len({tuple(point) for point in points}) == 45
    places = sorted(of(page, "it.points"))
    page.keyboard.press("Delete")
    gone = places.index(points[-1])
    assert of(page, "it.points[it.chosen]") in (places[gone - 1], places[gone + 1])


def test_places_that_are_large_are_told_apart(visit):
    page = visit()
    paste(page, "1000000 2\n1000001 3\n1000002 5\n1000003 4")
    ticks = page.locator("[data-show^=x-tick]").all_text_contents()
    assert len({tick.strip() for tick in ticks}) == len(ticks)
    page.locator(".playground-field").focus()
    page.keyboard.press("PageDown")
    assert "x = 1000000," in page.locator(".playground-status").text_content()
    paste(page, "1e-300 1e-300\n2e-300 3e-300")
    assert "too small for this page" in page.locator(".playground-problems").text_content()
    assert of(page, "it.points.length") == 4


def test_a_hand_that_trembles_moves_nothing(visit):
    page = visit()
    x, y = points()
    before = of(page, "it.points")
    a, b = spot(page, x[3], y[3])
    page.mouse.move(a, b)
    page.mouse.down()
    page.mouse.move(a + 2, b - 1)
    page.mouse.up()
    assert of(page, "[it.points, it.chosen]") == [before, 3]
    assert page.locator(".playground-undo").is_disabled()


def test_the_noise_floor_stays_while_points_are_moved(visit):
    page, text = visit(), page_text
    page.evaluate("""it => {
        it = explorers.get('curve');
        const middle = it.truth.length - 1;
        it.points.forEach(([x], i) => it.change({
            points: it.points.with(i, [x, it.truth[Math.round((middle * (x + 1)) / 2)]]),
        }));
    }""")
    assert of(page, "it.found['left-out']") < 1 and page.locator(".playground-noise").is_visible()
    assert "The noise of the first points makes 1." in text(page)
    for _ in range(20):
        page.locator(".playground-undo").click()
    assert "The noise alone makes 1." in text(page)
    paste(page, "0 1\n1 2\n0.5 4")
    assert page.locator(".playground-noise").is_hidden() and "noise" not in text(page)


def page_text(page):
    return page.locator(".explorer-text").text_content()


def test_a_bar_beyond_its_scale_is_torn(visit):
    page = visit()
    torn = page.locator(".playground-beyond")
    assert of(page, "it.found['left-out']") > 3 > of(page, "it.found.training")  # σ² is a third of the scale
    assert torn.count() == 1 and page.locator(".playground-left-out .playground-beyond").count() == 1
    page.locator("[data-param=degree]").fill("1")
    assert of(page, "it.found['left-out']") < 3 and torn.count() == 0


@pytest.mark.parametrize("phone", [False, True])
def test_a_tap_adds_a_point(visit, phone):
    page = visit(phone=phone)
    place = spot(page, 0.5, -1)
    (page.touchscreen.tap if phone else page.mouse.click)(*place)
    page.wait_for_function("explorers.get('curve').points.length === 21")
    assert of(page, "it.points[20]") == pytest.approx([0.5, -1], abs=0.05)
    assert page.locator(".explorer-text").text_content().startswith("21 points;")
    (page.touchscreen.tap if phone else page.mouse.click)(*place)  # upon it: chosen, not another
    page.locator(".playground-remove").click()
    assert of(page, "it.points.length") == 20


def test_all_by_keyboard(visit):
    page = visit()
    page.locator(".playground-field").focus()
    press, status = page.keyboard.press, page.locator(".playground-status")
    x, y = points()
    order = np.argsort(x)
    press("PageDown")
    assert status.text_content().startswith("Point 1 of 20")
    press("PageDown")
    assert status.text_content().startswith("Point 2 of 20") and of(page, "it.chosen") == order[1]
    press("PageUp")
    press("ArrowRight")
    press("Shift+ArrowUp")
    assert of(page, f"it.points[{order[0]}]") == pytest.approx(
        [x[order[0]] + 0.02, y[order[0]] + 0.8], abs=0.02
    )
    press("Enter")
    assert of(page, "it.points.length") == 21 and of(page, "it.chosen") == 20
    press("Delete")
    press("Delete")
    assert of(page, "it.points.length") == 19
    for _ in range(5):
        press("Control+z")
    assert of(page, "it.points") == np.column_stack((x, y)).tolist()
    assert page.evaluate("document.activeElement.className") == "playground-field"


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("secure", [True, False])
def test_the_cell_is_copied_or_the_page_says_that_it_is_not(visit, secure, refused):
    page = visit()
    if not secure:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    if refused:
        page.evaluate("document.execCommand = () => false")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".playground-python summary").click()
    page.locator(".playground-copy").click()
    said = page.locator(".playground-status").text_content()
    cell = page.locator(".playground-python pre").text_content()
    if refused:
        assert said.startswith("Not copied, but selected.")
        assert page.evaluate("getSelection().toString()").rstrip() == cell.rstrip()
        return
    page.evaluate("delete navigator.clipboard")
    assert said.startswith("The cell is copied.")
    assert page.evaluate("navigator.clipboard.readText()").rstrip() == cell.rstrip()


def test_of_the_first_points_nothing_is_said_when_all_are_deleted(visit):
    page = visit()
    page.locator(".playground-field").focus()
    page.keyboard.press("PageDown")
    for _ in range(20):
        page.keyboard.press("Delete")
    truth = page.locator("[data-show=truth] path")
    for k in range(4):
        assert page.locator(".playground-noise").is_hidden() and "noise" not in page_text(page)
        assert not truth.get_attribute("d")
        if k == 2:
            assert page_text(page).startswith("2 points: too few to leave one out.")
            assert "left out" not in page.locator(".playground-status").text_content()
        page.keyboard.press("Enter")
    for _ in range(24):
        page.keyboard.press("Control+z")
    assert "The noise alone makes 1." in page_text(page) and truth.get_attribute("d")


def test_the_point_that_makes_the_error_is_named_with_it(visit):
    page = visit()
    page.evaluate("explorers.get('curve').change({ points: [[-1, 0], [-0.5, 0], [0, 0], [0.5, 0], [1, 4]] })")
    assert "One point, at x = 1, makes " in page_text(page) and "% of the leave-one-out error." in page_text(
        page
    )


def test_the_point_that_makes_the_error_is_told_from_its_neighbours(visit):
    page = visit("page.html#curve:degree=1")
    paste(page, "1000001 0\n1000002 0\n1000003 0\n1000004 0\n1000005 9")
    assert "One point, at x = 1000005, makes " in page_text(page)


def test_few_points_are_no_error(visit):
    page = visit()
    page.locator(".playground-field").focus()
    page.keyboard.press("PageDown")
    for left in range(19, -1, -1):
        page.keyboard.press("Delete")
        assert of(page, "it.points.length") == left
    assert page.locator(".explorer-text").text_content().startswith("0 points: too few")
    for k in range(3):
        page.keyboard.press("Enter")
        assert of(page, "it.points.length") == k + 1
    settled(page)
    assert page.locator(".explorer-text").text_content().startswith("3 points;")


def test_the_map_is_touched(visit):
    page = visit()
    handle = page.get_by_role("slider", name="degree and δ")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    assert of(page, "it.words(1, it.positions[1])") == "8"
    page.keyboard.press("PageUp")
    assert page.locator("[data-param=delta]").input_value() == str(of(page, "it.start[3]") + 5)
    box, panel = (
        page.locator("svg:not([hidden]) [data-show=smallest-polynomial]").bounding_box(),
        of(page, "it.best"),
    )
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert of(page, "it.positions[1]") == panel["across"]
    assert abs(of(page, "it.positions[3]") - panel["up"]) <= 2
    assert "No place on the map does much better." in page.locator(".explorer-text").text_content()
    page.locator("[data-param=basis]").select_option("1")
    settled(page)
    assert page.get_by_role("slider", name="λ and δ").is_visible() and not handle.is_visible()
    assert page.locator("[data-param=lam]").is_visible() and page.locator("[data-param=degree]").is_hidden()


def test_own_data_are_pasted(visit):
    page = visit()
    paste(page, "day;temperature\n1;-3,5\n100;12\n200;24,5\n366;-1\n")
    assert of(page, "it.points") == [[1, -3.5], [100, 12], [200, 24.5], [366, -1]]
    assert page.locator(".playground-problems").text_content() == "4 points are in use."
    assert "noise" not in page.locator(".explorer-text").text_content()
    low, high = (of(page, "it.axes")[k] for k in (0, 1))
    ticks = [page.locator(f"[data-show=x-tick-{k}]").text_content() for k in range(5)]
    assert [float(t.replace("−", "-")) for t in ticks] == np.linspace(low, high, 5).tolist()
    assert low <= 1 and high >= 366 and page.locator("[data-show=truth] path").get_attribute("d") == ""
    assert page.locator(".playground-noise").is_hidden()
    page.locator(".playground-undo").click()
    assert len(of(page, "it.points")) == 20 and page.locator(".playground-noise").is_visible()
    assert page.locator(".playground-problems").text_content() == ""
    paste(page, "1 2")
    assert page.locator(".playground-problems").text_content() == "One point is in use."
    page.locator(".playground-undo").click()
    assert page.locator("[data-show=x-tick-0]").text_content() == "−1"


def test_points_that_come_back_as_they_were_change_nothing(visit):
    page = visit()
    before = [of(page, "[it.points, it.axes, it.found]"), page.locator(".explorer-text").text_content()]
    truth = page.locator("[data-show=truth] path").get_attribute("d")
    page.locator(".playground-own summary").click()
    page.wait_for_function("document.querySelector('.playground-own textarea').value")
    page.locator(".playground-take").click()
    assert page.locator(".playground-problems").text_content() == "20 points are in use."
    settled(page)
    assert [
        of(page, "[it.points, it.axes, it.found]"),
        page.locator(".explorer-text").text_content(),
    ] == before
    assert page.locator("[data-show=truth] path").get_attribute("d") == truth != ""


def test_a_table_follows_the_points_until_the_reader_writes_in_it(visit):
    page = visit()
    table = page.locator(".playground-own textarea")
    page.locator(".playground-own summary").click()
    page.wait_for_function("document.querySelector('.playground-own textarea').value")
    page.locator(".playground-add").click()
    assert len(table.input_value().split()) == 22  # a line of names
    table.fill("1 2\n3")
    page.locator(".playground-take").click()
    for _ in range(2):  # away, and here again
        page.locator(".playground-own summary").click()
    page.locator(".playground-add").click()
    assert table.input_value() == "1 2\n3"


def test_bad_lines_are_named_and_nothing_is_lost(visit):
    page, text = visit(), "1 2\n3\nfour five\n6 7"
    paste(page, text)
    said = page.locator(".playground-problems").text_content()
    assert (
        said == "Line 2 is not two numbers: “3”. Line 3 is not two numbers: “four five”. Nothing was changed."
    )
    assert len(of(page, "it.points")) == 20 and page.locator(".playground-own textarea").input_value() == text
    paste(page, "\n".join(f"{k} {k}" for k in range(201)))
    assert (
        "There are 201 points; at most 200 fit here." in page.locator(".playground-problems").text_content()
    )
    paste(page, " ")
    assert (
        page.locator(".playground-problems").text_content()
        == "There are no numbers yet. Nothing was changed."
    )


@pytest.mark.parametrize("line", ["NaN,NaN", "NA;NA", "1,,2", "1,2,", ",1,2", "1,", "0x10,2", "2;0b1"])
def test_what_is_no_two_numbers_is_refused_in_the_first_line_too(visit, line):
    page = visit()
    for text in (f"{line}\n3,4", f"x,y\n3,4\n{line}"):
        paste(page, text)
        k = text.split("\n").index(line) + 1
        said = page.locator(".playground-problems").text_content()
        assert said == f"Line {k} is not two numbers: “{line}”. Nothing was changed."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 2\n3 4", [[1, 2], [3, 4]]),
        ("x,y\n1,2.5\n-3,4e-1\n", [[1, 2.5], [-3, 0.4]]),
        ("1\t2\r\n3\t4", [[1, 2], [3, 4]]),
        ("1,5; 2,25\n3;4", [[1.5, 2.25], [3, 4]]),
        ("1,5 2,25", [[1.5, 2.25]]),
        ("−1 −2\n\n 3   4 ", [[-1, -2], [3, 4]]),
        ('"a","b"\n"1","2"', [[1, 2]]),
    ],
)
def test_columns_are_read(visit, text, wanted):
    assert visit().evaluate("text => playground.parse(text)", text) == dict(
        points=wanted, classes=[], problems=[]
    )


@pytest.mark.parametrize("values", [[0, 1], [3, 3], [0, 0], [-0.001, 0.002], [1e5, 4e5], [-7, 366]])
def test_axes_are_round(visit, values):
    low, high = visit().evaluate("values => playground.limitsOf(values, 4)", values)
    assert low <= min(values) and high >= max(values) and low < high
    assert all(len(f"{tick:.6g}") <= 8 for tick in np.linspace(low, high, 5))
    assert high - low < 3 * (np.ptp(values) or max(abs(values[0]), 1))


@BASES
def test_the_address_keeps_all(visit, basis):
    page = visit()
    page.locator("[data-param=basis]").select_option(str(_curve.BASES.index(basis)))
    page.mouse.click(*spot(page, 0.5, -1))
    page.wait_for_function("location.hash.includes('points=')")
    wanted = of(page, "[it.points, it.axes, it.positions, it.found]")
    other = visit("page.html" + page.evaluate("location.hash"))
    assert of(other, "[it.points, it.axes, it.positions, it.found]") == wanted
    paste(page, "0 1\n10 5\n20 2\n30 9")
    page.wait_for_function("location.hash.includes('axes=')")
    wanted = of(page, "[it.points, it.axes, it.positions, it.found]")
    other = visit("page.html" + page.evaluate("location.hash"))
    assert of(other, "[it.points, it.axes, it.positions, it.found]") == wanted
    page.locator(".playground-reset").click()
    page.wait_for_function("!location.hash")
    assert of(page, "it.points") == np.column_stack(points()).tolist() and of(page, "it.positions") == of(
        page, "it.start"
    )


def test_numbers_that_no_table_may_have_are_none_in_an_address(visit):
    page = visit("page.html#curve:points=1e300_1~2_2~0.1_3~Infinity_1~0.5_1~x_2,axes=-1e300_1e300_0_1")
    assert of(page, "[it.points, it.axes]") == [[[2, 2], [0.1, 3], [0.5, 1]], of(page, "it.original.axes")]
    assert "NaN" not in page.locator(".explorer-text").text_content()


def test_a_spoilt_address_is_no_error(visit):
    page = visit("page.html#curve:points=0_2~x~0.3_4_5~~0.5_1~-1_0,axes=1_1_0_4,delta=much,basis=none")
    assert of(page, "it.points") == [[0, 2], [0.3, 4], [0.5, 1], [-1, 0]]
    assert of(page, "it.axes") == [-1, 1, -2, 6] and of(page, "it.positions") == of(page, "it.start")
    page = visit("page.html#curve:points=foo,basis=%E0%A4%A")
    assert of(page, "it.points") == np.column_stack(points()).tolist()


@pytest.mark.parametrize(
    "place, words", [("degree=11,delta=0.001", "more closely than"), ("degree=1,delta=100", "stiffer than")]
)
def test_the_words_compare_with_the_best_place(place, words, visit):
    page = visit(f"page.html#curve:{place}")
    page.wait_for_function("explorers.get('curve').best")
    page.wait_for_function(
        "text => document.querySelector('.explorer-text').textContent.includes(text)", arg=words
    )


def test_data_and_cell_are_saved(visit):
    page = visit()
    page.locator(".playground-own summary").click()
    with page.expect_download() as saved:
        page.locator(".playground-csv").click()
    assert saved.value.suggested_filename == "curve.csv"
    assert np.loadtxt(saved.value.path(), delimiter=",", skiprows=1).tolist() == of(page, "it.points")
    page.locator(".playground-python summary").click()
    with page.expect_download() as saved:
        page.locator(".playground-save").click()
    assert saved.value.suggested_filename == "curve.py"
    assert saved.value.path().read_text("utf-8") == page.locator(".playground-python pre").text_content()


def test_the_question_comes_first(visit):
    page = visit("asked.html")
    for hidden in (".playground-bars", ".playground-map", "[data-show=truth]", "[data-param=delta]"):
        assert not page.locator(hidden).is_visible()
    before = page.locator("[data-show=curve] path").get_attribute("d")
    guess = page.locator(".explorer-guess input")
    guess.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-show=curve] path").get_attribute("d") != before  # the curve of the guess
    page.locator(".explorer-see").click()
    x, y = points()
    errors = np.mean(ridge_loo(polynomial(x, 9), y, _curve.DELTAS) ** 2, axis=1)
    best = _curve.DELTAS[errors.argmin()]  # of all that the slider has
    assert float(of(page, "it.words(3, it.positions[3])")) == best
    assert f", at δ = {best:g}; " in page.locator(".explorer-done [role=status]").text_content()
    for shown in (".playground-bars", ".playground-map", "[data-show=truth]", "[data-param=delta]"):
        assert page.locator(shown).is_visible()


def test_the_question_stays_open_whatever_is_moved(visit):
    page = visit("asked.html")
    hidden = (".playground-bars", ".playground-map", "[data-show=truth]", "[data-param=delta]")
    how = page.locator(".playground-how span")

    def nothing_is_told():
        assert not any(page.locator(part).is_visible() for part in hidden) and not how.is_visible()
        assert page.locator(".explorer-guess input").is_visible()
        assert page.locator(".playground-veil").is_visible()
        assert "error" not in page_text(page)

    page.locator("[data-param=degree]").focus()
    page.keyboard.press("ArrowLeft")
    nothing_is_told()
    page.locator(".playground-add").click()
    settled(page)
    nothing_is_told()
    own = of(page, "[it.points, it.positions]")
    for button, said in (("tell", "δ = 0.133. The valley"), ("see", "δ = 0.133; at your δ = 0.01 it is")):
        page.locator(f".explorer-{button}").click()
        assert f"leave-one-out error for degree 9 is 1.6, at {said}" in page_said(page)
        settled(page)
        assert of(page, "it.points") == np.column_stack(points()).tolist()
        assert [of(page, f"it.words({k}, it.positions[{k}])") for k in (1, 3)] == ["9", "0.133"]
        assert all(page.locator(part).is_visible() for part in hidden) and how.is_visible()
        assert not page.locator(".playground-veil").is_visible()
        if button == "tell":
            page.locator(".playground-undo").click()
            assert of(page, "[it.points, it.positions]") == own
            page.locator(".explorer-again").click()
            assert of(page, "[it.points.length, it.positions[1]]") == [20, 8]


def test_a_guess_is_judged_by_its_error(visit):
    """Which is as small, to the digits that are shown, for more than one δ."""
    verdicts = of(visit("asked.html"), "it.question.verdicts[0]")
    errors = np.mean(ridge_loo(polynomial(points()[0], 9), points()[1], _curve.DELTAS) ** 2, axis=1)
    least, ties = errors.min(), 0
    for delta, error, said in zip(_curve.DELTAS, errors, verdicts, strict=True):
        as_small = f"{error:.3g}" == f"{least:.3g}" and error != least
        ties += as_small
        assert said.startswith(f"The smallest leave-one-out error for degree 9 is {least:.3g}, at δ = ")
        assert ("which is yours" in said) == (error == least)
        assert (f"at your δ = {delta:.3g} it is {error:.3g}, too." in said) == as_small
        assert ("in the valley" in said) == (error <= 1.1 * least and not as_small and error != least)
    assert ties


def test_own_points_are_not_lost_to_the_answer(visit):
    page, said = visit("asked.html"), " The points of the question are back; Undo brings yours."
    asked = page.locator(".explorer-question")
    paste(page, "0 1\n0.1 2\n0.5 4\n0.7 3\n0.9 2")
    own = of(page, "[it.points, it.positions]")
    page.locator(".explorer-see").click()
    assert page_said(page).endswith(said) and of(page, "it.points.length") == 20
    page.locator(".playground-undo").click()
    assert of(page, "[it.points, it.positions]") == own and said not in page_said(page)
    page.locator(".explorer-again").click()
    settled(page)
    assert asked.text_content().endswith(said) and of(page, "it.points.length") == 20
    page.locator(".playground-undo").click()
    assert of(page, "it.points") == own[0] and said not in asked.text_content()
    page.locator(".playground-reset").click()
    page.locator(".explorer-see").click()
    assert said not in page_said(page)


def page_said(page):
    return page.locator(".explorer-done [role=status]").text_content()


def test_who_comes_by_a_link_is_told_that_nothing_is_hidden(visit):
    page = visit("asked.html#curve:degree=3")
    assert page.locator(".playground-bars").is_visible()
    assert page.locator(".explorer-moved").text_content() == "Set by a link: nothing is hidden."
    page.locator(".explorer-tell").click()
    assert not page.locator(".playground-bars").is_visible()


def test_undo_and_back_bring_what_was_before_a_link(visit):
    page = visit("page.html#curve:degree=2")
    undo = page.locator(".playground-undo")
    assert undo.is_disabled()
    page.locator(".playground-add").click()
    own = of(page, "[it.points, it.positions]")
    follow(page, "#curve:degree=4,points=0_1~0.5_2~0.25_3~0.75_1")
    page.wait_for_function("explorers.get('curve').points.length === 4")
    undo.click()
    assert of(page, "[it.points, it.positions]") == own
    undo.click()
    assert of(page, "it.points.length") == 20 and undo.is_disabled()
    page.locator(".playground-add").click()
    follow(page, "#curve:degree=5,points=0_1~0.5_2~0.25_3~0.75_1")
    page.wait_for_function("explorers.get('curve').points.length === 4")
    page.go_back()
    page.wait_for_function("explorers.get('curve').points.length === 21")
    assert of(page, "[it.points, it.positions]") == own


def test_back_brings_the_start(visit):
    page = visit("notebook.html", wait=False)
    settled(page, "one")
    start = of(page, "[it.points, it.positions]", "one")
    follow(page, "#one:degree=1,points=0_1~0.5_2~0.25_3~0.75_1")
    page.wait_for_function("explorers.get('one').points.length === 4")
    follow(page, "#two:lam=1")
    page.wait_for_function("explorers.get('two').value('lam') === 1")
    page.go_back()
    page.wait_for_function("explorers.get('two').value('lam') !== 1")
    assert of(page, "it.points.length", "one") == 4
    page.go_back()
    page.wait_for_function("explorers.get('one').points.length === 20")
    assert of(page, "[it.points, it.positions]", "one") == start
    page.locator("#one .playground-undo").click()
    assert of(page, "it.points.length", "one") == 4
    page.wait_for_function("location.hash.includes('points=')")


def test_a_link_to_one_figure_leaves_the_others_in_the_address(visit):
    page = visit("notebook.html", wait=False)
    settled(page, "one")
    page.locator("#one .playground-add").click()
    follow(page, "#two:degree=4")
    page.wait_for_function("/one:.*points=.*;two:.*degree=4/.test(location.hash)")


@pytest.mark.parametrize(
    "value, text", [(0.00123456, "0.00123"), (-2.1e166, "−2.1·10¹⁶⁶"), (1.2e-9, "1.2·10⁻⁹"), (1e6, "1.0·10⁶")]
)
def test_numbers_are_written_as_on_paper(visit, value, text):
    assert visit().evaluate("value => playground.short(value)", value) == text


def test_its_scripts_come_with_the_reader(visit):
    page = visit("far.html", wait=False)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    scripts = {"plain.js", "plain_fits.js", "playground.js", *SCRIPTS}
    assert "explorer.js" in page.asked and not scripts & set(page.asked)
    page.locator("figure").scroll_into_view_if_needed()
    settled(page)
    assert scripts <= set(page.asked)


def test_its_scripts_come_with_its_address(visit):
    page = visit("far.html#curve:degree=2")
    assert of(page, "it.words(1, it.positions[1])") == "2"
    assert page.locator("#curve").evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_what_the_address_says_of_a_sleeping_one_is_kept(visit):
    page = visit("far.html", wait=False)
    page.evaluate("document.querySelector('figure').dataset.needs = ''")
    page.evaluate("location.hash = '#curve:degree=2,points=0_1~0.5_2~0.25_3'")
    page.evaluate("explorers.rememberSoon()")
    page.wait_for_function("history.state?.positions.includes('degree=2')")


def test_live_code_draws_it_anew_and_takes_it_back(visit):
    page = visit()
    page.locator(".playground-add").click()
    points = of(page, "it.points")
    for _ in range(2):  # a cell may run twice
        page.evaluate(
            """html => {
            const old = document.querySelector('figure');
            globalThis.printed ??= old;
            old.insertAdjacentHTML('afterend', html);
            old.remove();
            explorers.live(document.querySelector('figure'), () => {});
        }""",
            curve("live")["text/html"],
        )
        settled(page)
        assert of(page, "it.points") == points and of(page, "it.figure.isConnected")
    page.locator(".playground-undo").is_disabled()
    page.locator(".playground-add").click()
    page.evaluate("document.querySelector('figure').replaceWith(printed)")
    page.evaluate("explorers.back()")
    assert of(page, "it.points") == points and of(page, "it.figure.isConnected")
    page.locator(".playground-add").click()
    assert of(page, "it.points.length") == len(points) + 1
    page.wait_for_function("location.hash.includes('points=')")


def test_two_in_a_notebook(visit, chromium, address):
    page = chromium.new_page()
    page.set_default_timeout(1000 * HANG)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/notebook.html")
    for name in ("one", "two"):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        settled(page, name)
        assert page.locator(f"#{name} .playground-field").count() == 1
        page.locator(f"#{name} .playground-add").click()
        assert of(page, "it.points.length", name) == 21
    page.close()
    assert not errors


# --------------------------------------------------------------------------------------- for everyone


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("name", ["page.html", "asked.html"])
def test_it_is_accessible(visit, axe, name, phone, theme):
    page = visit(name, phone)
    page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    page.evaluate("axe => (0, eval)(axe)", axe)
    for opened in (False, True):
        if opened:
            for summary in page.locator(".playground summary").all():
                summary.click()
            page.locator(".playground-field").focus()
            page.keyboard.press("PageDown")
        assert not violations(page)


@pytest.mark.parametrize("phone", [False, True])
def test_nothing_moves_or_sticks_out(visit, phone):
    page = visit(phone=phone)
    assert not phone or not awkward(page)
    page.add_style_tag(content=STILL)
    before = page.evaluate(PLACES)
    x, y = points()
    drag(page, (x[3], y[3]), (0.5, 5))
    settled(page)
    assert page.evaluate(PLACES) == before
    page.locator("[data-param=basis]").select_option("1")
    settled(page)
    assert page.evaluate(PLACES) == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_start_is_seen(visit):
    page = visit(java_script_enabled=False)
    assert page.locator("noscript").is_visible()
    assert not any(
        page.locator(part).is_visible()
        for part in (".explorer-controls", ".playground-hand", ".playground-hand + .playground-tools")
    )
    assert page.locator("[data-show=curve] path").is_visible()
    assert "leave-one-out error" in page.locator(".explorer-text").inner_text()


# ------------------------------------------------------------------------------------------ in Python


def test_the_words_at_the_start():
    x, y = points()
    Phi = polynomial(x, 9)
    text = curve()["text/plain"]
    train = np.mean((y - Ridge(0.01).fit(Phi, y).predict(Phi)) ** 2)
    assert text.startswith("20 points; a polynomial of degree 9, δ = 0.01: ")
    assert (
        f"Training error {train:.3g}, leave-one-out error {np.mean(ridge_loo(Phi, y, [0.01]) ** 2):.3g}."
        in text
    )
    assert text.endswith("The noise alone makes 1.")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(xlim=(0, 1)), r"all points must lie within xlim \(0, 1\)"),
        (dict(ylim=(-2, 2)), r"all points must lie within ylim \(-2, 2\)"),
        (
            dict(basis="splines"),
            "basis must be one of polynomial, a bump on each point, bumps on a grid; got 'splines'",
        ),
        (dict(degree=13), "start must be one of the slider's values; got 13, the nearest is 12"),
        (dict(lam=0), "lam must be from 0.001 to 10; got 0"),
        (dict(delta=1e3), "delta must be from 0.001 to 100; got 1000"),
        (dict(name="My curve"), "name must be lower-case"),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(ValueError, match=message):
        curve(**options)


def test_too_few_points():
    with pytest.raises(ValueError, match="a playground starts with 3 to 200 points; got 2"):
        curve_playground([0, 1], [0, 1], xlim=(0, 1), ylim=(0, 1))


# ------------------------------------------------------------------------------------ what it weighs


@pytest.fixture(scope="module")
def drawn():
    """The figures of the page of playgrounds, as the book has them."""
    page = json.loads(Path(__file__).parents[1].joinpath("book", "playgrounds.ipynb").read_text("utf-8"))
    figures, space = [], {}
    for cell in page["cells"]:
        if cell["cell_type"] == "code":
            *before, last = ast.parse("".join(cell["source"])).body
            exec(compile(ast.Module(before, []), "<cell>", "exec"), space)
            figures.append(made(eval, ast.unparse(last), space)["text/html"])
    return moved_out("".join(figures))[0]


@pytest.mark.parametrize("kind", ["curve", "boundary", "network"])
def test_what_a_playground_needs_is_light(drawn, kind, monkeypatch):
    """Its scripts and its share of the style sheet; with its drawing, its texts and the Python cell, too."""
    monkeypatch.syspath_prepend(extensions := Path(__file__).parents[1] / "book" / "_ext")
    explorer, stylesheet, theme = map(importlib.import_module, ("explorer", "stylesheet", "theme"))
    figure = re.search(rf'<figure [^>]*data-kind="{kind}" data-needs="([^"]*)".*?</figure>', drawn, re.S)
    scripts = theme.shorter({name: text_of(name) for name in figure[1].split()})
    sheets = [text_of(f"{name}.css") for name in ("explorer", "draw", "network", "playground")]
    sheets.append((extensions / "design.css").read_text("utf-8"))
    parsed = tinycss2.parse_stylesheet("".join(sheets), skip_comments=True, skip_whitespace=True)
    every = SimpleNamespace(has=lambda kind, name: True)
    lines = "".join(stylesheet.prune(parsed, every)).splitlines()
    rules = "".join(line for line in lines if ".playground" in line or f".{kind}" in line)
    page = figure[0].replace(figure[1], explorer._versioned(["", "", figure[1]]))
    fetched = sum(len(gzip.compress(script.encode(), 6)) for script in scripts.values())
    fetched += len(gzip.compress(rules.encode()))
    assert fetched <= 25_000
    assert fetched + len(gzip.compress(page.encode())) <= 32_000
