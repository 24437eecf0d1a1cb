"""What the theme lacks: a style sheet and a script of our own (book/_assets), and no code that a page here never runs."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "_assets"
UNUSED = {"sphinx_thebe", "sphinx_comments"}


def setup(app):
    # Jupyter Book always loads sphinx-thebe, which puts a script and a third party's address on every page; and
    # sphinx-comments, whose services are third parties too. Neither is used here.
    app.registry.css_files[:] = [x for x in app.registry.css_files if x[0] != "sphinx-thebe.css"]
    for listeners in app.events.listeners.values():
        listeners[:] = [x for x in listeners if x.handler.__module__.partition(".")[0] not in UNUSED]
    app.connect("builder-inited", _add_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _add_assets(app):
    app.config.html_static_path += [str(ASSETS / "site.css"), str(ASSETS / "site.js")]
    app.add_css_file("site.css", priority=900)
    app.add_js_file("site.js", loading_method="defer")
