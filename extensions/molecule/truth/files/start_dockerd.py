# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a real dockerd with each configuration, or only validate it, and tell what it said.

Runs on a host with dockerd. Reads cases from standard input, {"name": {"config": {…} or text, "flags": […]}}, and prints
{"name": null or the reason for which dockerd ended}. Each dockerd has a network and a mount namespace, a data root and a
socket of its own; the host's engine is not touched. "DIR" in a case stands for the case's own directory.
Usage: start_dockerd.py start|validate < cases.json
"""

import concurrent.futures
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

DEADLINE = 40
WORKERS = 2
_NAMESPACES = ["unshare", "--net", "--mount", "sh", "-c", 'ip link set lo up; exec "$0" "$@"']


def main(how):
    cases = json.load(sys.stdin)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        results = pool.map(lambda case: _in_directory(how, case), cases.values())
        print(json.dumps(dict(zip(cases, results)), indent=1, sort_keys=True))


def _in_directory(how, case):
    top = tempfile.mkdtemp(prefix="start-", dir="/srv")
    os.chmod(top, 0o711)  # a remapped root must come through
    try:
        return {"start": _start, "validate": _validate}[how](case, top)
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _config_file(case, top):
    config = case["config"]
    path = os.path.join(top, "daemon.json")
    with open(path, "w") as stream:
        stream.write((config if isinstance(config, str) else json.dumps(config)).replace("DIR", top))
    for name, text in case.get("files", {}).items():
        with open(os.path.join(top, name), "w") as stream:
            stream.write(text)
    return path


def _validate(case, top):
    argv = ["dockerd", "--validate", "--config-file", _config_file(case, top)] + case.get("flags", [])
    done = subprocess.run(argv, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=DEADLINE)
    return None if done.returncode == 0 else _reason(done.stdout.decode("utf-8", "replace"), top)


def _start(case, top):
    own = {name: os.path.join(top, name) for name in ("data", "exec", "pid", "sock", "log")}
    argv = _NAMESPACES + ["dockerd", "--config-file", _config_file(case, top)]
    argv += ["--data-root", own["data"], "--exec-root", own["exec"], "--pidfile", own["pid"]]
    argv += ["--host", "unix://" + own["sock"], "--containerd", "/run/containerd/containerd.sock"]
    argv += [flag.replace("DIR", top) for flag in case.get("flags", [])]
    with open(own["log"], "wb") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        return _outcome(process, own, top)
    finally:
        _end(process)


def _outcome(process, own, top):
    end = time.time() + DEADLINE
    while time.time() < end:
        over = process.poll() is not None
        if _answers(own["sock"]):
            return None
        if over:
            return _reason(_read(own["log"]), top)
        time.sleep(0.1)
    return "neither ready nor ended after %d s: %s" % (DEADLINE, _reason(_read(own["log"]), top))


def _answers(path):
    """Whether the API answers; a log level may hide every word of it."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(path)
            connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            return b" 200 " in connection.recv(100)
        except OSError:
            return False


def _end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _read(path):
    with open(path, "rb") as stream:
        return stream.read().decode("utf-8", "replace")


def _reason(text, top):
    lines = [line.strip() for line in text.splitlines() if line.strip() and not re.match("(time=|\\{)", line.strip())]
    return (lines[-1] if lines else text[-300:]).replace(top, "DIR") or "no word"


if __name__ == "__main__":
    main(sys.argv[1])
