# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a program by systemd with a file system of its own, or without a network. I/O.

A container that runs may swap a directory for a link at any moment while cp or rsync reads its volume. In the sandbox
nothing is there to link to but the system's own programs: no /etc, no /root, no other volume.
"""

import itertools
import os
import subprocess
import tempfile
from typing import List, Mapping, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert

# A pattern, by which the next run can stop what a killed one has left at work. What matches nothing is no error.
COPY_UNITS = "containment-docker-migration-copy-*.service"
_NUMBERS = itertools.count(1)
RUN = "/run"
# bytes
_LAST_WORDS = 4096
# Runs its arguments and ends with their status. Of what they say to standard error only the end is kept: cp has a line for each
# file that it can't copy, and a file in /run is memory. sh need not know pipefail, and the sandbox has no /dev/null: the status
# takes a way of its own (3), and standard output is what systemd has opened (4).
_BOUNDED = (
    'exec 4>&1; exit "$({ { "$@" 2>&1 >&4 3>&- 4>&-; echo $? >&3; } |'
    f' tail -c {_LAST_WORDS} >&2 3>&- 4>&-; }} 3>&1)"'
)
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
# Nothing of SELinux (/sys/fs/selinux, /etc/selinux, /proc): where cp does not see it, it copies labels as the attributes that
# they are, as rsync always does. Where cp sees it, it asks the kernel for them by /proc, and leaves them out without.

# what cp and rsync need to give files away and keep all of their attributes
_CAPABILITIES = (
    "CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_MKNOD CAP_SETFCAP "
    "CAP_SYS_ADMIN CAP_MAC_ADMIN"
)


class CommandError(Exception):
    """A program failed, or could not be run; the text is one sentence with its last words. status: its exit status, 0 where
    it has none."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


def between(source: str, target: str, argv: Sequence[str]) -> None:
    """Run argv with nothing but the system's programs, source as /from (read-only) and target as /to. Several may run at once.

    Raises CommandError.
    """
    properties = {
        "TemporaryFileSystem": "/:ro",
        "BindReadOnlyPaths": " ".join([f"-{path}" for path in _SYSTEM] + [f"{_escape(source)}:/from:norbind"]),
        "BindPaths": f"{_escape(target)}:/to:norbind",
        "PrivateNetwork": "yes",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": _CAPABILITIES,
        "IOSchedulingClass": "best-effort",
        "IOSchedulingPriority": "7",
    }
    with tempfile.TemporaryDirectory(prefix="containment.docker.copy-", dir=RUN) as folder:
        # no pipe: it would be handed over by D-Bus, which SELinux does not let have those of everybody
        words = os.path.join(folder, "words")
        properties.update({"StandardOutput": "null", "StandardError": f"file:{words}"})
        unit = f"--unit={COPY_UNITS.replace('*', str(next(_NUMBERS)))}"
        try:
            run(["systemd-run", "--quiet", "--wait", "--collect", unit, *_options(properties), "--", *bounded(argv)])
        except CommandError as error:
            last = _last_line(words)
            raise CommandError(f"{argv[0]} failed with status {error.status}: {last}", error.status) if last else error


def bounded(argv: Sequence[str]) -> List[str]:
    """What runs argv, ends with its status, and passes on the last 4096 bytes of its errors."""
    return ["sh", "-c", _BOUNDED, argv[0], *argv]


def _last_line(path: str) -> str:
    """Of what a program had to say, "" where it said nothing."""
    try:
        with open(path, "rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - _LAST_WORDS))
            return inert(stream.read().decode("utf-8", "replace").strip().rsplit("\n", maxsplit=1)[-1])
    except OSError:
        return ""


def start_service(unit: str, properties: Mapping[str, str], argv: Sequence[str]) -> None:
    """Start argv as a service of systemd, and wait until it says that it is ready. Raises CommandError."""
    run(["systemd-run", "--quiet", "--collect", f"--unit={unit}", *_options(properties), "--", *argv])


def stop_service(unit: str) -> None:
    """Stop a service, or all of a pattern; one that does not run is not an error. Raises CommandError."""
    if run(["systemctl", "show", "--property=LoadState", "--", unit]).strip() != "LoadState=not-found":
        run(["systemctl", "stop", "--", unit])


def run(argv: Sequence[str], data: bytes = b"") -> str:
    """The output of a program, which reads data. Raises CommandError."""
    environment = dict(os.environ, LC_ALL="C")
    try:
        process = subprocess.run(  # pylint: disable=ansible-bad-function
            argv, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False
        )
    except OSError as error:
        raise CommandError(f"{argv[0]}: {error.strerror}")
    if process.returncode:
        words = process.stderr.decode("utf-8", "replace").strip().rsplit("\n", maxsplit=1)[-1]
        raise CommandError(
            f"{_program(argv)} failed with status {process.returncode}: {inert(words) or 'no reason given'}",
            process.returncode,
        )
    return process.stdout.decode("utf-8", "surrogateescape")


def _program(argv: Sequence[str]) -> str:
    if argv[0] != "systemd-run":
        return argv[0]
    command = argv[argv.index("--") + 1 :]
    return command[3] if _BOUNDED in command else command[0]


def _options(properties: Mapping[str, str]) -> List[str]:
    return [f"--property={name}={value}" for name, value in properties.items()]


def _escape(path: str) -> str:
    """A path in a list of systemd's: blanks, colons, quotes, backslashes and specifiers are literal."""
    text = "".join(f"\\{c}" if c in "\\:\"' " else c for c in path)
    return text.replace("%", "%%")
