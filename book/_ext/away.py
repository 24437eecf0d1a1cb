"""The chapters as notebooks for who reads them away from the pages: downloaded, or in the lab.

There nobody knows the labels of the book. So a reference becomes the words that it has on the page, which
lead to the other notebook where it lies beside this one; an equation and an exercise get the number that
they have there. Code, and what it has printed, stay as they are.
"""

import json
import posixpath
import re
from pathlib import Path

import mathml
from docutils import nodes
from sphinx.util import docname_join

ROLE = re.compile(r"(``.+?``)|\{(eq|doc|ref|term|show|cite|cite:t)\}`([^`]+)`", re.S)
EXPLICIT = re.compile(r"(.+?)\s*<([^<>]+)>", re.S)  # words <target>
TARGET = re.compile(r"^\([\w-]+\)=\n", re.M)
EQUATION = re.compile(r"^( *)\$\$\n((?:(?!\$\$).)+?)\s*\$\$ \(([\w-]+)\)$", re.M | re.S)
EXERCISE = re.compile(r"^(:{3,})\{exercise\} *(.*)\n:label: (.*)$", re.M)
SOLUTION = re.compile(r"^(:{3,})\{solution\} *(.*)\n(?::(?:label|class):.*\n)+", re.M)


def setup(app):
    app.connect("build-finished", _write, priority=400)  # before the lab takes them
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def place(app, docname):
    """Where the notebook of a page lies in the site."""
    return Path(app.outdir) / "_sources" / f"{docname}.ipynb"


def _write(app, exception):
    if exception is not None or app.builder.format != "html":
        return
    for docname in sorted(app.env.found_docs):
        source = Path(app.env.doc2path(docname))
        if source.suffix == ".ipynb":
            notebook = json.loads(source.read_text("utf-8"))
            for cell in notebook["cells"]:
                if cell["cell_type"] == "markdown":
                    text = readable("".join(cell["source"]), app, docname)
                    cell["source"] = text.splitlines(keepends=True)
            text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
            place(app, docname).write_text(text, "utf-8")


def readable(text, app, docname):
    """Markdown of a chapter without what only the book's build understands."""
    env = app.env

    def numbered(match):
        indent, tex, label = match.groups()
        tex = mathml.whole(tex.rstrip())
        number = _number(env, docname, "displaymath", f"equation-{label}")
        return f"{indent}$$\n{tex} \\tag{{{number}}}\n{indent}$$"

    def exercise(match):
        fence, title, label = match.groups()
        number = _number(env, docname, "exercise", label)
        return f"{fence}{{admonition}} Exercise {number}{title and f': {title}'}"

    def solution(match):
        fence, label = match.groups()
        return f"{fence}{{dropdown}} Solution {_number(env, docname, 'exercise', label)}\n"

    def said(match):
        code, role, label = match.groups()
        try:
            return code or _words(app, docname, role, label)
        except KeyError:  # there is no such label, as Sphinx has said
            return match[0]

    text = TARGET.sub("", text)
    text = EQUATION.sub(numbered, text)
    text = EXERCISE.sub(exercise, text)
    text = SOLUTION.sub(solution, text)
    return ROLE.sub(said, text)


def _number(env, page, kind, label):
    """What an equation or an exercise is numbered on its page."""
    return ".".join(map(str, env.toc_fignumbers[page][kind][nodes.make_id(label)]))


def _words(app, docname, role, text):
    env = app.env
    words, target = match.groups() if (match := EXPLICIT.fullmatch(text)) else (None, text)
    if role in ("show", "term"):
        return words or text
    if role.startswith("cite"):
        style = "t" if role == "cite:t" else "p"
        cited = env.get_domain("cite").resolve_xref(env, docname, app.builder, style, target, None, None)
        for link in list(cited.findall(nodes.reference)):  # the bibliography is not there: to the work itself
            work = re.search(r"doi:(\S+?)\.?$", link.get("reftitle", ""))
            if work:
                link.replace_self(nodes.Text(f"[{link.astext()}](https://doi.org/{work[1]})"))
        return cited.astext()
    if role == "doc":
        page = docname_join(docname, target)
        found = env.titles[page].astext().partition(": ")[0]
    elif role == "eq":
        page = env.get_domain("math").equations[target][0]
        found = f"({_number(env, page, 'displaymath', f'equation-{target}')})"
    elif target in (exercises := getattr(env, "sphinx_exercise_registry", {})):
        page = exercises[target]["docname"]
        found = f"Exercise {_number(env, page, 'exercise', target)}"
    elif words:
        page = env.get_domain("std").anonlabels[target][0]
    else:
        page, _, found = env.get_domain("std").labels[target]
    elsewhere = page != docname and Path(env.doc2path(page)).suffix == ".ipynb"
    return f"[{words or found}]({posixpath.basename(page)}.ipynb)" if elsewhere else words or found
