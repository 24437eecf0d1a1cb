"""Errors in the lectures: each entry is in the table, stands once, and shows by numbers what it says."""

import json
import re
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[1] / "book"


def cells(name):
    return json.loads((BOOK / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


CELLS = cells("errata")
TEXTS = ["".join(cell["source"]) for cell in CELLS]
HEADING = re.compile(r"\A\(error-(\d\d)\)=\n### E(\d\d)\. (.+)\n")
ENTRIES = {match[2]: k for k, text in enumerate(TEXTS) if (match := HEADING.match(text))}


def test_each_number_stands_once_and_in_the_table():
    headings = re.findall(r"^### E(\d\d)\.", "\n".join(TEXTS), re.M)
    assert headings == list(ENTRIES), "an entry is a cell of its own: its target, its heading, its text"
    row = r"^\| \{ref\}`E(\d\d) <error-(\d\d)>` \| .+ \| .+ \| (.+) \|$"
    listed = re.findall(row, "\n".join(TEXTS), re.M)
    assert [number for number, _, _ in listed] == headings
    for number, target, title in listed:
        assert number == target == HEADING.match(TEXTS[ENTRIES[number]])[1]
        assert title == HEADING.match(TEXTS[ENTRIES[number]])[3]
    assert f"lists {len(headings)} places" in "\n".join(TEXTS)


@pytest.mark.parametrize("number", ENTRIES)
def test_an_entry_gives_both_formulas_and_both_numbers(number):
    k = ENTRIES[number]
    assert re.search(r"^- \*Printed:\* .+\n- \*Right:\* .+$", TEXTS[k], re.M)
    cell = CELLS[k + 1]
    assert cell["cell_type"] == "code" and len(re.findall(r"^compare\(", TEXTS[k + 1], re.M)) == 1
    printed = "".join("".join(output["text"]) for output in cell["outputs"])
    rows = re.findall(r"^(printed|right|third way) +(\S.*)$", printed, re.M)
    assert [name for name, _ in rows] == ["printed", "right", "third way"]
    assert rows[0][1] != rows[1][1], "the two forms print the same"


def compare():
    names = {}
    code = next(t for t, c in zip(TEXTS, CELLS) if c["cell_type"] == "code" and "def compare" in t)
    exec(code, names)
    return names["compare"]


@pytest.mark.parametrize("values", [(1.0, 1.0, 1.0), (2.0, 1.0, 2.0), (1.0, 2.0, 3.0)])
def test_red_an_entry_that_is_not_as_it_says(values):
    with pytest.raises(AssertionError):
        compare()(*values)


def test_a_form_that_cannot_be_computed_says_so(capsys):
    def misfit():
        raise ValueError

    compare()(misfit, [1.0, 2.0], [1.0, 2.0])
    assert "impossible" in capsys.readouterr().out


def test_the_translation_computes_in_all_notations():
    code = "\n".join("".join(c["source"]) for c in cells("translation") if c["cell_type"] == "code")
    computed = re.findall(r'^found\["(.+?)"\] =', code, re.M)
    assert computed == ["book", "slides", "LR to NN", "FFNN", "board", "handwritten"]
