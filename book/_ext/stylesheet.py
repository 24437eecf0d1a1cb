"""One style sheet for all pages: of the theme's and the extensions' own, what some page can ever match.

A rule stays if every name in one of its selectors (tag, class, id, attribute) stands in a page or is a word of
a script that a page loads, which may set it. Then go the custom properties, animations and fonts that nothing
names any more. Icons are letters of a font, which is cut to those that are left, and stands in the sheet.
"""

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont

ICONS = "Font Awesome 6 Free"


class Names(HTMLParser):
    """The tags, classes, ids and attributes of pages, and the words of scripts."""

    def __init__(self):
        super().__init__()
        self.tags, self.marks, self.attributes, self.words = set(), set(), set(), set()
        self.text = ""  # what may name a custom property

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag.lower())
        for name, value in attributes:
            self.attributes.add(name)
            if name in ("class", "id"):
                self.marks.update((value or "").split())
            elif name == "style":
                self.text += value or ""

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        if self.lasttag == "script":  # the frames of an explorer, drawings within strings
            for value in re.findall(r'(?:class|id)=\\?"([^"\\]*)', data):
                self.marks.update(value.split())
            self.tags.update(re.findall(r"<([a-z]\w*)", data))

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
    """Yield the names that an element must have, or one near it: kind and name; what :not() says is left out."""
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
    while True:
        read = set(re.findall(r"var\(\s*(--[\w-]+)", css)) | set(re.findall(r"--[\w-]+", names.text))
        shorter = re.sub(
            r"(?<=[{;\s])(--[\w-]+)\s*:((?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\"[^\"]*\"|'[^']*'|[^;{}\"'()])*)(?:;|(?=\}))",
            lambda match: match[0] if match[1] in read else "",
            css,
        )
        if shorter == css:
            break
        css = shorter
    css = re.sub(r"(?m)^[^@{}\n]*\{\s*\}\n", "", css)
    css = re.sub(r"(?m)^@media[^{}\n]*\{\s*\}\n", "", css)
    for animation in re.findall(r"@(?:-webkit-)?keyframes\s+([\w-]+)", css):
        if not re.search(rf"animation[\w-]*:[^;}}]*{re.escape(animation)}\b", css):
            css = re.sub(rf"(?m)^@(-webkit-)?keyframes\s+{re.escape(animation)}\s*\{{.*\}}\n", "", css)
    return css


def moved(css, place):
    """Make the addresses in a sheet at `place`, below _static, those of a sheet in _static."""

    def move(match):
        address = match[1].strip("\"'")
        if re.match(r"data:|https?:|#", address):
            return match[0]
        parts = []
        for part in [*PurePosixPath(place).parent.parts, *PurePosixPath(address).parts]:
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        return f"url({'/'.join(parts)})"

    return re.sub(r"url\(((?:\"[^\"]*\"|'[^']*'|[^)]*))\)", move, css)


def with_icons(css, source):
    """Replace the icons' fonts by one with the signs that the sheet still writes."""
    css = re.sub(rf"(?m)^@font-face\{{[^}}]*{ICONS.replace(' ', '.{1,2}')[:12]}[^}}]*\}}\n", "", css)
    signs = {chr(int(code, 16)) for code in re.findall(r"\\([ef][0-9a-f]{3})\b", css)}
    signs |= set(re.findall("[\ue000-\uf8ff]", css))
    font = TTFont(source, recalcTimestamp=False)
    maker = subset.Subsetter(subset.Options(flavor="woff2", hinting=False, desubroutinize=True))
    maker.populate(text="".join(sorted(signs)))
    maker.subset(font)
    font.flavor = "woff2"
    packed = io.BytesIO()
    font.save(packed)
    data = base64.b64encode(packed.getvalue()).decode()
    face = f'@font-face{{font-family:"{ICONS}";font-weight:900;src:url(data:font/woff2;base64,{data}) format("woff2")}}\n'
    return face + css


def build(static, sheets, pages, scripts):
    """Return the sheet: of those named in `sheets`, in their order, what `pages` and `scripts` can need."""
    names = Names()
    for page in pages:
        names.feed(page)
    for script in scripts:
        names.add_script(script)
    parts = []
    for sheet in sheets:
        text = (static / sheet).read_text("utf-8")
        for imported in re.findall(r'@import\s+"([^"]+)"', text):
            text = (static / sheet).parent.joinpath(imported).read_text("utf-8") + text
        rules = tinycss2.parse_stylesheet(moved(text, sheet), skip_comments=True, skip_whitespace=True)
        parts += prune(rules, names)
    css = drop_unnamed("".join(parts), names)
    return with_icons(css, static / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.woff2")
