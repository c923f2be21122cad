"""Manifests in tests: written as a build writes them, with what a test wants them to say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from perfgen.build.keeper import Keeper
from perfgen.build.manifest import Manifest, load_manifest
from perfgen.build.records import Output


def change(root: Path, edit: Callable[[Manifest], None]) -> None:
    """Changes what the manifest of a project says, so that all of it agrees with itself."""
    manifest = load_manifest(root)
    assert manifest.project, "it says that everything was built"
    edit(manifest)
    manifest.changed |= manifest.records.keys()
    Keeper(root, manifest).finish("", None)


def believe(root: Path, path: str) -> None:
    """Makes the manifest say that a file is as it was made."""
    file = root / "build" / path

    def edit(manifest: Manifest) -> None:
        output = manifest.outputs[path]
        output.sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        output.size, output.modified = file.stat().st_size, file.stat().st_mtime_ns

    change(root, edit)


def output_in_old(source: str, output: Output) -> dict[str, object]:
    """An output as manifests in one file had it."""
    return {"source": source, **vars(output)}


def put_old(root: Path) -> None:
    """Puts the manifest of a project back into one file, as it was kept before."""
    manifest = load_manifest(root)
    by_path = {
        path: output_in_old(source, output)
        for source, record in manifest.records.items()
        for path, output in record.outputs.items()
    }
    content = {
        "format": 2, "project": manifest.project, "commit": None, "outputs": by_path,
        "entries": {source: vars(record.entry) for source, record in manifest.records.items() if record.entry},
        "open_warnings": manifest.open_warnings,
    }  # fmt: skip
    for piece in (root / "build/manifest").rglob("*.json"):
        piece.unlink()
    (root / "build/manifest.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
