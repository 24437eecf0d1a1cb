"""What a search finds, in its own words, from one script with the texts and titles of all pages.

Sphinx's search fetches each page that it has found, whole, and again for each place in it; and from a folder,
without a server, nothing can be fetched. A script can be loaded there: search.js looks up in it the section
that a page was found for, its title, the words around, and the place of an equation by its number.
"""

import itertools
import json
import re
from pathlib import Path

import mathml
from docutils import nodes
from sphinx import addnodes
from sphinxcontrib.bibtex.domain import get_docnames

SCRIPT = Path(__file__).with_name("search.js")
SILENT = (nodes.comment, nodes.raw, nodes.literal_block, nodes.title, nodes.system_message)
SILENT += (addnodes.index, addnodes.desc_signature)
SKIPPED = {"cell"}  # code and what it prints


def setup(app):
    app.search_texts, app.search_equations = {}, {}
    app.connect("config-inited", lambda app, config: config.html_static_path.append(str(SCRIPT)))
    app.connect("doctree-resolved", _collect, priority=900)  # after those that write the formula collections
    app.connect("build-finished", _write)
    app.add_js_file(SCRIPT.name, loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}


def _collect(app, doctree, docname):
    places, equations = {}, {}
    gather(doctree, "", places, equations)
    sections, numbers = (
        {place: ".".join(map(str, number)) for place, number in found.items()}
        for found in (
            app.env.toc_secnumbers.get(docname, {}),
            {i: n for kind in app.env.toc_fignumbers.get(docname, {}).values() for i, n in kind.items()},
        )
    )
    for place, named in places.items():
        if place in numbers:
            named[0] = f"Exercise {numbers[place]} {named[0]}"
        elif place.removesuffix("-solution") in numbers:
            named[0] = f"Solution of exercise {numbers[place.removesuffix('-solution')]}"
        elif f"#{place}".rstrip("#") in sections:
            named[0] = f"{sections[f'#{place}'.rstrip('#')]}{'' if place else '.'} {named[0]}"
    app.search_texts[docname] = {place: (title, joined(parts)) for place, (title, parts) in places.items()}
    for anchor, (place, text) in equations.items():
        app.search_equations[numbers[anchor]] = (docname, anchor, places[place][0], text)


def joined(parts):
    return " ".join(" ".join(parts).split())


def gather(node, place, places, equations):
    """Add the paragraphs of a node to those of their places: what has a title or a name, and an address.

    `places` is {address: [title, paragraphs]}, `equations` {address: (place, text)}.
    """
    for child in node.children:
        inside = place
        if isinstance(child, nodes.Text):
            places.setdefault(place, ["", []])[1].append(child.astext())
        elif isinstance(child, nodes.math_block):
            _, parts = places.setdefault(place, ["", []])
            formula, before = said(child), joined(parts)
            parts.append(formula)
            # A collection has those of all chapters once more.
            if child.get("label") and "later" not in child:
                before = before if len(before) < 100 else f"… {before[-100:].partition(' ')[2]}"
                equations[nodes.make_id(f"equation-{child['label']}")] = place, f"{before} {formula}"
        elif isinstance(child, SILENT) or SKIPPED.intersection(child.get("classes", ())):
            continue
        elif isinstance(child, nodes.row):
            cells = (joined([said(cell)]) for cell in child)
            places.setdefault(place, ["", []])[1].append(f"{' · '.join(filter(None, cells))};")
        elif isinstance(child, nodes.definition_list_item):
            terms = {i: term for term in child.findall(nodes.term) for i in term["ids"]}
            if terms:
                inside, *others = terms
                places[inside] = [terms[inside].astext(), []]
                gather(child[-1], inside, places, equations)
                places |= {other: [terms[other].astext(), places[inside][1]] for other in others}
            else:
                gather(child, place, places, equations)
        elif isinstance(child, nodes.TextElement):
            if isinstance(child, nodes.target) and child.get("ismod"):  # a module is what follows
                place = child["ids"][0]
                places[place] = [place.removeprefix("module-"), []]
            places.setdefault(place, ["", []])[1].append(said(child))
        else:
            title = _title(child)
            if title:
                top = isinstance(child, nodes.section) and isinstance(node, nodes.document)
                inside = "" if top else title[0]
                places[inside] = [title[1], []]
            if "ledger-entry" in child.get("classes", ()):  # the names of all its tests tell nobody anything
                child = nodes.container("", *(part.deepcopy() for part in child if _tells(part)))
            gather(child, inside, places, equations)


def _tells(part):
    return isinstance(part, nodes.math_block)


def _title(node):
    """The address and the title of a section, an exercise, a collection's entry or a name of the library."""
    first = node.children[0] if node.children else None
    if isinstance(node, addnodes.desc) and first["ids"]:
        return first["ids"][0], first["ids"][0]
    if isinstance(first, nodes.title) and node["ids"]:
        return node["ids"][0], joined([said(first)])
    if "ledger-entry" in node.get("classes", ()):
        return node["ids"][0], joined([said(first)])
    return None


def in_a_line(formula):
    """A formula of MathML as plain text: 10⁻⁶, δ²/2, θ̂; what Unicode cannot raise or lower follows ^ or _."""
    parts = [in_a_line(part) for part in formula]
    if formula.tag == "mtable":  # (4 2; 2 5)
        return "; ".join(parts)
    if formula.tag == "mtr":
        return " ".join(filter(None, parts))
    if formula.tag in ("mrow", "math", "mstyle", "mpadded"):  # (1/2)θ², not what could be 1/(2θ²)
        for k, (part, after) in enumerate(itertools.pairwise(formula)):
            if part.tag == "mfrac" and after.tag in ("mi", "msub", "msup", "msubsup", "mrow", "mover"):
                parts[k] = f"({parts[k]})"
    if formula.tag in ("msup", "msub", "msubsup", "munderover"):
        base, *scripts = parts
        tables = {"msup": [RAISED], "msub": [LOWERED]}.get(formula.tag, [LOWERED, RAISED])
        return base + "".join(map(_script, scripts, tables))
    if formula.tag in ("mover", "munder"):
        return parts[0] + ACCENTS.get(parts[1], "")
    if formula.tag in ("mfrac", "msqrt"):
        simple = re.compile(r"∂?\w*|.")  # ∂f/∂θ₁
        parts = [part if simple.fullmatch(part) else f"({part})" for part in parts]
        return "/".join(parts) if formula.tag == "mfrac" else "√" + "".join(parts)
    return (formula.text or "") + "".join(parts)


RAISED = dict(
    zip(
        "0123456789+−=()⊤′*abcdefghijklmnoprstuvwxyz",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀ′*ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
    )
)
LOWERED = dict(zip("0123456789+−=()aeijkmnoprstux", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤₓ"))
ACCENTS = {"ˆ": "\u0302", "^": "\u0302", "¯": "\u0304", "‾": "\u0304", "~": "\u0303", "˜": "\u0303"}


def _script(text, table):
    if all(sign in table for sign in text):
        return "".join(table[sign] for sign in text)
    return ("^" if table is RAISED else "_") + (text if len(text) == 1 else f"({text})")


def said(node):
    """The text of a node, formulas as their signs."""
    if isinstance(node, (nodes.math, nodes.math_block)):
        display = isinstance(node, nodes.math_block)
        tex = mathml.whole(node.astext()) if display and not node["nowrap"] else node.astext()
        return in_a_line(mathml.formula(node, tex, display))
    if isinstance(node, (nodes.Text, nodes.raw)):
        return "" if isinstance(node, nodes.raw) else node.astext()  # str() has what stood for a backslash
    return "".join(map(said, node.children))


def defined(definitions, order, texts):
    """Term -> the page and the place that define it; of several pages the first of the book."""
    found = {}
    for term, places in definitions.items():
        for page in sorted(set(places).intersection(order), key=order.index)[:1]:
            found[term] = [page, places[page] if places[page] in texts.get(page, {}) else ""]
    return found


def _write(app, exception):
    if exception is None and app.builder.format == "html":
        script = ""
        found_by_name = {
            "searchTexts": app.search_texts,
            "searchEquations": app.search_equations,
            "searchDefined": defined(
                app.env.__dict__.get("definitions", {}), list(get_docnames(app.env)), app.search_texts
            ),
        }
        for name, found in found_by_name.items():
            text = json.dumps(dict(sorted(found.items())), ensure_ascii=False, separators=(",", ":"))
            script += f"const {name} = {text};\n"
        (Path(app.outdir) / "_static" / "searchtexts.js").write_text(script, "utf-8")
