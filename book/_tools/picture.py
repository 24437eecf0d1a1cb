"""Draws the README's picture, the same thirty points and three kernel widths. `make picture` stores it."""

import re
from importlib.resources import files
from pathlib import Path

import numpy as np

from mlcore.explore import COLORS, panels
from mlcore.explore._svg import SvgWriter, markup
from mlcore.explore.chapters.intro import bumps_on, thirty_points

PLACE = Path(__file__).resolve().parents[1] / "_assets" / "readme.svg"
WIDTHS = (
    (0.05, "λ = 0.05: it follows the noise"),
    (1.0, "λ = 1: about right"),
    (200.0, "λ = 200: it can hardly bend"),
)


def draw():
    X, y = thirty_points()
    x = np.linspace(0, 4, 200)
    fig, axes = panels(3)
    for ax, (lam, title) in zip(axes, WIDTHS):
        ax.plot(x, np.sin(np.pi * x / 2), ":", color=COLORS.truth)
        ax.plot(X[:, 0], y, "o", color=COLORS.data, markersize=4)
        ax.plot(x, bumps_on(X, y, lam)(x), color=COLORS.fit)
        ax.set(xlim=(-0.1, 4.1), ylim=(-2.2, 2.2), xlabel="x", title=title)
    return fig


def picture():
    """The picture as SVG, which follows the reader's light or dark theme."""
    writer, pictures = SvgWriter("readme"), []
    for panel in writer.panels(draw()):
        x, _y, width, height = map(float, panel.get("viewBox").split())
        panel.attrib |= {"x": f"{x:g}", "width": f"{width:g}", "height": f"{height:g}"}
        pictures.append(markup(panel))
    light = "".join(f"--explorer-{name}:{value};" for name, value in vars(COLORS).items())
    css = files("mlcore.explore").joinpath("explorer.css").read_text("utf-8")
    dark = "".join(re.findall(r"--explorer-(?!paper)[a-z]+:\s*#[0-9a-f]{6};", css))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x + width:g} {height:g}" role="img">'
        "<title>Radial basis functions fitted to the same thirty points with three kernel widths</title>"
        f"<style>svg{{{light}color:#1f2328;fill:currentColor;font-family:system-ui,sans-serif}}"
        f"@media(prefers-color-scheme:dark){{svg{{{dark}color:#e6edf3}}}}</style>"
        f"<defs>{markup(*writer.definitions.values())}</defs>{''.join(pictures)}</svg>\n"
    )


if __name__ == "__main__":
    PLACE.write_text(picture(), "utf-8")
