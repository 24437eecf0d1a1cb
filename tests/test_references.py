"""The bibliography: sorted, complete, and every work in it is referred to."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIB = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
ENTRIES = {
    key: (kind, body) for kind, key, body in re.findall(r"^@(\w+)\{([\w-]+),\n(.*?)^\}", BIB, re.M | re.S)
}
NEEDED = {
    "article": {"journal", "volume", "pages", "year"},
    "book": {"publisher", "year"},
    "misc": {"howpublished"},
}


def cited():
    """Keys referred to anywhere in the book."""
    text = [path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md")]
    for path in (ROOT / "book").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    roles = re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", "\n".join(text))
    return {key.strip() for role in roles for key in role.split(",")}


def test_entries_are_sorted_and_unique():
    keys = re.findall(r"^@\w+\{([\w-]+),", BIB, re.M)
    assert keys == sorted(set(keys)), "keep book/references.bib sorted by key, each key once"
    assert list(ENTRIES) == keys, (
        "write each entry as its neighbours are: one field a line, the brace alone on the last"
    )


@pytest.mark.parametrize("key", ENTRIES)
def test_entry_is_complete(key):
    kind, body = ENTRIES[key]
    fields = set(re.findall(r"^\s*(\w+)\s*=", body, re.M))
    missing = ({"author", "title"} | NEEDED.get(kind, {"year"})) - fields
    assert not missing, f"{key} lacks {', '.join(sorted(missing))}"
    year = re.search(r"^\s*year\s*=\s*\{(\d{4})\}", body, re.M)
    assert not year or key.endswith(year[1]) or key[:-1].endswith(year[1]), f"{key} is of {year[1]}"


def test_every_entry_is_referred_to_and_every_reference_has_an_entry():
    assert cited() - set(ENTRIES) == set(), "the book refers to works that book/references.bib does not have"
    assert set(ENTRIES) - cited() == set(), "no page refers to these: cite them, or take them out"
