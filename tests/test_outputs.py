"""The outputs that a chapter stores are those of a fresh run: that of `make site`, which is kept.

This is nbval's comparison without a second run. To run the chapters again, with live sliders:

    pytest --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg book
"""

import importlib.util
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbval.plugin import IPyNbFile, coalesce_streams, get_sanitize_patterns

ROOT = Path(__file__).resolve().parents[1]
LIVE = "explorers"  # prints what live sliders say: nbval itself runs it in `make test`
CHAPTERS = sorted(path for path in (ROOT / "book").glob("*.ipynb") if path.stem != LIVE)
LOOKED_PAST = get_sanitize_patterns((ROOT / "tests" / "nbval_sanitize.cfg").read_text("utf-8"))


def load(path):
    spec = importlib.util.spec_from_file_location(f"_outputs_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def runs():
    """What the build has run, with the code and the packages of today."""
    code, _ = load(ROOT / "book" / "_tools" / "site.py").fingerprints()
    folder = ROOT / "_build" / "work" / code / "_build" / ".jupyter_cache"
    assert folder.is_dir(), "the site is not of today's code: `make site` builds it"
    return get_cache(folder)


def differences(session, path, run):
    """Yield what nbval says of each cell whose stored output is not that of the run."""
    stored = IPyNbFile.from_parent(session, path=path)
    stored.sanitize_patterns.update(LOOKED_PAST)
    fresh = [cell for cell in run.cells if cell.cell_type == "code"]
    for cell, ran in zip(stored.collect(), fresh, strict=True):
        assert cell.cell.source == ran.source
        if cell.options["check"] and not cell.compare_outputs(
            coalesce_streams(ran.outputs), coalesce_streams(cell.cell.outputs)
        ):
            yield "\n".join([cell.name, *cell.comparison_traceback])


@pytest.mark.parametrize(
    ("tags", "stored", "fresh", "different"),
    [
        ([], "1\n", "1\n", 0),
        ([], "1\n", "2\n", 1),
        ([], "1\n", None, 1),
        ([], "1.1e-16\n", "3e-17\n", 0),
        (["nbval-ignore-output"], "1\n", "2\n", 0),
    ],
)
def test_red_an_output_that_is_another(tags, stored, fresh, different, tmp_path, request):
    def notebook(text):
        outputs = [new_output("stream", text=text)] if text else []
        cell = new_code_cell("print(1)", outputs=outputs, metadata={"tags": tags}, execution_count=1)
        return new_notebook(cells=[new_markdown_cell("# Title"), cell])

    nbformat.write(notebook(stored), tmp_path / "x.ipynb")
    assert len(list(differences(request.session, tmp_path / "x.ipynb", notebook(fresh)))) == different


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_stored_outputs_are_those_of_a_fresh_run(path, runs, request):
    run = runs.merge_match_into_file(path)[1]
    assert not list(differences(request.session, path, run))
