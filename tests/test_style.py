"""The code is formatted and linted by ruff, as pyproject.toml says; the version stands in one place."""

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

import mlcore

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command", [("check", "--no-cache"), ("format", "--check", "--no-cache")], ids=" ".join
)
def test_ruff_finds_nothing(command):
    run = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_version_stands_in_one_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["dynamic"] == ["version"] and "version" not in project
    assert version("mlcore") == mlcore.__version__
    assert "version" not in yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
