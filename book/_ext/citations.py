"""Ways back: from a work of the bibliography to each page that cites it, from a term to its definition."""

from docutils import nodes
from sphinx import addnodes
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.domain import get_docnames


def setup(app):
    app.connect("env-updated", _bibliographies)
    app.connect("doctree-resolved", _lead_back)
    app.connect("doctree-read", _find_definitions)
    app.connect("doctree-resolved", _lead_to_definitions)
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


def _find_definitions(app, doctree):
    """A term is bold where it is defined: note the section."""
    places = app.env.__dict__.setdefault("definitions", {})
    for bold in doctree.findall(nodes.strong):
        for term in bold.findall(addnodes.pending_xref):
            section = bold.parent
            while not isinstance(section, (nodes.section, nodes.document)):
                section = section.parent
            if term["reftype"] == "term" and section["ids"]:
                places.setdefault(term["reftarget"].lower(), {})[app.env.docname] = section["ids"][0]


def _lead_to_definitions(app, doctree, docname):
    terms = app.env.domaindata["std"]["terms"].items()
    names = {place: name for name, (page, place) in terms if page == docname}
    if not names:
        return
    order = list(get_docnames(app.env))
    for entry in doctree.findall(nodes.definition_list_item):
        terms = [names.get(place) for term in entry.findall(nodes.term) for place in term["ids"]]
        places = {page: place for term in terms for page, place in app.env.definitions.get(term, {}).items()}
        if places:
            page = min(places, key=order.index)
            link = _link(app, docname, page, places[page])
            entry[-1][-1] += nodes.inline("", " Defined in ", link, nodes.Text("."), classes=["cited"])
