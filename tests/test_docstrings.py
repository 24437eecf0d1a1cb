"""Docstrings are numpydoc, by numpydoc's own validator: what is left out, and why."""

import importlib
import inspect
import pkgutil

import pytest
from numpydoc.validate import validate

import mlcore

LEFT_OUT = {
    "SA01": "what belongs together stands together: on one page of the reference, in one file",
    "EX01": "the chapters are the examples, and they are run",
    "ES01": "where a summary says all, nothing more is said",
    "SS02": "a summary may begin with a formula",
    "SS05": "or with a noun",
    "PR07": "the shape of an argument that is named X, y or theta says what it is",
    "RT03": "so does that of a result whose summary says it",
}
# Asked of docstrings with sections. A plain form, or a method whose class says the rest, has a line or two.
SECTIONS = {"PR01", "RT01", "YD01"}
ACTIVATION = {"g", "dg"}  # the function and its derivative, of every activation: `Elementwise` says so


def public():
    """Dotted names of all that the library defines and shows: functions, classes, methods, inherited too."""
    for info in pkgutil.iter_modules(mlcore.__path__, "mlcore."):
        if info.ispkg or info.name.rpartition(".")[2].startswith("_"):
            continue
        for name, value in vars(importlib.import_module(info.name)).items():
            if name.startswith("_") or getattr(value, "__module__", None) != info.name or not callable(value):
                continue
            yield f"{info.name}.{name}"
            if inspect.isclass(value):
                yield from (
                    f"{info.name}.{name}.{method}"
                    for method, function in inspect.getmembers(value, inspect.isroutine)
                    if not method.startswith("_") and function.__module__.startswith("mlcore.")
                )


def faults(name):
    text = inspect.getdoc(_found(name)) or ""
    short = "Parameters\n---" not in text
    for code, message in validate(name)["errors"]:
        if (
            code in LEFT_OUT
            or (code in SECTIONS and short)
            or (code == "GL08" and (text or name.rpartition(".")[2] in ACTIVATION))
        ):
            continue  # GL08: no docstring of its own, but that of the class above
        yield f"{name}: {code} {message}"


def _found(name):
    module, _, path = name.removeprefix("mlcore.").partition(".")
    value = importlib.import_module(f"mlcore.{module}")
    for part in path.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize("name", list(public()))
def test_docstring(name):
    assert not list(faults(name))
