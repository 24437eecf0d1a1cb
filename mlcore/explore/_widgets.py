"""The face of an explorer in a running notebook: ipywidgets, and a figure drawn anew by Python."""

import html
from importlib.resources import files

import ipywidgets

from mlcore.explore._frames import render
from mlcore.explore._page import figure_html
from mlcore.explore._svg import SvgWriter


def widget_face(draw, describe, name, play, sliders, question=None):
    """Sliders above a figure that follows them; arguments as in :func:`mlcore.explore.explore`."""
    style = f"<style>{files('mlcore.explore').joinpath('explorer.css').read_text('utf-8')}</style>"
    picture = ipywidgets.HTML()
    controls = {key: _slider(slider, slider.label or key, slider.start) for key, slider in sliders.items()}
    hidden = set(question.hides) if question else set()

    def redraw(change=None):
        values = {key: control.value for key, control in controls.items()}
        try:
            fig, text = render(draw, describe, values)
            for artist in fig.findobj(lambda artist: artist.get_gid() in hidden):
                artist.set_visible(False)
            writer = SvgWriter(f"live-{name}")
            picture.value = style + figure_html(writer.prefix, writer.panels(fig), writer.definitions, text)
        except ValueError as error:
            if change is None:
                raise
            picture.value = (
                f"<p role='alert'><b>{error}</b></p>"  # the sliders stay, so the reader can go back
            )

    redraw()
    rows = []
    for key, control in controls.items():
        control.observe(redraw, names="value")
        if key != play:
            rows.append(control)
            continue
        button = ipywidgets.Play(max=len(sliders[key].values) - 1, value=sliders[key].start, interval=300)
        ipywidgets.jslink((button, "value"), (control, "index"))
        rows.append(ipywidgets.HBox([button, control]))
    if question:
        rows.insert(0, _question(question, list(controls.values()), hidden, redraw))
    return ipywidgets.VBox([*rows, picture])


def _slider(slider, label, start):
    return ipywidgets.SelectionSlider(
        options=[(slider.text(k), value) for k, value in enumerate(slider.values)],
        index=start,
        description=label,
        style={"description_width": "initial"},
        layout={"width": "min(100%, 34em)"},
    )


def _question(question, controls, hidden, redraw):
    """The question with its sliders and two buttons, which then give way to the verdict."""
    guesses = [
        _slider(guess, guess.label or "your guess", opening)
        for guess, opening in zip(question.guesses, question.openings)
    ]
    see, tell = (ipywidgets.Button(description=text) for text in ("Show me", "Just tell me"))
    see.button_style = "primary"
    box = ipywidgets.VBox(
        [ipywidgets.HTML(f"<b>{html.escape(question.text)}</b>"), *guesses, ipywidgets.HBox([see, tell])]
    )

    def close(text):
        hidden.clear()
        box.children = [box.children[0], ipywidgets.HTML(f"<p role='status'>{html.escape(text)}</p>")]

    def answer(_):
        close(" ".join(texts[guess.index] for texts, guess in zip(question.verdicts, guesses)))
        for control, position in zip(controls, question.positions):
            control.index = position
        redraw()

    def dismiss(_):
        close(question.right)
        redraw()

    see.on_click(answer)
    tell.on_click(dismiss)
    return box
