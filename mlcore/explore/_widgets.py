"""The face of an explorer in a running notebook: ipywidgets, and a figure drawn anew by Python."""

from importlib.resources import files

import ipywidgets

from mlcore.explore._explorer import figure_html, render
from mlcore.explore._svg import SvgWriter


def widget_face(draw, describe, name, play, sliders):
    """Sliders above a figure that follows them; arguments as in :func:`mlcore.explore.explore`."""
    style = f"<style>{files('mlcore.explore').joinpath('explorer.css').read_text('utf-8')}</style>"
    picture = ipywidgets.HTML()
    controls = {
        key: ipywidgets.SelectionSlider(
            options=[(slider.text(k), value) for k, value in enumerate(slider.values)],
            index=slider.start,
            description=slider.label or key,
            style={"description_width": "initial"},
            layout={"width": "min(100%, 34em)"},
        )
        for key, slider in sliders.items()
    }

    def redraw(change=None):
        values = {key: control.value for key, control in controls.items()}
        try:
            writer = SvgWriter(f"live-{name}")
            panels, text = render(draw, describe, values, writer)
            picture.value = style + figure_html(writer.prefix, panels, writer.definitions, text)
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
    return ipywidgets.VBox([*rows, picture])
