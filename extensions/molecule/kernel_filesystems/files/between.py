# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands between a client and the engine, and lets something happen at an exact moment: between.py FAULTS SOCKET

FAULTS: JSON, containers with a name and a fault, [n, "before" or "after", command]. The command runs when the nth
inspect of the container has been asked for and is not yet passed on (before), or when the engine has answered and the
client has not seen it yet (after). Nothing else of what passes is touched; a connection that the engine ends is ended.
"""

import json
import re
import select
import socket
import subprocess
import sys
import threading

ENGINE = "/run/docker.sock"


def main():
    with open(sys.argv[1], encoding="utf-8") as stream:
        containers = json.load(stream)
    faults = {full_id(container["name"]): container["fault"] for container in containers if "fault" in container}
    server = socket.socket(socket.AF_UNIX)
    server.bind(sys.argv[2])
    server.listen(8)
    while True:
        threading.Thread(target=serve, args=(server.accept()[0], faults), daemon=True).start()


def full_id(name):
    command = ["docker", "inspect", "--format", "{{.Id}}", name]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, universal_newlines=True).stdout.strip()


def serve(client, faults):
    engine = socket.socket(socket.AF_UNIX)
    engine.connect(ENGINE)
    after = None
    try:
        while True:
            ready = select.select([client, engine], [], [])[0]
            if client in ready:
                request = client.recv(65536)  # a GET without a body comes in one piece
                moment, command = due(request, faults)
                if moment == "before":
                    run(command)
                after = command if moment == "after" else None
                if not request:
                    return
                engine.sendall(request)
            elif engine in ready:
                if after:
                    run(after)
                    after = None
                answer = engine.recv(65536)
                if not answer:
                    return
                client.sendall(answer)
    except OSError:
        return  # the client sees that the connection ends, as it would see it of the engine
    finally:
        client.close()
        engine.close()


def due(request, faults):
    """(moment, command) if this is the inspect that was waited for."""
    match = re.match(rb"GET /containers/([0-9a-f]{64})/json", request)
    fault = faults.get(match.group(1).decode()) if match else None
    if not fault:
        return None, None
    fault[0] -= 1
    return fault[1:] if fault[0] == 0 else (None, None)


def run(command):
    subprocess.run(["sh", "-c", command], check=False, stdout=sys.stderr, stdin=subprocess.DEVNULL)


main()
