"""The API page: every public name of mlcore with its docstring, and the code that each links to.

``{api}`` shows the public names of all modules below `mlcore`, in the order of the alphabet; the source pages
come from viewcode. Docstrings are numpydoc; a single backtick in them marks code. `place(app, path, name)` is
where the page shows a file or a name of it, for links from the ledger and from `mlcore.teach.source`.
"""

import importlib
import pkgutil
import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

import mlcore

PAGE = "book/api"


def modules():
    """Names of the modules that a reader may import, the package first."""
    found = ["mlcore"]
    for info in pkgutil.walk_packages(mlcore.__path__, "mlcore."):
        if not any(part.startswith("_") for part in info.name.split(".")) and _shown(info.name):
            found.append(info.name)
    return found


def _shown(module):
    """Whether a module is for readers: not what the book's pages draw or check."""
    return not module.startswith(("mlcore.explore.chapters", "mlcore.exercises"))


def public(module):
    """Public names that a module defines itself, in the order of its text."""
    loaded = importlib.import_module(module)
    return [
        name
        for name, value in vars(loaded).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module and callable(value)
    ]


class Api(SphinxDirective):
    """All modules, a section each."""

    def run(self):
        out = []
        for module in modules():
            section = nodes.section(ids=[f"api-{module.replace('.', '-')}"], names=[])
            section += nodes.title("", "", nodes.literal(text=module))
            lines = [f".. automodule:: {module}", ""]
            for name in public(module):
                if isinstance(getattr(importlib.import_module(module), name), type):
                    lines += [f".. autoclass:: {module}.{name}", "   :members:", "   :inherited-members:", ""]
                else:
                    lines += [f".. autofunction:: {module}.{name}", ""]
            self.state.nested_parse(StringList(lines, source=module), 0, section)
            out.append(section)
        return out


def place(env, path, qualname=""):
    """The id on the API page of a name in a file such as `mlcore/ridge.py`, or of the file; "" for none."""
    module = re.sub(r"(/__init__)?\.py$", "", path).replace("/", ".")
    parts = [module, *filter(None, qualname.split("."))]
    known = env.get_domain("py").objects
    while len(parts) > 1 and ".".join(parts) not in known:
        parts.pop()
    if len(parts) > 1:
        return ".".join(parts)
    return f"api-{module.replace('.', '-')}" if module in modules() else ""


def _plain(app, what, name, obj, options, lines):
    """Let bars (|θ|) and trailing underscores (theta_) in a docstring stand for themselves."""
    table = False
    for number, line in enumerate(lines):
        if re.fullmatch(r"\s*=+( +=+)+\s*", line):
            table = not table or bool("".join(lines[number + 1 : number + 2]).strip())
        elif re.match(r"[\w, *]+ : ", line):  # names of parameters: numpydoc sees to the last
            head, colon, kind = line.partition(" : ")
            lines[number] = re.sub("_(?=,)", r"\\_", head) + colon + re.sub(r"_(?!\w)", r"\\_", kind)
        elif not table:
            parts = re.split(r"(`+[^`]+`+_?)", line)
            parts[::2] = [re.sub(r"\||(?<=\w)_(?!\w)", r"\\\g<0>", part) for part in parts[::2]]
            lines[number] = "".join(parts)


def link(app, docname, path, qualname, *children):
    """A reference from a page to the API page's part on a file of mlcore or on a name in it."""
    target = place(app.env, path, qualname)
    if not target or PAGE not in app.env.found_docs:
        return nodes.inline("", "", *children)
    uri = app.builder.get_relative_uri(docname, PAGE)
    return nodes.reference("", "", *children, internal=True, refuri=f"{uri}#{target}")


def _link_code(app, doctree, docname):
    """Above code that a chapter shows by `source()`, a link to the API page in place of the file's name."""
    for block in list(doctree.findall(nodes.literal_block)):
        files = re.findall(r"^# (mlcore/\S+\.py)\n", block.astext(), re.M)
        if not files or not block.astext().startswith("# mlcore/"):
            continue
        text = block.astext().split("\n", 1)[1]
        names = re.findall(r"^(?:def|class) (\w+)", text, re.M)
        fresh = block.deepcopy()
        fresh.rawsource, fresh.children = text, []
        fresh += nodes.Text(text)
        name = nodes.literal(text=files[0])
        first = link(app, docname, files[0], names[0] if names else "", name)
        block.replace_self([nodes.paragraph("", "", first, classes=["code-origin"]), fresh])


def setup(app):
    for extension in ("sphinx.ext.autodoc", "sphinx.ext.viewcode", "numpydoc"):
        app.setup_extension(extension)
    app.add_directive("api", Api)
    app.connect("config-inited", _configure)
    app.connect("autodoc-process-docstring", _plain, priority=100)  # before numpydoc
    app.connect("doctree-resolved", _link_code)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _configure(app, config):
    config.numpydoc_show_class_members = False
    config.default_role = "code"
    config.autodoc_typehints = "none"
    config.autodoc_member_order = "bysource"
    config.suppress_warnings = [*config.suppress_warnings, "ref.citation"]
    config.nitpick_ignore_regex = [*config.nitpick_ignore_regex, ("py:.*", ".*")]
