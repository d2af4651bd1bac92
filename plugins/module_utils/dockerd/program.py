# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks the dockerd program itself: its version, and what it says of a configuration. Starts no daemon."""

import re
from typing import Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import engine_release

VALIDATES_FROM = (23, 0)
_STDIN = "/dev/stdin"  # the text may hold a proxy's password: it never becomes a file


def version(program: str, timeout: float = 10) -> Optional[str]:
    """The version of a dockerd, as "26.1.5+dfsg1"; None where it can't be run or says something else."""
    done = _run([program, "--version"], b"", timeout)
    match = done and re.search(r"\bversion (\d+\.\d+[^\s,]*)", done.output.decode("utf-8", "replace"))
    return match.group(1) if match else None


def can_validate(program_version: Optional[str]) -> bool:
    """Whether a dockerd of this version has --validate."""
    release = engine_release(program_version)
    return release is not None and release >= VALIDATES_FROM


def problem(
    argv: Sequence[str], data: bytes, program_version: Optional[str] = None, timeout: float = 30
) -> Optional[str]:
    """What dockerd itself has against these bytes with this command line (argv[0] is the program); None if nothing.

    None, too, where the program is older than 23.0, which can't be asked. It is asked with --validate, which connects to
    nothing and writes nothing (see _harmless); it reads the bytes from its standard input.
    """
    if not can_validate(program_version or version(argv[0])):
        return None
    done = _run(list(argv) + ["--validate", "--config-file=" + _STDIN], _harmless(data), timeout)
    if done is None:
        return f"{argv[0]} --validate could not be run within {timeout:g} s"
    if done.status == 0:
        return None
    text = done.errors.decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    # an error of the command line is followed by the usage, an error of the file is the last line
    chosen = [line for line in lines if _STDIN in line] or [line for line in lines if "Status:" in line] or lines[-1:]
    message = re.sub(r"^.*?with file /dev/stdin: |^Status: ", "", chosen[0]) if chosen else ""
    return f"dockerd refuses it: {inert(message or f'exit status {done.status}', 400)}"


def _harmless(data: bytes) -> bytes:
    """The bytes without what makes even --validate change the host: for userns-remap "default" it makes the user
    dockremap with subordinate ids (measured with 26.1)."""
    settings = daemon_json.parse(data)
    if settings.get("userns-remap") != "default":
        return data
    from ansible_collections.containment.docker.plugins.module_utils.dockerd import json_edit  # an audit never needs it

    return json_edit.merge(data.decode("utf-8"), {}, ["userns-remap"]).encode("utf-8")


def _run(arguments: Sequence[str], data: bytes, timeout: float) -> Optional[programs.Answer]:
    try:
        return programs.run(arguments, timeout, data)
    except OSError:
        return None
