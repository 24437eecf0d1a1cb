"""One style sheet for all pages: of the theme's and the extensions' own, what some page can ever match.

A rule stays if every name in one of its selectors (tag, class, id, attribute) stands in a page, or is a word
of a script that a page loads, which may set it. Then go the custom properties and animations that nothing
names any more. Icons are letters of a font, which is cut to those that are left, and stands in the sheet.
"""

import base64
import io
import logging
import posixpath
import re

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each step

ICONS = "Icons"  # whatever the theme calls them
NESTED = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
PROPERTY = re.compile(
    rf"(?<=[{{;\s])(--[\w-]+)\s*:((?:{NESTED}|\"[^\"]*\"|'[^']*'|[^;{{}}\"'()])*)(?:;|(?=\}}))"
)


class Names:
    """Tags, classes, ids and attributes of pages, also of drawings in their data; words of scripts."""

    def __init__(self):
        self.tags, self.marks, self.words = set(), set(), set()
        self.attributes = {"open", "hidden", "inert", "checked", "disabled"}  # those that have no value
        self.text = ""  # what may name a custom property

    def add_page(self, page):
        self.tags.update(tag.lower() for tag in set(re.findall(r"<([a-zA-Z][\w-]*)", page)))
        for value in set(re.findall(r'\s(?:class|id)=\\?"([^"\\]*)', page)):
            self.marks.update(value.split())
        self.attributes.update(re.findall(r'\s([a-z][\w-]*)=\\?"', page))
        self.text += "".join(set(re.findall(r'\sstyle=\\?"([^"\\]*--[^"\\]*)', page)))

    def add_script(self, text):
        self.words.update(re.findall(r"[A-Za-z_][\w-]*", text))
        self.text += text

    def has(self, kind, name):
        if kind == "attribute" and name.startswith("data-"):  # a script says dataset.someName
            camel = re.sub(r"-(\w)", lambda match: match[1].upper(), name[5:])
            return name in self.attributes or {name, camel} & self.words
        known = {"tag": self.tags, "mark": self.marks, "attribute": self.attributes}[kind]
        return name in known or name in self.words


def names_in(selector):
    """Yield kind and name of what elements must have for a selector to match; :not() is left out."""
    before = None
    for token in selector:
        if token.type == "hash":
            yield "mark", token.value
        elif token.type == "ident":
            if before == ".":
                yield "mark", token.value
            elif before != ":":
                yield "tag", token.lower_value
        elif token.type == "[] block":
            yield "attribute", next(part.lower_value for part in token.content if part.type == "ident")
        before = token.value if token.type == "literal" else None


def alternatives(prelude):
    """Split a selector at its commas; one of the :is() and :where() within must fit, too."""
    parts = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def is_met(selector, names):
    met = all(names.has(*name) for name in names_in(selector))
    choices = (t for t in selector if t.type == "function" and t.lower_name in ("is", "where", "has"))
    return met and all(any(is_met(a, names) for a in alternatives(t.arguments)) for t in choices)


def prune(rules, names):
    """Yield the text of the rules that can be met."""
    for rule in rules:
        if rule.type == "qualified-rule":
            kept = [part for part in alternatives(rule.prelude) if is_met(part, names)]
            if kept:
                selector = ",".join(tinycss2.serialize(part).strip() for part in kept)
                yield f"{selector}{{{tidy(rule.content)}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "layer", "container"):
            inner = tinycss2.parse_rule_list(rule.content or [], skip_comments=True, skip_whitespace=True)
            text = "".join(prune(inner, names))
            if text:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{\n{text}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword not in ("charset", "import"):
            content = tidy(rule.content or [])
            yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{content}}}\n"


def tidy(content):
    text = tinycss2.serialize([token for token in content if token.type != "comment"])
    return re.sub(r"\s*\n\s*", " ", text).strip().removesuffix(";")


def drop_unnamed(css, names):
    """Take out custom properties that nothing reads, and animations that nothing runs."""
    size = None
    while len(css) != size:
        size = len(css)
        read = {*re.findall(r"var\(\s*(--[\w-]+)", css), *re.findall(r"--[\w-]+", names.text)}
        unread = {name for name, _ in PROPERTY.findall(css)} - read
        css = PROPERTY.sub(lambda found, unread=unread: "" if found[1] in unread else found[0], css)
    css = re.sub(r"(?m)^[^@{}\n]*\{\s*\}\n", "", css)
    css = re.sub(r"(?m)^@media[^{}\n]*\{\s*\}\n", "", css)
    for name in set(re.findall(r"@keyframes\s+([\w-]+)", css)):
        if not re.search(rf"animation[\w-]*:[^;}}]*(?<![\w-]){name}(?![\w-])", css):
            css = re.sub(rf"(?m)^@keyframes\s+{name}\s*\{{.*\}}\n", "", css)
    return css


def address(sheet, relative):
    """What a sheet calls `relative`, seen from _static."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(sheet), relative))


def moved(css, sheet):
    """Make the addresses in a sheet those of one in _static."""

    def move(match):
        name = match[1].strip("\"'")
        kept = re.match(r"data:|https?:|#", name)
        return match[0] if kept else f"url({address(sheet, name)})"

    return re.sub(r"url\((\"[^\"]*\"|'[^']*'|[^)]*)\)", move, css)


def with_icons(css, source):
    """Replace the icons' fonts by one with the signs that the sheet still writes."""
    css = re.sub(r"(?m)^@font-face\{.*Font Awesome.*\}\n", "", css)
    css = re.sub(r"Font Awesome\\? \d+ Free", ICONS, css)
    signs = {chr(int(code, 16)) for code in re.findall(r"\\([ef][0-9a-f]{3})\b", css)}
    data = base64.b64encode(cut(source, signs | set(re.findall("[\ue000-\uf8ff]", css)))).decode()
    source = f"src:url(data:font/woff2;base64,{data})"
    face = f'font-family:"{ICONS}";font-weight:900;font-display:block;{source} format("woff2")'
    return f"@font-face{{{face}}}\n{css}"


def cut(source, signs, weights=None, **options):
    """The part of a font that draws `signs`, as bytes of WOFF2; `options` are those of fontTools.subset.

    Of a variable font, `weights` are the lightest and the boldest that are needed.
    """
    font, packed = TTFont(source, recalcTimestamp=False), io.BytesIO()
    maker = subset.Subsetter(subset.Options(flavor="woff2", hinting=False, **options))
    maker.populate(text="".join(sorted(signs)))
    maker.subset(font)
    if weights:
        instancer.instantiateVariableFont(font, {"wght": weights}, inplace=True)
    font.flavor = "woff2"
    font.save(packed)
    return packed.getvalue()


def build(static, sheets, pages, scripts):
    """Return the sheet: of those named in `sheets`, in their order, what `pages` and `scripts` can need."""
    names = Names()
    for page in pages:
        names.add_page(page)
    for script in scripts:
        names.add_script(script)
    parts = []
    for sheet in sheets:
        text = (static / sheet).read_text("utf-8")
        for place in [*(address(sheet, name) for name in re.findall(r'@import\s+"([^"]+)"', text)), sheet]:
            text = moved((static / place).read_text("utf-8"), place)
            rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
            parts += prune(rules, names)
    css = drop_unnamed("".join(parts), names)
    return with_icons(css, static / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.woff2")
