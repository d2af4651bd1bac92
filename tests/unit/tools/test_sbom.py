# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import hashlib
import io
import json
import tarfile

from ansible_collections.containment.docker.tools import sbom

MANIFEST = {"collection_info": {"namespace": "a", "name": "b", "version": "1.0.0", "dependencies": {"c.d": ">=2"}}}


def test_every_file_is_named_with_its_sum_and_every_need_with_its_version(tmp_path):
    path = tmp_path / "a-b-1.0.0.tar.gz"
    contents = {"MANIFEST.json": json.dumps(MANIFEST).encode(), "plugins/x.py": b"x = 1\n"}
    with tarfile.open(path, "w:gz") as tar:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(content), 1795000000
            tar.addfile(member, io.BytesIO(content))
    document = sbom.sbom(path)
    sums = {item["fileName"]: item["checksums"][1]["checksumValue"] for item in document["files"]}
    assert sums == {f"./{name}": hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    assert [(item["name"], item["versionInfo"]) for item in document["packages"]] == [("a.b", "1.0.0"), ("c.d", ">=2")]
    assert document["packages"][0]["checksums"][0]["checksumValue"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document["creationInfo"]["created"] == "2026-11-18T11:06:40Z"
    named = {item["SPDXID"] for key in ("packages", "files") for item in document[key]} | {"SPDXRef-DOCUMENT"}
    assert {
        end for item in document["relationships"] for end in (item["spdxElementId"], item["relatedSpdxElement"])
    } == named
