# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.selinux.relabelling import NEVER_RELABELLED, effect

WRITABLE, READ_ONLY = parse_mountinfo(
    b"1 0 8:1 / / rw - ext4 /dev/sda1 rw,seclabel\n2 1 8:2 / /ro ro - ext4 /dev/sda2 rw,seclabel\n"
)


@pytest.mark.parametrize(
    "path, mount, keeps, usable, wanted",
    [
        ("/srv/x", WRITABLE, True, False, (True, True)),
        ("/srv/x", None, True, False, (True, True)),
        ("/srv/x", WRITABLE, False, False, (True, False)),
        ("/ro/x", READ_ONLY, True, False, (False, False)),
        ("/ro/x", READ_ONLY, True, True, (True, True)),
        ("/ro/x", READ_ONLY, False, False, (True, False)),
    ],
)
def test_effect(path, mount, keeps, usable, wanted):
    result = effect(path, mount, keeps, usable)
    assert result[:2] == wanted and bool(result.reason) == (not result.starts)


@pytest.mark.parametrize("path", sorted(NEVER_RELABELLED))
def test_what_the_engine_refuses_never_starts_whatever_its_label(path):
    assert effect(path, WRITABLE, True, True).starts is False and path in effect(path, WRITABLE, False, True).reason
