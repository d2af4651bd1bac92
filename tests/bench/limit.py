# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Runs in the measured host: the least that any audit in Python costs there, to compare with. Judges nothing.

One connection to the engine, each container's inspect decoded, and four files of /proc of each.
"""

import json
import os
import socket

FILES = ("status", "mountinfo", "cgroup", "uid_map")


def get(connection, path):
    """The decoded answer, which is long enough for the engine to send it in chunks."""
    connection.sendall(("GET %s HTTP/1.1\r\nHost: docker\r\n\r\n" % path).encode("ascii"))
    data = b""
    while not data.endswith(b"\r\n0\r\n\r\n"):
        piece = connection.recv(65536)
        if not piece:
            raise SystemExit("limit: the engine closed the connection")
        data += piece
    rest, pieces = data.partition(b"\r\n\r\n")[2], []
    while True:
        size, _end, rest = rest.partition(b"\r\n")
        if not int(size, 16):
            return json.loads(b"".join(pieces).decode("utf-8"))
        pieces.append(rest[: int(size, 16)])
        rest = rest[int(size, 16) + 2 :]


def main():
    """Look at all containers, and say how many there were."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(60)
    connection.connect("/var/run/docker.sock")
    listed = get(connection, "/containers/json?all=1")
    for container in listed:
        inspect = get(connection, "/containers/%s/json" % container["Id"])
        for name in FILES:
            descriptor = os.open("/proc/%d/%s" % (inspect["State"]["Pid"], name), os.O_RDONLY)
            while os.read(descriptor, 65536):
                pass
            os.close(descriptor)
    print(len(listed))


if __name__ == "__main__":
    main()
