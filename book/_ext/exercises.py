"""Exercises and quizzes: what sphinx-exercise lacks, and the questions that mark themselves.

A solution of class `dropdown` is a <details>, folded without JavaScript too, and the wrapper around each
exercise's text, which has the same id everywhere, is taken away. The cells that work a solution out stand in
its fold, without one of their own. The directive `all-exercises` lists those of all chapters, with links. A
question is plain Markdown that every notebook shows, an admonition of class `quiz` (see quiz.js); a page that
has one gets the script.
"""

from itertools import groupby
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx_exercise.nodes import exercise_subtitle, solution_node

HERE = Path(__file__).parent


def setup(app):
    app.setup_extension("sphinx_exercise")
    app.config.exercise_style = "solution_follow_exercise"  # titled "Solution", without a second number
    app.add_node(solution_node, override=True, html=(_open, _close))
    app.connect("builder-inited", _add_assets)
    app.connect("doctree-read", _unwrap, priority=100)  # before headings and equations are collected
    app.connect("doctree-read", _gather)
    app.add_directive("all-exercises", AllExercises)
    app.connect("doctree-resolved", _list_exercises)
    app.connect("doctree-read", _check_quizzes)
    app.connect("html-page-context", _load_quiz)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class all_exercises(nodes.General, nodes.Element):
    """The place of the list of all exercises."""


class AllExercises(Directive):
    def run(self):
        return [all_exercises()]


def _list_exercises(app, doctree, docname):
    env = app.env

    def number(exercise):
        return env.toc_fignumbers[exercise["docname"]]["exercise"][exercise["node"]["label"]]

    def link(page, anchor, *content):
        address = app.builder.get_relative_uri(docname, page) + anchor
        return nodes.reference("", "", *content, refuri=address, internal=True)

    for place in list(doctree.findall(all_exercises)):
        entries = (entry for entry in env.sphinx_exercise_registry.values() if entry["type"] == "exercise")
        sections = []
        for page, exercises in groupby(sorted(entries, key=number), key=lambda entry: entry["docname"]):
            title = nodes.title("", "", link(page, "", nodes.Text(env.titles[page].astext())))
            sections.append(nodes.section("", title, nodes.bullet_list(), ids=[page.rpartition("/")[2]]))
            for exercise in exercises:
                subtitle = exercise["node"].next_node(exercise_subtitle)
                words = [child.deepcopy() for child in subtitle.children]
                shown = link(page, f"#{exercise['node']['label']}", *words)
                numbered = f"{'.'.join(map(str, number(exercise)))}\u2002"
                item = nodes.list_item("", nodes.paragraph("", numbered, shown))
                sections[-1][1].append(item)
        place.replace_self(sections)


def _open(self, node):
    title = node.pop(0)
    node["classes"] = [name for name in node["classes"] if name != "dropdown"]  # sphinx-togglebutton's
    self.body.append(self.starttag(node, "details", CLASS="admonition"))
    self.body.append(f'<summary class="admonition-title">{title.astext()}</summary>\n')


def _close(self, node):
    self.body.append("</details>\n")


def _unwrap(app, doctree):
    for section in list(doctree.findall(nodes.section)):
        if section["ids"] in (["exercise-content"], ["solution-content"]):
            section["ids"] = []  # or the first child would take it over
            section.replace_self(section.children)


def _gather(app, doctree):
    for solution in list(doctree.findall(solution_node)):
        place = solution.parent
        at = place.index(solution) + 1
        while at < len(place) and place[at].get("hide_mode") == "all":
            cell = place.pop(at)
            del cell["hide_mode"]
            solution.append(cell)


def _check_quizzes(app, doctree):
    """Warn of a question whose answers and reasons do not match, or without exactly one right answer."""
    from sphinx.util import logging

    for quiz in _quizzes(doctree):
        lists = list(quiz.findall(nodes.enumerated_list))
        right = [item for item in lists[-1] if item.astext().startswith("Right.")] if len(lists) == 2 else []
        if len(right) != 1 or len(lists[0]) != len(lists[1]):
            logging.getLogger(__name__).warning(
                "a quiz is a question, a numbered list of answers, and a dropdown with a reason for each; "
                "the reason of the one right answer begins with **Right.**",
                location=quiz,
                type="quiz",
            )


def _quizzes(doctree):
    return [node for node in doctree.findall(nodes.Admonition) if "quiz" in node.get("classes", ())]


def _add_assets(app):
    app.config.html_static_path += [str(HERE / name) for name in ("quiz.js", "quiz.css")]


def _load_quiz(app, pagename, templatename, context, doctree):
    if doctree is not None:
        app.add_css_file("quiz.css")
        if _quizzes(doctree):
            app.add_js_file("quiz.js", loading_method="defer")
