"""The first page: an opening with an explorer, and the chapters with a question and a drawing each.

``{opening}`` holds what the book says of itself; its argument stands above the title. ``{believe}`` asks
about the explorer below it. ``{chapters}`` makes the list from the table of contents, where numbers, titles
and parts stand, from a line ``name: question`` for each chapter, and from the drawings of thumbnails.py. A
chapter that lacks a question or a drawing fails the build.
"""

import re
from pathlib import Path

import thumbnails
from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from mlcore.explore import Slider, explore
from mlcore.explore.chapters.intro import believable

WIDTHS = (0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 9, 10, 12, 14, 17, 20, 50)


class chapter_list(nodes.General, nodes.Element):
    """Stands where the list will be, once all titles are known."""


class Opening(SphinxDirective):
    has_content = True
    required_arguments, final_argument_whitespace = 1, True

    def run(self):
        kicker = nodes.container("", nodes.Text(self.arguments[0]), classes=["landing-kicker"])
        return [nodes.container("", kicker, *self.parse_content_to_nodes(), classes=["landing-opening"])]


class Believe(SphinxDirective):
    has_content = True

    def run(self):
        draw, describe = believable(WIDTHS)
        width = Slider(WIDTHS, "width of the bumps, λ", start=WIDTHS[0])
        explorer = explore(draw, describe=describe, name="believe", lam=width)
        figure = nodes.raw("", explorer._repr_mimebundle_()["text/html"], format="html")
        return [nodes.container("", *self.parse_content_to_nodes(), figure, classes=["landing-explorer"])]


class Chapters(SphinxDirective):
    has_content = True

    def run(self):
        lines = (line.partition(": ") for line in self.content if line.strip())
        return [chapter_list(questions={name: question for name, _, question in lines})]


def setup(app):
    app.add_node(chapter_list)
    for directive in (Opening, Believe, Chapters):
        app.add_directive(directive.__name__.lower(), directive)
    app.add_css_file("landing.css")
    app.connect("config-inited", _add_sheet)
    app.connect("doctree-resolved", _list_chapters)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _add_sheet(app, config):
    config.html_static_path.append(str(Path(__file__).with_name("landing.css")))


def _list_chapters(app, doctree, page):
    for place in doctree.findall(chapter_list):
        questions = dict(place["questions"])
        parts = [
            _part(toctree["caption"], [_row(app, page, name, questions) for _, name in toctree["entries"]])
            for toctree in app.env.tocs[app.config.root_doc].findall(addnodes.toctree)
            if toctree["numbered"]
        ]
        if questions:
            raise ExtensionError(f"a question, but no numbered chapter in _toc.yml: {', '.join(questions)}")
        place.replace_self(parts)
        title = doctree.next_node(nodes.title)  # a line does not end within Multi-Layer
        words = re.split(r"(\S+-\S+)", title.astext())
        title[:] = [
            nodes.inline("", word, classes=["landing-whole"]) if "-" in word else nodes.Text(word)
            for word in words
        ]


def _part(caption, rows):
    title, rows = nodes.title("", caption), nodes.bullet_list("", *rows)
    return nodes.section("", title, rows, ids=[nodes.make_id(f"part {caption}")], classes=["landing-part"])


def _row(app, page, chapter, questions):
    name = chapter.rpartition("/")[2]
    if not questions.get(name):
        raise ExtensionError(f"the first page has no question for the chapter {name}: add a line to its list")
    number = ".".join(map(str, app.env.toc_secnumbers[chapter][""]))
    title = app.env.titles[chapter].astext().partition(": ")[0]
    try:
        drawing = thumbnails.svg(name)
    except KeyError:
        raise ExtensionError(f"no drawing for the chapter {name}: add one to thumbnails.py") from None
    link = nodes.reference("", internal=True, refuri=app.builder.get_relative_uri(page, chapter))
    for part, text in (("number", number), ("title", title), ("question", questions.pop(name))):
        link += [nodes.inline("", text, classes=[f"landing-{part}"]), nodes.Text(" ")]
    link += nodes.raw("", drawing, format="html")
    return nodes.list_item("", nodes.paragraph("", "", link))
