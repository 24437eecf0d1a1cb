"""The lab on the built site: a chapter opens as a notebook, its cells run, what a reader writes is kept.

One chapter is run by `make test`, all of them by `make lite-test`.
"""

import hashlib
import json
import os
import types
import zipfile

import nbformat
import pytest
from playwright.sync_api import expect
from test_live import able, address  # noqa: F401  (fixtures)
from test_live_runtime import (
    CHAPTERS,
    DIFFERENT,
    ROOT,
    live,
    notebooks,
    plain_of,
    runtime,
    same,
    text_of,
    vendor,
)
from test_site import SITE

LAB = SITE / "lab"
SHORT = "explorers"
WHY = "the book is built without the lab, as what it is made of could not be had"
NAMES = [path.stem for path in CHAPTERS] if os.environ.get("LITE") == "all" else [SHORT]


@pytest.fixture(scope="module", autouse=True)
def there(able):  # noqa: F811
    if not LAB.is_dir() and os.environ.get("CI") != "true":
        pytest.skip(WHY)
    assert LAB.is_dir(), WHY


class Reader:
    """What a reader does in the lab."""

    def __init__(self, page, address):  # noqa: F811
        self.page, self.address = page, address

    def open(self, name):
        """By the button on the chapter's page."""
        self.page.goto(f"{self.address}book/{name}.html", wait_until="load")
        with self.page.expect_popup() as lab:
            self.page.click(".lab-icon")
        self.page = lab.value
        self.wait_for_notebook()
        return self

    def wait_for_notebook(self):
        """Until the notebook is there, and a Python for it."""
        self.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
        self.page.wait_for_function(
            "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
        )

    def run_all(self):
        """Run all cells; return, for each with code, its source and outputs."""
        self.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")
        cells = self.page.evaluate(
            "[...jupyterapp.shell.currentWidget.content.model.cells].filter(({type}) => type === 'code')"
            ".map(cell => ({source: cell.sharedModel.source, outputs: cell.outputs.toJSON()}))"
        )
        for output in (output for cell in cells for output in cell["outputs"]):
            if "text" in output:
                output["text"] = "".join(output["text"])
            for kind, text in output.get("data", {}).items():
                output["data"][kind] = "".join(text) if isinstance(text, list) else text
        return cells


@pytest.fixture
def reader(chromium, address):  # noqa: F811
    """In a profile of their own."""
    context = chromium.new_context()
    context.set_default_timeout(0)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    yield Reader(context.new_page(), address)
    context.close()
    host = address.removesuffix("/").rpartition("/")[0]
    assert asked and not [url for url in asked if not url.startswith((host, "data:", "blob:"))]


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_runs_from_top_to_bottom(name, reader):
    """It is the book's notebook, to the letter, and what it prints is what is committed."""
    committed = nbformat.read(ROOT / "book" / f"{name}.ipynb", 4)
    stored = [cell for cell in committed.cells if cell.cell_type == "code"]
    shown = reader.open(name).run_all()
    assert [cell["source"] for cell in shown] == [cell.source for cell in stored]
    known = DIFFERENT.get(name, ())
    for number, (before, now) in enumerate(zip(stored, shown, strict=True), 1):
        assert not [out for out in now["outputs"] if out["output_type"] == "error"], (number, now)
        assert not text_of(now["outputs"], "stderr"), (number, now)
        ignored = notebooks.IGNORE_OUTPUT in before.metadata.get("tags", ())
        if not ignored and not any(part in before.source for part in known):
            pair = ["\f".join([text_of(outs), *plain_of(outs)]) for outs in (before.outputs, now["outputs"])]
            assert same(*pair), (number, *pair)
    explorers = [cell for cell in stored if cell.source.startswith("explore(") or "\nexplore(" in cell.source]
    widgets = [cell for cell in shown if "application/vnd.jupyter.widget-view+json" in str(cell["outputs"])]
    assert len(widgets) >= len(explorers)


EXPLORE = """async () => {
    const {content} = jupyterapp.shell.currentWidget;
    const explores = ({type, sharedModel}) => type === "code" && /^explore\\(/m.test(sharedModel.source);
    const first = [...content.model.cells].findIndex(explores);
    content.activeCellIndex = first;
    await jupyterapp.commands.execute("notebook:run-all-above");
    content.activeCellIndex = first;
    await jupyterapp.commands.execute("notebook:run-cell");
    await content.scrollToItem(first, "end");
}"""


def test_a_slider_moves_its_figure(reader):
    page = reader.open(SHORT).page
    page.evaluate(EXPLORE)
    text = "document.querySelector('.jp-OutputArea .widget-html .explorer-text')?.textContent"
    page.wait_for_function(text)
    before = page.evaluate(text)
    page.locator(".jp-OutputArea .widget-slider .noUi-base").first.click(position={"x": 2, "y": 1})
    page.wait_for_function(f"before => {text} !== before", arg=before)


def test_what_a_reader_writes_is_there_when_the_chapter_is_opened_again(reader):
    page = reader.open(SHORT).page
    first = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
    first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("# my own words\n")
    page.keyboard.press("Control+s")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    page.reload(wait_until="load")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget")
    assert page.evaluate("jupyterapp.shell.currentWidget.context?.path") == f"{SHORT}.ipynb"
    reader.wait_for_notebook()
    expect(first).to_be_in_viewport(timeout=0)
    assert first.text_content().startswith("# my own words")
    page = reader.open(SHORT).page
    first = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
    assert first.text_content().startswith("# my own words")


def test_a_page_from_a_disk_offers_no_lab(chromium):
    page = chromium.new_page()
    page.goto((SITE / "book" / f"{SHORT}.html").as_uri(), wait_until="load")
    page.wait_for_selector(".live-offer")
    assert page.locator(".lab-icon").count() == 1 and not page.locator(".lab-icon").is_visible()
    page.close()


# ----------------------------------------------------------------------------------------- what it is made of
def test_every_chapter_is_in_the_lab():
    listed = json.loads((LAB / "api" / "contents" / "all.json").read_text("utf-8"))["content"]
    sizes = {entry["path"]: entry["size"] for entry in listed}
    assert sizes == {path.name: path.stat().st_size for path in (LAB / "files").iterdir()}
    for path in CHAPTERS:
        page = (SITE / "book" / f"{path.stem}.html").read_text("utf-8")
        assert f'href="../lab/lab/index.html?path={path.name}"' in page
        download = SITE / "_sources" / "book" / path.name
        assert nbformat.read(LAB / "files" / path.name, 4) == nbformat.read(download, 4)


def test_python_is_the_pages_own():
    """There is one Pyodide, and one of each archive."""
    packages = json.loads((LAB / "python" / "pyodide-lock.json").read_text("utf-8"))["packages"]
    files = {
        name: LAB / "python" / package["file_name"].partition("?")[0] for name, package in packages.items()
    }
    for name, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == packages[name]["sha256"]
        assert set(packages[name]["depends"]) <= set(packages)
    own = {path for path in files.values() if "/_static/" not in str(path.resolve())}
    assert {path.name for path in own} == {"lab.bin", "nothing.zip"}
    assert not list(LAB.rglob("*.wasm"))


def test_the_site_is_no_larger_than_it_has_to_be():
    sizes = {path: path.stat().st_size for path in SITE.rglob("*") if path.is_file()}
    assert sum(sizes.values()) <= 95e6 and max(sizes.values()) <= 50e6
    assert not [path for path in sizes if path.suffix == ".map"]


def test_red_a_wrong_hash(tmp_path):
    wheel = tmp_path / "a-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as files:
        files.writestr("a-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: a\nVersion: 1\n")
        files.writestr(
            "a-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
    right = hashlib.sha256(wheel.read_bytes()).hexdigest()
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"a @ {wheel.as_uri()} --hash=sha256:{right}")
    runtime.download(requirements, tmp_path / "good")
    requirements.write_text(f"a @ {wheel.as_uri()} --hash=sha256:{'0' * 64}")
    with pytest.raises(vendor.VendorError, match="DO NOT MATCH"):
        runtime.download(requirements, tmp_path / "bad")


def test_a_book_is_built_without_the_lab_but_not_in_ci(tmp_path, monkeypatch, capfd):
    def refuse(requirements, folder):
        raise ConnectionError("No source.")

    monkeypatch.setattr(runtime, "newest", lambda name, key, make: make(tmp_path))
    monkeypatch.setattr(runtime, "compiled", lambda: tmp_path)
    monkeypatch.setattr(runtime, "download", refuse)
    monkeypatch.setattr(runtime, "packed", lambda: tmp_path)
    monkeypatch.setattr(runtime, "write", lambda static: None)
    (tmp_path / "_static" / "live").mkdir(parents=True)
    (tmp_path / "_static" / "live" / "runtime.json").write_text("{}")
    page = '<html data-content_root="./"><head></head><div class="article-header-buttons">'
    page += '<div class="cell "><div class="cell_input">'
    (tmp_path / "a.html").write_text(page)
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "a.ipynb")
    environment = types.SimpleNamespace(found_docs=["a"], doc2path=lambda name: tmp_path / f"{name}.ipynb")
    builder = types.SimpleNamespace(format="html")
    app = types.SimpleNamespace(
        outdir=tmp_path, builder=builder, env=environment, config=types.SimpleNamespace(live_code=True)
    )
    monkeypatch.delenv("CI", raising=False)
    live._begin(app, environment, ["a"])
    live._serve(app, None)
    assert capfd.readouterr().err.startswith("The book is built without the lab. What it is made of")
    written = (tmp_path / "a.html").read_text()
    assert "stub.js" in written and "lab-icon" not in written
    monkeypatch.setenv("CI", "true")
    with pytest.raises(live.LiveCodeError, match="No source"):
        live._serve(app, None)
