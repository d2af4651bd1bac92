# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much of a container's memory the kernel can take back."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast import control_groups
from ansible_collections.containment.docker.plugins.module_utils.forecast.control_groups import Usage

STAT_V2 = "anon 40\nfile 60\ninactive_file 20\nactive_file 10\nslab_reclaimable 5\nslab_unreclaimable 3\n"
STAT_V1 = "inactive_file 1\ntotal_inactive_file 20\ntotal_active_file 10\ntotal_rss 40\n"
FILES = {
    True: {"memory.current": "100\n", "memory.peak": "120\n", "memory.stat": STAT_V2, "pids.current": "3\n"},
    False: {
        "memory.usage_in_bytes": "100\n",
        "memory.max_usage_in_bytes": "120\n",
        "memory.stat": STAT_V1,
        "pids.current": "3\n",
    },
}


@pytest.fixture
def read(tmp_path, monkeypatch):
    """read(unified, **changes of its files) -> the usages."""

    def read_(unified, **changes):
        for name, text in dict(FILES[unified], **changes).items():
            (tmp_path / name).write_text(text)
        group = control_groups.cgroups.Group("/x", str(tmp_path), unified)
        monkeypatch.setattr(control_groups.cgroups, "find", lambda *_arguments: group)
        return control_groups.read("f" * 64, b"", Evidence(hierarchies=None))

    return read_


@pytest.mark.parametrize("unified, reclaimable", [(True, 35), (False, 30)])
def test_the_cache_of_files_is_reclaimable_and_tmpfs_is_not(read, unified, reclaimable):
    usages = read(unified)
    assert usages["memory"][:3] == (100, 120, reclaimable)
    assert usages["pids"] == Usage(3, 3)


def test_no_more_is_reclaimable_than_is_used(read):
    assert read(True, **{"memory.current": "7"})["memory"].reclaimable == 7


def test_statistics_of_another_shape_are_unreadable(read):
    with pytest.raises(Unreadable):
        read(True, **{"memory.stat": "anon\n"})["memory"]
