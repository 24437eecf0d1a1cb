"""What `make lighthouse` makes of reports and of the names of pages; nothing is measured here."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
spec = importlib.util.spec_from_file_location("lighthouse", ROOT / "book" / "_tools" / "lighthouse.py")
lighthouse = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lighthouse)


def report(speed, access=1, fault=None):
    """A report as Lighthouse writes it, as far as it is read."""
    audits = {audit: {"score": 1, "numericValue": 1000 * speed} for audit in lighthouse.NUMBERS}
    audits["alt"] = {"score": fault, "title": "Images have no words", "details": {"items": [
        {"node": {"snippet": "<img>"}}, {"url": "of no place"},
    ]}}  # fmt: skip
    categories = {name: {"score": 1, "auditRefs": []} for name in ("performance", *lighthouse.JUDGED)}
    categories["performance"]["score"] = speed
    categories["accessibility"] = {"score": access, "auditRefs": [{"id": "alt"}]}
    return {"categories": categories, "audits": audits}


def test_row_has_medians_of_speed_and_the_markup_of_the_first_visit():
    cells = lighthouse.row([report(0.5, access=0.9), report(0.7), report(0.6)])
    assert cells == ["60", "90", "100", "100", "0.60", "0.60", "600", "600.000", "1", "600"]


@pytest.mark.parametrize(("score", "said"), [(None, 0), (1, 0), (0.5, 1), (0, 1)])
def test_faults_are_said_with_their_places(score, said):
    faults = list(lighthouse.faults(report(0.5, fault=score)))
    assert len(faults) == said
    assert all("Images have no words" in fault and "<img>" in fault for fault in faults)


def test_pages_are_those_of_the_contents_or_those_named():
    everything = lighthouse.pages([])
    assert everything[0] == "book/intro" and {"book/ridge", "book/ledger"} < set(everything)
    assert len(everything) == len(set(everything)) > 30
    assert all(list((ROOT / page).parent.glob(f"{Path(page).name}.*")) for page in everything)
    assert lighthouse.pages(["ridge", "classification"]) == ["book/ridge", "book/reference/classification"]
    assert lighthouse.pages(["networks"]) == ["book/networks", "book/reference/networks"]
    with pytest.raises(ValueError, match="no page called nope; there are: .*ridge"):
        lighthouse.pages(["nope"])
