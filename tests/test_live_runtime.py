"""Live code: what is fetched is what was asked for, and every cell of every chapter runs in a real browser.

A bare page drives the worker by its protocol; what the book's pages make of it is tested with them.
"""

import gzip
import hashlib
import io
import itertools
import json
import math
import os
import re
import sys
import tarfile
import types
from pathlib import Path

import browser
import nbformat
import pytest
from nbval.plugin import get_sanitize_patterns

ROOT = Path(__file__).resolve().parents[1]
PATHS = [str(ROOT / "book" / folder) for folder in ("_ext", "_tools")]
sys.path[:0] = PATHS
import live  # noqa: E402
import notebooks  # noqa: E402
import vendor  # noqa: E402
from live import runtime  # noqa: E402

del sys.path[: len(PATHS)]

CHAPTERS = [path for path in sorted((ROOT / "book").glob("*.ipynb")) if live.runs(path)]
IN_THE_PAGE = "what_is_learning"  # the chapter whose cells test_live.py runs, on its page
PAGE = """<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>Live code</title><script>
const cells = new Map();
const heard = [];
let worker, stop, number = 0, fail;
async function start(text = "", before = "") {
    worker?.terminate();
    const base = new URL("live/", location.href).href;
    const code = await (await fetch("live/worker.js", {cache: "force-cache"})).text();
    worker = new Worker(URL.createObjectURL(new Blob([before, code])));
    return new Promise((good, bad) => {
        worker.onerror = (event) => bad(new Error(event.message));
        worker.onmessage = ({data}) => {
            heard.push(data);
            if (data.type === "ready") good(data);
            if (data.type === "failed") { good(data); fail?.(data); }
            if (data.type === "output") cells.get(data.id).show(data.output);
            if (data.type === "done") cells.get(data.id).finish(data);
        };
        worker.postMessage({type: "start", base, version: "1", text});
    });
}
function run(source, cell = "cell", see = () => {}) {
    return new Promise((finish) => {
        const [id, outputs] = [++number, []];
        stop = URL.createObjectURL(new Blob(["on"]));
        fail = finish;
        cells.set(id, {
            show: (output) => { outputs.push(output); see(output); },
            finish: (done) => finish({...done, outputs}),
        });
        worker.postMessage({type: "run", id, source, cell, stop});
    });
}
</script></html>
"""


# --------------------------------------------------------------------------------------------- in the browser
class Handler(browser.Quiet):
    """Serves files, but for those that are to fail: name -> function of the handler."""

    faults = {}  # noqa: RUF012

    def do_GET(self):
        fault = self.faults.get(self.path.partition("?")[0].rpartition("/")[2])
        if not (fault and fault(self)):
            super().do_GET()


@pytest.fixture(scope="session")
def static(tmp_path_factory):
    """The folder _static of a site, with all that live code needs."""
    folder = tmp_path_factory.mktemp("live")
    try:
        runtime.write(folder)
    except runtime.Unavailable as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    (folder / "page.html").write_text(PAGE, "utf-8")
    return folder


@pytest.fixture(scope="session")
def address(static):
    with browser.serving(static, Handler) as host:
        yield f"{host}/page.html"


@pytest.fixture
def faults(monkeypatch):
    monkeypatch.setattr(Handler, "faults", {})
    return Handler.faults


@pytest.fixture
def page(chromium, address):
    """The bare page in a browser's profile of its own."""
    context = chromium.new_context()
    context.set_default_timeout(0)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@pytest.fixture
def python(page):
    """The same, Python started: a function that runs a cell."""
    assert page.evaluate("start()")["type"] == "ready"
    return lambda source, cell="cell": page.evaluate("([source, cell]) => run(source, cell)", [source, cell])


def text_of(outputs, name="stdout"):
    return "".join(output["text"] for output in outputs if output.get("name") == name)


def plain_of(outputs):
    return [output["data"]["text/plain"] for output in outputs if "data" in output]


PATTERNS = get_sanitize_patterns((ROOT / "tests" / "nbval_sanitize.cfg").read_text("utf-8"))
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?")

# Numbers printed to the last digit may differ there: another library of linear algebra adds in another order.
LAST_DIGITS = 1e-12

# Cells whose outputs differ, by words of theirs. Nearly all follow thousands of steps, which enlarge the
# rounding of the first: another library of linear algebra may change these numbers on any computer.
DIFFERENT = {
    "downhill": ['f"L-BFGS, {memory} pair'],
    "networks": ["def trained_errors(n, activation", "longer = fitted("],
    "training": ["floor = record[", "hidden_units, ends = [1, 2, 4", "def cost_along(theta"],
    "digits": ["true → read"],
}


def same(stored, shown):
    """Whether two outputs say the same."""
    for pattern, replacement in PATTERNS:
        stored, shown = re.sub(pattern, replacement, stored), re.sub(pattern, replacement, shown)
    numbers = zip(NUMBER.findall(stored), NUMBER.findall(shown))
    return NUMBER.sub("0", stored) == NUMBER.sub("0", shown) and all(
        math.isclose(float(a), float(b), rel_tol=LAST_DIGITS) for a, b in numbers
    )


@pytest.mark.parametrize(
    ("stored", "shown", "equal"),
    [
        ("eta=0.0005903183899524988", "eta=0.000590318389952499", True),
        ("a 1.5 b", "a 1.5 c", False),
        ("339 steps", "338 steps", False),
        ("1.25 2", "1.25 2 3", False),
        ("0.1", "0.1000001", False),
        ("-1", "1", False),
        ("error 3e-16", "error 5e-17", True),
    ],
)
def test_outputs_are_the_same_to_their_last_digits(stored, shown, equal):
    assert same(stored, shown) == equal


@pytest.fixture(scope="session")
def python_of_chapters(chromium, address):
    """The bare page for all chapters of a process: to start Python takes as long as many of their cells."""
    with chromium.new_context() as context:
        context.set_default_timeout(0)
        page = context.new_page()
        page.goto(address)
        yield page


FORGET = """
from mlcore.explore import _page
_page._page["names"].clear()
for name in [name for name in globals() if name != "display" and not name.startswith("__")]:
    del globals()[name]
"""


@pytest.mark.parametrize(
    "path", [path for path in CHAPTERS if path.stem != IN_THE_PAGE], ids=lambda path: path.stem
)
def test_every_cell_of_a_chapter_runs_in_the_browser(path, python_of_chapters):
    page = python_of_chapters
    cells = [(k, cell) for k, cell in enumerate(nbformat.read(path, 4).cells) if cell.cell_type == "code"]
    if page.evaluate("heard.splice(0).some(({type}) => type === 'failed') || !worker"):
        assert page.evaluate("start()")["type"] == "ready"
    assert page.evaluate("source => run(source)", FORGET)["ok"]
    known = set(DIFFERENT.get(path.stem, ()))
    wrong = []
    for number, cell in cells:
        done = page.evaluate("([source, cell]) => run(source, cell)", [cell.source, f"{path.stem} {number}"])
        assert done["type"] == "done", (number, done)
        shown = done["outputs"]
        if not done["ok"]:
            wrong.append((number, *shown[-1]["traceback"]))
        elif complaint := text_of(shown, "stderr"):
            wrong.append((number, complaint))
        elif notebooks.IGNORE_OUTPUT not in cell.metadata.get("tags", ()):
            pairs = [("\f".join([text_of(outputs), *plain_of(outputs)])) for outputs in (cell.outputs, shown)]
            excused = [part for part in known if part in cell.source]
            if not (excused or same(*pairs)):
                wrong.append((number, *pairs))
            known.difference_update(excused)
    assert not wrong, "\n".join(str(part) for line in wrong for part in line)
    assert not known, f"no cell has these words any more: {known}"


def test_the_start_tells_how_far_it_is(page):
    page.evaluate("start()")
    steps = page.evaluate("heard.filter(({type}) => type === 'progress')")
    assert len({step["total"] for step in steps}) == 1 and steps[-1]["loaded"] == steps[-1]["total"]
    assert [step["loaded"] for step in steps] == sorted(step["loaded"] for step in steps)
    assert page.evaluate("heard.at(-1).type") == "ready"


STOPPED = """async (source) => [
    await run(source, "cell", ({text}) => { if (text?.includes("on")) URL.revokeObjectURL(stop); }),
    await run("print(kept)"),
]"""


@pytest.mark.parametrize(
    "loop", ["while True: pass", "while True: np.ones(9) @ np.ones(9)", "while True: sum(range(1000))"]
)
def test_a_cell_is_stopped_and_the_state_kept(loop, python, page):
    source = f"import numpy as np\nkept = 7\nprint('on')\nimport sys; sys.stdout.flush()\n{loop}"
    stopped, after = page.evaluate(STOPPED, source)
    assert not stopped["ok"] and stopped["outputs"][-1]["ename"] == "KeyboardInterrupt"
    assert after["ok"] and text_of(after["outputs"]) == "7\n"


def test_python_is_restarted_while_it_computes_and_with_no_network(chromium, address, faults, tmp_path):
    """In a profile with a cache on disk, as readers have it: a private one does not keep large files."""
    kind, path = chromium.browser_type, browser.find()
    with kind.launch_persistent_context(tmp_path, executable_path=path, args=browser.FLAGS) as context:
        context.set_default_timeout(0)
        page = context.new_page()
        page.goto(address)
        page.evaluate("start()")
        page.evaluate("void run('while True: pass')")
        files = [*runtime.CORE, runtime.LIBRARY, "packages.bin", "mlcore.bin", "worker.js", "runtime.json"]
        faults.update(dict.fromkeys(files, missing))
        started = page.evaluate("start()")
        assert started["type"] == "ready", started
        done = page.evaluate("run('import numpy as np; np.arange(2)')")
        assert plain_of(done["outputs"]) == ["array([0, 1])"]


EXPLORER = """
from mlcore.explore import explore, panels

def draw(slope):
    fig, ax = panels()
    ax.plot([0, 1], [0, slope])
    ax.set(xlim=(0, 1), ylim=(-9, 9))
    return fig

explore(draw, name="line", describe=lambda slope: f"Slope {slope}.", slope=list(range(9)))
"""
ASKED = """async () => {
    const busy = run("for k in range(10**6): pass");
    for (let k = 0; k < 9; k++) worker.postMessage({type: "redraw", name: "line", positions: [k]});
    await busy;
    const frames = () => heard.filter(({type}) => type === "frame");
    while (frames().at(-1)?.positions[0] !== 8) await run("'whatever else there is to do'");
    return frames();
}"""


def test_an_explorer_is_drawn_as_the_reader_left_it(python, page):
    """While Python was busy nine questions have come, and it answers the newest."""
    assert "Slope 4." in str(python(EXPLORER)["outputs"])
    *older, frame = page.evaluate(ASKED)
    assert len(older) < 8 and frame["frame"]["text"] == "Slope 8."
    assert frame["frame"]["panels"][0].startswith("<svg")


def test_images_are_fetched_when_they_are_asked_for(faults, python):
    asked = []
    faults["mnist.bin"] = lambda handler: asked.append(handler.path)  # and serves it
    python("1 + 1")
    assert not asked
    done = python("from mlcore.datasets import load_mnist\ntrain, test = load_mnist()\nlen(train.X)")
    assert plain_of(done["outputs"]) == ["15000"] and len(asked) == 1, done["outputs"]


def test_everything_that_is_left_can_be_imported(python):
    """The trimmed packages have all that mlcore needs, and what a reader may think of."""
    done = python(
        "import importlib, io, pkgutil, warnings\n"
        "warnings.simplefilter('error')\n"
        "import mlcore, numpy, matplotlib.pyplot as plt\n"
        "for found in pkgutil.walk_packages(mlcore.__path__, 'mlcore.'):\n"
        "    if found.name != 'mlcore.explore._widgets':\n"
        "        importlib.import_module(found.name)\n"
        "for name in ('fft', 'linalg', 'ma', 'polynomial', 'random', 'testing'):\n"
        "    importlib.import_module('numpy.' + name)\n"
        "fig, ax = plt.subplots(subplot_kw={'projection': '3d'})\n"
        "ax.set(title=r'$\\mathbf{x} \\in \\mathbb{R}^n, \\hat\\theta = \\sqrt{\\frac{a}{b}}$')\n"
        "ax.plot([0, 1], [0, 1], [0, 1])\n"
        "fig.savefig(io.BytesIO(), format='png')\n"
        "plt.figure(); plt.imshow([[0, 1]]); plt.contourf([[0, 1], [1, 0]]); plt.colorbar();\n"
    )
    assert done["ok"], done["outputs"][-1]["traceback"]
    assert [output["output_type"] for output in done["outputs"]] == ["display_data"] * 2, done["outputs"]


# ------------------------------------------------------------------------------------------------- trouble
def cut(handler):
    """Half a file, and the connection is gone."""
    path = Path(handler.translate_path(handler.path))
    content = path.read_bytes()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    handler.close_connection = True
    return True


def short(handler):
    """Half a file, called whole."""
    content = Path(handler.translate_path(handler.path)).read_bytes()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content) // 2))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    return True


def missing(handler):
    handler.send_error(404)
    return True


def once(fault):
    left = [fault]
    return lambda handler: bool(left) and left.pop()(handler)


@pytest.mark.parametrize("fault", [cut, short, missing])
@pytest.mark.parametrize(
    "name", ["pyodide.asm.wasm", "pyodide.asm.js", runtime.LIBRARY, "packages.bin", "mlcore.bin"]
)
def test_a_file_that_does_not_come(name, fault, page, faults):
    faults[name] = fault
    failed = page.evaluate("start()")
    assert (failed["type"], failed["code"]) == ("failed", "download") and name in failed["detail"]


def test_a_description_that_does_not_come(page, faults):
    faults["runtime.json"] = missing
    failed = page.evaluate("start()")
    assert (failed["type"], failed["code"]) == ("failed", "download") and "runtime.json" in failed["detail"]


def test_a_download_that_breaks_off_is_tried_once_more(page, faults):
    faults["packages.bin"] = once(cut)
    assert page.evaluate("start()")["type"] == "ready"


def test_a_browser_without_webassembly(page):
    failed = page.evaluate("start('', 'delete self.WebAssembly;')")
    assert (failed["type"], failed["code"]) == ("failed", "no-webassembly")


def test_a_python_that_does_not_start(page):
    failed = page.evaluate("start('', 'WebAssembly.instantiateStreaming = self.importScripts = null;')")
    assert (failed["type"], failed["code"]) == ("failed", "start")


def test_a_python_that_breaks_down(python):
    failed = python("import ctypes\nctypes.CFUNCTYPE(None)(12345)()")
    assert (failed["type"], failed["code"]) == ("failed", "crash")


# ----------------------------------------------------------------------------------- what is fetched and kept
WHEEL = b"a wheel"
LOCK = {
    "info": {"version": "1"},
    "packages": {
        name: {"file_name": f"{name}.whl", "sha256": hashlib.sha256(WHEEL).hexdigest()}
        for name in runtime.PACKAGES
    },
}


def good(version, names):
    yield from ((name, WHEEL) for name in names)


def forged(version, names):
    yield from ((name, b"another") for name in names)


def unreachable(version, names):
    raise ConnectionError("no route")


def test_wheels_are_those_of_the_lock_file(tmp_path):
    runtime.wheels(LOCK, tmp_path / "a", [good, unreachable])
    runtime.wheels(LOCK, tmp_path / "b", [unreachable, good])
    assert {path.name for path in (tmp_path / "b").iterdir()} == {f"{name}.whl" for name in runtime.PACKAGES}


@pytest.mark.parametrize("sources", [[forged], [unreachable, forged], [forged, good]])
def test_red_a_wrong_hash(sources, tmp_path):
    with pytest.raises(vendor.VendorError, match="as forged has it, has the hash") as caught:
        runtime.wheels(LOCK, tmp_path / "wheels", sources)
    assert not isinstance(caught.value, runtime.Unavailable)


def test_no_source_answers(tmp_path):
    with pytest.raises(runtime.Unavailable, match="unreachable: no route"):
        runtime.wheels(LOCK, tmp_path / "wheels", [unreachable])


def test_a_book_is_built_without_live_code_but_not_in_ci(tmp_path, monkeypatch, capfd):
    def unavailable():
        raise runtime.Unavailable("No source.")

    for module, name in ((runtime, "packed"), (live.lab, "built")):
        monkeypatch.setattr(module, name, unavailable)
    builder, config = types.SimpleNamespace(format="html"), types.SimpleNamespace(live_code=True)
    app = types.SimpleNamespace(outdir=tmp_path, builder=builder, config=config)
    monkeypatch.delenv("CI", raising=False)
    live._begin(app, None, [])
    live._serve(app, None)
    assert capfd.readouterr().err == "The book is built without live code. No source.\n"
    assert (tmp_path / live.INCOMPLETE).exists()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(live.LiveCodeError, match="No source"):
        live._serve(app, None)


def test_pages_that_read_what_no_browser_has_offer_nothing():
    left = {path.stem for path in (ROOT / "book").glob("*.ipynb") if not live.runs(path)}
    assert left == {"benchmarks", "published"}


def names_in(path):
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(path.read_bytes()))) as files:
        return files.getnames()


def test_what_is_served(static):
    described = json.loads((static / "live" / "runtime.json").read_text("utf-8"))
    for name, (size, digest) in described["files"].items():
        content = (static / name).read_bytes()
        assert len(content) == size and hashlib.sha256(content).hexdigest().startswith(digest)
    packages = names_in(static / "live" / "packages.bin")
    assert not [name for name in packages if name.endswith(".py") or "/tests/" in name]
    assert {name.partition("/")[0] for name in packages} >= {"numpy", "matplotlib", "PIL", "six.pyc"}
    own = names_in(static / "live" / "mlcore.bin")
    assert {"kernel.py", "mlcore/ridge.py", "mlcore/data/digits.csv", "mlcore/explore/draw.js"} <= set(own)
    assert not [name for name in own if "mnist.npz" in name]
    assert names_in(static / "live" / "mnist.bin") == ["mlcore/data/mnist.npz"]
    # With what a browser unpacks, this is what a reader has to wait for.
    assert sum(path.stat().st_size for path in static.rglob("*.bin")) < 15_000_000


def test_it_is_made_once(static, monkeypatch):
    monkeypatch.setattr(runtime, "compile_all", None)
    monkeypatch.setattr(runtime, "wheels", None)
    assert runtime.packed().is_dir() and runtime.compiled().is_dir()


def test_the_same_files_make_the_same_archive(tmp_path, monkeypatch):
    seconds = itertools.count(1e9)
    monkeypatch.setattr(gzip, "time", types.SimpleNamespace(time=lambda: next(seconds)))
    for folder in ("a", "b"):
        (tmp_path / folder / "deep").mkdir(parents=True)
        (tmp_path / folder / "deep" / "x.py").write_text("x = 1")
    os.utime(tmp_path / "a" / "deep" / "x.py", (1, 1))
    for kind in ("zip", "bin"):
        for folder in ("a", "b"):
            runtime.archive(tmp_path / folder, tmp_path / f"{folder}.{kind}")
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_red_what_does_not_compile(static, tmp_path):
    (tmp_path / "bad.py").write_text("def f(:\n")
    with pytest.raises(vendor.VendorError, match="could not compile"):
        runtime.compile_all(tmp_path, "/lib")
