"""Gives the book's pages what their explorers need: the kernel-free face, one script, one style sheet."""

import os
from pathlib import Path

import mlcore.explore

ASSETS = Path(mlcore.explore.__file__).parent


def setup(app):
    # Kernels started by this build inherit it: their explorers draw every frame instead of asking for a kernel.
    os.environ["MLCORE_EXPLORE"] = "static"
    app.connect("builder-inited", _add_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _add_assets(app):
    app.config.html_static_path += [str(ASSETS / "explorer.js"), str(ASSETS / "explorer.css")]
    app.add_js_file("explorer.js", loading_method="defer")
    app.add_css_file("explorer.css")
