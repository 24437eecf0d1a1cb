"""What a chapter shows with `source` is to be read by a learner: short, public, no wider than the page."""

import argparse
import ast
from pathlib import Path

import nbformat
import pytest

from mlcore.teach import source

CHAPTERS = sorted((Path(__file__).resolve().parents[1] / "book").glob("*.ipynb"))
MOST_LINES, WIDEST = 32, 88


def shown(path):
    """The expressions that a notebook hands to `source`, and a namespace with what it imports."""
    expressions, names = [], {}
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type != "code":
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                exec(ast.unparse(node), names)
            elif isinstance(node, ast.Call) and getattr(node.func, "id", None) == "source":
                expressions += node.args
    return [ast.unparse(expression) for expression in expressions], names


def faults(expression, names):
    private = [part for part in expression.split(".") if part.startswith("_")]
    if private:
        yield f"{expression} is private"
    lines = repr(source(eval(expression, names))).splitlines()[1:]  # the first names the file
    if len(lines) > MOST_LINES:
        yield f"{expression} has {len(lines)} lines; a plain form has {MOST_LINES} at most"
    yield from (f"{expression}: {len(line)} columns: {line}" for line in lines if len(line) > WIDEST)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_code_that_a_chapter_shows_can_be_read(path):
    expressions, names = shown(path)
    wrong = [fault for expression in expressions for fault in faults(expression, names)]
    assert not wrong, "\n".join(wrong)


def test_red_code_that_nobody_can_read():
    names = {"argparse": argparse, "nbformat": nbformat}
    assert list(faults("nbformat.reads", names)) == []
    assert list(faults("argparse._get_action_name", names)) == ["argparse._get_action_name is private"]
    assert any(
        "a plain form has" in fault for fault in faults("argparse.ArgumentParser.parse_known_args", names)
    )
