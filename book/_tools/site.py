"""Build the book into _build/site, and serve it from there.

    python book/_tools/site.py build     does nothing where nothing has changed
    python book/_tools/site.py serve     PORT=8000 in the environment chooses the port

Who publishes the book says where: BOOK_URL=https://example.org/book/ in the environment gives each page its
address, a picture to be shared by, and a place in a sitemap. Without it nothing in the site is absolute.

Layout, all of it below _build, or the folder that --into names:
    work/KEY/      where Jupyter Book works. KEY names the code and packages that a cell can see, so that an
                   output of an older mlcore is never taken for today's: Jupyter Book compares cells alone.
    sites/INPUTS/  finished sites, named by everything that they were made from
    site           a link to the newest of those. Replacing it is the last step, and it is atomic.
"""

import argparse
import contextlib
import errno
import fcntl
import functools
import gzip
import hashlib
import html
import http.server
import importlib.metadata
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
try:
    import archive
finally:
    sys.path.pop(0)

MADE = {
    "_build",
    "build",
    "__pycache__",
}  # folders that hold results; those with a leading dot count as such too
# A site with this file lacks what could not be fetched: the next build tries again.
INCOMPLETE = ".incomplete"
# Of the kernels, which talk to nobody but this machine.
HARMLESS = "[IPKernelApp] WARNING | Kernel is running over TCP without encryption."


# Pages outside the book's design, which they have no address of.
BARE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}
</head>
<body><main>{body}</main></body>
</html>
"""
# The book's colours, which design.css has, its font, and the mode that the reader has chosen.
LOOK = """<style>
@font-face { font-family: Book; font-weight: 400 700; src: url(FONT); }
:root { background: light-dark(#fffefb, #15161a); color: light-dark(#1f2127, #dddbd5);
  color-scheme: light dark;
  font: 1.16rem/1.62 Book, Charter, Georgia, serif; }
form { align-items: end; display: flex; flex-wrap: wrap; gap: 0.7rem; }
label { flex: 1 14rem; }
input { display: block; width: 100%; }
main { margin: 15vh auto; max-width: 34rem; padding: 0 1rem; }
h1 { font-size: 2.2rem; font-weight: 650; letter-spacing: -0.012em; line-height: 1.18; }
a { color: light-dark(#0b5cb0, #7db8ff); text-underline-offset: 0.18em; }
input, button { background: none; border: 1px solid light-dark(#767c86, #949cab); border-radius: 6px;
  box-sizing: border-box; color: inherit; font: inherit; max-width: 100%; padding: 0.2rem 0.7rem; }
:focus-visible { outline: 3px solid light-dark(#0b5cb0, #7db8ff); outline-offset: 2px; }
</style>
<script>try {
  document.documentElement.style.colorScheme = /^(light|dark)$/.exec(localStorage.getItem("mode"))[0];
} catch {}</script>"""


class BuildError(RuntimeError):
    """The book could not be built."""


def build(source=ROOT, into=None):
    """Build the book in folder `source`; return the path of its site, and whether it had to be built."""
    made = Path(into or Path(source) / "_build").absolute()
    made.mkdir(parents=True, exist_ok=True)
    with _lock(made / "lock") as lock:
        link = made / "site"
        code, inputs = fingerprints(source)
        site = made / "sites" / inputs
        whole = site.is_dir() and not (site / INCOMPLETE).exists()
        if link.resolve() == site.resolve() and whole:
            return link, False
        work = made / "work" / code
        finished = _run_jupyter_book(Path(source), work, lock)
        if fingerprints(source) != (code, inputs):
            shutil.rmtree(work)  # what ran may be of either version
            raise BuildError("files changed while the book was being built; build it again")
        _write_bare_pages(Path(source), finished)
        (finished / ".buildinfo").unlink()  # Sphinx's own notes, which name the folder
        _remove(site)
        site.parent.mkdir(exist_ok=True)
        os.rename(finished, site)
        _replace_link(link, site)
        for old in [*(made / "sites").iterdir(), *(made / "work").iterdir()]:
            if old not in (site, work):
                _remove(old)
        return link, True


def fingerprints(source=ROOT):
    """Return two hashes: of the code, packages and measurements that a cell can use, and of all that counts.

    The second is generous: any file of the tree may reach a page (the ledger quotes tests, a page may include
    a file), so all of them count, except results and what lies in hidden folders; of that, what git knows and
    the project's archive holds.
    """
    code = hashlib.sha256(repr((sys.version, sorted(_packages()))).encode())
    results = (path for path in _files(ROOT / "benchmarks") if path.suffix == ".json")
    running = (ROOT / "book" / "_ext" / name for name in ("explorer.py", "side_by_side.py"))
    for path in [*_files(ROOT / "mlcore"), *results, *running]:
        _feed(code, path)
    everything = code.copy()
    everything.update(os.environ.get("BOOK_URL", "").encode())
    packed = (Path(source) / name for name in archive.files(source))
    for path in [*_files(Path(source)), *_files(ROOT / "book"), Path(__file__), *packed]:
        _feed(everything, path)
    return code.hexdigest()[:16], everything.hexdigest()[:16]


def _packages():
    return {(d.metadata["Name"], d.version) for d in importlib.metadata.distributions()}


def _files(folder):
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(
            f for f in folders if f not in MADE and not f.startswith(".") and not f.endswith(".egg-info")
        )
        yield from (Path(here, f) for f in sorted(files) if not f.startswith("."))


def _feed(digest, path):
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # an editor's temporary file
        return
    name = str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name)
    digest.update(f"{name}\0{len(content)}\0".encode())
    digest.update(content)


def _run_jupyter_book(source, work, lock):
    """Build from scratch, with the outputs of cells from the cache in `work` if known; return the pages.

    Jupyter Book holds the lock too, so that if it outlives this process, the next one waits for it.
    """
    made = work / "_build"
    for old in ("html", ".doctrees"):  # a page that left the table of contents must not linger
        _remove(made / old)
    print(
        "Building the book; chapters that are new or changed are run, which may take some minutes.",
        flush=True,
    )
    environment = os.environ | {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    environment.pop("MPLBACKEND", None)
    start = time.monotonic()
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            [
                Path(sys.executable).with_name("jupyter-book"),
                "build",
                source,
                "--path-output",
                work,
                "-q",
                "-n",
                "-W",
                "--keep-going",
            ],
            env=environment,
            stdout=said,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=[lock.fileno()],
        ) as run,
    ):
        for line in run.stderr:
            if not line.startswith(HARMLESS):
                print(line, end="", file=sys.stderr, flush=True)
        if run.wait():
            said.seek(0)
            print(said.read(), flush=True)
            raise BuildError("the book was not built; what is wrong is said above")
    print(f"Built in {time.monotonic() - start:.0f} s.", flush=True)
    return made / "html"


def _write_bare_pages(source, pages):
    """Give Jupyter Book's redirect at the root a language, a title, a link and the book's card; add 404.html.

    A host shows that in place of what it does not have, at whatever depth: the page names its root.
    """
    first = yaml.safe_load((source / "_toc.yml").read_text("utf-8"))["root"] + ".html"
    title = yaml.safe_load((source / "_config.yml").read_text("utf-8"))["title"]
    said = (
        r'<meta (?:name="(?:description|twitter:)|property="og:(?!title))[^>]*>|<link rel="canonical"[^>]*>'
    )
    card = "\n".join(re.findall(said, (pages / first).read_text("utf-8")))
    first, title = html.escape(first), html.escape(title)
    head = f'<meta http-equiv="refresh" content="0; url={first}">\n<title>{title}</title>\n'
    head += f'<meta property="og:title" content="{title}">\n{card}'
    body = f'<h1>{title}</h1><p><a href="{first}">Read the book</a></p>'
    (pages / "index.html").write_text(BARE.format(head=head, body=body), "utf-8")
    base = os.environ.get("BOOK_URL", "").rstrip("/")
    head = f'<base href="{html.escape(base)}/">\n' if base else ""
    font = next(pages.glob("_static/fonts/source-serif-4-latin-wght-normal-*.woff2"), None)
    look = LOOK.replace("FONT", font.relative_to(pages).as_posix() if font else "data:,")
    head += f"<title>No such page · {title}</title>\n{look}"
    body = f"""<h1>There is no such page</h1><p>It may have been moved, or its address mistyped.</p>
<form action="search.html"><label>Look for it <input type="search" name="q"></label>
<button>Search</button></form>
<p>Or begin where the book does: <a href="{first}">{title}</a>.</p>"""
    (pages / "404.html").write_text(BARE.format(head=head, body=body), "utf-8")


def _replace_link(link, target):
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    fresh = link.with_name("site.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.relative_to(link.parent), target_is_directory=True)
    os.replace(fresh, link)


def _remove(path):
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path)


@contextlib.contextmanager
def _lock(path):
    """Let one build at a time work in a folder; the system drops the lock of a process that died."""
    with open(path, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another build is at work here; waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


@functools.lru_cache
def _packed(path, _modified):
    return gzip.compress(path.read_bytes(), mtime=0)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, asks browsers to look for a newer version each time, and prints only what went wrong.

    As on any host, text is packed, and a connection serves for more than one file.
    """

    protocol_version = "HTTP/1.1"
    PACKED = r"text/|application/(java|json)|image/svg"  # kinds of files

    def send_head(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if self.path.endswith("/") else path
        kind = self.guess_type(path)
        packs = re.match(self.PACKED, kind) and "gzip" in self.headers.get("Accept-Encoding", "")
        if not (packs and path.is_file()):
            return super().send_head()
        version = path.stat().st_mtime_ns
        if self.headers.get("If-None-Match") == f'"{version}"':
            self.send_response(304)
            self.end_headers()
            return None
        content = _packed(path, version)
        self.send_response(200)
        self.send_header("ETag", f'"{version}"')
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def send_error(self, code, message=None, explain=None):
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        content = page.read_text("utf-8").replace("<head>", '<head>\n<base href="/">', 1).encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        return None

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_request(self, code="-", size="-"):
        if int(code) >= 400:
            super().log_request(code, size)


class Server(http.server.ThreadingHTTPServer):
    # Where two servers could share a port, a reader would not know which of them answers.
    allow_reuse_address = os.name == "posix"
    daemon_threads = True


def open_server(folder, port=None):
    """Return a server of `folder` on `port`, by default the first free one from 8000 on."""
    handler = functools.partial(Handler, directory=folder)
    for candidate in [port] if port is not None else range(8000, 8100):
        try:
            return Server(("127.0.0.1", candidate), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise BuildError(f"port {port} is in use" if port is not None else "no free port from 8000 to 8099")


def serve(source=ROOT, into=None):
    site = Path(into or Path(source) / "_build") / "site"
    if not (site / "index.html").is_file():
        raise BuildError(f"there is no site in {site}; build it first")
    port = os.environ.get("PORT")
    if port and not port.isdecimal():
        raise BuildError(f"PORT must be a number such as 8000; got {port!r}")
    with open_server(site, int(port) if port else None) as server:
        print(f"The book is at http://localhost:{server.server_port}/  (Ctrl-C ends)", flush=True)
        server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["build", "serve"])
    parser.add_argument("--source", type=Path, default=ROOT, help="the folder of _config.yml and _toc.yml")
    parser.add_argument("--into", type=Path, help="where everything is made (default: SOURCE/_build)")
    arguments = parser.parse_args()
    try:
        if arguments.command == "build":
            site, new = build(arguments.source, arguments.into)
            print(f"The site is in {os.path.relpath(site)}" + ("" if new else "; nothing has changed"))
        else:
            serve(arguments.source, arguments.into)
    except BuildError as error:
        sys.exit(f"site.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
