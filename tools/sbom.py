# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print what is in a built collection as SPDX 2.3 JSON: sbom.py containment-docker-1.0.0.tar.gz."""

import datetime
import hashlib
import json
import pathlib
import sys
import tarfile

LICENCE = "GPL-3.0-or-later"


def sbom(archive):
    """Describe the archive (a path): the package, what it needs, and each file with its SHA-256."""
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("MANIFEST.json"))
        members = [member for member in tar if member.isfile()]
        files = [_file(number, member.name, tar.extractfile(member).read()) for number, member in enumerate(members)]
        newest = max(member.mtime for member in members)
    info = manifest["collection_info"]
    name = f"{info['namespace']}.{info['name']}"
    package = _package("SPDXRef-collection", name, info["version"], filesAnalyzed=True)
    package["packageVerificationCode"] = {"packageVerificationCodeValue": _verification_code(files)}
    package["checksums"] = [{"algorithm": "SHA256", "checksumValue": digest}]
    needs = [
        _package(f"SPDXRef-needs-{number}", dependency, version)
        for number, (dependency, version) in enumerate(sorted(info["dependencies"].items()))
    ]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", package["SPDXID"])]
    relations += [(package["SPDXID"], "DEPENDS_ON", item["SPDXID"]) for item in needs]
    relations += [(package["SPDXID"], "CONTAINS", item["SPDXID"]) for item in files]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{name}-{info['version']}",
        "documentNamespace": f"urn:sha256:{digest}",
        "creationInfo": {"created": _time(newest), "creators": ["Tool: tools/sbom.py"]},
        "packages": [package, *needs],
        "files": files,
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
            for one, kind, other in relations
        ],
    }


def _package(identifier, name, version, **more):
    return {
        "SPDXID": identifier,
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": "NOASSERTION" if not more else LICENCE,
        **more,
    }


def _file(number, name, content):
    checksums = [
        {"algorithm": "SHA1", "checksumValue": hashlib.sha1(content).hexdigest()},  # SPDX 2.3 demands it
        {"algorithm": "SHA256", "checksumValue": hashlib.sha256(content).hexdigest()},
    ]
    return {"SPDXID": f"SPDXRef-file-{number}", "fileName": f"./{name}", "checksums": checksums}


def _verification_code(files):
    """SPDX 2.3, clause 7.9: SHA-1 of the files' sorted SHA-1 sums."""
    sums = sorted(item["checksums"][0]["checksumValue"] for item in files)
    return hashlib.sha1("".join(sums).encode("ascii")).hexdigest()


def _time(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    print(json.dumps(sbom(pathlib.Path(sys.argv[1])), indent=1))
