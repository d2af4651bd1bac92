# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""daemon.json under a transaction: each write compares with what the transaction last saw there."""

from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host


class ForeignEdit(Exception):
    """The file is no longer what this run last saw: somebody else works on it. Nothing was written."""


def check(path: str, last: Optional[bytes]) -> config_file.File:
    """The file as it is, which must hold these bytes (None: must be absent). Raises ForeignEdit, ConfigError."""
    now = config_file.look(path)
    if now.data != last:
        raise ForeignEdit(f"{path} was changed by someone else meanwhile")
    return now


def put(host: Host, path: str, last: Optional[bytes], data: Optional[bytes]) -> None:
    """Make the file hold `data`, or be absent (None), if it still holds `last`. Raises ForeignEdit, ConfigError."""
    now = check(path, last)
    if now.data == data:
        return
    try:
        if data is None:
            host.remove_file(path, now)
        else:
            host.write_file(path, data, now)
    except config_file.ChangedMeanwhile as error:
        raise ForeignEdit(str(error))
