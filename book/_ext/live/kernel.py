"""Runs the cells of a page as a notebook would, in one Python that keeps its state.

It needs nothing but the standard library, and runs in any Python: in a reader's browser behind worker.js, in
the tests under CPython. Outputs go to a function as they come, as dicts in a notebook's own words: `stream`,
`execute_result` or `display_data` with its data by type, `error`. matplotlib takes this module for its
backend: what pyplot has drawn is shown as SVG, by ``plt.show()`` or when the cell ends.
"""

import ast
import base64
import builtins
import contextlib
import gc
import io
import linecache
import logging
import os
import signal
import symtable
import sys
import time
import traceback
import types

LIMIT = 200_000  # characters of text that one cell may show, and a hundred times as many of figures
PAUSE = 0.1  # seconds for which text is gathered before it is shown
FACES = {  # type -> method that shows an object as that
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
}
_cells = set()  # the names that cells have in tracebacks
_shown = print  # by whom pyplot's figures are shown: the kernel that was made last


class Kernel:
    """One Python for the cells of one page.

    Parameters
    ----------
    send : callable
        Takes each output.
    """

    def __init__(self, send):
        global _shown
        self._send = send
        self._cell = None
        self._left = {}  # what the cell that runs may still show
        self._names = {}  # cell -> the names that its explorers and figures have
        self._streams = {name: Stream(self, name) for name in ("stdout", "stderr")}
        self.main = sys.modules["__main__"] = types.ModuleType("__main__")
        self.main.display = _shown = self.display
        builtins.input = _no_input
        os.environ |= {"MLCORE_EXPLORE": "live", "MPLBACKEND": f"module://{__name__}"}
        gc.set_threshold(20_000)  # to look for garbage while packages come takes time, and finds none
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # "building the font cache"

    def run(self, source, cell="cell"):
        """Run a cell, called `cell` in tracebacks; return whether it came to its end."""
        file = f"<{cell}>"
        lines = source.splitlines(keepends=True)
        _cells.add(file)
        linecache.cache[file] = (len(source), None, lines, file)  # for tracebacks and `source()`
        self._cell, self._left = cell, {"text": LIMIT, "figures": 100 * LIMIT}
        self._release(cell)
        taken = self._taken()
        with (
            contextlib.redirect_stdout(self._streams["stdout"]),
            contextlib.redirect_stderr(self._streams["stderr"]),
            _stoppable(),
        ):
            try:
                self._execute(source, file)
                _show_figures()
                done = True
            except BaseException as error:  # exit() and Stop end a cell, not the kernel
                _close_figures()
                self._flush()
                self._send(described(error))
                done = False
            finally:
                self._flush()
        self._names[cell] = self._taken() - taken
        return done

    def _execute(self, source, file):
        tree = ast.parse(source, file)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = ast.Expression(tree.body.pop().value)
        names = vars(self.main)
        exec(compile(tree, file, "exec", dont_inherit=True), names)
        if last is not None:
            value = eval(compile(last, file, "eval", dont_inherit=True), names)
            if value is not None:
                names["_"] = value
                self.show("execute_result", value)

    def display(self, *objects):
        """Show objects as a notebook would; the cells know it as `display`."""
        for value in objects:
            self.show("display_data", value)

    def show(self, kind, value):
        """Show one object in all its faces."""
        data = faces(value)
        self._flush()
        if self._may_show("figures", sum(map(len, data.values()))):
            self._send({"output_type": kind, "data": data})

    def redraw(self, name, positions):
        """An explorer's next frame, or a sentence that says why there is none."""
        try:
            return {"frame": sys.modules["mlcore.explore._live"].redraw(name, list(positions))}
        except KeyError:
            return {"error": f"no cell that has run makes an explorer named {name!r}"}
        except ValueError as error:
            return {"error": str(error)}

    def say(self, name, text):
        """Show a piece of a stream."""
        left = self._left["text"]
        if self._may_show("text", len(text)):
            self._send({"output_type": "stream", "name": name, "text": text})
        elif left > 0:
            self._send({"output_type": "stream", "name": name, "text": text[:left]})

    def _may_show(self, what, size):
        """Whether there is room; where there is none for the first time, say so."""
        left = self._left[what]
        self._left[what] -= size
        if left > 0 > self._left[what]:
            note = f"\n[The rest of this cell's {what} is not shown: it is more than a page can hold.]\n"
            self._send({"output_type": "stream", "name": "stderr", "text": note})
        return self._left[what] >= 0

    def _flush(self):
        for stream in self._streams.values():
            stream.flush()

    # A cell that runs again may give its explorers the names that they had.
    def _taken(self):
        page = sys.modules.get("mlcore.explore._page")
        return set(page._page["names"]) if page else set()

    def _release(self, cell):
        if self._names.get(cell):
            sys.modules["mlcore.explore._page"]._page["names"] -= self._names[cell]


@contextlib.contextmanager
def _stoppable():
    """Let Stop wait while modules are imported: half of NumPy can be neither used nor imported again."""
    load, depth, late = builtins.__import__, 0, False

    def whole(*arguments, **options):
        nonlocal depth, late
        depth += 1
        try:
            return load(*arguments, **options)
        finally:
            depth -= 1
            if late and not depth:
                late = False
                raise KeyboardInterrupt

    def stop(number, frame):
        nonlocal late
        late = depth > 0
        if not late:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    builtins.__import__ = whole
    try:
        yield
    finally:
        builtins.__import__ = load
        signal.signal(signal.SIGINT, before)


class Stream(io.TextIOBase):
    """A stream whose text is shown from time to time, and when the cell ends."""

    encoding = "utf-8"

    def __init__(self, kernel, name):
        self._kernel, self._name = kernel, name
        self._pieces, self._since = [], 0.0

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() takes text; got {type(text).__name__}")
        if not self._pieces:
            self._since = time.monotonic()
        self._pieces.append(text)
        if time.monotonic() - self._since > PAUSE:
            self.flush()
        return len(text)

    def flush(self):
        pieces, self._pieces = self._pieces, []
        if text := "".join(pieces):
            self._kernel.say(self._name, text)


def needed(cells):
    """Which cells the last one needs to give what it gives after all of them: their indices.

    Cells that share a name may change each other's values, if only through a third one that shares names with
    both. What is imported, and Python's own, is the same for all; where it comes from runs with all above it.
    """
    *above, last = map(_mentioned, cells)
    if None in (last, *above):
        return list(range(len(above)))  # some cell is no Python
    bound = set().union(*(bound for _, bound, _ in (*above, last)))
    fixed = set().union(dir(builtins), ["display"], *(imported for *_, imported in above)) - bound
    wanted, before = last[0], None
    while wanted != before:
        before = wanted
        linked = [k for k, (names, *_) in enumerate(above) if wanted & names - fixed]
        wanted = wanted.union(*(above[k][0] for k in linked))
    first = max((k for k, (*_, imported) in enumerate(above) if wanted & imported), default=-1)
    return sorted({*linked, *range(first + 1)})


def _mentioned(source):
    """The names of a cell: all, those that it binds, those that it imports. None if it is no Python."""
    try:
        top = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError):
        return None
    tables, names, bound = [top], set(), set()
    for table in tables:
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table is top or symbol.is_global():
                names.add(symbol.get_name())
                if symbol.is_assigned():
                    bound.add(symbol.get_name())
    return names, bound, {symbol.get_name() for symbol in top.get_symbols() if symbol.is_imported()}


def faces(value):
    """All ways in which an object shows itself: type -> text, bytes in base64."""
    data = {}
    if not isinstance(value, type):
        if bundle := getattr(value, "_repr_mimebundle_", None):
            made = bundle()
            data |= made[0] if isinstance(made, tuple) else made or {}
        for kind, name in FACES.items():
            made = getattr(value, name, None)
            if kind not in data and made is not None and (text := made()) is not None:
                data[kind] = text
    if is_figure(value):
        data["image/svg+xml"] = _svg(value)
    data.setdefault("text/plain", repr(value))
    return {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in data.items()}


def described(error):
    """An exception with the lines of cells that led to it, and the one that raised it."""
    told = traceback.TracebackException.from_exception(error)
    if not any(frame.filename in _cells for frame in told.stack):  # the cell is no Python
        told.stack.clear()
    part, seen = told, set()
    while part is not None and id(part) not in seen:
        seen.add(id(part))
        frames = [frame for frame in part.stack if frame.filename != Kernel.run.__code__.co_filename]
        part.stack[:] = [frame for frame in frames if frame.filename in _cells or frame is frames[-1]]
        part = part.__cause__ or part.__context__
    return {
        "output_type": "error",
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": "".join(told.format()).splitlines(),
    }


def _no_input(prompt=""):
    raise RuntimeError(f"a cell on a page cannot ask for input: write the answer to {prompt!r} into the code")


# -------------------------------------------------------------------------------------- matplotlib's backend
def __getattr__(name):
    if name == "FigureCanvas":  # imported when pyplot is, as that takes a second
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        return globals().setdefault(name, FigureCanvasSVG)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def show(*arguments, **options):
    """What ``plt.show()`` calls."""
    _show_figures()


def _show_figures():
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        for number in pyplot.get_fignums():
            _shown(pyplot.figure(number))


def _close_figures():
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def is_figure(value):
    """Whether it is a matplotlib figure; matplotlib is not imported for that."""
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def _svg(figure):
    text = io.StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(figure)  # or it would be shown again when the cell ends
    return text.getvalue()
