"""Colours of code, with few elements: what looks like its surroundings, or like its neighbour, shares a span.

Pygments gives each word, sign and blank a span of its own. Here a token becomes the first of those that look
as it does in the theme's light and in its dark style, so that Pygments' formatter joins neighbours.
"""

from functools import partial

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Error, Generic, Name, Operator, Text


class Formatter(HtmlFormatter):
    def __init__(self, *, seen_in, **options):
        super().__init__(**options)
        styles, first, self.shared = [get_style_by_name(name) for name in seen_in], {}, {}
        for kind in sorted(STANDARD_TYPES, key=len):  # the more general one gives its name
            looks = [style.style_for_token(kind) for style in styles]
            visible = any(look["bgcolor"] or look["border"] or look["underline"] for look in looks)
            # A prompt is more than its colour: it is not copied. Blanks on a ground of their own are seen.
            if kind not in Generic and kind is not Error and not visible:
                # Most words are plain names and most signs operators: they have the colour of text, whatever
                # a style says. In colour they would be half of all spans.
                if kind is Operator:
                    self.shared[kind] = Text
                else:
                    self.shared[kind] = first.setdefault(str(looks), Text if kind is Name else kind)

    def joined(self, tokens):
        before = None
        for kind, text in tokens:
            if not (text.isspace() and kind in self.shared and before in self.shared):
                before = self.shared.get(kind, kind)
            yield before, text
            if text.endswith("\n"):
                before = None

    def format_unencoded(self, tokens, outfile):
        super().format_unencoded(self.joined(tokens), outfile)

    def _wrap_pre(self, inner):
        """Without the empty span at the beginning: the leading empty lines that it protects are stripped."""
        for part, text in super()._wrap_pre(inner):
            yield part, text.replace("<pre><span></span>", "<pre>")


def setup(app):
    app.connect("builder-inited", _choose)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _choose(app):
    if app.builder.format == "html":
        styles = app.builder.theme.get_options(app.builder.theme_options)
        styles = [styles[f"pygments_{scheme}_style"] for scheme in ("light", "dark")]
        app.builder.highlighter.formatter = partial(Formatter, seen_in=styles)
