"""What playgrounds share: figures whose points the reader moves, with no Python behind them.

The axes and the start are drawn by matplotlib, as everything in the book is. What moves is drawn in the page,
by playground.js and the script of its kind, with the plain forms of plain_fits.js; sliders, handles and the
question are those of explorer.js. The same HTML and scripts serve a page and a notebook.
"""

import html
from pathlib import Path

import numpy as np

import mlcore._checks as check
from mlcore.explore._explorer import Explorer
from mlcore.explore._page import (
    check_name,
    claim_name,
    control_html,
    json_html,
    question_html,
    served,
    sliders_data,
    stage_html,
)
from mlcore.explore._svg import COLORS, SvgWriter, panel_axes, show
from mlcore.teach import minus

HERE = Path(__file__).parent
BESIDE = ("moved.js", "explorer.css", "explorer.js")  # what every page of the book has
NEEDED = ("playground.css", "plain.js", "plain_fits.js", "playground.js")  # before the script of a kind
MAX_POINTS = 200
PARTS = 4  # of an axis
BUTTONS = {"add": "Add a point", "remove": "Remove it", "undo": "Undo", "reset": "Start again"}
SIGNS = "●■▲"  # of the classes, as playground.js draws them


def playground(
    kind,
    fig,
    *,
    name,
    sliders,
    points,
    axes,
    columns,
    how,
    numbers,
    text,
    longest,
    chosen,
    classes=(),
    colors=(),
    question=None,
    hidden=None,
    needs=(),
    limits=None,
    lead="<b>Drag a point;</b> a finger taps it first. A tap or a click elsewhere adds one.",
    rare=(),
    above="",
    below="",
    after="",
    **data,
):
    """A figure whose points the reader moves.

    Parameters
    ----------
    kind : str
        Its script is ``<kind>.js``.
    fig : matplotlib.figure.Figure
        The start. Its left panel holds the points, in artists named ``points`` or, where they have classes,
        ``points-0``, ``points-1``, …; see `number_axes`.
    name : str
        Names the playground in links.
    sliders : dict of Slider
        By parameter; one whose values are words is a list to choose from.
    points : list of [x, y] or [x, y, k]
        k is the number of the class.
    axes : list of float
        Limits of the left panel, x and then y.
    columns : sequence of str
        Their names, as in a table of the points.
    how : str
        What else the reader can do, said above the figure.
    numbers : dict of str
        What is shown as bars, by the name that the script has for it.
    text : str
        What the figure shows at the start.
    longest, chosen : str
        The longest text, and the longest about a chosen point, for which the page keeps the place.
    classes, colors : sequences of str
        As many as can be; some may have no points.
    question : Question, optional
    hidden : int, optional
        A panel that is not seen at the start.
    needs : sequence of str
        Further files of this folder that the script needs.
    limits : dict, optional
        Further limits for the script.
    lead : str
        What to do first, as HTML.
    rare : sequence of str
        The sliders, the last ones, that stand folded away.
    above, below, after : str
        HTML of the kind's own: above and below the drawing, and after the text.
    **data
        What else it is told.

    Returns
    -------
    Explorer
    """
    name = check_name(name)
    writer = SvgWriter(name)
    drawn = writer.panels(fig)
    if hidden is not None:
        drawn[hidden].set("hidden", "")
    data |= sliders_data(sliders) | {
        "points": points,
        "axes": [float(value) for value in axes],
        "boxes": [_box(ax, fig) for ax in panel_axes(fig)],
        "columns": list(columns),
        "classes": list(classes),
        "limits": {"points": MAX_POINTS, "parts": PARTS} | (limits or {}),
    }
    if question:
        data["ask"] = question.data
    files, live = [*NEEDED, *needs, f"{kind}.js"], bool(served())
    scripts = [file for file in files if file.endswith(".js")]
    page = _html(
        name,
        f'data-kind="{kind}"' + (f' data-needs="{" ".join(scripts)}"' if live else ""),
        question_html(name, question) if question else "",
        _controls_html(name, sliders, rare),
        f'<p class="playground-how">{lead} <span>{how}</span></p>{above}',
        stage_html(name, drawn, writer.definitions) + below,
        _bars_html(numbers),
        f'<p class="explorer-text" id="{name}-text" aria-live="polite" data-longest="{html.escape(longest)}">'
        f"{html.escape(text)}</p>{after}",
        _classes_html(name, classes, colors),
        chosen,
        columns,
        json_html("explorer-data", data),
    )
    if live:
        claim_name(name)
    else:
        texts = {file: (HERE / file).read_text("utf-8") for file in (*BESIDE, *files)}
        style, script = (
            "\n".join(text for file, text in texts.items() if file.endswith(ending))
            for ending in (".css", ".js")
        )
        page = f"<style>{style}</style>{page}<script>{script}</script>"
    return Explorer({"text/html": page, "text/plain": text})


def check_points(columns, limits):
    """Refuse too few or too many points at the start, and points off the axes: x and y, and their limits."""
    count = len(columns[0])
    check.expect(3 <= count <= MAX_POINTS, f"a playground starts with 3 to {MAX_POINTS} points", count)
    for values, (low, high), axis in zip(columns, limits, "xy"):
        inside = low <= values.min() and values.max() <= high
        what = f"all points must lie within {axis}lim {(low, high)}"
        check.expect(inside, what, (values.min().item(), values.max().item()))


def near(values, value, name):
    """The one of the values that is next to a start; an error if that lies beyond them."""
    low, high = values[0], values[-1]
    check.expect(low <= value <= high, f"{name} must be from {low:g} to {high:g}", value)
    return min(values, key=lambda one: abs(one - value))


def number_axes(ax, xlim, ylim):
    """Limits, and numbers that the script can change."""
    ax.set(xlim=xlim, ylim=ylim)
    for axis, limits, letter in ((ax.xaxis, xlim, "x"), (ax.yaxis, ylim, "y")):
        ticks = np.linspace(*limits, PARTS + 1)
        axis.set_ticks(ticks, [minus(f"{tick:g}") for tick in ticks])
        for k, label in enumerate(axis.get_ticklabels()):
            label.set_gid(show(f"{letter}-tick-{k}"))


def _box(ax, fig):
    """Left, top, right and bottom of the axes, in units of the drawing."""
    (width, height), box = 72 * fig.get_size_inches(), ax.get_position()
    sides = (box.x0 * width, (1 - box.y1) * height, box.x1 * width, (1 - box.y0) * height)
    return [round(float(side), 2) for side in sides]


def _controls_html(name, sliders, rare):
    controls = []
    for key, slider in sliders.items():
        if not isinstance(slider.values[0], str):
            controls.append(control_html(name, key, slider, is_time=False))
            continue
        options = "".join(
            f'<option value="{k}"{" selected" * (k == slider.start)}>{html.escape(one)}</option>'
            for k, one in enumerate(slider.values)
        )
        controls.append(
            f'<div class="explorer-control"><label for="{name}-{key}">{slider.label}</label>'
            f'<select id="{name}-{key}" data-param="{key}">{options}</select></div>'
        )
    first, folded = "".join(controls[: len(controls) - len(rare)]), "".join(controls[-len(rare) :])
    page = f'<div class="explorer-controls" inert>{first}</div>'
    if rare:
        page += '<details class="playground-rare" inert><summary>More settings</summary>'
        page += f'<div class="explorer-controls">{folded}</div></details>'
    return page


def _bars_html(numbers):
    return "".join(
        f'<div class="playground-{key}"><dt>{words}</dt><dd><b><i></i></b><output>–</output></dd></div>'
        for key, words in numbers.items()
    )


def _classes_html(name, classes, colors):
    if not classes:
        return ""
    choices = "".join(
        f'<label><input type="radio" name="{name}-kind" value="{k}"{" checked" * (k == 0)}>'
        f'<i style="color: var(--explorer-{color}, {vars(COLORS)[color]})" aria-hidden="true">{SIGNS[k]}</i>'
        f"<span>{html.escape(one)}</span></label>"
        for k, (one, color) in enumerate(zip(classes, colors))
    )
    return (
        '<fieldset class="playground-kinds"><legend>Class of the chosen point and of new ones</legend>'
        f"{choices}</fieldset>"
    )


def _html(name, kind, asked, controls, how, stage, bars, text, kinds, chosen, columns, data):
    buttons = "".join(
        f'<button type="button" class="playground-{key}">{words}</button>' for key, words in BUTTONS.items()
    )
    digits = f"{'1, 2 and 3' if kinds.count('<label>') > 2 else '1 and 2'} set its class, "
    keys = (
        "By keyboard: Page Up and Page Down choose a point, arrows move it (with Shift, further), Enter adds "
        f"one, {kinds and digits}Delete removes it, Ctrl+Z undoes and Ctrl+Y does again."
    )
    table = f"{ {2: 'Two', 3: 'Three'}[len(columns)] } columns, {', '.join(columns[:-1])} and {columns[-1]}"
    return (
        f'<figure class="explorer playground" id="{name}" {kind} data-lm-suppress-shortcuts="true">'
        "<noscript><p>To move the points takes JavaScript.</p></noscript>"
        f"{asked}{controls}{how}{stage}"
        f'<dl class="playground-bars" data-show="errors" inert>{bars}</dl>'
        f"{text}"
        f'<div class="playground-tools playground-hand" inert>{kinds}<div>{buttons}</div></div>'
        '<div class="playground-tools" inert>'
        f'<p class="playground-status" role="status" data-longest="{chosen}"></p>'
        f'<p class="playground-keys" id="{name}-keys">{keys}</p>'
        '<details class="playground-own"><summary>Your own data</summary>'
        f'<label for="{name}-own">{table}, a point a line</label>'
        f'<textarea id="{name}-own" rows="8" spellcheck="false" autocomplete="off"></textarea>'
        '<div><button type="button" class="playground-take">Use these points</button>'
        '<button type="button" class="playground-csv">Save as CSV</button></div>'
        '<p class="playground-problems" role="status"></p></details>'
        '<details class="playground-python"><summary>The same in Python</summary>'
        '<pre tabindex="0" role="region" aria-label="Python"></pre>'
        '<div><button type="button" class="playground-copy">Copy</button>'
        '<button type="button" class="playground-save">Save as a file</button></div></details></div>'
        f"{data}</figure>"
    )
