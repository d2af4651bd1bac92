# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Archives of collections, as `ansible-galaxy collection install` takes them."""

import hashlib
import io
import json
import subprocess
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def build(folder):
    """Build this collection's archive in a folder; returns its path."""
    command = ["ansible-galaxy", "collection", "build", "--force", "--output-path", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("containment-docker-*.tar.gz")
    return archive


def repack(collection, folder):
    """Make an archive of an installed collection, of the files that are there; returns its path."""
    manifest = json.loads((collection / "MANIFEST.json").read_text(encoding="utf-8"))
    listed = json.loads((collection / "FILES.json").read_text(encoding="utf-8"))
    listed["files"] = [entry for entry in listed["files"] if (collection / entry["name"]).exists()]
    files = json.dumps(listed).encode()
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(files).hexdigest()
    about = manifest["collection_info"]
    archive = folder / f"{about['namespace']}-{about['name']}-{about['version']}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in (("MANIFEST.json", json.dumps(manifest).encode()), ("FILES.json", files)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for entry in listed["files"]:
            if entry["name"] != ".":
                tar.add(collection / entry["name"], entry["name"], recursive=False)
    return archive
