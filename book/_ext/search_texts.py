"""The words around what a search finds, from one script with the texts of all pages.

Sphinx's search fetches each page that it has found, whole, and again for each place in it; and from a folder,
without a server, nothing can be fetched. A script can be loaded there: search.js looks the words up in it.
"""

import json
from pathlib import Path

import mathml
from docutils import nodes

SCRIPT = Path(__file__).with_name("search.js")
SILENT = (nodes.comment, nodes.raw, nodes.literal_block, nodes.math_block, nodes.title, nodes.system_message)


def setup(app):
    app.search_texts = {}
    app.connect("config-inited", lambda app, config: config.html_static_path.append(str(SCRIPT)))
    app.connect("doctree-resolved", _collect)
    app.connect("build-finished", _write)
    app.add_js_file(SCRIPT.name, loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}


def _collect(app, doctree, docname):
    places = {}
    gather(doctree, "", places)
    app.search_texts[docname] = {place: " ".join(" ".join(parts).split()) for place, parts in places.items()}


def gather(node, place, places):
    """Add the paragraphs of a node to those of their places: the section or the term that they belong to."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            places.setdefault(place, []).append(str(child))
        elif isinstance(child, SILENT) or "cell" in child.get("classes", ()):
            continue
        elif isinstance(child, nodes.section):
            gather(child, child["ids"][0], places)
        elif isinstance(child, nodes.definition_list_item):
            gather(child, next(iter(child[0]["ids"]), place), places)
        elif isinstance(child, nodes.TextElement):
            places.setdefault(place, []).append(said(child))
        else:
            gather(child, place, places)


def said(node):
    """The text of a node, formulas as their signs."""
    if isinstance(node, nodes.math):
        return "".join(mathml.convert(node.astext()).itertext())
    if isinstance(node, nodes.Text):
        return str(node)
    return "".join(map(said, node.children))


def _write(app, exception):
    if exception is None and app.builder.format == "html":
        texts = dict(sorted(app.search_texts.items()))
        texts = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
        script = f"const searchTexts = {texts};\n"
        (Path(app.outdir) / "_static" / "searchtexts.js").write_text(script, "utf-8")
