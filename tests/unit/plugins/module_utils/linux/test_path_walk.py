# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A walk stays below its root whatever stands there, and holds nothing open afterwards."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import path_walk
from ansible_collections.containment.docker.plugins.module_utils.linux.path_walk import Missing, NotEntered


@pytest.fixture(name="root")
def _root(tmp_path):
    for name in ("srv/data/deep", "etc", "net/share"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "etc/passwd").write_bytes(b"of the root")
    return tmp_path


pytestmark = pytest.mark.usefixtures("nothing_stays_open")


def walk(root, path, **more):
    """(path without links, inode) of what stands there."""
    descriptor, real = path_walk.open_place(path, str(root), **more)
    try:
        return real, os.fstat(descriptor).st_ino
    finally:
        os.close(descriptor)


def inode(path):
    return os.stat(str(path)).st_ino


@pytest.mark.parametrize("path", ["/", "", "//", "/..", "/srv/../..", "."])
def test_the_root(root, path):
    assert walk(root, path) == ("/", inode(root))


@pytest.mark.parametrize("target", ["/etc", "../../etc", "../../../../../../../../etc", "/srv/../etc", "//etc/./"])
def test_links_lead_below_the_root(root, target):
    (root / "srv/data/link").symlink_to(target)
    assert walk(root, "/srv/data/link/passwd") == ("/etc/passwd", inode(root / "etc/passwd"))


def test_up_from_a_directory_that_is_moved_away_leads_to_where_it_was(root):
    """Whoever owns a directory of a container can move it while it is walked; the kernel's `..` would follow it."""
    (root / "srv/data/deep/link").symlink_to("../passwd")
    (root / "srv/data/passwd").write_bytes(b"here")

    def move(_link):
        os.rename(str(root / "srv/data/deep"), str(root / "etc/deep"))

    assert walk(root, "/srv/data/deep/link", on_link=move) == ("/srv/data/passwd", inode(root / "srv/data/passwd"))


def test_a_link_is_shown_before_it_is_followed(root):
    (root / "srv/link").symlink_to("data")
    links = []
    walk(root, "/srv/link/deep/../deep", on_link=links.append)
    assert [(link.path, link.rest) for link in links] == [("/srv/link", "deep/../deep")]


def test_what_is_raised_for_a_link_ends_the_walk(root):
    (root / "srv/link").symlink_to("data")

    def refuse(link):
        raise ValueError(link.path)

    with pytest.raises(ValueError, match="/srv/link"):
        walk(root, "/srv/link", on_link=refuse)


@pytest.mark.parametrize("path", ["/net/share/x", "/srv/slowly", "/srv/../net/share"])
def test_a_slow_filesystem_is_not_entered(root, path):
    (root / "srv/slowly").symlink_to("/net/share/y")
    with pytest.raises(NotEntered, match="/net/share is on a network's"):
        walk(root, path, slow=frozenset(("/net/share",)))


@pytest.mark.parametrize(("path", "real", "last"), [("/srv/new", "/srv/new", True), ("/srv/l/a/b", "/etc/a/b", False)])
def test_missing_says_where_it_would_be(root, path, real, last):
    (root / "srv/l").symlink_to("/etc")
    directory = root / real.split("/")[1]
    os.utime(str(directory), (100, 100))
    with pytest.raises(Missing, match=f"{real}: No such file") as missing:
        walk(root, path)
    assert (missing.value.path, missing.value.changed, missing.value.last) == (real, 100, last)


@pytest.mark.parametrize(("path", "reason"), [("/etc/passwd/x", "Not a directory"), ("/srv/loop", "Too many levels")])
def test_what_leads_nowhere_is_an_error(root, path, reason):
    (root / "srv/loop").symlink_to("loop")
    with pytest.raises(OSError, match=reason):
        walk(root, path)


def test_the_root_may_be_the_kernel_s_link_to_a_process_s():
    assert walk("/proc/self/root", "/etc") == ("/etc", inode("/etc"))
