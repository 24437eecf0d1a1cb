"""The project as an archive beside the pages, for readers who want to run and change what they read.

It holds the files that git knows, as they stand. Where there is no git, there is no archive, and no page
promises one: ``{archive}`` shows its contents only beside an archive, ``{archive} none`` only without one.
In them, ARCHIVE is the archive's name without its ending, which is the folder that it unpacks to, and SIZE
is its size.
"""

import io
import subprocess
import zipfile
from pathlib import Path

MADE = 1980, 1, 1, 0, 0, 0  # the same files give the same archive


def files(root):
    """The names of the project's files, as git knows them; none where `root` is not git's."""
    try:
        command = ["git", "-C", str(root), "ls-files", "-z"]
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [name for name in sorted(listed.split("\0")) if name and (Path(root) / name).is_file()]


def pack(root, folder):
    """Return the archive of the project in `root`, as bytes, or None; it unpacks to `folder`."""
    names, packed = files(root), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            path, entry = Path(root) / name, zipfile.ZipInfo(f"{folder}/{name}", MADE)
            executable = path.stat().st_mode & 0o100
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED  # 3 is Unix, which has modes
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(entry, path.read_bytes())
    return packed.getvalue() if names else None


def setup(app):
    from docutils.statemachine import StringList
    from sphinx.util.docutils import SphinxDirective

    import mlcore

    name = f"mlcore-{mlcore.__version__}"

    class Archive(SphinxDirective):
        has_content = True
        optional_arguments = 1

        def run(self):
            archive = self.env.app.archive
            if bool(archive) == (self.arguments == ["none"]):
                return []
            size = f"{len(archive or b'') / 1e6:.0f} MB"
            lines = [line.replace("ARCHIVE", name).replace("SIZE", size) for line in self.content]
            self.content = StringList(lines, self.get_source_info()[0])
            return self.parse_content_to_nodes()

    def make(app):
        app.archive = pack(app.srcdir, name)

    def offer(app, pagename, templatename, context, doctree):
        for group in context.get("header_buttons", ()):
            if app.archive and group.get("label") == "download-buttons":
                button = {
                    "type": "link",
                    "url": context["pathto"](f"{name}.zip", 1),
                    "text": "project (.zip)",
                    "tooltip": "Download the whole project, to run and change it",
                    "icon": "fas fa-file-zipper",
                    "label": "download-archive-button",
                }
                group["buttons"].insert(-1, button)

    def write(app, exception):
        if exception is None and app.builder.format == "html" and app.archive:
            (Path(app.outdir) / f"{name}.zip").write_bytes(app.archive)

    app.add_directive("archive", Archive)
    app.connect("builder-inited", make)
    app.connect("html-page-context", offer, priority=600)  # after the theme has made its menus
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
