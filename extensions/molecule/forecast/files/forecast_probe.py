# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container of the table does, by the engine, the kernel and the host's files. Nothing is judged by time.

A container's shell has done its work once it has become another program (`exec sleep 1d`), or it ends.
"""

import json
import pathlib
import socket
import stat

from forecast_host import HOME, docker

_LISTENS = "0A"  # include/net/tcp_states.h, TCP_LISTEN
_TRIES, _SECONDS = 3, 10


def states(names):
    """{name: State of the inspect} of those that are there, by one process."""
    if not names:
        return {}
    lines = docker("inspect", "--type", "container", "--format", "{{.Name}} {{json .State}}", *names, check=False)
    pairs = (line.partition(" ") for line in lines.splitlines() if line.startswith("/"))
    return {name[1:]: json.loads(text) for name, _space, text in pairs}


def probe(row, state, began):
    """Why it does not work, "" where it does, None while it has not come so far. began: when the pass did."""
    if state is None:
        return "it is gone"
    if not state["Running"]:
        return f"it ended with {state['ExitCode']}"
    pid = state["Pid"]
    for key, test in TESTS.items():
        if row.get(key) is not None:
            return test(row, pid, began)
    return "" if has_become(pid) else None


def has_become(pid):
    """Whether the first process has become another program than its shell."""
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False  # it has just ended: the engine will say so
    return bool(words[0]) and not words[0].endswith(b"sh") and b"runc" not in words[0]


def writes(row, pid, began):
    """A file of the host is written in this pass."""
    path = HOME / row["name"] / row["writes"]
    if path.exists() and path.stat().st_mtime >= began - 1:
        return ""
    return f"{path} was not written" if has_become(pid) else None


def beats(row, _pid, began):
    """Each round of its loop that succeeds writes this file; it ends where one does not."""
    path = HOME / row["name"] / row["beats"]
    return "" if path.exists() and path.stat().st_mtime > began else None


def has_uid(row, pid, _began):
    """One of its processes has this effective uid."""
    if not has_become(pid):
        return None
    present = uids(row["name"])
    return "" if row["uid"] in present else f"no process of it has uid {row['uid']}, but {sorted(present)}"


def uids(name):
    """The effective uids of its processes, as its own user namespace has them."""
    present = set()
    lines = docker("top", name, "-o", "pid", check=False).split("\n")[1:]  # none where it has just ended
    for pid in [line.split()[0] for line in lines]:
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            text = pathlib.Path(f"/proc/{pid}/uid_map").read_text()
        except OSError:
            continue
        ranges = [tuple(map(int, line.split())) for line in text.splitlines()]
        uid = int(next(line for line in status.splitlines() if line.startswith("Uid:")).split()[2])
        present.update(inside + uid - outside for inside, outside, count in ranges if outside <= uid < outside + count)
    return present


def serves(row, pid, _began):
    """It listens on this port of its own network."""
    return "" if listens_inside(pid, row["serves"]) else None


def listens_inside(pid, port):
    for name in ("tcp", "tcp6"):
        try:
            lines = pathlib.Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]
        except OSError:
            continue
        if any(words[1].endswith(f":{port:04X}") and words[3] == _LISTENS for words in map(str.split, lines)):
            return True
    return False


def reachable(row, pid, _began):
    """Its port 80 answers at an address of the host."""
    if not listens_inside(pid, 80):
        return None
    host, _colon, port = row["listens"].rpartition(":")
    why = ""
    for _try in range(_TRIES):
        try:
            with socket.create_connection((host.strip("[]"), int(port)), _SECONDS) as connection:
                connection.settimeout(_SECONDS)
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                if connection.recv(20):
                    return ""
                why = f"{row['listens']} answers nothing"
        except OSError as error:
            why = f"{row['listens']}: {error}"
    return why


def answers(row, _pid, _began):
    """This word is in its log; it ends where it does not get it."""
    return "" if row["answers"] in docker("logs", row["name"]) else None


def logs(row, pid, _began):
    """This word is in its log once all is written."""
    if not has_become(pid):
        return None
    return "" if row["logs"] in docker("logs", row["name"]).split("\n") else f"its log has no {row['logs']!r} any more"


def opens(row, pid, _began):
    """Its first process holds so many files open, or says that it may not."""
    if not has_become(pid):
        return None
    try:
        count = sum(stat.S_ISREG(entry.stat().st_mode) for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return None
    if count >= row["opens"]:
        return ""
    return f"it has {count} files open" if "open files" in docker("logs", row["name"], check=False) else None


TESTS = {
    "beats": beats,
    "writes": writes,
    "uid": has_uid,
    "serves": serves,
    "listens": reachable,
    "answers": answers,
    "logs": logs,
    "opens": opens,
}
