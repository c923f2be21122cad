"""Saves a manifest: its pieces while a build goes on, and at the end what is true of all outputs together."""

from __future__ import annotations

from pathlib import Path

from perfgen.build import output_tree, records
from perfgen.build.manifest import (
    FOLDER,
    FORMAT,
    NAME,
    PAGES,
    UNIT_FOLDER,
    IndexJson,
    Manifest,
    encoded,
    piece_path,
)
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import digest
from perfgen.system import write


class Keeper:
    """Saves a manifest: pieces while a build goes on, manifest.json at its end."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self.root = root
        self.manifest = manifest
        self.is_silent = False
        """Whether manifest.json on the disk says nothing of all outputs together."""

    def save_changed(self) -> None:
        """Writes the pieces that have changed, and nothing else."""
        manifest = self.manifest
        if not manifest.changed:
            return
        if not self.is_silent and not manifest.is_old:
            self._write_index("", "", None)
        # what is gone, first: a system that knows no capitals has one file for two names
        for source in sorted(manifest.changed - {PAGES}, key=lambda source: (source in manifest.records, source)):
            self._save_piece(source)
        manifest.changed.clear()
        if manifest.is_old:
            self._write_index("", "", None)

    def finish(self, seen: str, commit: str | None) -> None:
        """Writes what is not saved, removes pieces that nobody knows, and says what is true of all outputs."""
        self.save_changed()
        known = {piece_path(source) for source in self.manifest.digests}
        for path in (*output_tree.files_of(self.root, FOLDER), *output_tree.files_of(self.root, UNIT_FOLDER)):
            if path not in known:
                write.remove(self.root / BUILD / path, top=self.root)
        self._write_index(self.manifest.project, seen, commit)

    def _save_piece(self, source: str) -> None:
        path, record = self.root / BUILD / piece_path(source), self.manifest.records.get(source)
        if record is None:
            write.remove(path, top=self.root)
            self.manifest.digests.pop(source, None)
        else:
            content = encoded(records.to_json(record))
            write.replace(path, content, top=self.root)
            self.manifest.digests[source] = digest(content)

    def _write_index(self, project: str, seen: str, commit: str | None) -> None:
        index: IndexJson = {
            "format": FORMAT, "project": project, "day": self.manifest.day, "seen": seen,
            "pieces": self.manifest.pieces, "commit": commit,
            "open_warnings": dict(sorted(self.manifest.open_warnings.items())) if project else {},
            "pages": records.to_json(self.manifest.of(PAGES)),
        }  # fmt: skip
        write.replace(self.root / BUILD / NAME, encoded(index), top=self.root)
        self.is_silent = not project
        self.manifest.is_old = False
