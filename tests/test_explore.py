"""explore(): its two faces, what it refuses, and that frames put together again are the frames drawn."""

import copy
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.explore import COLORS, Ask, Handle, Slider, _page, _svg, explore, figure, panels, show
from mlcore.explore._controls import Question
from mlcore.explore._svg import SvgWriter, changes, markup
from mlcore.explore.chapters import ridge
from mlcore.teach import minus

ROOT = Path(_page.__file__).parent


@pytest.fixture
def static(monkeypatch):
    """The face of the built book, on a page of its own."""
    monkeypatch.setenv(_page.FACE, "static")
    monkeypatch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})


@pytest.fixture
def live(monkeypatch):
    monkeypatch.delenv(_page.FACE, raising=False)


def draw_line(slope, shift=0.0):
    fig, (left, right) = panels(2)
    x = np.linspace(0, 1, 5)
    left.plot(x, slope * x + shift, "o-", color=COLORS.fit)
    left.set(xlim=(0, 1), ylim=(-3, 3), xlabel="x", ylabel="ŷ")
    right.plot(*([[0.5], [slope]] if slope > 0 else [[], []]), "s")  # an artist that comes and goes
    right.set(xlim=(0, 1), ylim=(-3, 3), title=f"slope {slope:g}")
    return fig


def describe_line(slope, shift=0.0):
    return f"A line of slope {slope:g}, {shift:g} above the origin."


def html_of(explorer):
    return explorer._repr_mimebundle_()["text/html"]


def data_of(explorer):
    """What an explorer needs at once, and its frames."""
    kinds = re.findall(r'class="explorer-(?:data|frames)">(.*?)</script>', html_of(explorer), re.S)
    return json.loads(kinds[0]) | json.loads(kinds[1])


def apply(root, groups, frame):
    """What explorer.js does, written a second time."""
    for index, slots in groups:
        for path, attribute, values in slots:
            node, value = root, values[index[frame]]
            for k in path:
                node = node[k]
            if attribute == "*":
                contents = ET.fromstring(f"<x>{value}</x>")
                node[:], node.text = list(contents), contents.text
            elif attribute == "":
                node.text = value or None
            elif value is None:
                node.attrib.pop(attribute, None)
            else:
                node.set(attribute, value)


def plain(root):
    """Markup in which neither the order of attributes nor an empty text counts."""
    root = copy.deepcopy(root)
    for node in root.iter():
        node.attrib = dict(sorted(node.attrib.items()))
        node.text = node.text or None
    return markup(root)


names = st.sampled_from("abc")
trees = st.recursive(
    st.builds(
        lambda tag, attrib, text: (tag, attrib, text, []),
        names,
        st.dictionaries(names, names, max_size=2),
        names,
    ),
    lambda inner: st.tuples(
        names,
        st.dictionaries(names, names, max_size=2),
        st.sampled_from(["", "<&"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)


def element(tree):
    tag, attrib, text, children = tree
    node = ET.Element(tag, attrib)
    node.text = text or None
    node.extend(element(child) for child in children)
    return node


@given(st.lists(trees, min_size=1, max_size=5), st.integers(0, 4))
def test_changes_applied_to_any_frame_give_every_frame(frames, start):
    roots = [ET.Element("div") for _ in frames]
    for root, frame in zip(roots, frames):
        root.append(element(frame))
    groups = changes(roots)
    page = copy.deepcopy(roots[start % len(roots)])
    for k, root in enumerate(roots):
        apply(page, groups, k)
        assert plain(page) == plain(root)


def test_a_slot_that_never_changes_is_not_stored():
    assert changes([ET.fromstring('<g a="1"><p d="x"/></g>') for _ in range(3)]) == []


def test_frames_of_a_real_figure_are_put_together_again(static):
    slopes, shifts = [-2, -1, 0, 1, 2], [0.0, 0.5]
    explorer = explore(draw_line, describe=describe_line, name="line", slope=slopes, shift=shifts)
    data, writer = data_of(explorer), SvgWriter("line")
    panels_html = re.search(r'<div class="explorer-panels".*?>(.*?)</div>', html_of(explorer), re.S)[1]
    page = ET.fromstring(f"<div>{panels_html}</div>")
    for k, (slope, shift) in enumerate((a, b) for a in slopes for b in shifts):
        expected = ET.Element("div")
        expected.extend(writer.panels(draw_line(slope, shift)))
        apply(page, data["groups"], k)
        assert plain(page) == plain(expected)
        assert data["texts"][data["text"][k]] == describe_line(slope, shift).replace("-", "−")


def test_an_axis_taken_from_an_earlier_frame_is_the_axis_that_would_be_drawn():
    def figures():
        for change in (
            dict(),
            dict(xlim=(0, 2)),
            dict(xlabel="another"),
            dict(xscale="log", xlim=(0.1, 10)),
            dict(xticks=[0, 0.25]),
            dict(),
        ):
            fig, ax = panels()
            ax.plot([0.1, 1], [0, 1])
            ax.set(**{"xlim": (0, 1), "xlabel": "x", **change})
            yield fig

    shared = SvgWriter("x")
    with_memory = [markup(*shared.panels(fig)) for fig in figures()]
    afresh = [markup(*SvgWriter("x").panels(fig)) for fig in figures()]
    assert with_memory == afresh
    assert len(set(afresh)) == 5


def test_an_exponent_is_large_enough_and_its_digits_stay_together():
    fig, ax = panels()
    ax.set(xscale="log", xlim=(1e-12, 1), title="$1^{25}\\;7$")
    texts = [text for panel in SvgWriter("it").panels(fig) for text in panel.iter("text") if len(text)]
    parts = [[(part.text, part.get("style")) for part in text] for text in texts]
    assert [("10", "font-size:9.5px"), ("−12", "font-size:7.98px")] in parts
    assert sorted(text for text, _ in parts[-1]) == ["1", "25", "7"]


@pytest.mark.parametrize(
    "x, text, expected",
    [("0 6", "10", "0"), ("0 20", "17", "0 20"), ("0 6 12", "−12", "0"), ("0 6", "ab", "0 6")],
)
def test_parts_as_an_older_matplotlib_writes_them_are_settled_too(x, text, expected):
    drawn = ET.fromstring(f"<text><tspan x='{x}' y='1' style=\"font: 9.5px 'Sans'\">{text}</tspan></text>")
    _svg._settle_scripts(drawn)
    assert (drawn[0].get("x"), drawn[0].text) == (expected, text)


def test_same_call_same_bytes(static, monkeypatch):
    first = html_of(explore(draw_line, describe=describe_line, slope=[1, 2]))
    monkeypatch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
    assert html_of(explore(draw_line, describe=describe_line, slope=[1, 2])) == first


def test_static_face_needs_neither_ids_of_others_nor_a_network(static):
    page = html_of(explore(draw_line, describe="A line.", name="one", slope=[1, 2]))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and all(id_.startswith("one") for id_ in ids)
    referred = set(re.findall(r'(?:href="#|url\(#)([^")]+)', page))
    assert referred and referred <= set(ids)
    assert "http" not in page


def test_dark_mode_colours_are_variables(static):
    page = html_of(explore(draw_line, describe="A line.", slope=[1, 2]))
    assert f"var(--explorer-fit, {COLORS.fit})" in page and "currentColor" in page
    assert "#000000" not in page


def test_default_frame_and_controls_start_where_told(static):
    explorer = explore(
        draw_line,
        describe=describe_line,
        slope=Slider([1, 2, 3], "slope", start=3, unit="m", format="{:.1f}"),
    )
    page = html_of(explorer)
    assert "A line of slope 3, 0 above the origin.</figcaption>" in page
    assert 'value="2" aria-valuetext="3.0 m"' in page
    assert data_of(explorer)["start"] == [2]


def test_middle_value_is_the_default_start():
    assert Slider([1, 2, 3, 4, 5]).start == 2


def test_text_that_looks_like_markup_stays_text(static):
    text = 'a < b & "c" </script>'
    page = html_of(explore(draw_line, describe=lambda slope: text + str(slope), slope=[1, 2]))
    assert page.count("</script>") == 2
    assert "a &lt; b &amp; &quot;c&quot; &lt;/script&gt;2" in page


def test_still_figure_has_text_and_no_controls(static):
    page = html_of(figure(draw_line(1), describe="A rising line."))
    assert "A rising line.</figcaption>" in page
    assert "<input" not in page and "<script" not in page


def test_still_figures_of_a_page_get_names_of_their_own(static):
    pages = [html_of(figure(draw_line(1), describe="A line.")) for _ in range(2)]
    assert 'id="figure"' in pages[0] and 'id="figure-2"' in pages[1]


def test_live_face_redraws_when_a_slider_moves(live):
    explorer = explore(draw_line, describe=describe_line, slope=[-1, 0, 1], shift=[0, 1])
    box = next(iter_widgets(explorer))
    slope, shift, picture = box.children
    before = picture.value
    assert "slope 0, 1 above" in before
    slope.index = 2
    assert "slope 1, 1 above" in picture.value and picture.value != before
    shift.index = 0
    assert "slope 1, 0 above" in picture.value


def test_live_face_says_what_went_wrong_and_keeps_the_sliders(live):
    def draw(x):
        1 / x
        return draw_line(x)

    box = next(iter_widgets(explore(draw, describe="A line.", x=[-1, 1, 0])))
    slider, picture = box.children
    slider.index = 2
    assert "draw(x=0) raised ZeroDivisionError" in picture.value
    slider.index = 0
    assert "<figure" in picture.value


def test_live_face_plays_time(live):
    box = next(iter_widgets(explore(draw_line, describe="A line.", play="slope", slope=[1, 2, 3])))
    play, _slider = box.children[0].children
    assert isinstance(play, ipywidgets.Play) and (play.value, play.max) == (1, 2)


def iter_widgets(explorer):
    id_ = explorer._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]["model_id"]
    yield (
        ipywidgets.widget._instances[id_]
        if hasattr(ipywidgets.widget, "_instances")
        else ipywidgets.Widget.widgets[id_]
    )


def test_a_figure_made_with_pyplot_is_closed(static):
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    def draw(slope):
        fig, ax = plt.subplots()
        ax.plot([0, slope])
        return fig

    assert "<path" in html_of(explore(draw, describe="A line.", slope=[1, 2]))
    assert plt.get_fignums() == []


def raises(x):
    raise KeyError("gone")


@pytest.mark.parametrize("face", ["static", "live"])
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: explore("line", describe="A line.", x=[1]), "draw must be a function"),
        (lambda: explore(draw_line, describe="A line."), "at least one parameter"),
        (lambda: explore(draw_line, describe="A line.", slope=[]), "at least one value"),
        (lambda: explore(draw_line, describe="A line.", slope=3), "sequence of values; got 3"),
        (
            lambda: explore(draw_line, describe="A line.", slope=[1, np.nan]),
            "finite numbers or strings; got nan",
        ),
        (
            lambda: explore(draw_line, describe="A line.", slope=[1, None]),
            "finite numbers or strings; got None",
        ),
        (
            lambda: explore(draw_line, describe="A line.", slope=Slider([1, 1.00001])),
            "shows several of them as '1'",
        ),
        (
            lambda: explore(draw_line, describe="A line.", slope=Slider([1, 2], start=2.4)),
            "got 2.4, the nearest is 2",
        ),
        (
            lambda: explore(draw_line, describe="A line.", play="time", slope=[1]),
            r"one of the parameters \['slope'\]; got 'time'",
        ),
        (lambda: explore(draw_line, describe="A line.", name="My line", slope=[1]), "got 'My line'"),
        (
            lambda: explore(draw_line, describe="", slope=[1]),
            "must return a sentence about the figure; got ''",
        ),
        (
            lambda: explore(draw_line, describe=lambda slope: None, slope=[1]),
            r"describe\(slope=1\) must return a sentence",
        ),
        (lambda: explore(draw_line, describe=raises, slope=[1]), "describe.*raised TypeError"),
        (lambda: explore(raises, describe="A line.", x=[1]), r"draw\(x=1\) raised KeyError: 'gone'"),
        (
            lambda: explore(lambda x: None, describe="A line.", x=[1]),
            "must return a matplotlib Figure; got NoneType",
        ),
        (
            lambda: explore(draw_line, describe="A line.", slope=range(21), shift=range(20)),
            r"21 \(slope\) × 20 \(shift\) makes 420",
        ),
        (lambda: explore(draw_line, describe="A line.", wrong=[1]), "raised TypeError"),
        (lambda: figure(None, describe="Nothing."), "must return a matplotlib Figure; got NoneType"),
        (lambda: panels(4), "1, 2 or 3 panels; got 4"),
    ],
)
def test_misuse_is_refused_in_words(request, face, call, message):
    request.getfixturevalue(face)
    with pytest.raises(ValueError, match=message):
        call()


def ask(question="Where?", answer=lambda slope: 1.0, at=None, **rest):
    return Ask(question, answer, {"slope": 2} if at is None else at, **rest)


@pytest.mark.parametrize("face", ["static", "live"])
@pytest.mark.parametrize(
    ("more", "message"),
    [
        (lambda: dict(handle=Handle(0)), "moves one slider or two"),
        (lambda: dict(handle=Handle(0, x="slope", y="slope")), "moves one slider or two"),
        (lambda: dict(handle=Handle(0, x="size")), r"sliders \['slope'\]; got 'size'"),
        (lambda: dict(handle=Handle(0, x="slope", at=(0, 1))), r"at must be a function .* got \(0, 1\)"),
        (lambda: dict(handle=[Handle(0, x="slope"), Handle(0, y="slope")]), "at most one handle in a panel"),
        (lambda: dict(ask=ask(" ", guess=[1, 2])), "a question must be a sentence; got ' '"),
        (lambda: dict(ask=ask(answer=3, guess=[1, 2])), "answer must be a function .* got 3"),
        (lambda: dict(ask=ask(at=2, guess=[1, 2])), "at must say which values are asked about.* got 2"),
        (lambda: dict(ask=ask()), "give guess=.* or panel="),
        (lambda: dict(ask=ask(guess=[1], panel=0)), "give guess=.* or panel="),
        (lambda: dict(ask=ask(at={"slope": 7}, guess=[1])), r"'slope': \[1, 2\]\); got slope=7"),
        (lambda: dict(ask=ask(at={"size": 1}, guess=[1])), r"\['slope'\]\); got size=1"),
        (lambda: dict(ask=ask(answer=lambda slope: None, guess=[1])), "a finite number; got None"),
        (lambda: dict(ask=ask(answer=lambda slope: "c", guess=["a", "b"])), "one of .*; got 'c'"),
        (lambda: dict(ask=ask(panel=0)), r"answer\(.*\) must return a point \(x, y\); got 1.0"),
        (lambda: dict(ask=ask(panel=2)), "the figure's panels, 0 to 1; got 2"),
        (lambda: dict(ask=ask(guess=[1], hides=3)), "hides must be the names of artists; got 3"),
        (lambda: dict(ask="Where?"), "ask must be an Ask; got 'Where\\?'"),
        (lambda: dict(handle="slope"), "handle must be a Handle, or several; got 'slope'"),
    ],
)
def test_questions_and_handles_that_do_not_fit_are_refused(request, face, more, message):
    request.getfixturevalue(face)
    with pytest.raises(ValueError, match=message):
        explore(draw_line, describe="A line.", slope=[1, 2], **more())


@pytest.mark.parametrize(
    ("handle", "message"),
    [
        (Handle(2, x="slope"), "0 to 1; got 2"),
        (Handle(0, x="slope", at=lambda slope: 1), r"must return a point \(x, y\); got 1"),
        (Handle(0, x="slope", at=lambda slope: (0, np.nan)), "must return a finite point"),
        (
            Handle(1, x="slope", at=lambda slope: (1, 2 * slope)),
            r"'slope': 2.* within the axes of panel 1; got \[1.0, 4.0\]",
        ),
    ],
)
def test_handles_without_a_place_are_refused_by_the_book(static, handle, message):
    with pytest.raises(ValueError, match=message):
        explore(draw_line, describe="A line.", slope=[1, 2], handle=handle)


def test_a_handle_of_words_needs_a_place(static):
    with pytest.raises(ValueError, match="say where the handle stands with at="):
        explore(draw_line, describe="A line.", slope=["a", "b"], handle=Handle(0, x="slope"))


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_handles_stand_where_matplotlib_draws_the_point(static, scale):
    """The place that Python computes, against the marker that matplotlib wrote into the SVG."""

    def draw(x, y):
        fig, (_, right) = panels(2)
        right.plot([x], [y], "o")
        right.set(xlim=(0.5, 20), ylim=(30, 0.1), xscale=scale, yscale=scale)
        return fig

    values = dict(x=[1.0, 3.0, 10.0], y=[0.5, 7.0])
    explorer = explore(draw, describe="A point.", name="point", handle=Handle(1, x="x", y="y"), **values)
    data, page = data_of(explorer), html_of(explorer)
    width, height = (float(v) for v in re.findall(r'viewBox="([^"]+)"', page)[1].split()[2:])
    writer = SvgWriter("point")
    for k, (x, y) in enumerate((x, y) for x in values["x"] for y in values["y"]):
        root = writer.panels(draw(x, y))[1]
        (mark,) = (e.get("d") for g in root.iter("g") if g.get("clip-path") for e in g.iter("path"))
        at = np.array(re.fullmatch(r"M(\S+) (\S+)h.01", mark).groups(), float) / (width, height) - (1, 0)
        assert np.allclose(data["handles"][0]["points"][k], at, atol=6e-4)


def test_named_artists_are_named_in_the_figure(static):
    def draw(slope):
        fig, ax = panels()
        ax.plot([0, slope], gid=show('a "line" & more'))
        return fig

    page = html_of(explore(draw, describe="A line.", slope=[1, 2]))
    assert page.count('data-show="a &quot;line&quot; &amp; more"') == 1
    with pytest.raises(ValueError, match="words that light it up; got ''"):
        show("")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("from -1.5 to (-2, x-1, a-2)", "from −1.5 to (−2, x-1, a-2)"),
        ("5.6e-07 or -1e+12, 2.3e+00", "5.6\u00a0·\u00a010⁻⁷ or −10¹², 2.3"),
        ("1.0e-16, 0xe-1, 1e5, 2e", "1.0\u00a0·\u00a010⁻¹⁶, 0xe-1, 1e5, 2e"),
    ],
)
def test_numbers_are_set_as_books_print_them(written, printed, static):
    assert minus(written) == printed
    still = figure(draw_line(1), describe=written)
    assert f"{printed}</figcaption>" in still._repr_mimebundle_()["text/html"]


def test_a_slider_shows_a_minus_where_the_address_has_a_hyphen(static):
    slider = Slider([-1.5, 0, 1e-6], "shift", unit="m")
    explorer = explore(lambda shift: draw_line(1), describe="A line.", name="line", shift=slider)
    page = html_of(explorer)
    data = json.loads(re.search(r'class="explorer-data">(.*?)</script>', page)[1])
    assert data["shown"] == [["-1.5", "0", "1e-06"]] and data["said"] == [["−1.5 m", "0 m", "10⁻⁶ m"]]


@pytest.mark.parametrize(
    ("turn", "values", "truth", "told"),
    [
        (180, [0, 90, 170], 135, ["45° off", "45° off", "35° off"]),
        (360, [-150, 30, 165], 150, ["60° off", "120° off", "15° off"]),
        (None, [0, 170], 135, ["135° too small", "35° too large"]),
    ],
)
def test_a_direction_is_missed_by_the_smaller_angle(turn, values, truth, told):
    guess = Slider([*values, truth], unit="°")
    ask = Ask("Which way?", lambda slope: truth, {"slope": 1}, guess=guess, turn=turn)
    (verdicts,) = Question(ask, [0], None, {"slope": 1}).verdicts
    assert verdicts[:-1] == [
        f"You said {minus(f'{v}°')}, it is {truth}°; that is {t}." for v, t in zip(values, told)
    ]
    assert verdicts[-1] == f"You said {truth}°, right."


def test_a_zero_has_no_sign():
    slider = Slider(np.round([-0.1, -0.0, 0.1], 1))
    assert slider.shown == ["-0.1", "0", "0.1"] and f"{slider.values[1]:g}" == "0"


def test_one_is_told_in_the_singular():
    days = Slider([-1, 1, 2], unit="days")
    assert [days.text(k) for k in range(3)] == ["−1 day", "1 day", "2 days"]
    assert [Slider([1], unit=unit).text(0) for unit in ("s", "1/s", "mpg")] == ["1 s", "1 1/s", "1 mpg"]


VERDICTS = [
    ([1, 2, 3], 2.0, ["You said 1, it is 2; that is 1 too small.", "You said 2, right."]),
    (
        [-1.0, 0.0],
        0.3,
        ["You said −1, it is 0.3; that is 1.3 too small.", "You said 0, as near as can be, it is 0.3."],
    ),
    (
        [0.01, 0.1, 1, 10],
        0.1,
        ["You said 0.01, it is 0.1; that is 10 times too small.", "You said 0.1, right."],
    ),
    (
        [0, 0.03, 0.3, 3],
        0.9,
        ["You said 0, it is 0.9; that is 0.9 too small.", "You said 0.03, it is 0.9; that is 30 times"],
    ),
    ([0, 5, 30], 27.03, ["You said 0, it is 27; that is 27 too small.", "You said 5, it is 27;"]),
    (
        Slider([0, 50, 200], unit="%"),
        150,
        ["You said 0 %, it is 150 %; that is 150 percentage points too small.", "You said 50 %, it is"],
    ),
    ([0.5, 1.5], 2 / 3, ["You said 0.5, as near as can be, it is 0.7.", "You said 1.5, it is 0.7;"]),
    (["up", "down"], "up", ["You said “up”, right.", "You said “down”, the answer is “up”."]),
]


@pytest.mark.parametrize(("guess", "truth", "texts"), VERDICTS)
def test_guesses_are_judged_alike_in_both_faces(guess, truth, texts, monkeypatch):
    question = Ask("What?", lambda slope: truth, {"slope": 2}, guess=guess, because="So it is.")
    monkeypatch.setenv(_page.FACE, "static")
    monkeypatch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
    data = data_of(explore(draw_line, describe="A line.", slope=[1, 2], ask=question))["ask"]
    for said, text in zip(data["verdicts"][0], texts):
        assert said.startswith(text) and said.endswith(" So it is.")
    assert data["at"] == [1]
    monkeypatch.delenv(_page.FACE)
    box = next(iter_widgets(explore(draw_line, describe="A line.", slope=[1, 2], ask=question)))
    card, slope, _ = box.children
    _, slider, buttons = card.children
    slope.index, slider.index = 0, 0
    buttons.children[0].click()
    assert card.children[-1].value == f"<p role='status'>{texts[0]} So it is.</p>"
    assert slope.index == 1 and len(card.children) == 2


@pytest.mark.parametrize(
    ("guess", "truth", "opening"),
    [
        (Slider([0, 1, 2, 3, 4], start=4), 1, 4),  # where the author says
        (Slider([0, 1, 2, 3, 4], start=1), 1, 2),  # but not at the answer
        ([0, 1, 2, 3, 4], 3.2, 2),
        ([0, 1, 2, 3, 4], 2.1, 3),
        ([1, 2], 2, 0),
    ],
)
def test_a_guess_begins_where_its_slider_starts_but_never_at_the_answer(guess, truth, opening, monkeypatch):
    question = Ask("What?", lambda slope: truth, {"slope": 2}, guess=guess)
    monkeypatch.setenv(_page.FACE, "static")
    monkeypatch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
    page = explore(draw_line, describe="A line.", slope=[1, 2], ask=question)._repr_mimebundle_()["text/html"]
    assert re.search(rf'value="{opening}" id="[\w-]+-guess"', page)
    monkeypatch.delenv(_page.FACE)
    box = next(iter_widgets(explore(draw_line, describe="A line.", slope=[1, 2], ask=question)))
    assert box.children[0].children[1].index == opening


def test_what_gives_the_answer_away_is_hidden_in_a_notebook_too(live):
    def draw(slope):
        fig, ax = panels()
        ax.plot([0, 1], [0, slope], gid=show("answer"))
        return fig

    question = Ask("What?", lambda slope: 1, {"slope": 1}, guess=[1, 2], hides="answer")
    card, _, picture = next(
        iter_widgets(explore(draw, describe="A line.", slope=[1, 2], ask=question))
    ).children
    assert "data-show" not in picture.value
    tell = card.children[-1].children[1]
    assert tell.description == "Just tell me"
    tell.click()
    assert "data-show" in picture.value and "It is 1." in card.children[-1].value


def test_a_mark_in_a_panel_is_two_sliders_in_a_notebook(live):
    question = Ask("Where?", lambda slope: (0.5, slope), {"slope": 2}, panel=0)
    card, _, _ = next(
        iter_widgets(explore(draw_line, describe="A line.", slope=[1, 2], ask=question))
    ).children
    across, up = card.children[1:3]
    assert (across.description, up.description) == ("x", "ŷ")
    assert np.allclose([across.options[0][1], across.options[-1][1]], [0, 1])
    across.index, up.index = len(across.options) // 2, 0
    card.children[-1].children[0].click()
    assert "x: you said 0.5, right. ŷ: you said −3, it is 2; that is 5 too small." in card.children[-1].value


LOOK = """
import io, matplotlib
before = dict(matplotlib.rcParams)
from mlcore.explore import COLORS, panels
assert dict(matplotlib.rcParams) == before
fig, ax = panels()
(line,) = ax.plot([0, 1], label="a")
(dots,) = ax.plot([0, 1], "o", label="b")
ax.set_title("title")
legend = ax.legend()
assert [line.get_color(), dots.get_color()] == [COLORS.fit, COLORS.warn]
assert (line.get_linewidth(), dots.get_markersize()) == (1.8, 5)
assert not legend.get_frame_on() and legend.get_texts()[0].get_fontsize() == 9
assert ax.title.get_fontsize() == 10.5 and not ax.spines["top"].get_visible()
assert ax.contour([[0, 1], [1, 2]]).get_linewidths()[0] == 1.8
assert dict(matplotlib.rcParams) == before
"""


def test_the_book_has_its_look_and_leaves_matplotlib_alone():
    result = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_a_slider_may_stop_between_its_values_where_python_draws(monkeypatch):
    made = {}
    for face in ("static", "live"):
        monkeypatch.setenv(_page.FACE, face)
        between = Slider([0, 1, 10, 100], start=10, between=True, format="{:.0f}")
        explorer = explore(draw_line, describe="A line.", name=face, slope=between, shift=[0.0, 0.5])
        html = html_of(explorer)
        made[face] = json.loads(re.search(r'class="explorer-data">(.*?)</script>', html)[1])
        assert re.findall(r'max="(\d+)"', html) == [str(len(shown) - 1) for shown in made[face]["shown"]]
    assert made["static"]["shown"][0] == ["0", "1", "10", "100"] and made["static"]["start"] == [2, 1]
    assert made["live"]["shown"][0][::8] == ["0", "1", "10", "100"] and made["live"]["start"] == [16, 1]
    assert made["live"]["shown"][0][:3] == ["0", "0.125", "0.25"]
    assert made["live"]["shown"][1] == made["static"]["shown"][1]
    assert made["live"].keys() == made["static"].keys()


def test_a_value_between_is_the_one_that_is_shown():
    finer = Slider([0.3, 0.5, 0.7, 1, 1000 / 3], unit="s", between=True).finer()
    assert [f"{value:.3g}" for value in finer.values] == finer.shown and finer.text(1) == "0.325 s"
    assert finer.values[::8] == [0.3, 0.5, 0.7, 1, 1000 / 3]


def test_red_nothing_is_between_words():
    with pytest.raises(ValueError, match="between words"):
        Slider(["a", "b"], between=True)


@pytest.mark.parametrize(
    "make",
    [
        lambda X, y, values: ridge.ridge_contours(X, y, values, names="ab"),
        lambda X, y, values: ridge.ridge_coefficients(X, y, values, names="ab", marked={}),
        lambda X, y, values: ridge.cloud_directions(X, values, names="ab"),
    ],
)
def test_explorers_whose_sliders_stop_between_compute_there(make):
    X = np.random.default_rng(0).normal(size=(30, 2))
    draw, describe, *_ = make(X, X @ [1.0, 2.0], [1, 20])
    assert len({describe(value) for value in (1, 3.375, 20)}) == 3 and draw(3.375)


def test_imports_go_one_way():
    """Each module of the engine can be imported first."""
    order = ["_paths", "_svg", "_pieces", "_controls", "_frames", "_page", "_live", "_widgets", "_explorer"]
    for module in order:
        source = (ROOT / f"{module}.py").read_text("utf-8")
        used = set(re.findall(r"^ *from mlcore\.explore\.(_\w+)", source, re.M))
        assert used <= set(order[: order.index(module)]), module


@pytest.mark.parametrize(
    ("limit", "value", "what"),
    [
        ("MAX_SECONDS", 0, "seconds; the limit is 0"),
        ("MAX_BYTES", 1000, "gzipped bytes; the limit is 1,000"),
        ("MAX_PAGE_SECONDS", 0, "seconds on this page"),
        ("MAX_PAGE_BYTES", 1000, "gzipped bytes on this page"),
    ],
)
def test_limits_are_enforced_in_the_book(static, monkeypatch, limit, value, what):
    monkeypatch.setattr(_page, limit, value)
    with pytest.raises(ValueError, match=f"explorer 'line' needs .* {what}"):
        explore(draw_line, describe="A line.", name="line", slope=[1, 2])


def test_a_name_stands_once_on_a_page(static):
    explore(draw_line, describe="A line.", name="line", slope=[1])
    with pytest.raises(ValueError, match="'line' is already taken"):
        explore(draw_line, describe="A line.", name="line", slope=[1])


def test_words_of_the_text_are_marked_and_a_name_without_an_artist_is_told(tmp_path, monkeypatch):
    """The role ``{show}`` in a small Sphinx project of its own."""
    from sphinx.application import Sphinx

    monkeypatch.syspath_prepend(str(ROOT.parents[1] / "book" / "_ext"))
    monkeypatch.setenv(_page.FACE, "")
    (tmp_path / "conf.py").write_text("extensions = ['myst_parser', 'explorer']\n", "utf-8")
    text = 'The {show}`level lines` and {show}`the curve <a "b">`.\n'
    svg = '```{raw} html\n<svg><g data-show="level lines"></g></svg>\n```\n'
    (tmp_path / "index.md").write_text(f"# Title\n\n{text}\n{svg}", "utf-8")
    warnings = io.StringIO()
    out = tmp_path / "out"
    Sphinx(tmp_path, tmp_path, out, tmp_path / "trees", "html", status=None, warning=warnings).build()
    page = (out / "index.html").read_text("utf-8")
    assert '<a class="explorer-word" data-show="level lines">level lines</a>' in page
    assert '<a class="explorer-word" data-show="a &quot;b&quot;">the curve</a>' in page
    assert warnings.getvalue().count("WARNING") == 1
    assert "no artist of this page is named 'a \"b\"'" in warnings.getvalue()
