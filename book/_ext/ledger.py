"""The ledger: every displayed equation of the book, the line of code that is it, and the tests that check it.

Three things carry an equation's label, and this module finds them without running anything:

- the *equation* in a chapter, ``$$ … $$ (eq-ridge)``, or a ``{math}`` directive with ``:label: eq-ridge``;
- the *line* of `mlcore` that computes it, which ends in the comment ``# (eq-ridge)``;
- the *check*, a test marked ``@pytest.mark.equation("eq-ridge")``.

`scan(root)` returns them and all that does not fit together; the suite fails on any of it (see
tests/test_ledger.py). As a Sphinx extension the module adds the directive ``{ledger}``, which shows the
ledger on a page, and warns when Sphinx sees another set of equations in a chapter than the scanner did.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

LABEL = re.compile(r"eq(-[a-z0-9]+)+")
HOW = "write it as `$$ … $$ (eq-some-name)`, with lower-case letters, digits and hyphens"


@dataclass(frozen=True)
class Equation:
    """A displayed equation: its label, LaTeX, chapter (path and title), nearest heading, place there."""

    label: str
    latex: str
    path: str
    chapter: str
    section: str
    where: str  # "line 12", or "cell 3, line 5" in a notebook


@dataclass(frozen=True)
class Line:
    """A line of mlcore tagged with a label: file, line number, function around it ("" if none), code."""

    label: str
    path: str
    number: int
    function: str
    code: str


@dataclass(frozen=True)
class Check:
    """A test marked with a label: file, name (with its class, if any), line number."""

    label: str
    path: str
    test: str
    number: int


@dataclass
class Ledger:
    """All equations, tagged lines and checks below a root folder, and what does not fit together."""

    equations: list[Equation] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def lines_of(self, label: str) -> list[Line]:
        return [line for line in self.lines if line.label == label]

    def checks_of(self, label: str) -> list[Check]:
        return [check for check in self.checks if check.label == label]


def scan(root) -> Ledger:
    """The ledger of the project in folder `root` (book/, mlcore/ and tests/ below it)."""
    root, found = Path(root), Ledger()
    for path in chapters(root):
        _scan_chapter(path, path.relative_to(root).as_posix(), found)
    for path in _python(root, "mlcore"):
        _scan_code(path, path.relative_to(root).as_posix(), found)
    _scan_tests({path.relative_to(root).as_posix(): path for path in _python(root, "tests")}, found)
    _compare(found)
    return found


def chapters(root) -> list[Path]:
    """The book's text files: first those of the table of contents, in its order, then the others."""
    root = Path(root)
    files = [
        path
        for kind in ("*.ipynb", "*.md")
        for path in (root / "book").rglob(kind)
        if not any(part.startswith(("_", ".")) for part in path.relative_to(root / "book").parts)
    ]
    toc = root / "_toc.yml"
    listed = (
        re.findall(r"^\s*-?\s*(?:file|root):\s*(\S+)", toc.read_text("utf-8"), re.M) if toc.is_file() else []
    )
    order = {name.strip("'\""): number for number, name in enumerate(listed)}

    def key(path):
        name = path.relative_to(root).with_suffix("").as_posix()
        return order.get(name, len(order)), name

    return sorted(files, key=key)


def _python(root, folder):
    return sorted(path for path in (root / folder).rglob("*.py") if "__pycache__" not in path.parts)


# ----------------------------------------------------------------------------------------------- equations
# What MyST itself reads Markdown with: markdown-it, with the extensions of _config.yml.
MARKDOWN = create_md_parser(
    MdParserConfig(enable_extensions={"amsmath", "colon_fence", "deflist", "dollarmath", "substitution"}),
    RendererHTML,
)
OPAQUE = {  # directives whose contents are no Markdown
    "code",
    "code-block",
    "code-cell",
    "eval-rst",
    "literalinclude",
    "parsed-literal",
    "raw",
    "sourcecode",
}
DIRECTIVE = re.compile(r"\{([^}]+)\}(.*)")
OPTIONS = re.compile(r"---\n(?s:.*?)^---\n|(?: *:[\w-]+:.*\n)+", re.M)


def _scan_chapter(path, name, found):
    """Add the displayed equations of one chapter, and what is wrong with their labels."""
    chapter, section = "", ""
    for cell, text in _markdown(path):
        for kind, number, value in _markdown_parts(text):
            where = f"cell {cell}, line {number}" if cell else f"line {number}"
            if kind == "heading":
                level, section = value
                chapter = section if level == 1 and not chapter else chapter
                continue
            if kind == "problem":
                found.problems.append(f"{name}, {where}: {value}")
                continue
            label, latex = value
            if not label:
                found.problems.append(
                    f"{name}, {where}: a displayed equation without a label ({_start(latex)}): {HOW}"
                )
            elif not LABEL.fullmatch(label):
                found.problems.append(
                    f"{name}, {where}: the label ({label}) does not look like (eq-some-name): {HOW}"
                )
            else:
                found.equations.append(Equation(label, latex, name, chapter or path.stem, section, where))


def _markdown(path):
    """(cell number or 0, Markdown text) for every piece of Markdown in a file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield 0, text
        return
    for number, cell in enumerate(json.loads(text)["cells"], 1):
        if cell["cell_type"] == "markdown":
            yield number, "".join(cell["source"])


def _markdown_parts(text, above=0):
    """Headings ("heading", line, (level, text)) and displayed equations ("equation", line, (label, LaTeX)).

    `above` is the number of lines above the text, which may be the contents of a directive.
    """
    tokens = MARKDOWN.parse(text)
    for token, following in zip(tokens, [*tokens[1:], None]):
        number = above + token.map[0] + 1 if token.map else 0
        if token.type == "heading_open":
            yield "heading", number, (int(token.tag[1:]), following.content)
        elif token.type in ("math_block", "math_block_label"):
            yield "equation", number, (token.info, token.content.strip())
        elif token.type == "amsmath":
            problem = f"`{token.content.split()[0]}` outside $$ cannot carry a label: {HOW}, and use "
            yield "problem", number, problem + "\\begin{aligned} inside"
        elif token.type == "inline" and "$$" in _shown(token):
            problem = "a $$ that opens or closes no displayed equation, and is shown to the reader as it is: "
            yield "problem", number, problem + f"leave an empty line above it, and {HOW}"
        elif token.type in ("fence", "colon_fence") and (match := DIRECTIVE.match(token.info.strip())):
            name, argument = match.groups()
            options = OPTIONS.match(token.content)
            options = options[0] if options else ""
            body = token.content[len(options) :]
            if name == "math":
                label = re.search(r"^\s*:?label:\s*(\S+)", options, re.M)
                yield "equation", number, (label and label[1], f"{argument.strip()}\n{body.strip()}".strip())
            elif name not in OPAQUE:
                yield from _markdown_parts(body, number + options.count("\n"))


def _shown(inline):
    """The text of a paragraph or heading without its code; formulas in dollars."""
    plain = {"text": "{0.content}", "math_inline": "${0.content}$", "softbreak": "\n"}
    return "".join(plain.get(child.type, "").format(child) for child in inline.children)


def _start(latex):
    line = " ".join(latex.split())
    return line if len(line) <= 50 else line[:49] + "…"


# ------------------------------------------------------------------------------------------------ code lines
TAG = re.compile(r"\(\s*(eq-[^()]*?)\s*\)")


def _scan_code(path, name, found):
    """Add the lines of one module that carry a label in a comment."""
    text = path.read_text(encoding="utf-8")
    lines, functions = text.splitlines(), _functions(ast.parse(text))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or not TAG.search(token.string):
            continue
        number = token.start[0]
        code = lines[number - 1][: token.start[1]].strip()
        note = TAG.sub("", token.string).strip("# ,")
        if not code:  # a comment on a line of its own belongs to the code below it
            after = (
                n
                for n in range(number, len(lines))
                if lines[n].strip() and not lines[n].lstrip().startswith("#")
            )
            number = next(after, number - 1) + 1
            code, note = lines[number - 1].strip(), ""
        inside = [qualname for first, last, qualname in functions if first <= number <= last]
        labels = [label.strip() for match in TAG.findall(token.string) for label in match.split(",")]
        for label in labels:
            shown = f"{code}  # {note}" if note else code
            found.lines.append(Line(label, name, number, inside[-1] if inside else "", shown))


def _functions(tree, prefix=""):
    """(first line, last line, qualified name) of functions and classes, outer before inner."""
    out = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            out += [
                (node.lineno, node.end_lineno, prefix + node.name),
                *_functions(node, f"{prefix}{node.name}."),
            ]
        else:
            out += _functions(node, prefix)
    return out


# ---------------------------------------------------------------------------------------------------- checks
def _scan_tests(paths, found):
    """Add the marked tests of all test files, and what keeps a marked test from checking anything."""
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in paths.items()}
    asserting = _asserting(trees.values())
    for name, tree in trees.items():
        carried = set()
        for test, node, decorators in _tests(tree):
            marks = [call for d in decorators for call in ast.walk(d) if _is_mark(call)]
            if not marks:
                continue
            carried.update(map(id, marks))
            where = f"{name}:{node.lineno} {test}"
            if not (
                node.name.startswith("test") and re.fullmatch(r"test_\w*\.py|\w*_test\.py", Path(name).name)
            ):
                found.problems.append(
                    f"{where} is marked as a check, but pytest collects only functions test_* in files "
                    f"test_*.py: rename it"
                )
            if _skipped(node, decorators):
                found.problems.append(
                    f"{where} is marked as a check, but may be skipped or expected to fail: a check always "
                    f"runs; remove the skip"
                )
            if not _asserts(node, asserting):
                found.problems.append(
                    f"{where} is marked as a check, but asserts nothing: compare with something independent "
                    f"of the code"
                )
            for call in marks:
                labels = [
                    a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
                if not labels or len(labels) != len(call.args) or call.keywords:
                    found.problems.append(
                        f'{where}: the mark must name labels literally, @pytest.mark.equation("eq-some-name")'
                    )
                found.checks += [Check(label, name, test, node.lineno) for label in labels]
        if _module_skipped(tree) and carried:
            found.problems.append(f"{name} holds checks, but the whole file may be skipped: remove the skip")
        for call in ast.walk(tree):
            if _is_mark(call) and id(call) not in carried:
                found.problems.append(
                    f"{name}:{call.lineno}: this equation mark belongs to no test; put it on the test as a "
                    f"decorator"
                )


def _tests(tree):
    """(name, node, decorators) of functions and methods; the decorators of a class count for its methods."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node, node.decorator_list
        elif isinstance(node, ast.ClassDef):
            inner = [n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
            tests = [n for n in inner if n.name.startswith("test")]
            for n in inner:
                shared = node.decorator_list if n in tests or not tests else []
                yield f"{node.name}::{n.name}", n, [*n.decorator_list, *shared]


def _dotted(node):
    """`pytest.mark.equation` of a name or a call of it; "" for anything else."""
    node = node.func if isinstance(node, ast.Call) else node
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _is_mark(node):
    return isinstance(node, ast.Call) and _dotted(node).endswith("mark.equation")


SKIPS = re.compile(
    r"(pytest|mark|unittest)\.(skip\w*|xfail|importorskip|expectedFailure)|importorskip|skip(If|Unless|Test)?"
)


def _skipped(node, decorators):
    found = [*decorators, *node.body]
    return any(SKIPS.fullmatch(_short_skip(n)) for top in found for n in ast.walk(top) if _short_skip(n))


def _module_skipped(tree):
    tops = [n for n in tree.body if isinstance(n, (ast.Expr, ast.Assign, ast.If))]
    return any(SKIPS.fullmatch(_short_skip(n)) for top in tops for n in ast.walk(top) if _short_skip(n))


def _short_skip(node):
    return ".".join(_dotted(node).split(".")[-2:]) if isinstance(node, (ast.Call, ast.Attribute)) else ""


def _asserting(trees):
    """Names of helper functions in the tests that assert, themselves or through one another."""
    helpers = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("test"):
                helpers.setdefault(node.name, []).append(node)
    known, size = set(), -1
    while len(known) != size:
        size = len(known)
        known |= {name for name, nodes in helpers.items() if any(_asserts(node, known) for node in nodes)}
    return known


def _asserts(function, helpers):
    for node in ast.walk(function):
        if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
            return True
        if isinstance(node, ast.Call):
            name = _dotted(node)
            last = name.split(".")[-1]
            if last.startswith("assert_") or name in ("pytest.raises", "pytest.warns") or last in helpers:
                return True
    return False


# ------------------------------------------------------------------------------------------------ comparison
def _compare(found):
    """Add the problems between the three: doubled labels, and each of them without the others."""
    first = {}
    for equation in found.equations:
        here = f"{equation.path}, {equation.where}"
        if equation.label in first:
            found.problems.append(
                f"{here}: the label ({equation.label}) is already defined in {first[equation.label]}: "
                f"refer to it with {{eq}}`{equation.label}`, or give this equation a label of its own"
            )
        first.setdefault(equation.label, here)
    checked = {check.label for check in found.checks}
    for label, here in first.items():
        if label not in checked:
            found.problems.append(
                f"{here}: nothing checks ({label}): write a test that fails if the equation is wrong and "
                f"mark it "
                f'@pytest.mark.equation("{label}")'
            )
    for line in found.lines:
        if line.label not in first:
            found.problems.append(
                f"{line.path}:{line.number} is tagged ({line.label}), which labels no equation in the "
                f"book{_near(line.label, first)}: "
                "correct the tag, or remove it"
            )
    for check in found.checks:
        if check.label not in first:
            found.problems.append(
                f"{check.path}:{check.number} {check.test} checks ({check.label}), which labels no equation "
                f"in the book"
                f"{_near(check.label, first)}: correct the mark, or remove it"
            )


def _near(label, labels):
    import difflib

    close = difflib.get_close_matches(label, labels, n=1, cutoff=0.75)
    return f" (did you mean {close[0]}?)" if close else ""


# ------------------------------------------------------------------------------------- the page of the book
def setup(app):
    """Register the directive ``{ledger}`` and what keeps its page up to date."""
    from docutils.parsers.rst import Directive

    class LedgerDirective(Directive):
        """A place that `_fill` replaces once all chapters have been read; of one part, if one is named."""

        optional_arguments, final_argument_whitespace = 1, True

        def run(self):
            from docutils import nodes

            part = self.arguments[0] if self.arguments else None
            if part and part not in _parts(Path(self.state.document.settings.env.srcdir)):
                raise self.error(f"no part of _toc.yml has the caption {part!r}")
            place = nodes.container(classes=["ledger"])
            place["ledger"], place["part"] = True, part
            return [place]

    app.add_directive("ledger", LedgerDirective)
    app.connect("builder-inited", _start_build)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("doctree-read", _collect)
    app.connect("env-get-updated", _outdated, priority=900)  # after Sphinx has numbered the equations
    app.connect("doctree-resolved", _fill)
    app.connect("html-page-context", _add_script)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def _start_build(app):
    app.config.html_static_path += [str(Path(__file__).with_suffix(suffix)) for suffix in (".css", ".js")]
    app.add_css_file("ledger.css")
    app.ledger = scan(app.srcdir)
    for name, empty in (("ledger_pages", set), ("ledger_seen", dict), ("ledger_print", str)):
        if not hasattr(app.env, name):
            setattr(app.env, name, empty())


def _add_script(app, pagename, templatename, context, doctree):
    if pagename in app.env.ledger_pages:
        app.add_js_file("ledger.js", loading_method="defer")


def _forget(app, env, docname):
    if hasattr(env, "ledger_pages"):
        env.ledger_pages.discard(docname)
        env.ledger_seen.pop(docname, None)


def _merge(app, env, docnames, other):
    env.ledger_pages |= other.ledger_pages & set(docnames)
    env.ledger_seen.update({name: other.ledger_seen[name] for name in docnames if name in other.ledger_seen})


def _collect(app, doctree):
    """Note the equations Sphinx sees in a document; warn where the scanner has not seen them."""
    from docutils import nodes
    from sphinx.util import logging

    logger = logging.getLogger(__name__)
    env = app.env
    if any(node.get("ledger") for node in doctree.findall(nodes.container)):
        env.ledger_pages.add(env.docname)
    path = Path(env.doc2path(env.docname)).relative_to(app.srcdir).as_posix()
    scanned = {equation.label for equation in app.ledger.equations if equation.path == path}
    seen = {}
    for node in doctree.findall(nodes.math_block):
        label = node.get("label")
        if label not in scanned:
            message = f"a displayed equation that is not in the ledger ({_start(node.astext())}): {HOW}"
            logger.warning(message, location=node, type="ledger")
            continue
        section = node.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        if section is not None:
            seen[label] = (section["ids"][0], _words(section.next_node(nodes.title), nodes))
    for label in sorted(scanned - set(seen)):
        message = f"the equation ({label}) is in the source but not on the page: take it out of its directive"
        logger.warning(message, location=env.docname, type="ledger")
    env.ledger_seen[env.docname] = seen


def _words(title, nodes):
    """A heading's contents for use in another place: text and formulas, without targets and references."""
    plain = (nodes.Text, nodes.math, nodes.emphasis, nodes.literal, nodes.strong)
    if all(isinstance(child, plain) for child in title.children):
        return [child.deepcopy() for child in title.children]
    return [nodes.Text(title.astext())]


def _outdated(app, env):
    """The ledger's pages, if anything they show has changed since they were written."""
    here = Path(__file__)
    shown = [repr(app.ledger.equations), repr(app.ledger.lines), repr(app.ledger.checks)]
    shown += [f"{caption} {sorted(pages)}" for caption, pages in _parts(Path(app.srcdir)).items()]
    shown += [path.read_text(encoding="utf-8") for path in (here, here.with_suffix(".css"))]
    for docname, seen in sorted(env.ledger_seen.items()):
        numbers = env.toc_fignumbers.get(docname, {}).get("displaymath", {})
        sections = env.toc_secnumbers.get(docname, {})
        shown.append(
            repr((docname, env.titles[docname].astext(), sorted(numbers.items()), sorted(sections.items())))
        )
        shown += [
            f"{label} {place} {''.join(map(repr, words))}" for label, (place, words) in sorted(seen.items())
        ]
    fingerprint = hashlib.sha256("\n".join(shown).encode()).hexdigest()
    if fingerprint == env.ledger_print:
        return []
    env.ledger_print = fingerprint
    return sorted(env.ledger_pages)


def _fill(app, doctree, docname):
    """Replace the directive's place by the ledger, and name its chapters in the contents of the page."""
    from docutils import nodes
    from sphinx.addnodes import compact_paragraph

    for place in list(doctree.findall(nodes.container)):
        if not place.get("ledger"):
            continue
        page = _page(app, docname, place["part"], nodes)
        place.replace_self(page)
        entry = app.env.tocs[docname].next_node(nodes.list_item)
        if len(entry) == 1:
            entry += nodes.bullet_list()
        for section in page.findall(nodes.section):
            words = [word.deepcopy() for word in section.next_node(nodes.title)]
            place = f"#{section['ids'][0]}"
            link = nodes.reference("", "", *words, internal=True, refuri=docname, anchorname=place)
            entry[1] += nodes.list_item("", compact_paragraph("", "", link))


def _parts(root):
    """Captions of the parts of the book, and the pages of each: {caption: {"book/ridge", …}}."""
    import yaml

    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    return {
        part["caption"]: {page["file"] for page in part["chapters"]}
        for part in toc.get("parts", ())
        if "caption" in part
    }


def _page(app, docname, part, nodes):
    """The ledger as document nodes: a summary, then for each chapter (of a part) its equations."""
    env, found = app.env, app.ledger
    documents = {Path(env.doc2path(name)).relative_to(app.srcdir).as_posix(): name for name in env.found_docs}
    shown, by_chapter = set(env.ledger_seen), {}
    if part:
        shown &= _parts(Path(app.srcdir))[part]
    for equation in found.equations:
        if documents.get(equation.path) in shown:
            by_chapter.setdefault(documents[equation.path], []).append(equation)
    labels = {equation.label for equations in by_chapter.values() for equation in equations}
    tests = {(check.path, check.test) for check in found.checks if check.label in labels}
    coded = {label for label in labels if found.lines_of(label)}
    out = nodes.container(classes=["ledger"])
    out += nodes.paragraph(
        text=f"{_count(len(labels), 'equation')} in {_count(len(by_chapter), 'chapter')}, "
        f"{len(coded)} of them computed in mlcore, checked by {_count(len(tests), 'test')}."
    )
    summary = nodes.bullet_list()
    out += [summary] if by_chapter else []
    for chapter, equations in by_chapter.items():
        title = [*_number(env, chapter, "", nodes), *_words(env.titles[chapter], nodes)]
        section = nodes.section("", nodes.title("", "", *title), ids=[f"ledger-{nodes.make_id(chapter)}"])
        words = (word.deepcopy() for word in title)
        link = nodes.reference("", "", *words, internal=True, refuri=f"#{section['ids'][0]}")
        count = nodes.Text(f": {_count(len(equations), 'equation')}")
        summary += nodes.list_item("", nodes.paragraph("", "", link, count))
        section += [_entry(app, docname, chapter, equation, nodes) for equation in equations]
        out += section
    return out


def _number(env, docname, place, nodes):
    """The number of a chapter, or with its place of a section, as the text before its heading."""
    numbers = env.toc_secnumbers.get(docname, {}).get(place)
    return [nodes.Text(".".join(map(str, numbers)) + ("" if place else ".") + " ")] if numbers else []


def _count(number, word):
    return f"{number} {word}{'' if number == 1 else 's'}"


def _entry(app, docname, chapter, equation, nodes):
    """One equation, where it is derived, and folded, where it is computed and checked."""
    import api

    env, found = app.env, app.ledger
    anchor = nodes.make_id(f"equation-{equation.label}")
    numbers = env.toc_fignumbers.get(chapter, {}).get("displaymath", {}).get(anchor, ())
    number = f"({'.'.join(map(str, numbers))})" if numbers else "the equation"
    uri = app.builder.get_relative_uri(docname, chapter)

    title = [nodes.reference("", number, internal=True, refuri=f"{uri}#{anchor}")]
    place, words = env.ledger_seen[chapter].get(equation.label, ("", []))
    if place:
        words = [*_number(env, chapter, f"#{place}", nodes), *(word.deepcopy() for word in words)]
        title += [nodes.Text(" "), nodes.reference("", "", *words, internal=True, refuri=f"{uri}#{place}")]
    formula = nodes.math_block(equation.latex, equation.latex, nowrap=False, number=None, later=True)

    lines, checks = found.lines_of(equation.label), found.checks_of(equation.label)
    name = [nodes.literal(text=equation.label), nodes.Text(" is its name in mlcore and in the tests")]
    proof = [nodes.paragraph("", "", *name, classes=["ledger-name"])]
    for line in lines:
        file = nodes.literal(text=f"{line.path}:{line.number}")
        where = [nodes.Text("Computed in "), api.link(app, docname, line.path, line.function, file)]
        where += [nodes.Text(", "), nodes.literal(text=line.function)] if line.function else []
        proof += [nodes.paragraph("", "", *where)]
        proof += [nodes.literal_block(line.code, line.code, language="python")]
    names = [nodes.literal(text=f"{check.path}::{check.test}") for check in checks]
    proof += [nodes.paragraph(text="Checked by" if checks else "Not checked yet")]
    proof += [nodes.bullet_list("", *(nodes.list_item("", name) for name in names))] if checks else []
    summary = _count(len(checks), "check") + (f", {_count(len(lines), 'line')} of code" if lines else "")
    return nodes.container(
        "",
        nodes.paragraph("", "", *title, classes=["ledger-label"]),
        formula,
        nodes.raw("", f"<details><summary>{summary}</summary><noscript>", format="html"),
        *proof,
        nodes.raw("", "</noscript></details>", format="html"),
        classes=["ledger-entry"],
        ids=[f"ledger-{equation.label}"],
    )
