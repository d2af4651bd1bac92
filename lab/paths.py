# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the lab keeps what it makes, and the few helpers that every part of it uses.

Everything is below two directories: DATA (images, logs; may be big) and RUN (sockets; short paths, gone after a
reboot). `lab.py clean` removes both. RUN and the control group carry a mark of DATA, so that the labs of two homes on one
machine don't end each other.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import pwd
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
NAME = "containment.docker"


def _home():
    return os.environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir


DATA = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or os.path.join(_home(), ".cache")) / NAME
OWN_NAME = f"{NAME}-{hashlib.sha256(str(DATA).encode()).hexdigest()[:8]}"
RUN = pathlib.Path("/run") / OWN_NAME
SOCKET = RUN / "docker.sock"
DOCKER_HOST = f"unix://{SOCKET}"


class LabError(Exception):
    """Something the person at the terminal must know; its text is one clear sentence (and perhaps a log's tail)."""


def say(text):
    """Progress goes to stderr: stdout is for results that other programs read."""
    print(f"lab: {text}", file=sys.stderr, flush=True)


def run(command, check=True, **options):
    """Run `command` with stdin closed; returns CompletedProcess with text output, LabError if it failed."""
    options.setdefault("stdin", subprocess.DEVNULL)
    argv = [str(part) for part in command]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, errors="replace", **options)
    if check and done.returncode != 0:
        what = " ".join(str(part) for part in command)
        raise LabError(f"'{what}' failed ({done.returncode}): {(done.stderr or done.stdout).strip()[-2000:]}")
    return done


def docker_command():
    """The client that came with the engine is preferred: a much newer one refuses an older engine's API."""
    return "/usr/bin/docker" if os.access("/usr/bin/docker", os.X_OK) else "docker"


def docker(*arguments, check=True, **options):
    """The docker client, speaking to the lab's own engine whatever the caller's environment says."""
    environment = dict(os.environ, DOCKER_HOST=DOCKER_HOST, DOCKER_CONFIG=str(RUN / "client"))
    environment.pop("DOCKER_CONTEXT", None)
    return run([docker_command(), *arguments], check=check, env=environment, **options)


def wait_until(condition, seconds, every=0.2):
    """Call `condition` until it returns something true, or `seconds` have passed; returns its last result."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result or time.monotonic() > deadline:
            return result
        time.sleep(every)


@contextlib.contextmanager
def lock(name):
    """Hold the lab-wide lock `name`: two runs of the lab at once wait for each other where they must."""
    DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(DATA / f"{name}.lock", "w", encoding="ascii") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another run that holds '{name}'")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
