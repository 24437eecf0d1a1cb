"""Exercises, quizzes, words: no answer stands open, solutions pass, terms and symbols are defined."""

import importlib
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = str(ROOT / "book" / "_tools")
sys.path.insert(0, TOOLS)
import chapter  # noqa: E402
import notebooks  # noqa: E402
import words  # noqa: E402

sys.path.remove(TOOLS)
CHAPTERS = words.chapters()
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def checks(path):
    """Public functions of a chapter's module of checks."""
    module = importlib.import_module(f"mlcore.exercises.{path.stem}")
    found = inspect.getmembers(module, inspect.isfunction)
    return {name for name, f in found if f.__module__ == module.__name__ and not name.startswith("_")}


@each_chapter
def test_every_check_is_asked_once_and_answered_right_by_the_solution(path):
    asked, solved = [], []
    for cell in nbformat.read(path, 4).cells:
        calls = re.findall(r"^check\.(\w+)\(", cell.source, re.M) if cell.cell_type == "code" else []
        said = "".join(output.get("text", "") for output in cell.get("outputs", ()))
        if not calls:
            continue
        if "remove-output" in cell.metadata.get("tags", ()):
            asked += calls
            assert "nothing to check yet" in said
        else:
            solved += calls
            assert "hide-cell" in cell.metadata.tags, f"the solution of {calls} stands open"
            assert re.search(r": right$", said, re.M), said
    assert sorted(asked) == sorted(solved) == sorted(checks(path))


@each_chapter
def test_no_cell_holds_the_right_answer_of_a_check(path):
    for cell in nbformat.read(path, 4).cells:
        assert not re.search(r"\bmistakes=|\bcheck\(", cell.source), cell.source


@each_chapter
def test_a_quiz_has_three_questions(path):
    text = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
    assert text.count(":class: quiz") >= 3 and text.count(":class: quiz") == text.count("**Right.**")


def test_terms_and_symbols_are_defined_and_chapters_open_with_a_picture():
    assert words.problems() == []


@pytest.fixture
def book(tmp_path):
    """A small book, and a function that says what is wrong with a chapter of one cell."""
    (tmp_path / "notation.md").write_text("$\\theta$, $\\operatorname{E}$, $\\bar x$")
    (tmp_path / "glossary.md").write_text("```{glossary}\ncost\nloss\n  How bad.\n```\n")

    def problems(*cells):
        nb = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "```{exercise}\n```"}, *cells]}
        (tmp_path / "x.ipynb").write_text(json.dumps(nb))
        return words.problems(tmp_path)

    return problems


def text(source):
    return {"cell_type": "markdown", "metadata": {}, "source": "The **{term}`cost`**. " + source}


def code(source, *tags):
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source}


@pytest.mark.parametrize(
    "source, message",
    [
        ("A **bold** word", "got **bold**"),
        ("A **{term}`gain`**", "'gain' is not in glossary"),
        ("Again **{term}`loss <cost>`**", "'cost' is defined in"),
        (":::{note}\nin $\\tau$\n:::", r"$\tau$ is not in notation"),
        ("$$\\mathbb{E} x$$ (eq-x)", r"$\mathbb{E}$ is not"),
        ("$\\operatorname{Var}$", r"$\operatorname{Var}$ is not"),
        ("$\\tilde x$", r"$\tilde x$ is not"),
    ],
)
def test_red_words_and_symbols(book, source, message):
    found = book(text(source))
    assert len(found) == 1 and message in found[0]


def test_red_a_paragraph_of_many_words(book):
    words = "one two three four " * 19 + "one two three"  # 79
    assert book(text(f"\n\n{words} $x = y$\n\n- {words}")) == []
    assert "a paragraph of 81 words" in book(text(f"\n\n- {words} $x = y$ `z`"))[0]


def test_words_and_symbols_that_are_in_order(book):
    assert (
        book(text("**A heading.** $\\theta = \\bar{x}$, $\\operatorname{E} x$, $\\text{tau}$ and `$\\tau$`"))
        == []
    )
    assert book(text(""), code("import numpy", "hide-input"), code("explore(draw)"), code("x = 1")) == []


def test_red_a_first_screen_with_code(book):
    assert "stands open" in book(text(""), code("import numpy"), code("explore(draw)", "hide-input"))[0]


def test_a_new_chapter_is_in_order_and_runs(tmp_path, capsys):
    assert chapter.main("decision_trees", tmp_path) is None
    path = tmp_path / "decision_trees.ipynb"
    assert notebooks.problems(path) == [] and not list(words.first_screen(nbformat.read(path, 4).cells))
    assert "already" in chapter.main("decision_trees", tmp_path)
    assert "small letters" in chapter.main("Decision Trees", tmp_path)
    assert notebooks.main([str(path)]) == 0
    assert "written" in capsys.readouterr().out


def test_exercises_need_only_numpy():
    script = "import sys, mlcore.exercises.rbf; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
