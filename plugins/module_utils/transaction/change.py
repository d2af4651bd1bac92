# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change of daemon.json: its text and its settings as they are and as they shall be. Reads the file, writes nothing."""

from typing import Any, Dict, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json, json_edit
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file


class Change(NamedTuple):
    """file: as it was read. before, after: its text. data: its bytes as they shall be, None where there shall be no file.

    settings_before, settings_after: what they say.
    """

    path: str
    file: config_file.File
    before: str
    after: str
    data: Optional[bytes]
    settings_before: Mapping[str, Any]
    settings_after: Mapping[str, Any]

    @property
    def changes(self) -> bool:
        """Whether the file becomes another one."""
        return self.data != self.file.data

    def diff(self) -> Dict[str, str]:
        """The change, for Ansible's --diff."""
        return {"before_header": self.path, "after_header": self.path, "before": self.before, "after": self.after}


class Original(NamedTuple):
    """The bytes of an earlier daemon.json, None where there was none."""

    data: Optional[bytes]


def read(
    path: str,
    config: Mapping[str, Any],
    absent: Sequence[str],
    flags: dockerd_flags.Flags,
    original: Optional[Original] = None,
) -> Change:
    """The Change of the file at path for config merged in and absent dropped; what a flag says already is left to it.

    original: what the file becomes byte by byte, if that says the same as what it would become.

    Raises ConfigError where the file can't be read or understood, or can't be changed so.
    """
    file = config_file.look(path)
    data = file.data or b""
    settings_before = daemon_json.parse(data, path)
    before = daemon_json.decode(data, path)
    of_flags = dockerd_flags.left_to_flags(config, settings_before, flags)
    after = json_edit.merge(before, of_flags, absent, path)
    if after == before:
        return Change(path, file, before, before, file.data, settings_before, settings_before)
    new: Optional[bytes] = after.encode("utf-8")
    if original is not None and daemon_json.parse(original.data or b"", path) == daemon_json.parse(new or b"", path):
        new, after = original.data, daemon_json.decode(original.data or b"", path)
    return Change(path, file, before, after, new, settings_before, daemon_json.parse(new or b"", path))
