"""The face of an explorer on a published page: HTML that needs no Python.

All frames are drawn once, and a few lines of JavaScript (explorer.js) apply what changes between them.
"""

import gzip
import html
import itertools
import json
import os
import re
import time

from mlcore.explore._controls import values_at
from mlcore.explore._frames import frame
from mlcore.explore._svg import SvgWriter, changes, markup

MAX_SECONDS = 120  # to draw one explorer's frames
MAX_BYTES = 200_000  # of one explorer, gzipped
MAX_PAGE_SECONDS = 300
MAX_PAGE_BYTES = 900_000
LONG = 15  # letters of a slider's value that leave it no room beside them on a phone
CHOICES = 8  # words to guess from, at most, that are all shown

# The book's build sets this variable to "static": its pages must live without a kernel. A kernel that a page
# has in its reader's browser sets it to "live".
FACE = "MLCORE_EXPLORE"

_page = {"names": set(), "seconds": 0.0, "bytes": 0}  # a page is built by one kernel


def served():
    """How a page of the book shows what is made here, "static" or "live"; None in a notebook."""
    return os.environ.get(FACE)


def check_name(name):
    """The name, or a ValueError if it cannot stand in a link."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(
            f"name must be lower-case letters, digits and hyphens, as in 'ridge-path'; got {name!r}"
        )
    return name


def claim_name(name, *, numbered=False):
    """Names are anchors: each stands once on a page."""
    if numbered:
        stem, k = name, 1
        while name in _page["names"]:
            k += 1
            name = f"{stem}-{k}"
    if name in _page["names"]:
        raise ValueError(f"the name {name!r} is already taken on this page; give another with name=")
    _page["names"].add(name)
    return name


def static_face(draw, describe, name, play, sliders, question=None, handles=()):
    """All frames as one picture plus what changes, as HTML."""
    claim_name(name)
    began = time.perf_counter()
    frames, texts, writer, spots = [], [], SvgWriter(name), [[] for _ in handles]
    start, hidden = [slider.start for slider in sliders.values()], []
    for positions in itertools.product(*(range(len(slider.values)) for slider in sliders.values())):
        values = values_at(sliders, positions)
        panels, text, places, fig = frame(writer, draw, describe, values, handles)
        if [*positions] == start:
            first, hidden = len(frames), hidden_at_start(fig, sliders, question, handles)
        for spot, place in zip(spots, places):
            spot.append(place)
        root = panels[0].makeelement("div", {})
        root.extend(panels)
        frames.append(root)
        texts.append(text)
        _limit("seconds", time.perf_counter() - began, MAX_SECONDS, name)
    distinct_texts = list(dict.fromkeys(texts))
    frames_data = {
        "groups": changes(frames),
        "texts": distinct_texts,
        "text": [distinct_texts.index(text) for text in texts],
    }
    page = explorer_html(
        name,
        frames[first],
        writer.definitions,
        texts[first],
        frames_data,
        play,
        sliders,
        question,
        handles,
        spots,
        hidden,
    )
    _page["seconds"] += time.perf_counter() - began
    size = len(gzip.compress(page.encode(), mtime=0))
    _page["bytes"] += size
    _limit("gzipped bytes", size, MAX_BYTES, name)
    _limit("seconds on this page", _page["seconds"], MAX_PAGE_SECONDS, name)
    _limit("gzipped bytes on this page", _page["bytes"], MAX_PAGE_BYTES, name)
    return {"text/html": page, "text/plain": texts[first]}


def _limit(what, value, limit, name):
    if value > limit:
        raise ValueError(
            f"explorer {name!r} needs {value:,.0f} {what}; the limit is {limit:,}. "
            "Take fewer values, fewer points in a curve, or draw less that changes."
        )


def sliders_data(sliders):
    """What the page's script needs to know of sliders."""
    return {
        "shown": [slider.shown for slider in sliders.values()],
        "said": [[slider.text(k) for k in range(len(slider.values))] for slider in sliders.values()],
        "start": [slider.start for slider in sliders.values()],
    }


def hidden_at_start(fig, sliders, question, handles):
    """Of each handle, whether an open question hides what it stands on in `fig`, the frame shown first.

    The question learns which panels of it are next to empty.
    """
    if question is None:
        return [False] * len(handles)
    question.data["emptied"] = question.emptied(fig)
    values = values_at(sliders, [slider.start for slider in sliders.values()])
    return [bool(question.hides) and handle.covered(fig, values, question.hides) for handle in handles]


def handles_data(handles, sliders, spots, hidden):
    """What the page's script needs to know of handles; `spots` are each one's places, frame by frame."""
    keys = list(sliders)
    labels = [slider.label or key for key, slider in sliders.items()]
    return [
        {
            "panel": handle.panel,
            "along": [None if key is None else keys.index(key) for key in (handle.x, handle.y)],
            "weights": [1, 1] if handle.at else [int(handle.x is not None), int(handle.y is not None)],
            "label": ", ".join(labels[keys.index(key)] for key in (handle.x, handle.y) if key is not None),
            "points": points,
        }
        | ({"covered": True} if unseen else {})
        for handle, points, unseen in zip(handles, spots, hidden)
    ]


def explorer_html(name, panels, definitions, text, frames, play, sliders, question, handles, spots, hidden):
    """An explorer's figure: its question, its sliders, a frame drawn; in `frames` what the others change."""
    data = sliders_data(sliders)
    if handles:
        frames["handles"] = handles_data(handles, sliders, spots, hidden)
    if question:
        data["ask"] = question.data
    controls = "".join(
        control_html(name, key, slider, is_time=key == play) for key, slider in sliders.items()
    )
    asked = question_html(name, question) if question else ""
    controls = f'{asked}<div class="explorer-controls" inert>{controls}</div>'
    return figure_html(name, panels, definitions, text, controls, data, frames)


def bound(text):
    """A text whose formulas are not broken at a sign: κ / λ = 10⁶ stays on one line."""
    return re.sub(r" ([=≈<>≤≥+−·/×∝→]) (?=\S)", "\u00a0\\1\u00a0", text)


def control_html(name, key, slider, *, is_time):
    id_, last = f"{name}-{key}", len(slider.values) - 1
    label = html.escape(slider.label or key)
    button = (
        f'<button type="button" class="explorer-play" data-for="{id_}" aria-pressed="false" '
        f'aria-label="play {label}">▶</button>'
        if is_time
        else ""
    )
    longest = max(len(slider.text(position)) for position in range(last + 1))
    room = f' style="--explorer-wide: {longest}ch"' if longest > 7 else ""
    long = " explorer-long" if longest > LONG else ""
    return (
        f'<div class="explorer-control{long}"{room}><label for="{id_}">{label}</label>'
        f'<input type="range" id="{id_}" data-param="{key}" min="0" max="{last}" step="1" '
        f'value="{slider.start}" aria-valuetext="{html.escape(slider.text(slider.start))}">'
        f'<output for="{id_}">{html.escape(slider.text(slider.start))}</output>{button}</div>'
    )


def question_html(name, question):
    """The question, open and answered. To move the figure instead changes words alone, so nothing moves."""
    guess = question.guesses[0]
    moved = "The figure is open. “Ask me again” " + ("covers it." if question.hides else "goes back.")
    if question.panel is None:
        opening = question.openings[0]
        entry = (
            f'<input type="range" min="0" max="{len(guess.values) - 1}" step="1" value="{opening}" '
            f'id="{name}-guess" aria-labelledby="{name}-question" '
            f'aria-valuetext="{html.escape(guess.text(opening))}">'
            f'<output for="{name}-guess">{html.escape(guess.text(opening))}</output>'
        )
        if isinstance(guess.values[0], str) and len(guess.values) <= CHOICES:
            entry += f'<p class="explorer-choices">{html.escape(" · ".join(guess.values))}</p>'
        scale = '<div class="explorer-scale" aria-hidden="true"><i></i><i></i></div>'
    else:
        entry = "<p>Tap in the figure, drag the mark, or move it with the arrow keys.</p>"
        scale = ""
    return (
        f'<div class="explorer-ask" role="group" aria-labelledby="{name}-question" inert>'
        f'<p class="explorer-question" id="{name}-question"><span>Predict, then see</span> '
        f"{html.escape(bound(question.text))}</p>"
        f'<div class="explorer-open"><div class="explorer-guess">{entry}'
        f'<p class="explorer-moved">{moved}</p></div>'
        '<button type="button" class="explorer-see">Show me</button>'
        '<button type="button" class="explorer-tell">Just tell me</button></div>'
        f'<div class="explorer-done"><div>{scale}<p role="status"></p></div>'
        '<button type="button" class="explorer-again">Ask me again</button></div></div>'
    )


def figure_html(name, panels, definitions, text, controls="", data=None, frames=None):
    """The figure as it stands on the page; explorer.js wakes the controls where it can serve them.

    ``data`` is what they need at once, ``frames`` what they need to change the figure.
    """
    scripts = longest = ""
    if data is not None:
        scripts = f"{json_html('explorer-data', data)}{json_html('explorer-frames', frames)}"
        longest = f' data-longest="{html.escape(max(frames["texts"], key=len))}"'
    still = "" if data is not None else " explorer-still"
    return (
        f'<figure class="explorer{still}" id="{name}">{controls}{stage_html(name, panels, definitions)}'
        f'<figcaption class="explorer-text" id="{name}-text" aria-live="polite"{longest}>'
        f"{html.escape(text)}</figcaption>{scripts}</figure>"
    )


def stage_html(name, panels, definitions):
    """The drawing, described by the figure's text."""
    return (
        '<div class="explorer-stage"><svg class="explorer-defs" aria-hidden="true">'
        f"<defs>{markup(*definitions.values())}</defs></svg>"
        f'<div class="explorer-panels" role="img" aria-labelledby="{name}-text">{markup(*panels)}</div></div>'
    )


def json_html(kind, data):
    coded = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" class="{kind}">{coded}</script>'
