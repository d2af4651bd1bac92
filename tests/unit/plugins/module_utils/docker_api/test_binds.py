# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each of Docker's ways to name a path of the host."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.binds import (
    HostMount,
    requested,
    resolved,
    volume_sources,
)


@pytest.mark.parametrize(
    "bind, expected",
    [
        ("/a:/x", [HostMount("/a", "/x", False, "")]),
        ("/a/../b/:/x:ro,z,rslave", [HostMount("/b", "/x", True, "rslave")]),
        ("/a:/x:Z,shared", [HostMount("/a", "/x", False, "shared")]),
        ("/a:/x:romantic", [HostMount("/a", "/x", False, "")]),
        ("/anonymous", []),
        ("name:/x:ro", []),
        ("made:/x:ro", [HostMount("/etc", "/x", True, "")]),
    ],
)
def test_binds(bind, expected):
    volumes = {"made": {"type": "none", "o": "bind", "device": "/etc"}, "name": None}
    assert requested({"Binds": [bind]}, volumes) == expected


def test_mounts():
    mounts = [
        {"Type": "bind", "Source": "//etc", "Target": "/a", "ReadOnly": True, "BindOptions": {"Propagation": "shared"}},
        {"Type": "volume", "Source": "made", "Target": "/b"},
        {
            "Type": "volume",
            "Target": "/c",
            "VolumeOptions": {
                "DriverConfig": {"Name": "nfs", "Options": {"device": "/x"}},
            },
        },
        {"Type": "tmpfs", "Target": "/d"},
        {"Type": "npipe", "Source": "x", "Target": "/e"},
    ]
    assert requested({"Mounts": mounts, "Binds": None}, {"made": {"o": "rbind", "device": "/usr", "type": ""}}) == [
        HostMount("/etc", "/a", True, "shared"),
        HostMount("/usr", "/b", False, ""),
    ]


def test_nothing_asked():
    assert requested({}, {}) == requested({"Binds": None, "Mounts": None}, {}) == []


def test_what_the_engine_made():
    mounts = [
        {"Type": "bind", "Source": "/var/run/x", "Destination": "/a", "RW": False, "Propagation": "rprivate"},
        {"Type": "volume", "Name": "v", "Source": "/var/lib/docker/volumes/v/_data", "Destination": "/b", "RW": True},
        {"Type": "tmpfs", "Source": "", "Destination": "/c", "RW": True, "Propagation": ""},
    ]
    assert resolved(mounts, {"v": {"type": "proc", "device": "proc"}}) == [
        HostMount("/run/x", "/a", True, "rprivate"),
        HostMount("/proc", "/b", False, ""),
    ]


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"type": "none", "o": "bind", "device": "/etc"}, ["/etc"]),
        ({"type": "none", "o": "ro,rbind,nosuid", "device": "/etc/../usr"}, ["/usr"]),
        ({"type": "tmpfs", "o": "size=1m", "device": "tmpfs"}, []),
        ({"type": "nfs", "o": "addr=192.0.2.1", "device": ":/etc"}, []),
        ({"type": "nfs4", "o": "addr=192.0.2.1", "device": "/etc"}, []),
        ({"type": "ext4", "device": "/dev/sdb1"}, ["/dev/sdb1"]),
        ({"type": "sysfs", "device": "x"}, ["/sys"]),
        (
            {"type": "overlay", "device": "o", "o": "lowerdir=/a:/etc,upperdir=/u,workdir=/w"},
            ["/a", "/etc", "/u", "/w"],
        ),
        ({"type": "mqueue", "device": "none"}, ["/dev/mqueue"]),
        ({"type": "binfmt_misc", "device": "none"}, ["/proc/sys/fs/binfmt_misc"]),
        ({"type": "pstore", "device": "none"}, ["/sys/fs/pstore"]),
        ({"type": "fusectl", "device": "none"}, ["/sys/fs/fuse/connections"]),
        ({"type": "selinuxfs", "device": "none"}, ["/sys/fs/selinux"]),
        ({"type": "hugetlbfs", "device": "none"}, ["/dev/hugepages"]),
        ({"type": "a/kernel's", "device": "none"}, ["/sys/fs/a_kernel's"]),
        ({"type": "overlay", "o": "lowerdir+=/etc,datadir+=/root"}, ["/etc", "/root"]),
        ({"type": "nfs", "o": "addr=127.0.0.1", "device": ":/etc"}, ["/etc"]),
        ({"type": "nfs", "o": "rw", "device": "localhost:/"}, ["/"]),
        ({"type": "nfs4", "o": "addr=::1", "device": "nas:/root"}, ["/root"]),
        ({"type": "cifs", "o": "username=u", "device": "//127.0.0.1/etc"}, ["/etc"]),
        ({"type": "nfs", "o": "addr=127.0.0.1.example", "device": ":/etc"}, []),
        ({"type": "ramfs", "device": "x"}, []),
        ({}, []),
    ],
)
def test_volume_sources(options, expected):
    assert list(volume_sources(options)) == expected
