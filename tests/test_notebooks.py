"""Every chapter is stored in normal form: a diff shows what changed, and the file holds no picture."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbval.plugin import get_sanitize_patterns

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))


def load(path):
    """A script of the book as a module, without putting its folder on the path."""
    spec = importlib.util.spec_from_file_location(f"_book_{path.stem}", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


notebooks = load(ROOT / "book" / "_tools" / "notebooks.py")
TAG = notebooks.IGNORE_OUTPUT


# ------------------------------------------------------------------------------------------- the chapters
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_is_in_normal_form(path):
    problems = notebooks.problems(path)
    assert not problems, "\n".join([f"{path.name} (`make notebooks` mends most of this):", *problems])


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_holds_no_picture_and_is_small(path):
    text = path.read_text(encoding="utf-8")
    assert "image/" not in text and "<svg" not in text
    assert len(text) < 300_000


def test_every_chapter_is_in_the_table_of_contents():
    listed = re.findall(r"(?:file|root):\s*book/(\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    missing = [path.stem for path in CHAPTERS if path.stem not in listed]
    assert not missing, f"not in _toc.yml, so no reader finds it: {missing}"


# ------------------------------------------------------------------------------------------ the normal form
def title():
    return new_markdown_cell("# Title")


def printed(code="print(1)", text="1\n", name="stdout", **metadata):
    return new_code_cell(code, outputs=[new_output("stream", name=name, text=text)], metadata=metadata)


def test_normal_form_is_reached_at_once_and_keeps_what_counts():
    run = printed("x = 1   \nprint(x)\n\n", tags=[TAG, "hide-input"], collapsed=True)
    run.execution_count = 7
    result = new_output("execute_result", {"text/plain": "2"}, execution_count=3, metadata={"a": 1})
    print_ = new_output("stream", name="stdout", text="a\n")
    other = new_code_cell("x + 1", outputs=[print_, result], metadata={"tags": ["hide-input"]})
    before = new_notebook(cells=[title(), run, other], metadata={"jupytext": {"a": 1}, "widgets": {}})

    after = notebooks.normalised(before)
    nbformat.validate(after)
    assert notebooks.dumped(notebooks.normalised(after)) == notebooks.dumped(after)
    assert after.metadata == notebooks.METADATA and (after.nbformat, after.nbformat_minor) == (4, 5)
    _, one, two = after.cells
    assert one.source == "x = 1\nprint(x)" and one.outputs == [] and one.execution_count == 1
    folded = {"jupyter": {"source_hidden": True}}
    assert (
        one.metadata == {"tags": ["hide-input", TAG]} | folded
        and two.metadata == {"tags": ["hide-input"]} | folded
    )
    assert [output.get("text") for output in two.outputs] == ["a\n", None]
    assert two.outputs[1].data == {"text/plain": "2"} and two.outputs[1].metadata == {}
    assert two.execution_count == two.outputs[1].execution_count == 1  # the same everywhere
    assert before.cells[1].execution_count == 7  # the notebook that came in is as it was
    assert notebooks.rule_breaks(after) == []


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("One. Two\nis longer. Three?", "One.\nTwo is longer.\nThree?"),
        ("- One. Two.\n  Three.\n- Four", "- One.\n  Two.\n  Three.\n- Four"),
        ("> One. Two.\n> Three.", "> One.\n> Two.\n> Three."),
        ("See $a. B$ and `c. D` now. *So.* Then", "See $a. B$ and `c. D` now.\n*So.*\nThen"),
        ("A value, e.g. Three, of G. Smith (1. 2) and 3.5 m. and so on.", None),
        ("# A title. With a dot\n\n$$\nx. Y\n$$ (eq-x)\n\n| a. B | c |\n|---|---|\n| d. E | f |", None),
        (
            ":::{admonition} A. B\n:class: tip\nOne. Two.\n:::",
            ":::{admonition} A. B\n:class: tip\nOne.\nTwo.\n:::",
        ),
        ("```{code-block} python\na. B\n```", None),
        ("Broken on purpose. Here\\\nand there. Yes.", None),
    ],
)
def test_a_sentence_has_a_line_of_its_own(text, wanted):
    assert notebooks.one_sentence_a_line(text) == (text if wanted is None else wanted)
    assert notebooks.one_sentence_a_line(wanted or text) == (wanted or text)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_two_branches_that_add_a_cell_merge(path, tmp_path):
    base = nbformat.read(path, 4)
    code = [i for i, cell in enumerate(base.cells) if cell.cell_type == "code"]
    versions = {"base": base.copy()}
    for name, place in (("ours", code[1]), ("theirs", code[-1])):
        new = printed(f"print({name!r})", f"{name}\n")
        versions[name] = base.copy() | {"cells": [*base.cells[:place], new, *base.cells[place:]]}
    for name, nb in versions.items():
        (tmp_path / name).write_text(notebooks.dumped(notebooks.normalised(nbformat.from_dict(nb))), "utf-8")
    merge = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"], cwd=tmp_path, capture_output=True, text=True
    )
    assert merge.returncode == 0, "conflicts"
    merged = nbformat.reads(merge.stdout, 4)
    nbformat.validate(merged)
    assert len(merged.cells) == len(base.cells) + 2


def test_ids_are_unique_and_change_only_with_their_cell():
    cells = [title(), new_code_cell("a"), new_code_cell("b"), new_code_cell("a"), new_markdown_cell("a")]
    ids = notebooks.cell_ids(cells)
    assert len(set(ids)) == 5
    assert notebooks.cell_ids([title(), new_code_cell("new"), *cells[1:]]) == [
        ids[0],
        *notebooks.cell_ids([new_code_cell("new")]),
        *ids[1:],
    ]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            new_code_cell("explore(draw, delta=[1])"),
            "makes anew (explore): give it the tag nbval-ignore-output",
        ),
        (new_code_cell("source(Ridge.fit)"), "makes anew (source)"),
        (new_code_cell("mlcore.explore.figure(fig)"), "makes anew (figure)"),
        (new_code_cell("table({'a': [1]})\nprint(2)"), "shows nothing of table(…)"),
        (new_code_cell("for a in (1, 2):\n    teach.table({'a': [a]})"), "shows nothing of table(…)"),
        (new_code_cell("source(Ridge.fit)\nx = 1"), "shows nothing of source(…)"),
        (
            new_code_cell(
                "begin = perf_counter()\nfit()\nfigure(draw(perf_counter() - begin))",
                metadata={"tags": [TAG]},
            ),
            "draws and reads a clock",
        ),
        (new_code_cell("%matplotlib inline"), "not plain Python"),
        (new_code_cell(""), "is empty"),
        (new_markdown_cell(" "), "is empty"),
        (new_markdown_cell("![x](data:image/png;base64,AAAA)"), "holds an image"),
        (new_markdown_cell("a", attachments={"a.png": {"image/png": "AAAA"}}), "holds an image"),
        (new_code_cell("x", metadata={"tags": ["nbval-ignore-outputs"]}), "unknown tag nbval-ignore-outputs"),
        (nbformat.v4.new_raw_cell("x"), "is a raw cell"),
        (printed(name="stderr", text="UserWarning: no"), "writes to stderr (UserWarning: no)"),
        (printed(text="<function f at 0x7f3cc21167a0>"), "memory address"),
        (new_code_cell("x", outputs=[new_output("display_data", {"image/png": "AAAA"})]), "type image/png"),
        (
            new_code_cell(
                "x", outputs=[new_output("display_data", {"text/html": "<img src='data:image/png;'>"})]
            ),
            "an image inside its output",
        ),
        (
            new_code_cell("x", outputs=[new_output("error", ename="ValueError", evalue="", traceback=[])]),
            "ends in ValueError",
        ),
    ],
)
def test_red_what_a_chapter_must_not_hold(cell, message):
    nb = notebooks.normalised(new_notebook(cells=[title(), cell]))
    breaks = notebooks.rule_breaks(nb)
    assert len(breaks) == 1 and message in breaks[0] and breaks[0].startswith("cell 2")


def test_red_a_title_with_a_formula():
    nb = notebooks.normalised(new_notebook(cells=[new_markdown_cell("# What $\\delta$ does")]))
    assert "no formula" in notebooks.rule_breaks(nb)[0]


@pytest.mark.parametrize(
    "place", ["(bend)=\n# Text", "# Text\n\n## *Bend*", "# Text\n\n:::{exercise}\n:label: bend\n:::"]
)
def test_red_a_figure_named_as_a_place_in_the_text(place):
    figure = new_code_cell("explore(draw, name='bend', delta=[1])", metadata={"tags": [TAG]})
    breaks = notebooks.rule_breaks(
        notebooks.normalised(new_notebook(cells=[new_markdown_cell(place), figure]))
    )
    assert len(breaks) == 1 and "names a figure 'bend'" in breaks[0]
    other = notebooks.normalised(new_notebook(cells=[new_markdown_cell("(bent)=\n# Bended"), figure]))
    assert notebooks.rule_breaks(other) == []


def test_red_a_chapter_without_a_title():
    assert "title" in notebooks.rule_breaks(notebooks.normalised(new_notebook(cells=[printed()])))[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda nb: nb.cells[1].update(execution_count=3), "cell 2: execution_count"),
        (lambda nb: nb.cells[1].update(id="abc"), "cell 2: id"),
        (lambda nb: nb.cells[1].metadata.update(collapsed=True), "cell 2: metadata"),
        (lambda nb: nb.cells[1].metadata.update(tags=[TAG]), "cell 2: outputs"),
        (lambda nb: nb.metadata.update(widgets={}), "notebook metadata"),
        (lambda nb: nb.metadata.kernelspec.update(name="python312"), "notebook metadata"),
        (lambda nb: nb.update(nbformat_minor=4), "nbformat 4.4 instead of 4.5"),
    ],
)
def test_red_a_file_that_is_not_in_normal_form(tmp_path, change, message):
    path, nb = tmp_path / "x.ipynb", notebooks.normalised(new_notebook(cells=[title(), printed()]))
    path.write_text(notebooks.dumped(nb))
    assert notebooks.problems(path) == []
    change(nb)
    path.write_text(notebooks.dumped(nb))
    assert any(message in problem for problem in notebooks.problems(path)), notebooks.problems(path)


def test_red_a_file_that_is_no_notebook_or_written_otherwise(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text("{")
    assert "not a notebook" in notebooks.problems(path)[0]
    path.write_text(notebooks.dumped(notebooks.normalised(new_notebook(cells=[title()]))) + "\n")
    assert notebooks.problems(path) == ["the file is not written as nbformat writes it"]


# ------------------------------------------------------------------------------------------------ execution
@pytest.fixture
def chapter(tmp_path):
    """A function that writes a notebook of code cells and runs it; returns path, exit code, messages."""

    def run(capsys, *codes, tags=()):
        path = tmp_path / "x.ipynb"
        cells = [title(), *(new_code_cell(code, metadata={"tags": list(tags)}) for code in codes)]
        path.write_text(notebooks.dumped(new_notebook(cells=cells)))
        before = path.read_text()
        code = notebooks.main([str(path)])
        shown = capsys.readouterr()
        assert code == 0 or path.read_text() == before  # on any failure the file stays as it was
        assert [p.name for p in tmp_path.iterdir()] == ["x.ipynb"]
        return path, code, shown.out + shown.err

    return run


def test_running_a_chapter_stores_its_outputs(chapter, capsys):
    printed = "print('sent in', flush=True)\nprint('two pieces')"
    path, code, said = chapter(
        capsys, "import os\nx = 2\nprint(x)", "x ** 5", "os.path.exists('x.ipynb')", printed
    )
    assert code == 0 and "x.ipynb: written" in said
    nb = nbformat.read(path, 4)
    assert [output.text for output in nb.cells[4].outputs] == ["sent in\ntwo pieces\n"]
    assert nb.cells[1].outputs[0].text == "2\n" and nb.cells[2].outputs[0].data["text/plain"] == "32"
    assert nb.cells[3].outputs[0].data["text/plain"] == "True"  # it runs in its own folder
    assert notebooks.problems(path) == []
    assert notebooks.main([str(path)]) == 0 and "unchanged" in capsys.readouterr().out
    assert notebooks.main(["--check", str(path)]) == 0


@pytest.mark.parametrize(
    ("code", "tags", "message"),
    [
        ("1 / 0", (), "ZeroDivisionError"),
        ("import sys; print('careful', file=sys.stderr)", (TAG,), "cell 2 writes to stderr"),
        (
            "from IPython.display import Image, display\ndisplay(Image(b'x', format='png'))",
            (),
            "type image/png",
        ),
    ],
)
def test_red_a_chapter_that_fails_is_left_as_it_was(chapter, capsys, code, tags, message):
    _, code, said = chapter(capsys, code, tags=tags)
    assert code == 1 and message in said


def test_red_a_chapter_that_does_not_exist(capsys):
    assert notebooks.main(["no-such-chapter"]) == 2
    assert "no chapter called 'no-such-chapter'; there are:" in capsys.readouterr().err


# ------------------------------------------------------------------------- what the comparison looks past
def sanitised(text):
    for regex, replace in get_sanitize_patterns((ROOT / "tests" / "nbval_sanitize.cfg").read_text()):
        text = re.sub(regex, replace, text)
    return text


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("residual 1.3e-15", "residual -4.44e-16", True),
        ("0.00 1.5", "-0.00 1.5", True),
        ("[-0. 1.]", "[0. 1.]", True),
        ("1.3e-12", "1.4e-12", False),
        ("1.3e-05", "1.4e-05", False),
        ("-0.01", "0.01", False),
        ("-0.5", "0.5", False),
        ("1e-150", "3e-16", True),
        ("1.3e+15", "1.4e+15", False),
        ("10-0", "100", False),
    ],
)
def test_only_rounding_is_looked_past(one, two, same):
    assert (sanitised(one) == sanitised(two)) is same
