# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import socket

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.selinux import path_label
from ansible_collections.containment.docker.plugins.module_utils.selinux.path_label import NotLooked, read_label

NONE = frozenset()
LABEL = b"system_u:object_r:container_file_t:s0\0"


@pytest.fixture
def labels(monkeypatch):
    """The label of each file is its own path, as the kernel resolves it."""
    monkeypatch.setattr(path_label.os, "getxattr", lambda path, name: os.readlink(path).encode() + b"\0")


@pytest.fixture
def root(tmp_path, labels):
    (tmp_path / "srv/data").mkdir(parents=True)
    (tmp_path / "srv/data/file").write_text("")
    os.mkfifo(str(tmp_path / "srv/data/pipe"))
    (tmp_path / "srv/relative").symlink_to("data/../data/./file")
    (tmp_path / "srv/absolute").symlink_to("/srv/data")
    (tmp_path / "srv/out").symlink_to("../../../../../srv/data")
    (tmp_path / "srv/loop").symlink_to("loop")
    (tmp_path / "srv/slowly").symlink_to("/net/share")
    (tmp_path / "net/share").mkdir(parents=True)
    return str(tmp_path)


def read_place(root, path, follow=True):
    result = read_label(path, frozenset(("/net",)), follow, root)
    return result.label[len(root) :], result.kind


@pytest.mark.parametrize(
    "path, wanted",
    [
        ("/", ("", "dir")),
        ("/srv/data", ("/srv/data", "dir")),
        ("/srv/data/file", ("/srv/data/file", "file")),
        ("/srv/data/pipe", ("/srv/data/pipe", "pipe")),  # nobody writes to it: opened, it would be waited for
        ("/srv/relative", ("/srv/data/file", "file")),
        ("/srv/absolute/file", ("/srv/data/file", "file")),  # below the root that was given
        ("/srv/out", ("/srv/data", "dir")),
    ],
)
def test_what_stands_there(root, path, wanted):
    assert read_place(root, path) == wanted


def test_a_socket(root):
    with socket.socket(socket.AF_UNIX) as listener:
        where = os.getcwd()
        os.chdir(os.path.join(root, "srv"))
        try:
            listener.bind("s")
        finally:
            os.chdir(where)
        assert read_place(root, "/srv/s") == ("/srv/s", "socket")


@pytest.mark.parametrize("path", ["/srv/relative", "/srv/absolute", "/srv/absolute/file"])
def test_links_are_refused_where_none_can_be(root, path):
    with pytest.raises(NotLooked, match="is a link"):
        read_place(root, path, follow=False)


@pytest.mark.parametrize("path", ["/net", "/net/share", "/srv/slowly", "/srv/../net/share"])
def test_what_may_keep_one_waiting_is_not_touched(root, path, monkeypatch):
    real = os.open

    def guarded(name, *rest, **more):
        assert name not in ("net", "share")
        return real(name, *rest, **more)

    monkeypatch.setattr(path_label.os, "open", guarded)
    with pytest.raises(NotLooked, match="isn't waited for"):
        read_place(root, path)


@pytest.mark.parametrize(
    "path, reason",
    [("/srv/none", "No such file"), ("/srv/data/file/x", "Not a directory"), ("/srv/loop", "Too many levels")],
)
def test_what_is_not_there(root, nothing_stays_open, path, reason):
    with pytest.raises(NotLooked, match=reason):
        read_place(root, path)


def test_no_label(tmp_path):
    assert read_label(str(tmp_path), NONE, True).label is None  # tmpfs and ext4 without SELinux answer so
    assert read_label("/proc/self/fdinfo", NONE, True).label is None  # "not supported"


def test_slow_points(tmp_path):
    (tmp_path / "proc/self").mkdir(parents=True)
    lines = [
        b"%d 1 0:%d / /m/%s rw - %s src rw" % (i, i, fstype, fstype)
        for i, fstype in enumerate((b"ext4", b"nfs4", b"fuse.sshfs", b"fuseblk", b"autofs"), 30)
    ]
    (tmp_path / "proc/self/mountinfo").write_bytes(b"\n".join(lines) + b"\n")
    assert path_label.read_slow_points(str(tmp_path)) == {"/m/nfs4", "/m/fuse.sshfs", "/m/autofs"}


def test_at(root):
    device = read_label("/srv/data", NONE, False, root).device
    assert path_label.read_mounted_label("/srv/data", device, NONE, root).kind == "dir"
    assert path_label.read_mounted_label("/srv/data", "", NONE, root).kind == "dir"
    assert path_label.read_mounted_label("/srv/absolute", None, NONE, root).kind == "dir"
    with pytest.raises(NotLooked, match="and the mount on 999:1"):
        path_label.read_mounted_label("/srv/data", "999:1", NONE, root)
    with pytest.raises(NotLooked, match="is a link"):
        path_label.read_mounted_label("/srv/absolute", device, NONE, root)


@pytest.mark.parametrize(
    "path, wanted",
    [
        ("/srv/absolute/file", ("/srv/data/file", "/srv/data")),
        ("/srv/relative", ("/srv/data/file", "/srv/data")),
        ("/srv/none", ("/srv/none", "/")),
        ("/net/share", ("/net/share", "/net")),
        ("/", ("/", "/")),
    ],
)
def test_locate_follows_links_to_the_filesystem(root, path, wanted):
    mounts = parse_mountinfo(
        b"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /srv/data rw - xfs /dev/sda2 rw\n3 1 0:9 / /net rw - nfs s:/ rw\n"
    )
    located = path_label.locate(path, mounts, path_label.find_slow_points(mounts), root)
    assert (located.path, located.mount.point) == wanted


def test_nothing_at_a_path_is_told_apart_from_what_can_not_be_looked_at(root):
    with pytest.raises(path_label.Missing):
        read_place(root, "/srv/none/x")
    with pytest.raises(NotLooked) as reason:
        read_place(root, "/net/share")
    assert not isinstance(reason.value, path_label.Missing)


@pytest.mark.parametrize("link", ["root", "cwd", "fd/0"])
def test_a_link_of_the_kernel_s_own_is_not_followed_by_its_text(link):
    """Another process's root reads as `/`, which is here this process's."""
    with pytest.raises(NotLooked, match="kernel's own link"):
        read_label(f"/proc/self/{link}", NONE, True)
