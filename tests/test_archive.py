"""The archive of the project beside the pages: all that git knows, and no promise where there is none."""

import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import mlcore

ROOT = Path(__file__).resolve().parents[1]
SITE = Path(os.environ.get("MLCORE_SITE") or ROOT / "_build" / "site")
NAME = f"mlcore-{mlcore.__version__}"

sys.path.insert(0, str(ROOT / "book" / "_ext"))
try:
    import archive
finally:
    sys.path.pop(0)


@pytest.fixture
def project(tmp_path):
    """A small project: two files that git knows, and one that it does not."""
    if not archive.files(ROOT):
        pytest.skip("no git here, or not its project")
    (tmp_path / "a folder").mkdir()
    (tmp_path / "run").write_text("#!/bin/sh\n")
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "a folder" / "ä.txt").write_text("text", "utf-8")
    (tmp_path / "mine.txt").write_text("not for others")
    for command in (["init", "--quiet"], ["add", "run", "a folder"]):
        subprocess.run(["git", "-C", tmp_path, *command], check=True)
    return tmp_path


def test_archive_holds_what_git_knows_as_it_stands(project):
    (project / "run").write_text("#!/bin/sh\nexit\n")
    packed = zipfile.ZipFile(io.BytesIO(archive.pack(project, "project-1")))
    assert packed.namelist() == ["project-1/a folder/ä.txt", "project-1/run"]
    assert packed.read("project-1/run") == b"#!/bin/sh\nexit\n"
    assert [entry.external_attr >> 16 for entry in packed.infolist()] == [0o100644, 0o100755]
    (project / "a folder" / "ä.txt").unlink()
    packed = zipfile.ZipFile(io.BytesIO(archive.pack(project, "project-1")))
    assert packed.namelist() == ["project-1/run"]


def test_same_files_give_the_same_archive(project):
    before = archive.pack(project, "project-1")
    for path in (project / "run", project / "a folder" / "ä.txt"):
        os.utime(path, (0, 0))
    assert archive.pack(project, "project-1") == before


def test_without_git_there_is_no_archive(tmp_path, monkeypatch):
    (tmp_path / "text").write_text("text")
    assert archive.pack(tmp_path, "project-1") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert archive.files(ROOT) == [] and archive.pack(ROOT, "project-1") is None


def test_site_offers_the_whole_project_or_promises_nothing():
    pages = {path.stem: path.read_text("utf-8") for path in sorted((SITE / "book").glob("*.html"))}
    promised = {name for name, page in pages.items() if f'href="../{NAME}.zip"' in page}
    said = re.sub("<[^>]*>", "", pages["intro"])
    if not (SITE / f"{NAME}.zip").exists():
        assert not archive.files(ROOT) and not promised and "unzip" not in said
        return
    assert promised == set(pages)
    assert f"unzip {NAME}.zip\ncd {NAME}\nmake lab\n" in said
    packed = zipfile.ZipFile(SITE / f"{NAME}.zip")
    assert packed.testzip() is None
    assert {name.removeprefix(f"{NAME}/") for name in packed.namelist()} == set(archive.files(ROOT))
    assert (SITE / f"{NAME}.zip").stat().st_size <= 10_000_000
