"""Live code: Python for the reader's own browser, laid into the site when its pages are written.

No page loads any of it before a reader asks for it: one with code has a button, and its small script. Where
Python can be had neither from the cache nor from the network, the book is built without it and says so; in
continuous integration that is an error. ``live_code: false`` in _config.yml turns all of it off.
"""

import hashlib
import os
import re
import sys

from sphinx.errors import SphinxError

from . import runtime

INCOMPLETE = ".incomplete"  # in a site: what lacks; then book/_tools/site.py builds it again


class LiveCodeError(SphinxError):
    category = "Live code"


def setup(app):
    app.add_config_value("live_code", True, "html")
    app.connect("builder-inited", _add_sheet)
    app.connect("build-finished", _serve)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}


def _add_sheet(app):
    if app.config.live_code:
        app.config.html_static_path += [str(runtime.HERE / "button.css")]
        app.add_css_file("button.css")


def _serve(app, exception):
    if exception is not None or app.builder.format != "html" or not app.config.live_code:
        return
    site = runtime.Path(app.outdir)
    try:
        runtime.write(site / "_static")
    except runtime.Unavailable as error:
        if os.environ.get("CI") == "true":
            raise LiveCodeError(str(error)) from error
        print(f"The book is built without live code. {error}", file=sys.stderr, flush=True)
        (site / INCOMPLETE).write_text("live code\n", "utf-8")
        return
    description = (site / "_static" / "live" / "runtime.json").read_bytes()
    version = hashlib.sha256(description).hexdigest()[:12]  # it names the hash of every file
    for path in site.rglob("*.html"):
        page = path.read_text("utf-8")
        if '<div class="cell ' in page:
            path.write_text(with_button(page, version), "utf-8")


def with_button(page, version):
    """The page with the script that offers to run its code."""
    root = re.search(r'data-content_root="([^"]*)"', page)[1]
    script = f'<script defer src="{root}_static/live/stub.js?v={version}"></script>'
    return page.replace("</head>", f"{script}\n</head>", 1)
