"""Live code: Python for the reader's own browser, laid into the site when its pages are written.

No page loads any of it before a reader asks for it: one with code has a button, and its small script. Where
Python can be had neither from the cache nor from the network, the book is built without it and says so; in
continuous integration that is an error. ``live_code: false`` in _config.yml turns all of it off.
"""

import hashlib
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import away
import nbformat
from sphinx.errors import SphinxError

from . import lab, runtime

INCOMPLETE = ".incomplete"  # in a site: what lacks; then book/_tools/site.py builds it again


class LiveCodeError(SphinxError):
    category = "Live code"


def setup(app):
    app.add_config_value("live_code", True, "html")
    app.connect("builder-inited", _add_sheet)
    app.connect("env-before-read-docs", _begin, priority=900)  # when the chapters have run, on all processors
    app.connect("build-finished", _serve)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}


def _add_sheet(app):
    if app.config.live_code:
        app.config.html_static_path += [str(runtime.HERE / "button.css")]
        app.add_css_file("button.css")


def _wanted(app):
    return app.builder.format == "html" and app.config.live_code


def _begin(app, env, docnames):
    """Make what needs no page while pages are read and written, which keeps but one processor busy."""
    if _wanted(app):
        aside = ThreadPoolExecutor(1)
        app.live_begun = {part: aside.submit(part) for part in (runtime.packed, lab.built)}
        aside.shutdown(wait=False)


def _serve(app, exception):
    if exception is not None or not _wanted(app):
        return
    site, begun = runtime.Path(app.outdir), app.live_begun
    if not _written(site, "live code", begun[runtime.packed], runtime.write, site / "_static"):
        return
    sources = {name: runtime.Path(app.env.doc2path(name)) for name in app.env.found_docs}
    notebooks = {f"{name}.html": path for name, path in sources.items() if runs(path)}
    chapters = [away.place(app, name.removesuffix(".html")) for name in notebooks]
    has_lab = _written(site, "the lab", begun[lab.built], lab.write, site, chapters)
    in_lab = notebooks if has_lab else {}
    description = (site / "_static" / "live" / "runtime.json").read_bytes()
    version = hashlib.sha256(description).hexdigest()[:12]  # it names the hash of every file
    for name in notebooks:
        path = site / name
        page = path.read_text("utf-8")
        if '<div class="cell_input' in page:
            path.write_text(with_buttons(page, version, in_lab.get(name)), "utf-8")


def runs(path):
    """Whether it is a notebook that finds in a browser what it reads: files beside the book are not there."""
    if path.suffix != ".ipynb":
        return False
    code = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return not any("../" in source for source in code)


def _written(site, what, begun, write, *arguments):
    """Write a part of the site, and return whether it could be had."""
    try:
        begun.result()
        write(*arguments)
    except runtime.Unavailable as error:
        if os.environ.get("CI") == "true":
            raise LiveCodeError(str(error)) from error
        print(f"The book is built without {what}. {error}", file=sys.stderr, flush=True)
        (site / INCOMPLETE).write_text(f"{what}\n", "utf-8")
        return False
    return True


LABEL = "Run the code on this page"
WORDS = "In your browser, with nothing to install."  # a line that what happens then is told in
RUN = "M7 4v16l13-8z"
FLASK = "M9 2h6v2h-1v5l6 10a2 2 0 0 1-2 3H6a2 2 0 0 1-2-3l6-10V4H9z"


def with_buttons(page, version, notebook=None):
    """The page with the buttons that run its code and open its notebook in the lab.

    Their place is kept from the start, so that nothing moves; the script wakes them where Python can run.
    """
    root = re.search(r'data-content_root="([^"]*)"', page)[1]
    script = f'<script defer src="{root}_static/live/stub.js?v={version}"></script>'
    page = page.replace("</head>", f"{script}\n</head>", 1)
    first = page.rindex('<div class="cell ', 0, page.index('<div class="cell_input'))
    heading = re.search(r"<section[^>]*>\s*<h2>.*</h2>\s*\Z", page[:first])
    if heading:  # it stays with what it heads
        first = heading.start()
    offer = f'<button type="button" class="live-run" inert>{LABEL}</button><span role="status">{WORDS}</span>'
    page = f'{page[:first]}<div class="live-offer">{offer}</div>{page[first:]}'
    icons = f'<button type="button"{_icon("live-icon", LABEL, RUN)}</button>'
    if notebook is not None:
        link = _icon("lab-icon", "Open in the lab, in a tab of its own", FLASK)
        icons += f'<a href="{root}{lab.address(notebook.stem)}" target="_blank"{link}</a>'
    return re.sub(r'<div class="article-header-buttons">', rf"\g<0>{icons}", page, count=1)


def _icon(name, label, path):
    """What a button or link that is an icon has in common."""
    picture = f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>'
    return f' class="btn btn-sm pst-navbar-icon {name}" title="{label}" aria-label="{label}" inert>{picture}'
