"""What the theme lacks: an icon, markup that every reader can use, and no code that no page here runs."""

import re
from pathlib import Path

ICON = Path(__file__).resolve().parents[1] / "_assets" / "favicon.svg"
UNUSED = {"sphinx_thebe", "sphinx_comments"}

# Markup of the theme and its parts that a reader stumbles over, and what to put in its place.
MENDED = [
    # A first visit has the colours of no theme until the page's scripts run, and then its code moves.
    (
        r'(localStorage\.getItem\("theme"\) \|\| )"auto"',
        r'\1(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")',
    ),
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
    app.add_css_file("pages.css")
    app.connect("config-inited", _add_files)
    app.connect("build-finished", _mend)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _add_files(app, config):
    config.html_favicon = str(ICON)
    config.html_static_path.append(str(Path(__file__).with_name("pages.css")))


def _mend(app, exception):
    if exception is None and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            before = after = path.read_text("utf-8")
            for pattern, replacement in MENDED:
                after = re.sub(pattern, replacement, after)
            if after != before:
                path.write_text(after, "utf-8")
