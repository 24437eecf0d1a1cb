"""Every row of the curriculum names exactly one section of the book."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS = [
    f"{part}{n:02d}"
    for part, last in {"r": 22, "o": 11, "c": 11, "n": 21}.items()
    for n in range(1, last + 1)
]


def pieces(book):
    """(file name, text) of all Markdown in the book: whole .md files, single cells of notebooks."""
    for path in sorted(book.rglob("*.md")):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted(book.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield path.name, "".join(cell["source"])


def rows(book):
    """(row, file name, heading that follows or None) for every target that looks like a row."""
    out = []
    for name, text in pieces(book):
        text = re.sub(
            r"^(```+|~~~+).*?^\1[`~]*\s*$", "", text, flags=re.M | re.S
        )  # what a fence holds is no section
        for match in re.finditer(r"^\((\w\d+)\)=[ \t]*$", text, re.M | re.I):
            after = re.match(r"\s*(?:\([^()\n]+\)=\s*)*(#{1,6} .*)?", text[match.end() :])
            out.append((match[1], name, after[1]))
    return out


def test_every_row_names_exactly_one_section():
    places = {row: [] for row in ROWS}
    for row, name, heading in rows(ROOT / "book"):
        places.setdefault(row, []).append(f"{name}: {heading}")
    missing = [row for row in ROWS if not places[row]]
    assert not missing, (
        f"no section for {', '.join(missing)}: put ({missing[0]})= on the line above its heading"
    )
    double = {row: where for row, where in places.items() if len(where) > 1}
    assert not double, f"a row names one section, the one that teaches it: {double}"


def test_rows_are_known_and_stand_above_headings():
    for row, name, heading in rows(ROOT / "book"):
        assert row in ROWS, (
            f"{name}: ({row})= is no row of the curriculum (r01-r22, o01-o11, c01-c11, n01-n21)"
        )
        assert heading, f"{name}: ({row})= must stand right above a heading, in the same cell"


def test_rows_that_are_referred_to_exist():
    for name, text in pieces(ROOT / "book"):
        for row in re.findall(r"\{(?:num)?ref\}`(?:[^`<]*<)?([a-z]\d\d)>?`", text):
            assert row in ROWS, f"{name} refers to {row}, which no section carries"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(r14)=\n## Ridge\n", [("r14", "x.md", "## Ridge")]),
        ("(r14)=\n(why)=\n\n# Ridge\n", [("r14", "x.md", "# Ridge")]),
        ("(r14)=\n(r15)=\n# Ridge\n", [("r14", "x.md", "# Ridge"), ("r15", "x.md", "# Ridge")]),
        ("(r14)=\nText\n", [("r14", "x.md", None)]),
        ("(r99)=\n# T\n", [("r99", "x.md", "# T")]),
        ("```\n(r14)=\n# T\n```\n", []),
        ("see (r14)= here\n", []),
    ],
)
def test_how_rows_are_found(tmp_path, text, found):
    (tmp_path / "x.md").write_text(text)
    assert rows(tmp_path) == found
    cells = [
        dict(cell_type="markdown", source=[text]),
        dict(cell_type="code", source=["(r01)=\n# a comment"]),
    ]
    (tmp_path / "x.md").unlink()
    (tmp_path / "x.ipynb").write_text(json.dumps({"cells": cells}))
    assert rows(tmp_path) == [(row, "x.ipynb", heading) for row, _, heading in found]
