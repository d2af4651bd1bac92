# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.module_utils.rules.shared.mount_labels import (
    Judged,
    Questions,
    add_label,
    judge_running,
    may_relabel,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux.mount_access import LIMIT

from ...rules.cases.selinux_mounts import mounted
from ...rules.selinux_world import MCS_LABEL, ask_policy, filesystem_at, label_at, listeners_at

QUESTIONS = Questions(label_at, ask_policy, listeners_at, filesystem_at)


@pytest.mark.parametrize(
    "field, value, wanted",
    [
        ("Binds", "/srv/x:/x", ("/srv/x:/x:z", False)),
        ("Binds", "/srv/x:/x:ro", ("/srv/x:/x:ro,z", False)),
        ("Binds", "/srv/x:/x:ro,Z", ("/srv/x:/x:ro,Z,z", True)),
        ("Binds", "data:/x", ("data:/x:z", True)),
        ("Binds", "data:/x:ro", ("data:/x:ro,z", False)),
        ("Binds", "/x", (None, True)),
        (
            "Mounts",
            {"Type": "bind", "Source": "/s", "Target": "/x", "BindOptions": {"Propagation": "rslave"}},
            ("/s:/x:rslave,z", False),
        ),
        ("Mounts", {"Type": "bind", "Source": "/s:s", "Target": "/x"}, (None, False)),
        ("Mounts", {"Type": "volume", "Source": "data", "Target": "/x"}, (None, False)),
        ("VolumesFrom", "db", (None, False)),
    ],
)
def test_with_label(field, value, wanted):
    assert add_label(field, value) == wanted


@pytest.mark.parametrize(
    "bind, source, kind, wanted",
    [
        ("/srv/x:/x:z", "/srv/x", "dir", True),
        ("/srv/x:/x/:z", "/srv/x", "file", True),
        ("data:/x:ro,z", "/var/lib/docker/volumes/data/_data", "dir", True),
        ("/srv/x:/x:z", "/srv/x", "socket", False),  # of no use
        ("/srv/x:/x:z", "/srv/x", "", False),  # nobody looked at it
        ("/srv:/x:z", "/srv", "dir", False),  # dockerd refuses to start it
        ("/srv/link:/x:z", "/etc/x", "dir", False),  # a link to the host's own
        ("/etc:/x:z", "/srv/x", "dir", False),
        ("/srv/x:/y:z", "/srv/x", "dir", False),
    ],
)
def test_may_relabel(bind, source, kind, wanted):
    wrong = [Judged("/x", False, "", source, kind)]
    assert may_relabel(bind, wrong, lambda path: path if path.startswith("/etc") else None) is wanted


def test_more_mounts_than_are_looked_at_is_no_pass():
    mount = mounted(b"/srv/shared")["mounts"][-1]
    judged = judge_running([(mount, ["/srv/shared"])] * (LIMIT + 1), MCS_LABEL, QUESTIONS)
    assert {mount.ok for mount in judged[:-1]} == {True} and len(judged) == LIMIT + 1
    assert judged[-1].ok is None and "not all were looked at" in judged[-1].seen


def test_btrfs_has_other_device_numbers_for_its_files():
    lookups = []
    mount = mounted(b"/srv/shared", tail=b"- btrfs /dev/vda1 rw")["mounts"][-1]
    host = QUESTIONS._replace(label_at=lambda *at: lookups.append(at) or label_at(*at))
    judge_running([(mount, ["/srv/shared"])], MCS_LABEL, host)
    judge_running([(mount._replace(fstype="xfs"), ["/srv/shared"])], MCS_LABEL, host)
    assert lookups == [("/srv/shared", ""), ("/srv/shared", "254:1")]
