"""The way back from an entry of the bibliography: to each page that cites it, where it does so first."""

from docutils import nodes
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.domain import get_docnames


def setup(app):
    app.connect("env-updated", _bibliographies)
    app.connect("doctree-resolved", _lead_back)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _bibliographies(app, env):
    """They change with what other pages cite, so they are written anew each time."""
    return {key.docname for key in env.get_domain("cite").bibliographies}


def _lead_back(app, doctree, docname):
    domain = app.env.get_domain("cite")
    keys = {
        cited.citation_id: cited.key
        for cited in domain.citations
        if cited.bibliography_key.docname == docname
    }
    if not keys:
        return
    order = list(get_docnames(app.env))
    places = {}
    for citing in sorted(domain.citation_refs, key=lambda citing: order.index(citing.docname)):
        for target in citing.targets:
            places.setdefault(target.key, {}).setdefault(citing.docname, citing.citation_ref_id)
    for entry in doctree.findall(nodes.citation):
        entry["backrefs"] = []  # to this page alone
        links = [
            _link(app, docname, page, place)
            for page, place in places.get(keys[entry["ids"][0]], {}).items()
            if page != docname
        ]
        ways = nodes.inline("", " Cited in ", classes=["cited"])
        for link in links:
            ways += [link, nodes.Text("." if link is links[-1] else ", ")]
        if links:
            entry[-1] += ways


def _link(app, docname, page, place):
    """To a place of a page, named by the page's number where it has one."""
    title = app.env.titles[page].astext()
    number = ".".join(map(str, app.env.toc_secnumbers.get(page, {}).get("", ())))
    return make_refnode(app.builder, docname, page, place, nodes.Text(number or title), title)
