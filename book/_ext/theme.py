"""What the theme lacks: an icon, a style sheet and a script (book/_assets), mended markup, no idle code."""

import re
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "_assets"
UNUSED = {"sphinx_thebe", "sphinx_comments"}

# Markup of the theme and its parts that a screen reader stumbles over, and what to put in its place.
MENDED = [
    # A name that hides a button's own words: "Search" for "Search Ctrl+K", "Color mode" for an icon "Light".
    (r'(<button class="btn search-button-field [^>]*?) aria-label="Search"', r"\1"),
    (r'(<i class="theme-switch [^>]*?) title="[^"]*"', r"\1"),
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # The book's title stands outside every landmark.
    (
        r'<div class="sidebar-primary-item">(\s*<a class="navbar-brand)',
        r'<div class="sidebar-primary-item" role="navigation" aria-label="Title">\1',
    ),
    # The corner of a table is no heading of anything.
    (r'<th class="([^"]*)"><p></p></th>', r'<td class="\1"></td>'),
    # A list whose children are no list items, by a role that is no longer to be used.
    (r' role="doc-biblioentry"', ' role="listitem"'),
]


def setup(app):
    # Jupyter Book always loads sphinx-thebe, which puts a script and a third party's address on every page,
    # and sphinx-comments, whose services are third parties too. Neither is used here.
    app.registry.css_files[:] = [x for x in app.registry.css_files if x[0] != "sphinx-thebe.css"]
    for listeners in app.events.listeners.values():
        listeners[:] = [x for x in listeners if x.handler.__module__.partition(".")[0] not in UNUSED]
    app.connect("config-inited", _name_icon)
    app.connect("builder-inited", _add_assets)
    app.connect("build-finished", _mend)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _name_icon(app, config):
    config.html_favicon = str(ASSETS / "favicon.svg")


def _add_assets(app):
    app.config.html_static_path += [str(ASSETS / "site.css"), str(ASSETS / "site.js")]
    app.add_css_file("site.css", priority=900)
    app.add_js_file("site.js", loading_method="defer")


def _mend(app, exception):
    if exception is None and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            before = after = path.read_text("utf-8")
            for pattern, replacement in MENDED:
                after = re.sub(pattern, replacement, after)
            if after != before:
                path.write_text(after, "utf-8")
