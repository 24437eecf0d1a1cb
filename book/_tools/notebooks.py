"""Run the chapters and store them in one normal form, so that a diff shows what changed and nothing else.

    python book/_tools/notebooks.py                 execute and normalise every chapter in book/
    python book/_tools/notebooks.py ridge lasso     ... or only those named (a name or a path)
    python book/_tools/notebooks.py --check         execute nothing, say what is not in normal form

The normal form: nbformat 4.5, kernel `python3`, a cell's id made from its contents, the same execution
count in all code cells (with a running one any two branches that add a cell conflict), no metadata but the
tags, one sentence a line in Markdown, the text outputs of a fresh top-to-bottom run, and no outputs for the
cells tagged `nbval-ignore-output` (figures, explorers and source code: the build makes them anew). A notebook
that breaks a rule, or whose code fails or writes to stderr, stays as it was, and the reason is printed.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import os
import re
import sys
from pathlib import Path

import nbformat
from docutils.nodes import make_id
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

BOOK = Path(__file__).resolve().parents[1]
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
IGNORE_OUTPUT = "nbval-ignore-output"
TAGS = {
    IGNORE_OUTPUT,
    *(f"hide-{part}" for part in ("input", "output", "cell")),
    *(f"remove-{part}" for part in ("input", "output", "cell")),
    "full-width",
    "margin",
    "scroll-output",
}
HIDDEN = {"hide-input", "hide-cell"}  # JupyterLab is told to fold these too
MADE_ANEW = {
    "boundary_playground",
    "curve_playground",
    "draw_digit",
    "explore",
    "figure",
    "network_playground",
    "source",
}  # calls whose result is a picture, or code as it stands in a file
CLOCKS = {"monotonic", "now", "perf_counter", "process_time", "time", "time_ns", "perf_counter_ns"}
SHOWN = {*MADE_ANEW, "table"}  # calls whose result is shown, if they are what a cell ends with
COUNT = 1  # the execution count of every code cell; nbval skips a cell that has none
TEXT_TYPES = {"text/plain", "text/markdown", "text/html", "text/latex"}
TIMEOUT = 120  # seconds per cell, as in _config.yml


class NotebookError(Exception):
    """A notebook that cannot be brought into normal form; the message says why and what to do."""


# ---------------------------------------------------------------------------------------------- normal form
def cell_ids(cells) -> list[str]:
    """Ids made from the contents: an edit changes one id, an insertion none; two people get the same."""
    ids, seen = [], {}
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:10]
        seen[digest] = seen.get(digest, 0) + 1
        ids.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return ids


def normalised(nb):
    """The normal form of a notebook, as a new notebook."""
    nb = nbformat.from_dict(nb)  # a deep copy
    nb.nbformat, nb.nbformat_minor = 4, 5
    nb.metadata = nbformat.from_dict(METADATA)
    for cell in nb.cells:
        cell.source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
        if cell.cell_type == "markdown":
            cell.source = one_sentence_a_line(cell.source)
        tags = sorted(set(cell.metadata.get("tags", [])))
        folded = {"jupyter": {"source_hidden": True}} if HIDDEN & set(tags) else {}
        cell.metadata = nbformat.from_dict(({"tags": tags} if tags else {}) | folded)
        if cell.cell_type == "code":
            cell.execution_count = COUNT
            outputs = [] if IGNORE_OUTPUT in tags else cell.outputs
            cell.outputs = [_output(output) for output in outputs]
    for cell, name in zip(nb.cells, cell_ids(nb.cells)):
        cell.id = name
    return nb


def _output(output):
    if "execution_count" in output:
        output.execution_count = COUNT
    if "metadata" in output:
        output.metadata = nbformat.from_dict({})
    return output


# ---------------------------------------------------------------------------------------------- sentences
_MARKDOWN = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(dollarmath_plugin, allow_labels=True)
    .use(amsmath_plugin)
    .use(colon_fence_plugin)
    .use(deflist_plugin)
    .use(myst_block_plugin)
    .use(myst_role_plugin)
)
# In these directives stands text; what stands in others (code, options, mathematics) is not touched.
_PROSE = re.compile(
    r"\{(admonition|dropdown|exercise(-start)?|hint|important|margin|note|solution(-start)?|tip|warning)\}"
)
_WHOLE = re.compile(  # what no sentence ends in: code with its role, formulas, the target of a link
    r"(?:\{[^}\n]*\})?(`+)(?!`).+?(?<!`)\1(?!`)|\$\$.+?\$\$|\$(?=\S)[^$]+?(?<=\S)\$|\]\([^)\s]*\)", re.S
)
_END = re.compile(
    r"""(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bcf\.)(?<!\bvs\.)(?<!\b[A-Z]\.)(?<=[.!?])([*_)\]"”’]*) """
)


def one_sentence_a_line(text):
    """Markdown whose paragraphs have each sentence on a line of its own, so that a diff shows sentences."""
    lines = text.split("\n")
    for token in reversed(_MARKDOWN.parse(text)):  # from the end, so that places further up stay right
        if token.type in ("fence", "colon_fence") and _PROSE.match(token.info.strip()) and not token.level:
            start, end = token.map[0] + 1, token.map[1] - 1
            while start < end and re.match(r":[\w-]+:", lines[start]):  # options
                start += 1
            lines[start:end] = one_sentence_a_line("\n".join(lines[start:end])).split("\n")
        elif token.type == "inline" and token.map[1] > token.map[0]:
            start, end = token.map
            first = token.content.split("\n")[0]
            prefix = lines[start][: lines[start].find(first)] if first in lines[start] else "?"
            if not re.fullmatch(r"(\s|[-*+:>]|\d+[.)])*", prefix) or re.search(r"(  |\\)\n", token.content):
                continue  # a heading, a row of a table, or lines that are broken on purpose
            rest = re.sub(r"[^>\s]", " ", prefix)
            sentences = _sentences(token.content)
            lines[start:end] = [prefix + sentences[0], *(rest + sentence for sentence in sentences[1:])]
    return "\n".join(line.rstrip() for line in lines)


def _sentences(text):
    whole = []

    def keep(match):
        whole.append(" ".join(match[0].split()))
        return f"\0{len(whole) - 1}\0"

    joined = " ".join(_WHOLE.sub(keep, text).split())
    parts, start = [], 0
    for match in _END.finditer(joined):
        # a small letter goes on with the sentence; what looks like the start of a list would become one
        if re.match(r"[^\W\d_]|[\0*_(\[{\"“‘]", joined[match.end() :]) and not joined[match.end()].islower():
            parts.append(joined[start : match.end() - 1])
            start = match.end()
    return [re.sub(r"\0(\d+)\0", lambda m: whole[int(m[1])], part) for part in [*parts, joined[start:]]]


# ------------------------------------------------------------------------------------------------ the rules
def rule_breaks(nb) -> list[str]:
    """What a normalised notebook still does wrong; each entry names the cell and says what to do."""
    out = []
    if (
        not nb.cells
        or nb.cells[0].cell_type != "markdown"
        or not re.search(r"^# \S", nb.cells[0].source, re.M)
    ):
        out.append("the first cell must be markdown and hold the chapter's title (`# Title`)")
    elif re.search(r"^# .*\$", nb.cells[0].source, re.M):
        out.append("the title must hold no formula: menus show it on pages where no mathematics is loaded")
    anchors = _anchors(nb)
    for number, cell in enumerate(nb.cells, 1):
        lines = cell.source.strip().splitlines()
        where = f"cell {number} (`{lines[0][:50] if lines else ''}`)"
        if not lines:
            out.append(f"{where} is empty: remove it")
        if cell.get("attachments") or "data:image/" in cell.source:
            out.append(f"{where} holds an image: draw it with `figure(...)`, or put the file in book/_static")
        if cell.cell_type not in ("markdown", "code"):
            out.append(f"{where} is a {cell.cell_type} cell: use markdown or code")
        unknown = sorted(set(cell.metadata.get("tags", [])) - TAGS)
        if unknown:
            out.append(
                f"{where} has the unknown tag {', '.join(unknown)}; known are {', '.join(sorted(TAGS))}"
            )
        if cell.cell_type == "code":
            out += [f"{where} {what}" for what in _code_breaks(cell, anchors)]
    return out


def _anchors(nb):
    """The places of a page that its Markdown names: targets, labels, headings."""
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    named = re.findall(r"^(?:\((?=.*\)=)|:(?:label|name): *)([\w-]+)", text, re.M)
    return {*named, *map(make_id, re.findall(r"^#+ (.*)", text, re.M))}


def _code_breaks(cell, anchors):
    tags = cell.metadata.get("tags", [])
    try:
        code = ast.parse(cell.source)
        last = code.body[-1:]  # what the cell shows
    except SyntaxError as error:
        yield f"is not plain Python ({error.msg}, line {error.lineno}): no magics, no unfinished code"
        return
    shown = (
        _name(last[0].value.func) if last and isinstance(getattr(last[0], "value", None), ast.Call) else ""
    )
    if shown in MADE_ANEW and isinstance(last[0], ast.Expr) and IGNORE_OUTPUT not in tags:
        yield f"shows what the build makes anew ({shown}): give it the tag {IGNORE_OUTPUT}"
    if shown in MADE_ANEW and CLOCKS & {
        _name(part.func) for part in ast.walk(code) if isinstance(part, ast.Call)
    }:
        yield "draws and reads a clock: every build would draw it otherwise; draw numbers of one run"
    tried = {part for attempt in ast.walk(code) if isinstance(attempt, ast.Try) for part in ast.walk(attempt)}
    for part in ast.walk(code):
        if isinstance(part, ast.Expr) and part not in tried.union(last) and isinstance(part.value, ast.Call):
            if (name := _name(part.value.func)) in SHOWN:
                yield f"shows nothing of {name}(…), as only a cell's last line is shown: end with it"
        elif isinstance(part, ast.Call) and _name(part.func) in MADE_ANEW:
            for word in part.keywords:
                if (
                    word.arg == "name"
                    and isinstance(word.value, ast.Constant)
                    and word.value.value in anchors
                ):
                    yield f"names a figure {word.value.value!r}, as a place in the text: give it another name"
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"ends in {output.ename}: catch the exception and print what it says"
        elif output.output_type == "stream":
            if output.name == "stderr":
                yield f"writes to stderr ({_short(output.text)}): catch the warning and print what it says"
            yield from _text_breaks(output.text)
        else:
            for kind in sorted(set(output.data) - TEXT_TYPES):
                yield (
                    f"has an output of type {kind}: images and widgets are not stored; draw through "
                    f"`figure` or `explore` and give the cell the tag {IGNORE_OUTPUT}"
                )
            for kind in sorted(set(output.data) & TEXT_TYPES):
                yield from _text_breaks(str(output.data[kind]))


def _text_breaks(text):
    if re.search(r"\bat 0x[0-9a-f]{6,}", text):
        yield f"shows a memory address ({_short(text)}), another one in every run: print something else"
    if "data:image/" in text:
        yield "has an image inside its output: draw through `figure` or `explore`"


def _name(func):
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", None)


def _short(text, width=60):
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def problems(path: Path) -> list[str]:
    """Everything that keeps the notebook on disk from being in normal form; runs nothing."""
    text = path.read_text(encoding="utf-8")
    try:
        nb = _parsed(text, path)
    except NotebookError as error:
        return [str(error)]
    want = normalised(nb)
    out = rule_breaks(want)
    if text != dumped(want):
        out += _differences(nb, want) or ["the file is not written as nbformat writes it"]
    return out


def _differences(nb, want):
    """Which parts of a notebook are not as the normal form has them, in words."""
    if (nb.nbformat, nb.nbformat_minor) != (4, 5):
        yield_ = [f"nbformat {nb.nbformat}.{nb.nbformat_minor} instead of 4.5"]
    else:
        yield_ = []
    if nb.metadata != want.metadata:
        yield_.append("notebook metadata other than kernel and language")
    for number, (cell, target) in enumerate(zip(nb.cells, want.cells), 1):
        keys = [key for key in sorted(set(cell) | set(target)) if cell.get(key) != target.get(key)]
        if keys:
            yield_.append(f"cell {number}: {', '.join(keys)} not in normal form")
    return yield_


def _parsed(text, path):
    try:
        nb = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        return nb if nb.nbformat == 4 else nbformat.convert(nb, 4)
    except Exception as error:  # nbformat raises many kinds: not JSON, no version, not a notebook
        raise NotebookError(f"{path.name} is not a notebook: {_short(str(error))}") from error


def dumped(nb) -> str:
    """The text of a notebook file."""
    return nbformat.writes(nb, version=nbformat.NO_CONVERT) + "\n"


# ------------------------------------------------------------------------------------------------ execution
def execute(nb, folder: Path):
    """Run all cells of a notebook, top to bottom, in a fresh kernel started in its folder."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    client = NotebookClient(
        nb,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise NotebookError(f"a cell failed:\n{error}") from error
    except CellTimeoutError as error:
        raise NotebookError(f"a cell took more than {TIMEOUT} s: make it do less") from error
    except DeadKernelError as error:
        raise NotebookError("the kernel died while running a cell") from error
    for number, cell in enumerate(nb.cells, 1):  # in ignored outputs too: the build would stop there
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise NotebookError(
                    f"cell {number} writes to stderr, which stops the build; catch the warning and print "
                    f"what "
                    f"it says:\n{output.text}"
                )
    return nb


def refresh(path: Path) -> bool:
    """Execute and normalise a notebook in place; True if the file changed. On an error it stays as it was."""
    text = path.read_text(encoding="utf-8")
    nb = normalised(_parsed(text, path))
    nb = normalised(execute(nb, path.parent))
    breaks = rule_breaks(nb)
    if breaks:
        raise NotebookError("\n".join(breaks))
    nbformat.validate(nb)
    new = dumped(nb)
    if new == text:
        return False
    half = path.with_name(path.name + ".part")
    try:
        half.write_text(new, encoding="utf-8")
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
    return True


# ------------------------------------------------------------------------------------------------------ cli
def found(names, book: Path = BOOK) -> list[Path]:
    """Paths of the chapters named, or of all chapters."""
    if not names:
        return sorted(book.glob("*.ipynb"))
    paths = []
    for name in names:
        tries = [Path(name), book / name, book / f"{name}.ipynb"]
        path = next((p for p in tries if p.suffix == ".ipynb" and p.is_file()), None)
        if path is None:
            have = ", ".join(sorted(p.stem for p in book.glob("*.ipynb"))) or "none yet"
            raise NotebookError(f"no chapter called {name!r}; there are: {have}")
        paths.append(path)
    return paths


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("chapters", nargs="*", help="names or paths of notebooks (default: all in book/)")
    parser.add_argument(
        "--check", action="store_true", help="execute nothing; say what is not in normal form"
    )
    options = parser.parse_args(arguments)
    # one thread, so that sums are added in one order, and the working copy before any installed mlcore
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(BOOK.parent), os.environ.get("PYTHONPATH")]))
    bad = 0
    try:
        paths = found(options.chapters)
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 2
    for path in paths:
        try:
            if options.check:
                wrong = problems(path)
                if wrong:
                    raise NotebookError(
                        "\n".join([*wrong, "`make notebooks` runs it and puts it in normal form"])
                    )
                print(f"{path.name}: in normal form")
            else:
                print(f"{path.name}: {'written' if refresh(path) else 'unchanged'}", flush=True)
        except NotebookError as error:
            bad += 1
            print(f"{path.name}:", *str(error).splitlines(), sep="\n    ", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
