"""What the theme lacks: an icon, markup that every reader can use, and pages without its weight.

When all pages are written, their heads get one style sheet for all, cut to what some page can match (see
stylesheet.py), and pages.js instead of the theme's scripts; what no page asks for any more leaves the site.
"""

import hashlib
import html
import re
import shutil
import textwrap
from pathlib import Path

import stylesheet

ICON = Path(__file__).resolve().parents[1] / "_assets" / "favicon.svg"
UNUSED = {"sphinx_thebe", "sphinx_comments"}

# Markup of the theme and its parts that a reader stumbles over, and what to put in its place.
MENDED = [
    # Colours are chosen before anything is drawn; a browser may refuse its store to a page.
    (
        r'<script data-cfasync="false">.*?</script>',
        """<script>{
    let mode = "auto";
    try { mode = /^(light|dark)$/.exec(localStorage.getItem("mode"))?.[0] ?? mode; } catch {}
    const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    Object.assign(document.documentElement.dataset, {mode, theme: mode === "auto" ? scheme : mode});
  }</script>""",
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
    (r'\s*console\.log\("\[PST\][^;]*;', ""),
    # What the theme's scripts read, and places for what this book has not.
    (r' onclick="toggleFullScreen\(\)"', ""),
    (r' data-bs-title="([^"]*)"', r' title="\1"'),
    (r'\s+data-bs-\w+="[^"]*"', ""),
    (r'<(i|span) class="((?:theme-switch )?fa[sr]?[ -][^"]*)"', r'<\1 aria-hidden="true" class="\2"'),
    (r'<div class="pst-async-banner-revealer.*?</div>', ""),
    (r'<div id="ethical-ad-placement".*?</div>', ""),
    (r'(<meta name="viewport" [^>]*>)\s*<meta name="viewport" [^>]*>', r"\1"),
]

# The theme's folders, of which no page needs anything; its scripts; those of Sphinx that the search needs.
LEFT = ("scripts", "styles", "vendor", "locales")
DROPPED = r"clipboard\.min|copybutton|togglebutton|design-tabs|scripts/[\w-]+"
SEARCH = "documentation_options|doctools|sphinx_highlight|searchtools|language_data|searchindex"
SHEET = re.compile(r'\s*<link\b[^>]*\bhref="[^"]*_static/([^"?]+\.css)[^"]*"[^>]*>')
SCRIPT = re.compile(r'\s*<script\b[^>]*\bsrc="[./]*([^"?]+\.js)[^"]*"[^>]*></script>')
WRITTEN = r"\s*<script>(?:let toggle|var togglebutton|DOCUMENTATION_OPTIONS)[^<]*</script>"


def setup(app):
    # Jupyter Book always loads sphinx-thebe, which puts a script and a third party's address on every page,
    # and sphinx-comments, whose services are third parties too. Neither is used here.
    app.registry.css_files[:] = [x for x in app.registry.css_files if x[0] != "sphinx-thebe.css"]
    for listeners in app.events.listeners.values():
        listeners[:] = [x for x in listeners if x.handler.__module__.partition(".")[0] not in UNUSED]
    app.add_css_file("pages.css")
    app.connect("config-inited", _add_files)
    app.connect("build-finished", _finish, priority=900)  # after those that write files
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}


def _add_files(app, config):
    config.html_favicon = str(ICON)
    config.html_static_path += [str(Path(__file__).with_name(name)) for name in ("pages.css", "pages.js")]


def _finish(app, exception):
    if exception is None and app.builder.format == "html":
        finish(Path(app.outdir))
        if app.config.html_baseurl:  # only who publishes the book knows where it stands
            base = app.config.html_baseurl.rstrip("/")
            places = "".join(
                f"<url><loc>{base}/{page}.html</loc></url>" for page in sorted(app.env.found_docs)
            )
            sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>\n'
            (Path(app.outdir) / "sitemap.xml").write_text(sitemap, "utf-8")


def finish(site):
    """Make the pages of a site light, once they are all written."""
    static = site / "_static"
    pages = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    pages = {path: page for path, page in pages.items() if "data-content_root" in page}
    sheets = list(dict.fromkeys(sheet for page in pages.values() for sheet in SHEET.findall(page)))
    scripts = {script for page in pages.values() for script in SCRIPT.findall(page)}
    pages = {path: lighter(path.name, page) for path, page in pages.items()}
    kept = {script for page in pages.values() for script in SCRIPT.findall(page)} | {"_static/pages.js"}
    code = [(site / script).read_text("utf-8") for script in sorted(kept - {"searchindex.js"})]
    data = [path.read_text("utf-8") for path in sorted(static.glob("data/*.js"))]  # drawings in pieces
    css = stylesheet.build(static, sheets, [*pages.values(), *data], code)
    (static / "book.css").write_text(css, "utf-8")
    assets = [f"book.css?v={_digest(css)}", f"pages.js?v={_digest((static / 'pages.js').read_text('utf-8'))}"]
    for path, page in pages.items():
        root = re.search(r'data-content_root="([^"]*)"', page)[1]
        sheet, script = (f"{root}_static/{name}" for name in assets)
        head = (
            f'<link rel="stylesheet" href="{sheet}">\n<script defer src="{script}"></script>\n{about(page)}'
        )
        path.write_text(page.replace("</head>", f"{head}</head>", 1), "utf-8")
    for name in [*(f"_static/{sheet}" for sheet in sheets), *(scripts - kept)]:
        (site / name).unlink(missing_ok=True)
    for path in [*static.glob("*-macros.html"), *static.glob("copy*"), static / "basic.css"]:
        path.unlink(missing_ok=True)
    for folder in LEFT:
        shutil.rmtree(static / folder, ignore_errors=True)


def about(page):
    """A page's description, for those who list it: its first paragraph, or as much as fits."""
    first = re.search(r"<article.*?</h1>.*?<p>(.*?)</p>", page, re.S)
    if not first:
        return ""
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", "", first[1])).split())
    text = textwrap.shorten(text, 200, placeholder=" …")
    return f'<meta name="description" content="{html.escape(text)}">\n'


def lighter(name, page):
    """Return a page without what the theme put into it, for a sheet and a script that are still to come."""
    for pattern, replacement in MENDED:
        page = re.sub(pattern, replacement, page, flags=re.S)
    page = SHEET.sub("", page)
    page = re.sub(r'\s*<link rel="preload" as="script"[^>]*>', "", page)
    unused = [DROPPED]
    if name != "search.html":
        unused.append(SEARCH)
        page = re.sub(WRITTEN, "", page)
    if 'class="explorer' not in page:
        unused.append("explorer")
    if " data-src=" not in page:
        unused.append("moved")
    if "<math" not in page:
        unused.append("mathml")
    unused = re.compile(rf"(?:_static/)?(?:{'|'.join(unused)})\.js")
    return SCRIPT.sub(lambda script: "" if unused.fullmatch(script[1]) else script[0], page)


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]
