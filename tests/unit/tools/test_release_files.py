# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a release consists of: when the archive is refused, and that the sums are those of the files."""

import hashlib
import pathlib
import sys

import pytest

from ansible_collections.containment.docker.tools import sbom

sys.path.insert(0, str(pathlib.Path(sbom.__file__).parent))
from ansible_collections.containment.docker.tools import release_files  # noqa: E402

GOOD = "Importing with galaxy-importer\nLoading role docker_audit\nImporter processing completed successfully\n"


@pytest.mark.parametrize(
    ("log", "complaints"),
    [
        (GOOD, []),
        ("ERROR: no changelog\n" + GOOD, ["ERROR: no changelog"]),
        ("WARNING: ansible-doc not found\n" + GOOD, ["WARNING: ansible-doc not found"]),
        ("", ["the import did not complete"]),
        ("ERROR: The import failed\n", ["ERROR: The import failed", "the import did not complete"]),
    ],
)
def test_only_an_import_without_complaints_that_completes_is_good(log, complaints):
    assert release_files.complaints(log) == complaints


def test_sums_are_of_all_files_but_of_themselves(tmp_path):
    (tmp_path / "b").write_bytes(b"2")
    (tmp_path / "a").write_bytes(b"1")
    for _time in range(2):
        release_files.write_sums(tmp_path)
    sums = (tmp_path / "SHA256SUMS").read_text(encoding="ascii")
    assert sums == "".join(f"{hashlib.sha256(text).hexdigest()}  {name}\n" for name, text in (("a", b"1"), ("b", b"2")))
