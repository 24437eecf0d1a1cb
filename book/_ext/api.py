"""The reference of mlcore, rendered from its docstrings by autodoc and numpydoc.

Its pages are book/reference/*.md. The code that a chapter shows, and the paths in the ledger, link to them.

The docstrings are written to be read as they stand: `theta_` and |x| mean what they say. To reStructured
Text they are a reference and a substitution, so both are escaped here. What can be a link becomes one: a name
of the library, and the label of an equation.
"""

import importlib
import inspect
import pkgutil
import re
from functools import cache

from docutils import nodes

import mlcore

CODE = re.compile(r"(``.+?``|:\w+:`.+?`|`.+?`)")
LABEL = re.compile(r"\beq(?:-[a-z0-9]+)+\b")
SOURCE = re.compile(r"^\.\. \[(\d)\] ")  # becomes a list: footnotes of several docstrings on a page clash
EDGE = re.compile(r" *(={3,} *)+|-{3,}")  # of a table, or below a heading
NOT_SHOWN = ("object", "Parameters")  # their members are not shown at each class that has them


def setup(app):
    for extension in ("sphinx.ext.autodoc", "sphinx.ext.viewcode", "numpydoc"):
        app.setup_extension(extension)
    app.connect("config-inited", _configure)
    app.connect("autodoc-process-docstring", _mark_up, priority=100)  # before numpydoc
    app.connect("doctree-resolved", _link_code)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _configure(app, config):
    config.autodoc_member_order = "bysource"
    config.autodoc_default_options = {"members": True, "inherited-members": ",".join(NOT_SHOWN)}
    config.autodoc_typehints = "none"
    config.autodoc_preserve_defaults = True  # glorot_uniform, as in the source, not <function glorot_uniform>
    config.numpydoc_show_class_members = False
    config.add_module_names = False


def shown(cls):
    """The class, and those whose members are documented as its own: autodoc's rule."""
    return [base for base in cls.__mro__ if base is cls or base.__name__ not in NOT_SHOWN]


@cache
def names():
    """Where each public name of the library is documented: "Ridge" -> "mlcore.ridge.Ridge"."""
    found = {}
    for info in pkgutil.iter_modules(mlcore.__path__, "mlcore."):
        if not info.name.rpartition(".")[2].startswith("_") and not info.ispkg:
            module = importlib.import_module(info.name)
            found[module.__name__] = module.__name__
            for name, value in vars(module).items():
                if not name.startswith("_") and getattr(value, "__module__", None) == info.name:
                    found[name] = found[f"{info.name}.{name}"] = f"{info.name}.{name}"
                    if inspect.isclass(value):
                        inner = [n for base in shown(value) for n, v in vars(base).items() if v.__doc__]
                        inner = [n for n in inner if not n.startswith("_")]
                        found |= {f"{name}.{n}": f"{info.name}.{name}.{n}" for n in inner}
    return found


def _mark_up(app, what, name, obj, options, lines):
    inside = None  # a table, in which columns must keep their width; an example, which is code
    for k, line in enumerate(lines):
        if what == "module" and line and k + 1 < len(lines) and re.fullmatch(r"-+", lines[k + 1]):
            lines[k], lines[k + 1] = f".. rubric:: {line}", ""  # a heading would belong to the page
        elif EDGE.fullmatch(line):
            inside = "table" if "=" in line else None
        elif (inside == "table" and not line.strip()) or (inside == "example" and line and line[0] != " "):
            inside = None
        if inside is None and not line.lstrip().startswith(">>>"):
            parts = CODE.split(line)
            parts[::2] = map(_plain, parts[::2])
            parts[1::2] = map(_code, parts[1::2])
            lines[k] = SOURCE.sub(r"\1. ", "".join(parts))
            inside = "example" if line.rstrip().endswith("::") else None


def _plain(text):
    text = re.sub(r"(\[\d\])_", r"\1", text)
    text = re.sub(r"(?<=\w)_(?!\w)", r"\\_", text.replace("|", r"\|"))
    return LABEL.sub(lambda match: f":eq:`{match[0]}`", text)


def _code(text):
    if text.startswith((":", "``")):
        return text
    name = text.strip("`")
    return f":py:obj:`{name} <{names()[name]}>`" if name in names() else f"``{name}``"


def link(app, docname, path, qualname, *children):
    """A reference from a page to where a file of mlcore, or a name in it, is documented."""
    module = re.sub(r"(/__init__)?\.py$", "", path).replace("/", ".")
    parts = [module, *filter(None, qualname.split("."))]
    documented = app.env.get_domain("py").objects
    while parts and ".".join(parts) not in documented:  # the method, else its class, else its module
        parts.pop()
    if not parts:
        return nodes.inline("", "", *children)
    target = documented[".".join(parts)]
    uri = f"{app.builder.get_relative_uri(docname, target.docname)}#{target.node_id}"
    return nodes.reference("", "", *children, internal=True, refuri=uri)


def _link_code(app, doctree, docname):
    """Above code that a chapter shows by `source()`, the name of its file becomes a link."""
    for block in list(doctree.findall(nodes.literal_block)):
        head, _, text = block.astext().partition("\n")
        if re.fullmatch(r"# mlcore/\S+\.py", head):
            path = head.removeprefix("# ")
            first = re.search(r"^(?:def|class) (\w+)", text, re.M)
            name = link(app, docname, path, first[1] if first else "", nodes.literal(text=path))
            code = nodes.literal_block(text, text, **block.attributes)
            block.replace_self([nodes.paragraph("", "", name, classes=["code-origin"]), code])
