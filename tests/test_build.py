"""The build keeps its promises: it fails on what is broken, leaves nothing half-written, repeats itself.

Most tests build a book of two pages with the real configuration and extensions, in a folder of its own.
"""

import base64
import gzip
import hashlib
import importlib.metadata
import importlib.util
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import types
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
import yaml
from browser import HANG
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[1]


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


site = load("book_site", ROOT / "book" / "_tools" / "site.py")
picture = load("book_picture", ROOT / "book" / "_tools" / "picture.py")
vendor = load("book_vendor", ROOT / "book" / "_ext" / "vendor.py")

PAGE = """# First page

A citation {cite}`hoerl1970`, a reference to {ref}`second`, and (eq-line): {eq}`eq-line`.

$$
y = X\\theta
$$ (eq-line)

```{bibliography}
```
"""
CELLS = [
    "from mlcore.explore import Slider, explore, panels\nfrom mlcore.teach import table\n",
    "print('an output')",
    "print('in two', end=' ', flush=True)\nprint('pieces')",
    """
def draw(delta):
    fig, ax = panels()
    ax.plot([0, 1, 2], [0, delta, delta**2], "o")
    ax.set(xlim=(0, 2), ylim=(0, 9), xlabel="x", ylabel="y")
    return fig

bend = Slider([1.0, 2.0, 3.0], label="bend δ")
explore(draw, name="bend", describe=lambda delta: f"The bend is {delta}.", delta=bend)
""".strip(),
    "table({'a number': [1.0, 2.0]})",
]


def write_book(folder, page=PAGE, cells=CELLS, pages=("book/second",)):
    """Write a small book into `folder`, with the project's own configuration."""
    (folder / "book").mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["sphinx"]["local_extensions"] = {
        name: str(ROOT / path) for name, path in config["sphinx"]["local_extensions"].items()
    }
    config["bibtex_bibfiles"] = ["references.bib"]
    (folder / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    (folder / "references.bib").write_text(
        "@book{hoerl1970, title={Ridge}, author={A. Hoerl}, publisher={P}, year={1970}}\n", "utf-8"
    )
    (folder / "_toc.yml").write_text(
        yaml.safe_dump(
            {"format": "jb-book", "root": "book/first"}
            | ({"chapters": [{"file": page} for page in pages]} if pages else {})
        ),
        "utf-8",
    )
    (folder / "book" / "first.md").write_text(page, "utf-8")
    notebook = new_notebook(
        cells=[new_markdown_cell("(second)=\n# Second page"), *map(new_code_cell, cells)],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    nbformat.write(notebook, folder / "book" / "second.ipynb")
    return folder


ADDRESS = "https://example.org/a-book"


def run_build(folder, address=ADDRESS, into=None):
    return subprocess.run(
        [sys.executable, ROOT / "book" / "_tools" / "site.py", "build", "--source", folder]
        + (["--into", into] if into else []),
        capture_output=True,
        text=True,
        timeout=HANG,
        env=os.environ | {"BOOK_URL": address},
    )


def contents(folder):
    """Return what a site is: its real path (a link may lead to another one), and its files."""
    return folder.resolve(), {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A book that was built once."""
    folder = write_book(tmp_path_factory.mktemp("book"))
    run = run_build(folder)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.fixture
def good(built):
    """The same book, put back after the test as it was, so that the next one finds its site up to date."""
    yield built
    write_book(built)


def test_site_is_whole_and_asks_nobody_else(built):
    pages = built / "_build" / "site"
    assert {"index.html", "search.html", "book/first.html", "book/second.html"} <= set(contents(pages)[1])
    assert f'<base href="{ADDRESS}/">' in (pages / "404.html").read_text("utf-8")
    for name in ("book/first.html", "book/second.html"):
        text = (pages / name).read_text("utf-8")
        assert "thebe" not in text
        assert ".zip" not in text  # git does not know this book
        assert not re.search(r'<(script|img|iframe)[^>]*src="(https?:)?//', text)
        assert not re.search(r'<link[^>]*rel="stylesheet"[^>]*href="(https?:)?//', text)
    assert "The bend is 1.0." in text and "an output" in text and "in two pieces" in text
    assert not list((built / "_build").glob("**/site.new"))
    sitemap = (pages / "sitemap.xml").read_text("utf-8")
    assert re.findall("<loc>(.*?)</loc>", sitemap) == [
        f"{ADDRESS}/book/{name}.html" for name in ("first", "second")
    ]
    static = {path.name for path in (pages / "_static").iterdir()}
    assert {"book.css", "pages.js"} <= static and not {"scripts", "styles", "vendor"} & static


def said_of(page):
    """What a page's head says of it to those who show it elsewhere."""
    meta = r'<meta (?:name|property)="(description|(?:og|twitter):[\w:]+)" content="([^"]*)"'
    return dict(re.findall(meta, page)) | {
        "canonical": re.findall(r'<link rel="canonical" href="([^"]*)"', page)
    }


def test_page_has_a_card_to_be_shared_by(built):
    pages = built / "_build" / "site"
    texts = {name: (pages / f"{name}.html").read_text("utf-8") for name in ("book/first", "book/second")}
    said = {name: said_of(text) for name, text in texts.items()}
    for name, title in (("book/first", "First page"), ("book/second", "Second page")):
        assert said[name]["canonical"] == [said[name]["og:url"]] == [f"{ADDRESS}/{name}.html"]
        assert said[name]["og:title"] == title and said[name]["twitter:card"] == "summary_large_image"
        assert said[name]["og:image"] == f"{ADDRESS}/_static/card.png"
        assert said[name]["og:description"] == said[name]["description"]
    assert "A citation" in said["book/first"]["description"]
    first = said["book/first"] | {"og:title": said["book/first"]["og:site_name"]}
    assert said_of((pages / "index.html").read_text("utf-8")) == first  # it leads there
    picture = (pages / "_static" / "card.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n" and len(picture) < 300_000
    size = [int.from_bytes(picture[k : k + 4]) for k in (16, 20)]
    assert (
        size == [1200, 630] == [int(said["book/first"][f"og:image:{side}"]) for side in ("width", "height")]
    )


def test_site_of_nobody_knows_where_is_relative_and_may_be_made_elsewhere(good, tmp_path):
    before = contents(good / "_build" / "site")
    run = run_build(good, address="", into=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert contents(good / "_build" / "site") == before
    text = (tmp_path / "site" / "book" / "first.html").read_text("utf-8")
    said = said_of(text)
    assert said["og:title"] == "First page" and said["twitter:card"] == "summary"
    assert not said["canonical"] and not {"og:url", "og:image"} & set(said) and "example.org" not in text
    assert not {"sitemap.xml", "_static/card.png"} & set(contents(tmp_path / "site")[1])


def test_nothing_changed_nothing_built(good):
    before = contents(good / "_build" / "site")
    run = run_build(good)
    assert run.returncode == 0 and "nothing has changed" in run.stdout
    assert contents(good / "_build" / "site") == before


def test_site_that_lacks_what_could_not_be_fetched_is_built_again(good):
    assert f'INCOMPLETE = "{site.INCOMPLETE}"' in (ROOT / "book" / "_ext" / "live" / "__init__.py").read_text(
        "utf-8"
    )
    (good / "_build" / "site" / site.INCOMPLETE).write_text("live code\n", "utf-8")
    run = run_build(good)
    assert run.returncode == 0 and "nothing has changed" not in run.stdout
    assert "nothing has changed" in run_build(good).stdout


def test_two_builds_in_two_places_are_the_same_to_the_byte(built, tmp_path):
    elsewhere = write_book(tmp_path / "a folder elsewhere")
    run = run_build(elsewhere)
    assert run.returncode == 0, run.stdout + run.stderr
    first, second = contents(built / "_build" / "site")[1], contents(elsewhere / "_build" / "site")[1]
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


BROKEN = {
    "a cell that raises": (dict(cells=["1 / 0"]), ["ZeroDivisionError"]),
    "a cell that warns, references to nowhere": (
        dict(
            cells=["import warnings\nwarnings.warn('be careful')"],
            page=PAGE.replace("`second`", "`third`")
            .replace("{eq}`eq-line`", "{eq}`eq-lime`")
            .replace("1970", "1971")
            + "\n[more](fourth.md)\n",
        ),
        [
            "ERROR: stderr was found in the cell outputs",
            "WARNING: undefined label: 'third'",
            "WARNING: equation not found: eq-lime",
            'WARNING: could not find bibtex key "hoerl1971"',
            "WARNING: 'myst' cross-reference target not found: 'fourth.md'",
        ],
    ),
    "a formula without its end": (
        dict(page=PAGE.replace("X\\theta", "\\frac{X")),
        ["Formula error", "first.md:", "expected '}'", "y = \\frac{X"],
    ),
}


@pytest.mark.parametrize("flaw", BROKEN)
def test_build_fails_and_leaves_the_site_that_was_there(flaw, good):
    changes, said = BROKEN[flaw]
    before = contents(good / "_build" / "site")
    write_book(good, **changes)
    run = run_build(good)
    assert run.returncode != 0
    assert [words for words in said if words not in run.stderr] == [], run.stderr
    assert contents(good / "_build" / "site") == before


@pytest.fixture
def heard():
    """Ctrl-C reaches what a test starts, also where the suite runs in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_build_leaves_the_site_that_was_there(how, good, heard):
    before = contents(good / "_build" / "site")
    with socket.create_server(("127.0.0.1", 0)) as server:
        call = f"socket.create_connection({server.getsockname()}).recv(1)"  # and wait for an answer
        write_book(good, cells=[f"import socket\n{call}"])
        process = subprocess.Popen(
            [sys.executable, ROOT / "book" / "_tools" / "site.py", "build", "--source", good],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"BOOK_URL": ADDRESS},
        )
        server.settimeout(1)
        while True:
            try:
                kernel, _ = server.accept()
                break
            except TimeoutError:
                assert process.poll() is None, process.stdout.read()
    os.killpg(process.pid, how)
    process.communicate(timeout=HANG)
    assert process.returncode != 0
    with kernel:
        kernel.settimeout(HANG)
        assert kernel.recv(1) == b""  # the cell works no more
    assert contents(good / "_build" / "site") == before
    write_book(good)
    assert "nothing has changed" in run_build(good).stdout  # nobody holds the lock, and the site is as good


def test_page_that_left_the_contents_leaves_the_site(good):
    """After all that went wrong above, the next build is none the worse for it."""
    assert (good / "_build" / "site" / "book" / "second.html").is_file()
    write_book(good, page="# First page", pages=())
    run = run_build(good)
    assert run.returncode == 0, run.stdout + run.stderr
    names = contents(good / "_build" / "site")[1]
    assert "book/first.html" in names and not [name for name in names if "second" in name]
    assert len(list((good / "_build" / "sites").iterdir())) == 1


# -------------------------------------------------------------------------------- what counts as an input


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name in (
        "mlcore/a.py",
        "mlcore/data/b.csv",
        "book/c.ipynb",
        "book/_ext/d.py",
        "book/_ext/explorer.py",
        "tests/e.py",
        "_config.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1", "utf-8")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name, code, inputs",
    [
        ("mlcore/a.py", True, True),
        ("mlcore/data/b.csv", True, True),
        ("mlcore/new.py", True, True),
        ("benchmarks/results.json", True, True),
        ("benchmarks/f.py", False, True),
        ("book/c.ipynb", False, True),
        ("book/_ext/d.py", False, True),
        ("book/_ext/explorer.py", True, True),
        ("tests/e.py", False, True),
        ("_config.yml", False, True),
        ("_build/x.html", False, False),
        (".venv/x.py", False, False),
        ("mlcore/__pycache__/a.pyc", False, False),
        ("book/.ipynb_checkpoints/c.ipynb", False, False),
    ],
)
def test_fingerprints_follow_what_can_reach_a_page(name, code, inputs, tree):
    before = site.fingerprints(tree)
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text("2", "utf-8")
    after = site.fingerprints(tree)
    assert (before[0] != after[0], before[1] != after[1]) == (code, inputs)


def test_fingerprints_tell_names_from_contents(tree):
    before = site.fingerprints(tree)
    (tree / "mlcore/a.py").rename(tree / "mlcore/z.py")
    assert site.fingerprints(tree) != before


def test_fingerprints_follow_the_installed_packages(tree, monkeypatch):
    before = site.fingerprints(tree)
    monkeypatch.setattr(site, "_packages", lambda: {("numpy", "0.1")})
    after = site.fingerprints(tree)
    assert before[0] != after[0] and before[1] != after[1]


def test_fingerprints_follow_the_address(tree, monkeypatch):
    before = site.fingerprints(tree)
    monkeypatch.setenv("BOOK_URL", ADDRESS)
    after = site.fingerprints(tree)
    assert before[0] == after[0] and before[1] != after[1]


def test_build_that_was_overtaken_by_an_edit_is_thrown_away(tree, monkeypatch):
    def edit_while_building(source, work, lock):
        (work / "html").mkdir(parents=True)
        (tree / "mlcore/a.py").write_text("edited", "utf-8")
        return work / "html"

    monkeypatch.setattr(site, "_run_jupyter_book", edit_while_building)
    with pytest.raises(site.BuildError, match="files changed"):
        site.build(tree)
    assert not (tree / "_build" / "site").exists()
    assert list((tree / "_build" / "work").iterdir()) == []


# -------------------------------------------------------------------------------- serving


def test_server_takes_the_next_free_port_and_serves(tmp_path):
    (tmp_path / "index.html").write_text("the book", "utf-8")
    with site.open_server(tmp_path) as first, site.open_server(tmp_path) as second:
        assert 8000 <= first.server_port < second.server_port
        threading.Thread(target=second.serve_forever, daemon=True).start()
        with urllib.request.urlopen(f"http://localhost:{second.server_port}/") as answer:
            assert answer.read() == b"the book"
        second.shutdown()


def test_server_packs_text(tmp_path):
    (tmp_path / "index.html").write_text("the book " * 1000, "utf-8")
    (tmp_path / "font.woff2").write_bytes(b"packed already")
    with site.open_server(tmp_path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def ask(name, **more):
            wish = {"Accept-Encoding": "gzip, br"} | more
            return urllib.request.urlopen(
                urllib.request.Request(f"http://localhost:{server.server_port}/{name}", headers=wish)
            )

        for text in ("the book ", "the changed book "):
            (tmp_path / "index.html").write_text(text * 1000, "utf-8")
            with ask("") as answer:
                content = answer.read()
            assert (
                answer.headers["Content-Encoding"] == "gzip" and answer.headers["Content-Type"] == "text/html"
            )
            assert len(content) < 200 and gzip.decompress(content).decode() == text * 1000
            with pytest.raises(urllib.error.HTTPError, match="304"):
                ask("", **{"If-None-Match": answer.headers["ETag"]})
        with ask("font.woff2") as answer:
            assert answer.headers["Content-Encoding"] is None and answer.read() == b"packed already"
        server.shutdown()


def test_server_says_what_it_does_not_have(tmp_path):
    (tmp_path / "404.html").write_text("<head>no such page", "utf-8")
    with site.open_server(tmp_path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(urllib.error.HTTPError, match="404") as caught:
            urllib.request.urlopen(f"http://localhost:{server.server_port}/deep/down.html")
        assert caught.value.read().decode() == '<head>\n<base href="/">no such page'
        server.shutdown()


def test_server_says_that_a_port_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(site.BuildError, match=f"port {port} is in use"):
            site.open_server(tmp_path, port)


def test_server_without_a_site_says_what_to_do(tmp_path):
    with pytest.raises(site.BuildError, match="build it first"):
        site.serve(tmp_path)


# -------------------------------------------------------------------------------- files of others


@pytest.fixture
def package(tmp_path):
    """A folder whose lock file names a package `toy`, an archive on this machine, and a cache."""
    here, archive = tmp_path / "here", tmp_path / "toy-1.0.0.tgz"
    here.mkdir()
    with tarfile.open(archive, "w:gz") as tar:
        # npm keeps what it has seen by its hash: each test has a package of its own
        about = json.dumps({"name": "toy", "version": "1.0.0", "description": str(tmp_path)}).encode()
        for name, content in {"package.json": about, "toy.js": b"0"}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    toy = {
        "version": "1.0.0",
        "resolved": archive.as_uri(),
        "integrity": "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode(),
    }
    needs = {"dependencies": {"toy": archive.as_uri()}}
    lock = {"lockfileVersion": 3, "packages": {"": needs, "node_modules/toy": toy}}
    (here / "package.json").write_text(json.dumps(needs), "utf-8")
    (here / "package-lock.json").write_text(json.dumps(lock), "utf-8")
    return types.SimpleNamespace(here=here, cache=tmp_path / "cache", archive=archive)


def test_vendored_files_are_fetched_once(package):
    folder = vendor.fetch(package.here, package.cache)
    assert (folder / "toy" / "toy.js").read_text("utf-8") == "0"
    package.archive.unlink()  # from here on, nothing can be fetched
    assert vendor.fetch(package.here, package.cache) == folder
    assert list(package.cache.iterdir()) == [folder.parent] and folder.name == "node_modules"


def test_vendored_package_that_is_another_is_refused_and_not_kept(package):
    content = package.archive.read_bytes()
    package.archive.write_bytes(content[:4] + b"when" + content[8:])  # of the same files, at another time
    with pytest.raises(vendor.VendorError, match=r"could not fetch(.|\n)*EINTEGRITY"):
        vendor.fetch(package.here, package.cache)
    assert list(package.cache.iterdir()) == []


@pytest.mark.parametrize("folder", ["book/_ext", "book/_tools", "benchmarks"])
def test_vendored_packages_are_locked_by_hash_and_name_no_host(folder):
    wanted, lock = (
        json.loads((ROOT / folder / name).read_text("utf-8"))
        for name in ("package.json", "package-lock.json")
    )
    assert lock["packages"][""]["dependencies"] == wanted["dependencies"]
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages and all(package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package for package in packages)


# -------------------------------------------------------------------------------- set-up


def test_requirements_are_exact_and_installed():
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines():
        requirement = line.partition("#")[0].strip()
        if requirement:
            pin, _, condition = requirement.partition(";")
            match = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!+]+)", pin.strip())
            assert match, f"not an exact version: {line}"
            if not condition:
                assert importlib.metadata.version(match[1]) == match[2], line


def test_mlcore_needs_numpy_alone():
    needs = [need for need in importlib.metadata.requires("mlcore") if "extra ==" not in need]
    assert needs == ["numpy>=2.0"]


@pytest.mark.parametrize(
    "python, said",
    [
        ("", "Install Python 3.11 or newer"),
        ("case $1 in --version) echo Python 3.9.2;; *) exit 1;; esac", "fake is Python 3.9.2"),
        ("case $2 in *ensurepip*) exit 1;; esac", "apt install python3-venv"),
    ],
)
def test_make_says_what_python_is_missing(python, said, tmp_path):
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    if python:
        (tmp_path / "fake").write_text(f"#!/bin/sh\n{python}\n", "utf-8")
        (tmp_path / "fake").chmod(0o755)
    run = subprocess.run(
        ["make", "site", "PYTHON=./fake"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))},
    )
    assert run.returncode != 0 and said in run.stderr
    assert not (tmp_path / ".venv").exists()


def test_picture_of_the_readme_is_what_is_drawn():
    place = picture.PLACE.relative_to(ROOT).as_posix()
    assert place in (ROOT / "README.md").read_text("utf-8")
    assert picture.PLACE.read_text("utf-8") == picture.picture(), "`make picture` draws it anew"


def test_workflows_pin_their_actions_by_commit():
    uses = [
        line
        for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
        for line in path.read_text("utf-8").splitlines()
        if "uses:" in line
    ]
    assert uses
    for line in uses:
        assert re.fullmatch(r"\s*-? ?uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
