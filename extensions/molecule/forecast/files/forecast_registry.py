# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A registry without TLS that has one image of one layer, at port 5000 of all addresses."""

import gzip
import hashlib
import http.server
import io
import json
import platform
import tarfile

DOCKER = "application/vnd.docker."
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def make_blobs():
    """({digest: bytes}, the manifest)."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("true"), io.BytesIO(b""))
    layer = gzip.compress(stream.getvalue())
    machine = MACHINES.get(platform.machine(), platform.machine())
    roots = {"type": "layers", "diff_ids": [digest(stream.getvalue())]}
    image = json.dumps({"architecture": machine, "os": "linux", "config": {"Cmd": ["/true"]}, "rootfs": roots}).encode()

    def describe(data, kind):
        return {"mediaType": DOCKER + kind, "size": len(data), "digest": digest(data)}

    manifest = {
        "schemaVersion": 2,
        "mediaType": DOCKER + "distribution.manifest.v2+json",
        "config": describe(image, "container.image.v1+json"),
        "layers": [describe(layer, "image.rootfs.diff.tar.gzip")],
    }
    return {digest(image): image, digest(layer): layer}, json.dumps(manifest).encode()


BLOBS, MANIFEST = make_blobs()


class Registry(http.server.BaseHTTPRequestHandler):
    """GET and HEAD of the distribution API, version 2."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        what, name = self.path.rstrip("/").split("/")[-2:]
        data, kind = BLOBS.get(name), "application/octet-stream"
        if what == "manifests":
            data, kind = MANIFEST, DOCKER + "distribution.manifest.v2+json"
        elif self.path == "/v2/":
            data, kind = b"{}", "application/json"
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data or b"")))
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Docker-Content-Digest", digest(data or b""))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data or b"")

    do_HEAD = do_GET


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("", 5000), Registry).serve_forever()
