"""Words and symbols of the chapters: what a reader must find defined.

    python book/_tools/words.py        say what is wrong; nothing if all is well

Bold in a chapter is a term of the glossary, ``**{term}`residual`**``, in the one place that defines it, or a
heading that runs into its paragraph, which ends in a full stop. Each symbol with a meaning of its own (Greek
letters, operators, letters of another alphabet, letters with an accent) stands in notation.md. And a chapter
opens with words and a picture: code above the first figure is folded. A paragraph has one idea and at most
eighty words.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parents[1]
_spec = importlib.util.spec_from_file_location("_notebooks", Path(__file__).with_name("notebooks.py"))
_notebooks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_notebooks)

GREEK = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma
    tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
""".split()  # noqa: SIM905
_ACCENT = re.compile(
    r"\\(hat|widehat|bar|overline|tilde|widetilde|dot|vec|check)\s*(\{[^{}]*\}|\\[A-Za-z]+|\w)"
)
_NAMED = re.compile(
    r"\\(operatorname|mathcal|mathbb|mathfrak|mathrm|mathbf|boldsymbol)\*?\s*(\{[^{}]*\}|\\?\w)"
)
LONGEST = 80  # words of a paragraph or a list's item; a formula, a link or a piece of code is one word
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}


def tokens(text):
    """All tokens of a Markdown text, those inside directives too."""
    for token in _notebooks._MARKDOWN.parse(text):
        yield token
        yield from token.children or ()
        if token.type in ("fence", "colon_fence") and _notebooks._PROSE.match(token.info.strip()):
            yield from tokens(token.content)


def symbols(text):
    """Symbols of all formulas in a Markdown text, as LaTeX."""
    found = set()
    for token in tokens(text):
        if token.type.startswith("math_") or token.type == "amsmath":
            latex = re.sub(r"\\(text|tag|label)\{[^{}]*\}", "", token.content)
            found |= {f"\\{accent} {_bare(letter)}" for accent, letter in _ACCENT.findall(latex)}
            found |= {f"\\{kind}{{{_bare(name)}}}" for kind, name in _NAMED.findall(latex)}
            found |= {f"\\{name}" for name in re.findall(r"\\([A-Za-z]+)", latex) if name in GREEK}
    return found


def _bare(argument):
    return argument.strip("{} ")


def bold(text):
    """(term, "") for a term of the glossary and ("", text) for anything else in bold, in order."""
    inside = None
    for token in tokens(text):
        if token.type == "strong_open":
            inside = []
        elif token.type == "strong_close":
            role = inside[0] if len(inside) == 1 else None
            if role is not None and role.type == "myst_role" and role.meta.get("name") == "term":
                yield re.sub(r".*<(.*)>$", r"\1", role.content), ""
            else:
                yield "", "".join(part.content for part in inside)
            inside = None
        elif inside is not None and token.content:
            inside.append(token)


def paragraphs(text):
    """(number of words, first words) of each paragraph, each formula, link or code as one word."""
    for token in tokens(text):
        if token.type == "inline":
            words = [w for part in token.children if part.content for w in _words(part)]
            yield len(words), " ".join(words[:6])


def _words(part):
    if part.type == "text" and not part.content.startswith(":"):  # an option of a directive is no prose
        return part.content.split()
    return [part.content] if part.type in {"math_inline", "code_inline", "myst_role"} else []


def glossary(text):
    """Terms that a glossary page defines; those that share a definition as one tuple."""
    terms, group = [], []
    for line in "\n".join(re.findall(r"```\{glossary\}\n(.*?)```", text, re.S)).splitlines():
        if line[:1].strip():
            group.append(line.strip())
        elif line.strip() and group:
            terms.append(tuple(group))
            group = []
    return terms


def problems(book=BOOK):
    """What is wrong with the words, symbols and first screens of all chapters, each entry with its place."""
    known = symbols((book / "notation.md").read_text("utf-8"))
    entries = glossary((book / "glossary.md").read_text("utf-8"))
    terms = {term for entry in entries for term in entry}
    out, defined = [], {}
    for path in chapters(book):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        for number, cell in enumerate(cells, 1):
            where, text = f"{path.name}, cell {number}", "".join(cell["source"])
            if cell["cell_type"] != "markdown":
                continue
            for symbol in sorted(symbols(text) - known):
                out.append(f"{where}: ${symbol}$ is not in notation.md: add it, or use the symbol that is")
            for term, other in bold(text):
                if term and term not in terms:
                    out.append(f"{where}: the term {term!r} is not in glossary.md")
                elif term and term in defined:
                    out.append(f"{where}: {term!r} is defined in {defined[term]}: link it, without bold")
                elif not term and not re.search(r"[.?!]$", other):
                    out.append(
                        f"{where}: bold is for terms, **{{term}}`…`**, and headings that end in a full stop; "
                        f"got **{other}**: define it in the glossary, or write *{other}*"
                    )
                defined.setdefault(term, where)
            for length, opening in paragraphs(text):
                if length > LONGEST:
                    out.append(f"{where}: a paragraph of {length} words, at most {LONGEST}: {opening} …")
        out += [f"{path.name}, {what}" for what in first_screen(cells)]
    for entry in entries:
        if not defined.keys() & set(entry):
            out.append(f"glossary.md: {entry[0]!r} is defined in bold in no chapter")
    return out


def first_screen(cells):
    """Code cells that stand open above a chapter's first figure."""
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code":
            if re.search(r"^(explore|figure)\(", "".join(cell["source"]), re.M):
                return
            if not FOLDED & set(cell["metadata"].get("tags", ())):
                yield f"cell {number}: code above the first figure stands open: give it the tag hide-input"


def chapters(book=BOOK):
    """The notebooks with exercises: those that teach, not those about the book itself."""
    return [path for path in sorted(book.glob("*.ipynb")) if "{exercise}" in path.read_text("utf-8")]


if __name__ == "__main__":
    wrong = problems()
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(bool(wrong))
