"""Each line of code stands in its room: imports go down the floors only, and never in a circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = [  # from the ground up; the door and its warnings are where all stand on
    "mlcore._checks",
    "mlcore._numerics",
    "mlcore",
    "mlcore.explore",
    "mlcore.explore.chapters",
]


def modules(root=ROOT):
    """All modules of the package: dotted name -> path."""
    paths = (root / "mlcore").rglob("*.py")
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


def floor(module):
    """On which floor a module stands: that of the innermost room."""
    return FLOORS.index(max((room for room in FLOORS if f"{module}.".startswith(f"{room}.")), key=len))


def imported(module, path, known):
    """Modules of the package that a module imports, anywhere in its code."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = (
                ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            )
            base = ".".join(filter(None, [above, node.module]))
            names = [
                f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base for alias in node.names
            ]
        else:
            continue
        yield from (name for name in names if name in known)


def graph(root=ROOT):
    known = modules(root)
    return {name: sorted(set(imported(name, path, known))) for name, path in known.items()}


def climbing(arrows):
    """Imports that go up the floors."""
    return [(a, b) for a, targets in arrows.items() for b in targets if floor(b) > floor(a)]


def test_imports_go_down():
    assert climbing(graph()) == []


def test_no_circle():
    arrows = graph()
    assert list(TopologicalSorter(arrows).static_order())


@pytest.mark.parametrize(
    "line, wrong",
    [
        ("from ..ridge import Ridge", True),
        ("from mlcore.explore import panels", True),
        ("import mlcore.explore.chapters.ridge", True),
        ("from . import columns", False),
        ("import numpy", False),
    ],
)
def test_red_an_import_that_climbs(tmp_path, line, wrong):
    for folder in ("mlcore", "mlcore/_numerics", "mlcore/explore", "mlcore/explore/chapters"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    for name in ("ridge", "_numerics/columns", "explore/chapters/ridge"):
        (tmp_path / "mlcore" / f"{name}.py").touch()
    (tmp_path / "mlcore/_numerics/refinement.py").write_text(line)
    assert bool(climbing(graph(tmp_path))) == wrong
