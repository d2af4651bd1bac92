# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file below another root is that root's, whatever its links say."""

import os
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import rooted


@pytest.fixture(name="root")
def _root(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "own").write_bytes(b"own")
    return str(tmp_path)


def link(root, target, name):
    os.symlink(target, os.path.join(root, name))


@pytest.mark.parametrize("path", ["/etc/own", "etc/./own", "/etc/../etc/own", "/../../etc/own"])
def test_a_file_below_the_root(root, path):
    data, since = rooted.read(path, 10, root)
    assert data == b"own" and abs(since - time.time()) < 60


@pytest.mark.parametrize("target", ["/etc/own", "etc/own", "../../../../../../../../etc/own"])
def test_links_stay_below_the_root(root, target):
    link(root, target, "link")
    assert rooted.read("/link", 10, root)[0] == b"own"


def test_a_link_to_the_hosts_file_is_none_here(root):
    link(root, "/etc/passwd", "link")
    with pytest.raises(rooted.Missing) as missing:
        rooted.read("/link", 10, root)
    assert missing.value.last


def test_since_counts_the_newest_link(root):
    os.utime(os.path.join(root, "etc/own"), (1, 1))
    before = os.lstat(os.path.join(root, "etc/own")).st_ctime
    time.sleep(0.02)
    link(root, "etc/own", "link")
    assert rooted.read("/link", 10, root)[1] == os.lstat(os.path.join(root, "link")).st_ctime > before


def test_missing_says_since_when(root):
    os.utime(root, (100, 100))
    with pytest.raises(rooted.Missing) as missing:
        rooted.read("/srv/docker/daemon.json", 10, root)
    assert (missing.value.changed, missing.value.last) == (100, False)


def test_a_circle_of_links_ends(root):
    link(root, "b", "a")
    link(root, "a", "b")
    with pytest.raises(OSError):
        rooted.read("/a", 10, root)


def test_what_is_no_file_is_not_opened(root):
    os.mkfifo(os.path.join(root, "fifo"))
    for path in ("/fifo", "/etc"):
        with pytest.raises(ValueError, match="no regular file"):
            rooted.read(path, 10, root)


def test_no_descriptor_is_left_open(root, nothing_stays_open):
    link(root, "/etc/own", "link")
    rooted.read("/link", 10, root)
    with pytest.raises(rooted.Missing):
        rooted.read("/link/../nothing", 10, root)
