# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put files of reports into a directory of the controller, and remove those of an earlier run. I/O only."""

import os
import re
import stat
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.common import atomic_file

MODE, DIRECTORY_MODE = 0o644, 0o755


def write_files(
    directory: str, files: Sequence[Mapping[str, str]], replaces: str = "", check: bool = False
) -> dict[str, Any]:
    """Make the directory hold these files: {"changed", "written": names that were not so before, "removed": names}.

    files: {"name", "content"} each. replaces: a regular expression; files of the directory whose whole name matches and that are
    not among these are removed. check: only tell. ValueError names the file and what is wrong with it, before anything is
    written; OSError.
    """
    texts = _checked(directory, files)
    try:
        matches = re.compile(replaces).fullmatch
    except re.error as error:
        raise ValueError(f"replaces: {replaces!r} is no regular expression: {error}") from error
    written = [name for name, data in texts.items() if not _holds(os.path.join(directory, name), data)]
    removed = []
    if replaces and os.path.isdir(directory):
        with os.scandir(directory) as entries:
            files_there = [entry.name for entry in entries if not entry.is_dir(follow_symlinks=False)]
        removed = sorted(name for name in files_there if name not in texts and matches(name))
    if not check:
        os.makedirs(directory, DIRECTORY_MODE, exist_ok=True)
        for name in written:
            atomic_file.replace(os.path.join(directory, name), texts[name], prepare=lambda file: os.fchmod(file, MODE))
        for name in removed:
            atomic_file.remove(os.path.join(directory, name))
    return {"changed": bool(written or removed), "written": written, "removed": removed}


def _checked(directory: str, files: Sequence[Mapping[str, str]]) -> dict[str, bytes]:
    """{name: content}. ValueError."""
    if not os.path.isabs(directory):
        raise ValueError(f"directory: {directory!r} is not an absolute path")
    texts: dict[str, bytes] = {}
    for file in files:
        name = file["name"]
        if not name or name in (".", "..") or "/" in name or "\0" in name:
            raise ValueError(f"files: {name!r} is not the name of a file in {directory}")
        if name in texts:
            raise ValueError(f"files: {name!r} is there twice")
        texts[name] = file["content"].encode("utf-8", "surrogateescape")
    return texts


def _holds(path: str, data: bytes) -> bool:
    """Whether a regular file is there that has this content and mode."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or stat.S_IMODE(status.st_mode) != MODE or status.st_size != len(data):
            return False
        with open(path, "rb") as stream:
            return stream.read() == data
    except FileNotFoundError:
        return False
