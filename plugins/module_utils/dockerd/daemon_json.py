# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""daemon.json as text, read. Pure functions, no files; json_edit changes it, daemon_validate judges it.

Stricter than dockerd on purpose: what two readers could understand differently (a duplicate key, a second
document, a lone surrogate) is an error here. A byte order mark is kept and reported by text_problems():
dockerd accepts it from 23.0 (moby: daemon/config/config.go, getConflictFreeConfiguration).
"""

from collections import OrderedDict
from typing import Any, Dict, List, Optional

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import (
    MAX_BYTES,
    ConfigError,
    place,
    scan,
    show_json,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import engine_release

BOM = "\ufeff"


def decode(data: bytes, path: str) -> str:
    """The text of the file's bytes; a leading BOM stays in it as U+FEFF. Raises ConfigError."""
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_BYTES} bytes")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ConfigError(f"{path}: line 1, column 1: the file is UTF-16, write it as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        raise ConfigError(f"{path}: {place(before, len(before))}: byte 0x{data[error.start]:02x} is not valid UTF-8")


def parse(data: bytes, path: str = "daemon.json") -> Dict[str, Any]:
    """The configuration in data (bytes) as an OrderedDict, nested objects too.

    No bytes, or only whitespace, are an empty configuration. path is only named in errors.
    Raises ConfigError with file, line, column and reason.
    """
    text = decode(data, path)
    root = scan(text[len(BOM) :] if text.startswith(BOM) else text, path)
    if root is None:
        return OrderedDict()
    if not isinstance(root.value, dict):
        instead = "a list" if isinstance(root.value, list) else show_json(root.value)
        raise ConfigError(f"{path}: {place(text, root.start)}: the configuration must be an object, not {instead}")
    return root.value


def text_problems(text: str, version: Optional[str] = None) -> List[str]:
    """What that engine refuses about the text itself: [] or sentences. Nothing where version is unknown."""
    release = engine_release(version)
    if release is None or release >= (23, 0):
        return []
    if not text.lstrip(BOM).strip():
        return [f"an empty file keeps Docker {release[0]}.{release[1]} from starting; write {{}} or remove the file"]
    if text.startswith(BOM):
        return [f"Docker {release[0]}.{release[1]} does not accept the byte order mark at the start of the file"]
    return []
