"""What a reader moves: sliders, handles in a panel, and a guess before the figure answers."""

import math
import re
from numbers import Real

import numpy as np
from matplotlib.lines import Line2D

from mlcore.explore._svg import apostrophes, beyond, panel_axes, place, printed, show
from mlcore.teach import minus

_MARKS = 41  # places along an axis at which a reader can set a mark
_CLEAR = 0.13  # of a panel's height, to either side of words in it: half a handle and half a line
_BETWEEN = 8  # steps from one value of a slider to the next, where it may stop between them


class Slider:
    """The values that one parameter of a drawing can take.

    Parameters
    ----------
    values : sequence of float or of str
        In the order in which the slider runs through them.
    label : str, optional
        What the reader sees; the parameter's name if not given.
    start : float or str, optional
        The value shown first, one of ``values``; the middle one if not given.
    unit : str
        Written behind the value.
    format : str
        How a number is shown, as for ``str.format``. Two values may not look the same.
    between : bool
        Whether the slider also stops between the values where Python draws each frame: in a running notebook,
        and on a page whose reader runs its code. For explorers whose functions compute what they show of any
        value, not for those that look it up.

    Raises
    ------
    ValueError
        If there are no values, one is not finite, two look the same, ``start`` is none of them, or there is
        nothing between them.
    """

    def __init__(self, values, label=None, *, start=None, unit="", format="{:.4g}", between=False):
        try:
            self.values = [value.item() if isinstance(value, np.generic) else value for value in values]
            self.values = [abs(value) if value == 0 else value for value in self.values]  # a zero has no sign
        except TypeError:
            raise ValueError(f"a slider needs a sequence of values; got {values!r}") from None
        if not self.values:
            raise ValueError("a slider needs at least one value; got an empty sequence")
        for value in self.values:
            if not isinstance(value, str) and not (isinstance(value, Real) and math.isfinite(value)):
                raise ValueError(f"a slider's values must be finite numbers or strings; got {value!r}")
        if between and isinstance(self.values[0], str):
            raise ValueError(f"there is nothing between words; got between=True with {self.values}")
        self.label, self.unit, self.format, self.between = label and apostrophes(label), unit, format, between
        self.shown = [value if isinstance(value, str) else format.format(value) for value in self.values]
        twins = sorted({text for text in self.shown if self.shown.count(text) > 1})
        if twins:
            raise ValueError(
                f"a slider's values must look different; format {format!r} "
                f"shows several of them as {twins[0]!r}"
            )
        if start is None:
            self.start = len(self.values) // 2
        elif start in self.values:
            self.start = self.values.index(start)
        else:
            numbers = [value for value in self.values if not isinstance(value, str)]
            near = (
                min(numbers, key=lambda value: abs(value - start))
                if numbers and isinstance(start, Real)
                else self.values
            )
            raise ValueError(
                f"start must be one of the slider's values; got {start!r}, the nearest is {near!r}"
            )

    def text(self, k):
        """Value number ``k`` as the reader sees it."""
        return minus(_with_unit(self.shown[k], self.unit))

    def finer(self):
        """The slider where Python draws each frame: with more values, if it may stop between them."""
        if not self.between:
            return self
        steps = np.arange(_BETWEEN * (len(self.values) - 1) + 1) / _BETWEEN
        form = _telling(between := np.interp(steps, range(len(self.values)), self.values))
        values = [float(form.format(value)) for value in between]  # as they are shown
        values[::_BETWEEN] = self.values
        return Slider(values, self.label, start=self.values[self.start], unit=self.unit, format=form)


def values_at(sliders, positions):
    """What `draw` gets with the sliders at these positions, by its arguments' names."""
    return {key: slider.values[k] for (key, slider), k in zip(sliders.items(), positions)}


class Handle:
    """A point in a panel that the reader drags, taps to, or moves with the arrow keys.

    It moves one or two sliders; the frame whose point is nearest is shown. On the published page only: in a
    running notebook the sliders do the work.

    Parameters
    ----------
    panel : int
        Counted from 0.
    x, y : str, optional
        The parameters that move when the point goes across or up. At least one.
    at : callable, optional
        ``at(**values)`` returns where the point stands, (x, y) in the panel's data coordinates. If not given,
        the coordinates are the sliders' values; with one slider the point stands beside an edge of the axes.

    Raises
    ------
    ValueError
        If neither ``x`` nor ``y`` is given, both are the same, or ``at`` cannot be called.
    """

    def __init__(self, panel=0, *, x=None, y=None, at=None):
        if x == y:
            raise ValueError(f"a handle moves one slider or two: give x=, y= or both; got x={x!r}, y={y!r}")
        if at is not None and not callable(at):
            raise ValueError(f"at must be a function that returns (x, y); got {at!r}")
        self.panel, self.x, self.y, self.at = panel, x, y, at

    def check(self, sliders):
        """Refuse a handle that does not fit the explorer's sliders."""
        for key in (self.x, self.y):
            if key is None:
                continue
            if key not in sliders:
                raise ValueError(f"a handle moves the explorer's sliders {sorted(sliders)}; got {key!r}")
            if self.at is None and isinstance(sliders[key].values[0], str):
                raise ValueError(f"the values of {key!r} are words: say where the handle stands with at=")

    def spot(self, fig, values):
        """Where the point stands in a frame, as ``place`` has it."""
        _check_panel(self.panel, fig)
        if self.at is None:
            return place(fig, self.panel, values.get(self.x), values.get(self.y))
        point = _check_point(self.at(**values), f"at({values})")
        if beyond(fig, self.panel, *point):
            raise ValueError(
                f"at({values}) must return a point within the axes of panel {self.panel}; got {point}. "
                "Take wider limits."
            )
        return place(fig, self.panel, *point)

    def covered(self, fig, values, hides):
        """Whether the mark of a frame on which the point stands is one that an open question hides."""
        spot, ax = self.spot(fig, values), panel_axes(fig)[self.panel]
        marks = [line for line in ax.lines if line.get_marker() not in ("None", "none", "", " ", None)]
        here = {
            line.get_gid() in hides
            for line in marks
            if any(np.allclose(place(fig, self.panel, *one), spot, atol=2e-4) for one in line.get_xydata())
        }
        return here == {True}


class Ask:
    """A question to the reader, before the figure answers it.

    The reader guesses, with a slider or by a mark in a panel; then the figure moves to the values that the
    question is about, and words say how far off the guess was. One tap has the answer told without a guess;
    a move of the figure uncovers it, and no words say what is right. Who has answered, or comes by a link to
    a position, is not asked.

    Parameters
    ----------
    question : str
    answer : callable
        ``answer(**values)`` returns what is right: a number, one of the words to choose from, or (x, y) in
        the data coordinates of ``panel``.
    at : dict
        The values that the question is about; parameters left out stay where they start.
    guess : Slider or sequence, optional
        What the reader can choose from,
    panel : int, optional
        or the panel in which the reader sets a mark: one of the two.
    hides : sequence of str
        Names of artists (:func:`show`) that would give the answer away: unseen while the question is open.
    because : str
        The reason, said with the answer.
    says : callable, optional
        ``says(value)`` is the sentence on a guess; if not given, it says how far off this is.
    turn : float, optional
        After so much the values come back to where they were, as angles do after 360: a guess is off by the
        shorter way.

    Raises
    ------
    ValueError
        If a part is missing or is not what it should be.
    """

    def __init__(
        self, question, answer, at, *, guess=None, panel=None, hides=(), because="", says=None, turn=None
    ):
        if not isinstance(question, str) or not question.strip():
            raise ValueError(f"a question must be a sentence; got {question!r}")
        if not callable(answer):
            raise ValueError(f"answer must be a function of the sliders' values; got {answer!r}")
        if not isinstance(at, dict) or not at:
            raise ValueError(f"at must say which values are asked about, as in {{'delta': 10}}; got {at!r}")
        if (guess is None) == (panel is None):
            raise ValueError("give guess=, the values to choose from, or panel=, where to set a mark")
        if isinstance(hides, str):
            hides = [hides]
        if not isinstance(hides, (list, tuple)):
            raise ValueError(f"hides must be the names of artists; got {hides!r}")
        self.question, self.answer, self.at, self.because = question.strip(), answer, at, because.strip()
        self.guess = guess if guess is None or isinstance(guess, Slider) else Slider(guess)
        self.says, self.panel, self.turn = says, panel, turn
        self.names, self.hides = list(hides), [show(name) for name in hides]

    def positions(self, sliders):
        """The sliders' positions for the values that the question is about."""
        positions = {key: slider.start for key, slider in sliders.items()}
        for key, value in self.at.items():
            if key not in sliders or value not in sliders[key].values:
                known = f"{key!r}: {sliders[key].values}" if key in sliders else sorted(sliders)
                raise ValueError(f"at must take its values from the sliders ({known}); got {key}={value!r}")
            positions[key] = sliders[key].values.index(value)
        return list(positions.values())

    def settle(self, fig, values):
        """What may be guessed, and what is right.

        Parameters
        ----------
        fig : matplotlib.figure.Figure
            Drawn for the values that the question is about.
        values : dict

        Returns
        -------
        guesses : list of Slider
            One, or those across and up of a mark in a panel.
        truth : list
            What is right for each.
        """
        truth = self.answer(**values)
        if self.panel is None:
            words = isinstance(self.guess.values[0], str)
            if truth not in self.guess.values if words else not _is_number(truth):
                wanted = f"one of {self.guess.values}" if words else "a finite number"
                raise ValueError(f"answer({values}) must return {wanted}; got {truth!r}")
            return [self.guess], [truth]
        _check_panel(self.panel, fig)
        ax = panel_axes(fig)[self.panel]
        steps = np.linspace(0, 1, _MARKS)
        marks = (ax.transAxes + ax.transData.inverted()).transform(np.column_stack((steps, steps)))  # (n, 2)
        guesses = []
        for column, label in zip(marks.T, (ax.get_xlabel(), ax.get_ylabel())):
            column = np.where(np.abs(column) < 1e-9 * np.ptp(column), 0.0, column)  # but for rounding
            guesses.append(Slider(column, label, format=_telling(column)))
        return guesses, _check_point(truth, f"answer({values})")


class Question:
    """An :class:`Ask` made ready: what may be guessed, what is right, and what is said to each guess.

    Parameters
    ----------
    ask : Ask
    positions : list of int
        Of the sliders, for the values that the question is about.
    fig : matplotlib.figure.Figure
        Drawn for these values.
    values : dict
    """

    def __init__(self, ask, positions, fig, values):
        self.text, self.panel, self.hides, self.positions = (
            printed(ask.question),
            ask.panel,
            ask.hides,
            positions,
        )
        self.guesses, self.truth = ask.settle(fig, values)
        if ask.panel is None:
            self.truth = [_sayable(self.guesses[0], self.truth[0])]
        self.openings = [_opening(guess, truth) for guess, truth in zip(self.guesses, self.truth)]
        marked = self.panel is not None
        if ask.says:
            verdicts = [[ask.says(value) for value in self.guesses[0].values]]
        else:
            verdicts = [
                _verdicts(g, t, named=marked, turn=ask.turn) for g, t in zip(self.guesses, self.truth)
            ]
        because = printed(ask.because)
        self.verdicts = [[f"{printed(text)} {because}".rstrip() for text in verdicts[-1]]]
        if marked:
            self.verdicts.insert(0, verdicts[0])
        right = ", ".join(
            f"{guess.label} is {_text(guess, truth)}"
            if marked
            else f"{_subject(truth)} is {_text(guess, truth)}"
            for guess, truth in zip(self.guesses, self.truth)
        )
        self.right = f"{_capital(right)}. {because}".rstrip()
        self.data = {"at": positions, "verdicts": self.verdicts, "right": self.right, "hides": ask.names}
        self.data["opening"] = self.openings
        self.data["shown"] = [[guess.text(k) for k in range(len(guess.values))] for guess in self.guesses]
        if marked:
            steps = np.linspace(0, 1, _MARKS)
            ax = panel_axes(fig)[self.panel]
            corners = [place(fig, self.panel, x, y) for x, y in zip(ax.get_xlim(), ax.get_ylim())]
            self.data["panel"] = self.panel
            self.data["label"] = " and ".join(guess.label for guess in self.guesses)
            self.data["marks"] = [
                [round(a + t * (b - a), 4) for t in steps.tolist()] for a, b in zip(*corners)
            ]
            self.data["truth"] = place(fig, self.panel, *self.truth)
        elif not isinstance(self.truth[0], str):
            self.data["truth"] = round(float(np.interp(self.truth[0], *_rising(self.guesses[0].values))), 3)
        else:
            self.data["truth"] = self.guesses[0].values.index(self.truth[0])

    def emptied(self, fig):
        """Of each panel in which next to nothing is seen while the question is open, where it can say so.

        What is left may be single points, straight lines and letters. In a panel to set a mark in, the mark
        says what it is for.

        Parameters
        ----------
        fig : matplotlib.figure.Figure
            Drawn for the values at which the sliders start.

        Returns
        -------
        list of [panel, x, y]
            As ``place`` has it, clear of points, on which handles stand, and of lines that run through words.
        """
        found = []
        for k, ax in enumerate(panel_axes(fig)):
            artists = [*ax.lines, *ax.collections, *ax.patches, *ax.images]
            left = [artist for artist in artists if artist.get_gid() not in self.hides]
            bare = all(isinstance(artist, Line2D) and len(artist.get_xydata()) <= 2 for artist in left)
            if k == self.panel or len(left) == len(artists) or not bare or not ax.axison:
                continue
            to_axes = ax.transAxes.inverted().transform
            points = [line.get_transform().transform(line.get_xydata()) for line in left]
            heights = [to_axes([*ends, np.mean(ends, axis=0)])[:, 1] for ends in points if len(ends)]
            taken = np.concatenate([[], *heights])
            for y in (0.5, 0.7, 0.3, 0.85):
                if not np.any(np.abs(taken - y) < _CLEAR):
                    middle = ax.transData.inverted().transform(ax.transAxes.transform((0.5, y)))
                    found.append([k, *place(fig, k, *middle)])
                    break
        return found


def _sayable(guess, truth):
    """What is right, with as many decimals as there are in what can be guessed."""
    if isinstance(truth, str):
        return truth
    return round(truth, max(len(text.partition(".")[2]) for text in guess.shown)) or truth


def _telling(values):
    """The shortest format in which all of them look different."""
    forms = (f"{{:.{digits}g}}" for digits in range(3, 18))
    return next(form for form in forms if len(set(map(form.format, values))) == len(values))


def _with_unit(number, unit):
    if number.lstrip("-−") == "1":
        unit = re.sub(r"(?<=[a-z]{3})s$", "", unit)  # 1 day
    return f"{number}{unit}" if unit in ("", "°") else f"{number} {unit}"


def _rising(values):
    """The values in increasing order, and the position of each."""
    order = np.argsort(values)
    return np.asarray(values)[order], order


def _verdicts(guess, truth, *, named=False, turn=None):
    """For each value that can be guessed, how far it is from the truth, in words."""
    name = f"{guess.label}: " if named else ""
    right = _text(guess, truth)
    by_factors = not isinstance(truth, str) and _in_steps_of_a_factor(guess.values)
    texts = []
    for value in guess.values:
        said = _text(guess, value)
        if value == _nearest(guess, truth):
            verdict = "right" if right == said else f"as near as can be, it is {right}"
        elif isinstance(value, str):
            verdict = f"the answer is {right}"
        else:
            miss, way = abs(value - truth), "too small" if value < truth else "too large"
            if turn:
                miss, way = min(miss % turn, -miss % turn), "off"
            unit = "percentage points" if guess.unit == "%" else guess.unit
            miss = _with_unit(f"{miss:.2g}" if miss < 100 else f"{miss:.0f}", unit)
            if by_factors and not turn and min(value, truth) > 0:
                ratio = max(value / truth, truth / value)
                miss = f"{ratio:.{0 if ratio >= 10 else 1}f} times"
            verdict = f"it is {right}; that is {miss} {way}"
        texts.append(_capital(f"{name}you said {said}, {verdict}."))
    return texts


def _capital(text):
    """A sentence that begins with a capital, unless it begins with a symbol."""
    first = text.split(maxsplit=1)[0].rstrip(":,")
    return text[0].upper() + text[1:] if len(first) > 1 and first[:2].isascii() else text


def _subject(truth):
    return "The answer" if isinstance(truth, str) else "It"


def _in_steps_of_a_factor(values):
    """Do the values above 0 spread over a decade, and evenly on a logarithmic scale, not on a plain one?"""
    low, middle, high = np.quantile([value for value in values if value > 0] or [1.0], (0, 0.5, 1))
    return high >= 10 * low and middle < (low + high) / 3


def _opening(guess, truth):
    """Position at which a guess begins: its start, or a third of the way on if that would be the answer."""
    answer, n = guess.values.index(_nearest(guess, truth)), len(guess.values)
    return guess.start if guess.start != answer else (answer + max(1, n // 3)) % n


def _nearest(guess, truth):
    """The value to guess that is nearest to the truth."""
    return truth if isinstance(truth, str) else min(guess.values, key=lambda value: abs(value - truth))


def _text(guess, value):
    """A value as the slider would show it, with its unit; words in quotation marks."""
    if isinstance(value, str):
        return f"“{value}”"
    return minus(_with_unit(guess.format.format(value), guess.unit))


def _check_panel(panel, fig):
    """Refuse a panel that a figure does not have."""
    count = len(panel_axes(fig))
    if not isinstance(panel, int) or not 0 <= panel < count:
        raise ValueError(f"panel must be one of the figure's panels, 0 to {count - 1}; got {panel!r}")


def _check_point(point, where):
    """The point as two floats, or a ValueError."""
    try:
        x, y = (float(value) for value in point)
    except (TypeError, ValueError):
        raise ValueError(f"{where} must return a point (x, y); got {point!r}") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"{where} must return a finite point (x, y); got {point!r}")
    return [x, y]


def _is_number(value):
    return isinstance(value, Real) and math.isfinite(value)
