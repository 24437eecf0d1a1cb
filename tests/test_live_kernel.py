"""The kernel of live code runs cells as a notebook would; here under CPython, not in a browser."""

import builtins
import gc
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest

from mlcore.explore import _page

ROOT = Path(__file__).resolve().parents[1]
EXTENSIONS = str(ROOT / "book" / "_ext")
sys.path.insert(0, EXTENSIONS)
from live import kernel as kernel_module  # noqa: E402

sys.path.remove(EXTENSIONS)


class Page:
    """A page with a kernel: runs cells and keeps what they show."""

    def __init__(self):
        self.outputs = []
        self.kernel = kernel_module.Kernel(self.outputs.append)

    def run(self, source, cell="cell 1"):
        self.outputs.clear()
        self.done = self.kernel.run(source, cell)
        return self.outputs

    def text(self, source, name="stdout"):
        outputs = self.run(source)
        return "".join(output["text"] for output in outputs if output.get("name") == name)

    def error(self, source):
        self.run(source)
        assert not self.done
        return self.outputs[-1]


@pytest.fixture
def page(monkeypatch):
    """A page of its own; the process is put back afterwards as it was."""
    monkeypatch.setattr(builtins, "input", builtins.input)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(_page, "_page", {"names": set(), "seconds": 0.0, "bytes": 0})
    environment, threshold = dict(os.environ), gc.get_threshold()
    yield Page()
    gc.set_threshold(*threshold)
    os.environ.clear()
    os.environ.update(environment)


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def result(**data):
    return {"output_type": "execute_result", "data": data}


PLAIN = "text/plain"


@pytest.mark.parametrize(
    "source, outputs",
    [
        ("1 + 1", [result(**{PLAIN: "2"})]),
        ("1 + 1;", []),
        ("None", []),
        ("x = 2", []),
        ("", []),
        ("# nothing", []),
        ("print(1)\n2", [stream("1\n"), result(**{PLAIN: "2"})]),
        ("if True:\n    3", []),
        ("'a'", [result(**{PLAIN: "'a'"})]),
        ("import sys\nprint(1)\nprint(2, file=sys.stderr)", [stream("1\n"), stream("2\n", "stderr")]),
        (
            "display(1, 2)\n3",
            [{"output_type": "display_data", "data": {PLAIN: t}} for t in "12"] + [result(**{PLAIN: "3"})],
        ),
    ],
)
def test_what_a_cell_shows(page, source, outputs):
    assert page.run(source) == outputs and page.done


def test_state_is_kept(page):
    page.run("def f(x):\n    return y + x\ny = 1\nf")
    assert page.text("y = 10\nprint(f(1), _ is f, __name__)") == "11 True __main__\n"


def test_an_object_shows_all_its_faces(page):
    page.run(
        "class A:\n"
        "    def __init__(self, **faces): self.faces = faces\n"
        "    def __getattr__(self, name):\n"
        "        if name in self.faces: return lambda *a, **k: self.faces[name]\n"
        "        raise AttributeError(name)\n"
        "    def __repr__(self): return 'A'\n"
    )
    shown = page.run("A(_repr_html_='<b>', _repr_markdown_='**', _repr_png_=b'\\x00', _repr_svg_=None)")
    assert shown == [result(**{"text/html": "<b>", "text/markdown": "**", "image/png": "AA==", PLAIN: "A"})]
    bundle = "({'text/html': 'h', 'text/plain': 'p'}, {})"
    assert page.run(f"A(_repr_mimebundle_={bundle})") == [result(**{"text/html": "h", PLAIN: "p"})]
    both = page.run(f"A(_repr_mimebundle_={bundle}, _repr_html_='of its own', _repr_svg_='<svg/>')")
    assert both == [result(**{"text/html": "h", PLAIN: "p", "image/svg+xml": "<svg/>"})]
    page.run("class B:\n    def _repr_html_(self): return 'b'\n    def _repr_mimebundle_(self): return {}")
    assert page.run("B")[0]["data"] == {PLAIN: "<class '__main__.B'>"}


def test_an_error_is_told_by_the_lines_of_cells_and_the_last(page):
    page.run("def f(x):\n    return g(x)", "cell 1")
    page.run("def g(x):\n    return 1 / x", "cell 2")
    page.outputs.clear()
    assert not page.kernel.run("f(1)\nf(0)", "cell 3")
    (error,) = page.outputs
    told = "\n".join(error["traceback"])
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert [cell in told for cell in ("<cell 1>", "<cell 2>", "<cell 3>", "kernel.py")] == [True] * 3 + [
        False
    ]
    assert "return 1 / x" in told and "f(0)" in told

    page.run(
        "from mlcore.ridge import Ridge\nimport numpy as np\nRidge(delta=-1).fit(np.ones((3, 2)), np.ones(3))"
    )
    told = "\n".join(page.outputs[-1]["traceback"])
    assert "Ridge(delta=-1)" in told and told.count("mlcore") == 1, told  # the cell's line, and where it rose


def test_what_was_shown_before_an_error_stays(page):
    shown = page.run("print(1)\n2 / 0")
    assert shown[0] == stream("1\n") and shown[1]["ename"] == "ZeroDivisionError"


@pytest.mark.parametrize(
    "source, name, words",
    [
        ("def f(:", "SyntaxError", "def f(:"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "raise KeyboardInterrupt"),
        ("exit()", "SystemExit", "exit()"),
        ("def f(): f()\nf()", "RecursionError", "f()"),
        (
            "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('no') from e",
            "ValueError",
            "1 / 0",
        ),
        ("input('n?')", "RuntimeError", "'n?'"),
    ],
)
def test_no_error_ends_the_kernel(page, source, name, words):
    error = page.error(source)
    told = "\n".join(error["traceback"])
    assert error["ename"] == name and words in told
    assert not [file for file in ("kernel.py", "ast.py") if file in told], told
    assert page.text("print('on')") == "on\n" and page.done


def test_stop_waits_until_what_is_imported_is_whole(page, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "halves.py").write_text(
        "import signal\nsignal.raise_signal(signal.SIGINT)\nimport abc\nwhole = 1\n"
    )
    before = builtins.__import__, signal.getsignal(signal.SIGINT)
    assert (
        page.error("import halves\nprint('never')")["ename"] == "KeyboardInterrupt" and len(page.outputs) == 1
    )
    assert page.text("import halves\nprint(halves.whole)") == "1\n"
    assert page.error("import signal; signal.raise_signal(signal.SIGINT); 1")["ename"] == "KeyboardInterrupt"
    assert (builtins.__import__, signal.getsignal(signal.SIGINT)) == before


def test_output_without_end_is_cut(page):
    outputs = page.run("for k in range(50_000):\n    print('0123456789')\n1")
    assert page.done
    text = "".join(output["text"] for output in outputs if output.get("name") == "stdout")
    assert len(text) == kernel_module.LIMIT and set(text) == set("0123456789\n")
    notes = [output["text"] for output in outputs if output.get("name") == "stderr"]
    assert len(notes) == 1 and "not shown" in notes[0]
    assert outputs[-1] == result(**{PLAIN: "1"})
    assert page.text("print('again')") == "again\n"
    outputs = page.run(f"for k in range(300): display('x' * {kernel_module.LIMIT})")
    assert 90 < len(outputs) < 110 and "not shown" in outputs[-1]["text"]


def test_text_comes_while_the_cell_runs(page, monkeypatch):
    """As soon as a pause has passed, not only at the end; and not letter by letter."""
    clock = types.SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr(kernel_module, "time", clock)
    assert page.run("print(1)\nprint(2)") == [stream("1\n2\n")]
    ticks = itertools.count(step=0.6 * kernel_module.PAUSE)
    clock.monotonic = lambda: next(ticks)
    outputs = page.run("for k in range(9): print(k)")
    assert "".join(output["text"] for output in outputs) == "".join(f"{k}\n" for k in range(9))
    assert 1 < len(outputs) < 18


def test_source_shows_what_a_cell_defined(page):
    page.run("def f(x):\n    return x  # (eq-f)", "cell 1")
    shown = page.run("from mlcore.teach import source\nsource(f)", "cell 2")
    assert shown[0]["data"] == {
        "text/markdown": "```python\ndef f(x):\n    return x  # (eq-f)\n```",
        PLAIN: "def f(x):\n    return x  # (eq-f)",
    }


EXPLORER = """
from mlcore.explore import Ask, Handle, Slider, explore, figure, panels

def draw(slope, shift):
    if shift > 5:
        raise RuntimeError("too far")
    fig, ax = panels()
    ax.plot([0, 1], [shift, shift + slope])
    ax.set(xlim=(0, 1), ylim=(-9, 9))
    return fig

def at(slope, shift):
    return 0, shift

explore(draw, name="line", describe=lambda slope, shift: f"Slope {slope}, shift {shift}.",
        slope=Slider([-1, 0, 2], start=2, label="slope a"), shift=Slider([0, 1, 9], start=0),
        handle=Handle(0, y="shift", at=at))
"""


def test_an_explorer_draws_one_frame_and_the_next_on_request(page):
    (shown,) = page.run(EXPLORER)
    html = shown["data"]["text/html"]
    assert 'id="line"' in html and "Slope 2, shift 0." in html and html.count("<svg") == 2
    assert html.count('type="range"') == 2
    frame = page.kernel.redraw("line", [0, 1])["frame"]
    assert frame["text"] == "Slope −1, shift 1." and len(frame["panels"]) == 1
    assert frame["handles"][0][0] < 0.5 and frame["panels"][0].startswith("<svg")
    assert frame["panels"] != page.kernel.redraw("line", [2, 1])["frame"]["panels"]
    assert frame["panels"] == page.kernel.redraw("line", [0, 1])["frame"]["panels"]
    assert "too far" in page.kernel.redraw("line", [0, 2])["error"]
    assert "no cell" in page.kernel.redraw("other", [0])["error"]


def test_a_cell_that_runs_again_keeps_its_names(page):
    for _ in range(2):
        page.run(EXPLORER, "cell 1")
        assert page.done, page.outputs
        for cell, name in (("cell 2", "figure"), ("cell 3", "figure-2")):
            (shown,) = page.run("figure(draw(1, 0), describe='One.')", cell)
            assert f'id="{name}"' in shown["data"]["text/html"]
    page.run(EXPLORER, "cell 4")
    assert "already taken" in page.outputs[-1]["evalue"]


def run_alone(*sources):
    """Cells in a Python of their own, since pyplot chooses its backend once; all their outputs."""
    script = (
        f"import json, sys; sys.path.insert(0, {EXTENSIONS!r}); from live.kernel import Kernel\n"
        "outputs = []\n"
        "kernel = Kernel(outputs.append)\n"
        "for source in json.loads(sys.argv[1]): kernel.run(source)\n"
        "print(json.dumps(outputs))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, json.dumps(sources)], capture_output=True, text=True
    )
    assert run.returncode == 0 and not run.stderr, run.stderr
    return json.loads(run.stdout)


def test_pyplot_shows_its_figures():
    first = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('after')"
    outputs = run_alone(first, "plt.plot([1, 2]);", "plt.plot([1, 2])\n1 / 0", "print(plt.get_fignums())")
    assert [output["output_type"] for output in outputs] == [
        "display_data",
        "stream",
        "display_data",
        "error",
        "stream",
    ]
    assert all("<svg" in outputs[k]["data"]["image/svg+xml"] for k in (0, 2))
    assert outputs[-1]["text"] == "[]\n"


def test_a_figure_that_is_a_cells_last_word_is_shown_once():
    source = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nfig"
    assert [output["output_type"] for output in run_alone(source)] == ["execute_result"]


def test_nothing_heavy_is_imported_before_a_cell_asks_for_it():
    (output,) = run_alone("import sys\nprint({'numpy', 'matplotlib', 'ipywidgets'} & set(sys.modules))")
    assert output["text"] == "set()\n"


def test_explorers_need_no_widgets():
    (output,) = run_alone("import sys\nimport mlcore.explore\nprint('ipywidgets' in sys.modules)")
    assert output["text"] == "False\n"


# ----------------------------------------------------------------------------------- what an exercise needs
@pytest.mark.parametrize(
    ("cells", "needed"),
    [
        (["import numpy as np\nx = 1", "x = 2", "np.sum([1])"], [0]),  # the module, not what stands beside it
        (["x = 1", "y = 2", "x"], [0]),
        (["x = 1", "y = x", "z = y", "print(z)"], [0, 1, 2]),
        (["x = []", "y = x", "y.append(1)", "k = 3", "x"], [0, 1, 2]),  # by way of another name
        (["x = 1", "def f(a):\n    return a * x", "b = 2", "f(1)"], [0, 1]),
        (["x = 1", "[x for x in range(3)]\ndef f(x): return x", "f"], [1]),  # an x of its own
        (["print(1)\ndisplay(1)", "len([1])", "display(sum([1]))"], []),
        (["sum = max", "sum([1])"], [0]),
        (["k = 1", "import a", "x = a.f()", "x"], [0, 1, 2]),  # imports come with all above them
        (["import a", "a = 1", "a"], [0, 1]),
        (["x = 1", "for k in [2]: print(k)", "k = 3"], [1]),  # which else would leave its own k, later
        (["x = 1", "def (", "y"], [0, 1]),
        (["x = 1", "def ("], [0]),
        (["y"], []),
    ],
)
def test_a_cell_needs_those_that_share_names_with_it(cells, needed):
    assert kernel_module.needed(cells) == needed


EXERCISES = sorted((ROOT / "mlcore" / "exercises").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", [path.stem for path in EXERCISES])
def test_an_answer_has_the_same_verdict_after_what_it_needs_as_after_all_cells(page, name):
    """Before it is answered, and with the solution behind it: all have run in the notebook."""
    notebook = nbformat.read(ROOT / "book" / f"{name}.ipynb", 4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    answers = [k for k, cell in enumerate(cells) if "remove-output" in cell.metadata.get("tags", ())]
    ran, state, little = None, {}, []  # that need little
    for k in answers:
        call = re.search(r"^check\.\w+\(", cells[k].source, re.M)[0]
        solution = next(
            cell for j, cell in enumerate(cells) if j > k and j not in answers and call in cell.source
        )
        printed, solved = cells[k].source, f"{cells[k].source}\n{solution.source}"
        for source, told in ((printed, said(cells[k])), (solved, said(cells[k]) + said(solution))):
            code = [cell.source for cell in cells[:k]] + [source]
            needed = kernel_module.needed(code)
            if 2 * len(needed) > k:  # nearly all, so the chapter's own run has shown it
                continue
            if needed != ran:
                page.kernel = kernel_module.Kernel(page.outputs.append)
                _page._page["names"].clear()
                for j in needed:
                    page.run(code[j], f"cell {j + 1}")
                    assert page.done, page.outputs[-1]
                ran, state = needed, dict(vars(page.kernel.main))
            vars(page.kernel.main).clear()
            vars(page.kernel.main).update(state)
            assert page.text(source) == told, call
            little.append(source)
    assert len(little) > 1


def said(cell):
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
