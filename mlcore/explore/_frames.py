"""One frame of an explorer: the author's functions, called and checked."""

import gc
from functools import wraps

from matplotlib.figure import Figure

from mlcore.explore._svg import in_style, printed


def collected(function):
    """The function, with what it leaves behind cleared away when it returns, and not before.

    A figure is thousands of objects that refer to each other. Python, which looks for such as nobody needs
    whenever it has made some hundreds, would look through a figure over and over: a third of a frame's time.
    """

    @wraps(function)
    def undisturbed(*args, **kwargs):
        enabled = gc.isenabled()
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            gc.collect(1)
            if enabled:
                gc.enable()

    return undisturbed


@collected
def frame(writer, draw, describe, values, handles=()):
    """One frame as a page shows it: its panels, its description, its handles' points, and its figure."""
    fig, text = render(draw, describe, values)
    return writer.panels(fig), text, [handle.spot(fig, values) for handle in handles], fig


def render(draw, describe, values):
    """One frame: its figure and its description, in which numbers are set as books print them.

    Raises
    ------
    ValueError
        If ``draw`` raises or returns no figure, or ``describe`` raises or returns no text.
    """
    fig = draw_figure(draw, values)
    text = describe if isinstance(describe, str) else _call(describe, "describe", values)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(
            f"describe{_arguments(values)} must return a sentence about the figure; got {text!r}"
        )
    return fig, printed(text.strip())


@in_style
def draw_figure(draw, values):
    """The figure for some values of the sliders, out of pyplot's hands."""
    fig = _call(draw, "draw", values)
    if not isinstance(fig, Figure):
        raise ValueError(
            f"draw{_arguments(values)} must return a matplotlib Figure; got {type(fig).__name__}. "
            "Is 'return fig' missing?"
        )
    if hasattr(fig, "number"):  # made by pyplot, which would keep it
        import matplotlib.pyplot as plt

        plt.close(fig)
    return fig


def _arguments(values):
    return f"({', '.join(f'{key}={value!r}' for key, value in values.items())})"


def _call(function, role, values):
    try:
        return function(**values)
    except Exception as error:
        raise ValueError(f"{role}{_arguments(values)} raised {type(error).__name__}: {error}") from error
