"""Errata of the lectures: each entry is in its table, stands once, and shows by numbers what it says.

Two lists: errors, and places to be read with care. Numbers are permanent, so all of them are accounted for.
"""

import json
import re
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[1] / "book"


def cells(name):
    return json.loads((BOOK / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


CELLS = cells("errata")
TEXTS = ["".join(cell["source"]) for cell in CELLS]
PAGE = "\n".join(TEXTS)
CODE = [k for k, cell in enumerate(CELLS) if cell["cell_type"] == "code"]
HEADING = re.compile(r"\A\(error-(\d\d)\)=\n### E(\d\d)\. (.+)\n")
ENTRIES = {match[2]: k for k, text in enumerate(TEXTS) if (match := HEADING.match(text))}
CARE = next(k for k, text in enumerate(TEXTS) if text.startswith("(errata-care)="))
ERRORS = {number: k for number, k in ENTRIES.items() if k < CARE}
WITH_CARE = {number: k for number, k in ENTRIES.items() if k > CARE}


@pytest.mark.parametrize("entries", [ERRORS, WITH_CARE], ids=["errors", "care"])
def test_each_number_stands_once_and_in_its_table(entries):
    row = r"^\| \{ref\}`E(\d\d) <error-(\d\d)>` \| .+ \| .+ \| (.+) \|$"
    tables = [re.findall(row, text, re.M) for text in TEXTS]
    listed = next(table for table in tables if table and table[0][0] in entries)
    assert [number for number, _, _ in listed] == list(entries)
    for number, target, title in listed:
        assert number == target == HEADING.match(TEXTS[entries[number]])[1]
        assert title == HEADING.match(TEXTS[entries[number]])[3]


def test_the_page_says_how_many_and_no_number_is_lost():
    assert re.findall(r"^### E(\d\d)\.", PAGE, re.M) == list(ENTRIES), "an entry is a cell of its own"
    assert f"lists {len(ERRORS)} places" in PAGE
    assert f"Another {len(WITH_CARE)} are" in PAGE
    assert f"These {len(WITH_CARE)} places" in TEXTS[CARE]
    withdrawn = re.findall(r"E(\d\d)", " ".join(re.findall(r"^- (E\d\d(?:, E\d\d)*), ", PAGE, re.M)))
    assert len(withdrawn) == 7
    assert "\nSeven suspicions" in PAGE
    assert sorted([*ENTRIES, *withdrawn]) == [f"{n:02}" for n in range(1, 65)]


def printed_by(k):
    return "".join("".join(output["text"]) for output in CELLS[k]["outputs"])


@pytest.mark.parametrize("number", ERRORS)
def test_an_entry_gives_both_formulas_and_both_numbers(number):
    k = ERRORS[number]
    assert re.search(r"^- \*Printed:\* .+\n- \*Right:\* .+$", TEXTS[k], re.M)
    assert k + 1 in CODE
    assert len(re.findall(r"^compare\(", TEXTS[k + 1], re.M)) == 1
    rows = re.findall(r"^(printed|right|third way) +(\S.*)$", printed_by(k + 1), re.M)
    assert [name for name, _ in rows] == ["printed", "right", "third way"]
    assert rows[0][1] != rows[1][1], "the two forms print the same"


@pytest.mark.parametrize("number", WITH_CARE)
def test_a_place_to_be_read_with_care_shows_both_readings(number):
    k = WITH_CARE[number]
    assert re.search(r"^- \*Printed:\* .+(\n  .+)*\n- \*Here:\* .+$", TEXTS[k], re.M)
    assert k + 1 in CODE
    assert len(re.findall(r"^readings\(", TEXTS[k + 1], re.M)) == 1
    *_, first, second, outcome = printed_by(k + 1).splitlines()
    same = first[31:].split() == second[31:].split()
    assert outcome == ("they agree" if same else "they differ")


@pytest.mark.parametrize("number", ENTRIES)
def test_an_entry_links_to_the_book(number):
    assert re.search(r"\{eq\}`eq-[a-z0-9-]+`", TEXTS[ENTRIES[number]])


def setup(k):
    """Code that an entry's cell may rely on: the comparison, and the first cell of its section."""
    section = max(j for j in range(k) if re.match(r"(\(.+\)=\n)?## ", TEXTS[j]))
    first = min(number for number in ENTRIES.values() if number > section)
    comparison = next(j for j in CODE if "def compare" in TEXTS[j])
    return [TEXTS[j] for j in CODE if j == comparison or section < j < first]


@pytest.mark.parametrize("number", ENTRIES)
def test_an_entrys_cell_runs_after_its_sections_first(number, capsys):
    k = ENTRIES[number]
    names = {}
    for code in [*setup(k), TEXTS[k + 1]]:
        exec(code, names)
    assert capsys.readouterr().out.endswith(printed_by(k + 1)), (
        "in the chapter's order it prints another value"
    )


def compare():
    names = {}
    exec(next(TEXTS[k] for k in CODE if "def compare" in TEXTS[k]), names)
    return names["compare"]


@pytest.mark.parametrize("values", [(1.0, 1.0, 1.0), (2.0, 1.0, 2.0), (1.0, 2.0, 3.0)])
def test_red_an_entry_that_is_not_as_it_says(values):
    with pytest.raises(AssertionError):
        compare()(*values)


def test_red_readings_that_do_not_do_what_is_said():
    names = {}
    for code in setup(next(iter(WITH_CARE.values()))):
        exec(code, names)
    for second, agree in [(1.0, False), (2.0, True)]:
        with pytest.raises(AssertionError):
            names["readings"]({"one": 1.0, "other": second}, agree=agree)


@pytest.mark.parametrize(
    "misfit",
    ["np.ones((2, 3)) @ np.ones(2)", "np.ones(3) + np.ones(2)", "np.dot(np.ones(3), np.ones(2))"],
)
def test_a_form_that_cannot_be_computed_says_so(misfit, capsys):
    compare()(eval(f"lambda: {misfit}", {"np": pytest.importorskip("numpy")}), [1.0, 2.0], [1.0, 2.0])
    assert "impossible" in capsys.readouterr().out


def test_red_a_broken_form_is_not_taken_for_one_that_does_not_fit():
    with pytest.raises(ValueError, match="invalid literal"):
        compare()(lambda: int("x"), [1.0, 2.0], [1.0, 2.0])


def test_the_translation_computes_in_all_notations():
    code = "\n".join("".join(c["source"]) for c in cells("translation") if c["cell_type"] == "code")
    computed = re.findall(r'^found\["(.+?)"\] =', code, re.M)
    assert computed == ["book", "slides", "LR to NN", "FFNN", "board", "handwritten"]
