# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check a built archive as Galaxy does and describe it: release_files.py FOLDER.

The folder has one archive of the collection. Beside it come its SBOM (SPDX) and SHA256SUMS over both. Shows the log of
galaxy-importer, and fails where that has an error or a warning.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import sbom

ROOT = pathlib.Path(__file__).resolve().parents[1]
IMPORTER_CONFIG = ROOT / "tests" / "galaxy-importer.cfg"
SUMS = "SHA256SUMS"


def import_archive(archive):
    """Run galaxy-importer over the archive; returns its log. It writes its result where it stands, so not here."""
    environment = dict(os.environ, GALAXY_IMPORTER_CONFIG=str(IMPORTER_CONFIG))
    command = [sys.executable, "-m", "galaxy_importer.main", str(archive.resolve())]
    with tempfile.TemporaryDirectory() as folder:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "stdin": subprocess.DEVNULL}
        done = subprocess.run(command, check=False, cwd=folder, env=environment, **options)
    return done.stdout + (f"ERROR: galaxy-importer ended with {done.returncode}\n" if done.returncode else "")


def complaints(log):
    """Lines of the importer's log that say what is wrong; a log that does not end well is one, too."""
    lines = [line for line in log.splitlines() if line.startswith(("ERROR", "WARNING", "CRITICAL"))]
    return lines if "Importer processing completed successfully" in log else [*lines, "the import did not complete"]


def write_sums(folder):
    """Write SHA256SUMS of the files of a folder, as `sha256sum --check` reads it."""
    paths = sorted(path for path in folder.iterdir() if path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    (folder / SUMS).write_text("".join(lines), encoding="ascii")


def main():
    """Returns the exit status."""
    folder = pathlib.Path(sys.argv[1])
    (archive,) = folder.glob("*.tar.gz")
    log = import_archive(archive)
    print(log)
    wrong = complaints(log)
    if wrong:
        print("\n".join(["galaxy-importer would not take it:", *wrong]))
        return 1
    description = folder / f"{archive.name.removesuffix('.tar.gz')}.spdx.json"
    description.write_text(json.dumps(sbom.sbom(archive), indent=1) + "\n", encoding="utf-8")
    write_sums(folder)
    subprocess.run(["sha256sum", "--check", SUMS], check=True, cwd=folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
