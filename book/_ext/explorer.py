"""Gives the book's pages what their explorers need: the kernel-free face, a script, a style sheet and a role.

The role ``{show}`name``` marks words of the text that light up the artist of that name (the gid of
:func:`mlcore.explore.show`) in the figure before them, or else the first after them, and the other way
round. ``{show}`the text <name>``` works, too. What a page does not need at once goes to files of its own, and
a page with a field to draw on (:func:`mlcore.explore.draw_digit`) gets its scripts. What a playground needs
is named by its figure, and explorer.js fetches it.
"""

import os
import re
from hashlib import sha256
from html import escape, unescape
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole

import mlcore.explore
from mlcore.explore._moved import moved_out
from mlcore.explore._page import FACE

ASSETS = Path(mlcore.explore.__file__).parent
FILES = sorted(path for kind in ("css", "js") for path in ASSETS.glob(f"*.{kind}"))
VERSIONS = {path.name: sha256(path.read_bytes()).hexdigest()[:8] for path in FILES}  # for browsers' caches


class shown_word(nodes.inline):
    """Words that light up an artist; plain text wherever there is no script."""


class Show(ReferenceRole):
    def run(self):
        word = shown_word(self.rawtext, self.title, show=self.target)
        return [word], []


def visit_html(writer, node):
    # explorer.js gives it the address of its figure; without the script it is plain text
    writer.body.append(f'<a class="explorer-word" data-show="{escape(node["show"])}">')


def depart_html(writer, node):
    writer.body.append("</a>")


def plain(writer, node):
    pass


def setup(app):
    # Kernels started by this build inherit it: their explorers draw every frame and need no kernel.
    os.environ[FACE] = "static"
    app.connect("builder-inited", _add_assets)
    app.connect("html-page-context", _check_words)
    app.connect("html-page-context", _move_out)
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (plain, plain))
    app.add_node(shown_word, html=(visit_html, depart_html), **others)
    app.add_role("show", Show())
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}


def _add_assets(app):
    app.config.html_static_path += map(str, FILES)
    for name in ("moved.js", "explorer.js"):
        app.add_js_file(name, loading_method="defer")
    sheets = [name for name in VERSIONS if name.endswith(".css")]
    for name in sorted(sheets, key=lambda name: name != "explorer.css"):  # the others refine it
        app.add_css_file(name)


def _check_words(app, page, template, context, doctree):
    body = context.get("body") or ""
    words = {unescape(word) for word in re.findall(r'<a class="explorer-word" data-show="([^"]*)"', body)}
    artists = {unescape(name) for name in re.findall(r'<g[^>]* data-show="([^"]*)"', body)}
    for word in sorted(words - artists):
        logging.getLogger(__name__).warning(
            "no artist of this page is named %r; name it with gid=show(%r)", word, word, location=page
        )


def _move_out(app, page, template, context, doctree):
    """Give a page's data files of their own, and a page with something to draw or play on its scripts."""
    body, files = moved_out(context.get("body") or "")
    static = Path(app.outdir) / "_static" / "data"
    for name, content in files.items():
        static.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(content, "utf-8")
        body = body.replace(
            f'data-src="{name}"', f'data-src="{context["pathto"](f"_static/data/{name}", 1)}"'
        )
    context["body"] = re.sub(r'(<figure [^>]*data-needs=")([^"]*)', _versioned, body)
    if 'class="digit"' in body:
        for name in ("plain.js", "draw.js"):
            app.add_js_file(name, loading_method="defer")


def _versioned(match):
    return match[1] + " ".join(f"{name}?v={VERSIONS[name]}" for name in match[2].split())
