"""Serves what live code needs: Pyodide, the packages, mlcore with its data, the worker and its kernel.

No page loads any of it before a reader asks for it. Where it can be had neither from the cache nor from the
network, the book is built without it and says so; in continuous integration that is an error.
"""

import os
import sys

from sphinx.errors import SphinxError

from . import runtime


class LiveCodeError(SphinxError):
    category = "Live code"


def setup(app):
    app.connect("build-finished", _serve)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _serve(app, exception):
    if exception is not None or app.builder.format != "html":
        return
    try:
        runtime.write(runtime.Path(app.outdir) / "_static")
    except runtime.Unavailable as error:
        if os.environ.get("CI") == "true":
            raise LiveCodeError(str(error)) from error
        print(f"The book is built without live code. {error}", file=sys.stderr, flush=True)
