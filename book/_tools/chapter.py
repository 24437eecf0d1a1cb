"""Write the skeleton of a new chapter, in normal form and with every section that a chapter has.

python book/_tools/chapter.py trees        makes book/trees.ipynb; add it to _toc.yml where it belongs, its
                                           question to book/intro.md, a drawing to book/_ext/thumbnails.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import notebooks
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

OPENING = """# {title}

Two sentences that say what happens to whom, and why it is hard.
What is the question?

:::{{admonition}} You need
:class: note
From {{doc}}`linear_regression`: the cost and its gradient.
:::"""
PICTURE = """import numpy as np

from mlcore.explore import Slider, explore

x = np.linspace(-1, 1, 50)


def draw(degree):
    from matplotlib.figure import Figure

    fig = Figure(figsize=(6, 3.5), layout="constrained")
    fig.subplots().plot(x, x**degree)
    return fig


explore(draw, name="{name}-opening", describe=lambda degree: f"The power {{degree}} of x, from -1 to 1.",
        degree=Slider([1, 2, 3], "degree", start=3))"""
SECTION = """({name}-first)=
## The first section

One idea a paragraph.
Before each figure the reader predicts, then moves."""
EXERCISE = """## Check yourself

Each exercise has a hint, a cell for your answer, and a worked solution.
In a running notebook replace `None` and run the cell: it says whether you are right, or what is wrong.

:::{{exercise}} One and one
:label: ex-{name}-sum
How much is $1 + 1$?
:::

:::{{dropdown}} Hint
Count.
:::"""
ANSWER = """total = None"""
SOLUTION = """:::{{solution}} ex-{name}-sum
:label: ex-{name}-sum-solution
:class: dropdown
Two.
The right answer and common mistakes go into `mlcore/exercises/{name}.py`.
The cell for the answer ends with a call of that check.
:::"""
CLOSING = """## Quiz

One answer to each question is right.

::::{{admonition}} Question 1
:class: quiz
Which of these is even?

1. One
2. Two

:::{{dropdown}} The answers, one by one
1. It leaves a remainder when it is divided by two.
2. **Right.** Two is twice one.
:::
::::

## Summary

- What a student would copy before the exam.

## What comes next

Where the next chapter takes this up.

## References

Who found it, with a DOI in the {{doc}}`bibliography`."""


def skeleton(name):
    """The notebook of a new chapter."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"a chapter's name is made of small letters, digits and _; got {name!r}")
    fill = {"name": name.replace("_", "-"), "title": name.replace("_", " ").capitalize()}
    cells = [
        new_markdown_cell(OPENING.format(**fill)),
        new_code_cell(PICTURE.format(**fill), metadata={"tags": ["hide-input", notebooks.IGNORE_OUTPUT]}),
        new_markdown_cell(SECTION.format(**fill)),
        new_markdown_cell(EXERCISE.format(**fill)),
        new_code_cell(ANSWER, metadata={"tags": ["remove-output"]}),
        new_markdown_cell(SOLUTION.format(**fill)),
        new_markdown_cell(CLOSING.format(**fill)),
    ]
    return notebooks.normalised(new_notebook(cells=cells))


def main(name="", book=notebooks.BOOK):
    path = Path(book) / f"{name}.ipynb"
    try:
        nb = skeleton(name)
    except ValueError as error:
        return f"chapter.py: {error}"
    if path.exists():
        return f"chapter.py: there is a chapter {path.name} already"
    path.write_text(notebooks.dumped(nb), encoding="utf-8")
    print(f"{path} written; add it to _toc.yml where it belongs, its question to book/intro.md,")
    print("and a drawing to book/_ext/thumbnails.py")
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
