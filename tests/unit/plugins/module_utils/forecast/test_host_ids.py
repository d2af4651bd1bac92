# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has ids of a range: real directories, real processes, a real configuration below another root."""

import os
import subprocess
import sys

import pytest

from ansible_collections.containment.docker.plugins.module_utils.forecast import host_files, host_ids
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import Mapping
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

# No range of a person's: what else runs on the machine of the test has none of these ids.
FIRST = 3123400000
RANGE = (Range("dockremap", FIRST, 65536),)
MAPPING = Mapping(RANGE, RANGE)


def read(root, mapping=MAPPING, of_containers=frozenset(), data_root="", slow=(), budget=None):
    return host_ids.read(mapping, of_containers, data_root, frozenset(slow), budget or Budget(60, 10**6), str(root))


def put(root, path, owner, text=None):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        full.mkdir(exist_ok=True)
    else:
        full.write_text(text)
    os.chown(str(full), owner, owner if text is None else -1)


def owned(ids, root):
    return {
        item.place[len(str(root)) :]: (
            item.of_user,
            sorted(os.path.relpath(file.path, str(root)) for file in item.files),
        )
        for item in ids.files
    }


def test_an_ordinary_host_has_none(tmp_path):
    put(tmp_path, "home/ann", 1000)
    put(tmp_path, "etc/nsswitch.conf", 0, "passwd: files\n")
    assert read(tmp_path) == host_ids.HostIds()


def test_files_are_told_by_place_and_owner(tmp_path):
    put(tmp_path, "home/ann", 1000)
    put(tmp_path, "home/ann/shared", 1000)
    put(tmp_path, "home/CORP/bob", FIRST + 7)
    put(tmp_path, "home/CORP/bob/deep", FIRST + 7)
    put(tmp_path, "run/user/1", FIRST + 65535)
    put(tmp_path, "run/user/2", FIRST + 65536)
    put(tmp_path, "srv/data", FIRST)
    put(tmp_path, "data", FIRST)
    assert owned(read(tmp_path), tmp_path) == {
        "/home": (True, ["home/CORP/bob"]),
        "/run/user": (True, ["run/user/1"]),
        "/srv": (False, ["srv/data"]),
        "/": (False, ["data"]),
    }


def test_a_file_whose_group_alone_is_of_the_range_counts(tmp_path):
    put(tmp_path, "srv/data", 0)
    os.chown(str(tmp_path / "srv/data"), 0, FIRST)
    assert owned(read(tmp_path), tmp_path) == {"/srv": (False, ["srv/data"])}


@pytest.mark.parametrize("data_root", ["var/lib/docker", "var/lib/docker/3123400000.3123400000"])
def test_the_engines_own_data_root_is_not_somebody_elses(tmp_path, data_root):
    put(tmp_path, "var/lib/docker", FIRST)
    put(tmp_path, "var/lib/dockers", FIRST)
    assert owned(read(tmp_path, data_root=str(tmp_path / data_root)), tmp_path) == {
        "/var/lib": (False, ["var/lib/dockers"])
    }


def test_a_home_on_a_filesystem_of_its_own_counts(tmp_path, monkeypatch):
    """As each directory in /run/user is, or homes on ZFS."""
    put(tmp_path, "run/user/1", FIRST)
    stat = os.stat

    def other_device(path, **more):
        status = stat(path, **more)
        return os.stat_result([*status[:2], status.st_dev + 1, *status[3:10]]) if path == "1" else status

    monkeypatch.setattr(host_files.os, "stat", other_device)
    assert owned(read(tmp_path), tmp_path) == {"/run/user": (True, ["run/user/1"])}


def test_a_home_on_a_filesystem_that_is_not_waited_for_is_unknown(tmp_path):
    put(tmp_path, "home/ann", FIRST)
    ids = read(tmp_path, slow=[str(tmp_path / "home")])
    assert ids.files == () and "isn't waited for" in ids.unknown[0]


def test_a_home_that_is_a_link_is_looked_at_once(tmp_path):
    put(tmp_path, "var/home/ann", FIRST)
    (tmp_path / "home").symlink_to(str(tmp_path / "var/home"))
    assert owned(read(tmp_path), tmp_path) == {"/home": (True, ["var/home/ann"])}


def test_more_files_than_are_looked_at_are_unknown(tmp_path, monkeypatch):
    for name in range(9):
        put(tmp_path, f"home/{name}", 0)
    monkeypatch.setattr(host_ids, "ENTRIES", 5)
    assert any("more than 5 files" in sentence for sentence in read(tmp_path).unknown)


@pytest.fixture
def process():
    """A process of the host with an id of the range."""
    child = subprocess.Popen(
        [sys.executable, "-c", f"import os, sys; os.setuid({FIRST + 5}); print(flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    child.stdout.readline()
    yield child.pid
    child.communicate()


def test_a_process_of_the_host_counts_and_a_containers_does_not(tmp_path, process):
    (one,) = read(tmp_path).processes
    assert (one.pid, one.uid, one.gid) == (process, FIRST + 5, 0)
    assert read(tmp_path, of_containers=frozenset([process])).processes == ()


def test_who_is_known_by_name_is_told_by_it(tmp_path, monkeypatch):
    put(tmp_path, "home/bob", FIRST + 7)

    class Bob:
        pw_name = "bob@corp.example"

    monkeypatch.setattr(host_ids.pwd, "getpwuid", lambda number: {FIRST + 7: Bob}[number])
    assert read(tmp_path).names == (("user", FIRST + 7, "bob@corp.example"),)


def test_the_name_service_is_asked_for_a_few_ids_and_the_rest_is_unknown(tmp_path, monkeypatch):
    for number in range(host_ids.NAMES + 2):
        put(tmp_path, f"home/{number}", FIRST + number)
    numbers = []

    def getpwuid(number):
        numbers.append(number)
        raise KeyError(number)

    monkeypatch.setattr(host_ids.pwd, "getpwuid", getpwuid)
    ids = read(tmp_path)
    assert len(numbers) == host_ids.NAMES and ids.names == ()
    assert any("22 user ids of the range are in use" in sentence for sentence in ids.unknown)


SSSD = "[domain/corp]\nid_provider = ad\nldap_idmap_range_max = 4000000000\n"


@pytest.mark.parametrize(
    "files, owners, unknown",
    [
        ({"etc/nsswitch.conf": "passwd: files sss\n", "etc/sssd/sssd.conf": SSSD}, ["ad domain corp of sssd"], ""),
        ({"etc/nsswitch.conf": "passwd: files\n", "etc/sssd/sssd.conf": SSSD}, [], ""),
        (
            {
                "etc/nsswitch.conf": "group: sss\n",
                "etc/sssd/sssd.conf": SSSD,
                "etc/sssd/conf.d/01.conf": "[domain/corp]\nldap_idmap_range_max = 300000\n",
                "etc/sssd/conf.d/.off.conf": "[\n",
            },
            [],
            "",
        ),
        ({"etc/nsswitch.conf": "passwd: sss\n"}, [], ""),
        (
            {"etc/nsswitch.conf": "passwd: sss\n", "etc/sssd/sssd.conf": "broken"},
            [],
            "the ids of /etc/sssd/sssd.conf: ",
        ),
        ({"etc/nsswitch.conf": "passwd: files ldap\n"}, [], "ldap answers for users"),
        (
            {"etc/nsswitch.conf": "passwd: winbind\n", "etc/samba/smb.conf": "idmap config C : range = 9-4000000000\n"},
            ["domain C of winbind"],
            "",
        ),
        ({"etc/nsswitch.conf": "passwd: winbind\n", "etc/samba/smb.conf": ""}, [], "smb.conf names no range"),
    ],
)
def test_a_domains_ranges_count_where_the_name_service_asks_it(tmp_path, files, owners, unknown):
    for path, text in files.items():
        put(tmp_path, path, 0, text)
    ids = read(tmp_path)
    assert [other.owner for _own, other in ids.domains] == owners
    assert "; ".join(ids.unknown).startswith(unknown) and bool(ids.unknown) == bool(unknown)


@pytest.mark.parametrize(
    "first, has, owners",
    [
        (61000, "run/systemd/system", ["systemd's DynamicUser"]),
        (61000, "srv", []),
        (600000, "usr/bin/systemd-nspawn", ["systemd-nspawn"]),
        (600000, "run/systemd/system", []),
        (100000, "usr/bin/systemd-nspawn", []),
    ],
)
def test_systemds_ranges_count_where_it_gives_them(tmp_path, first, has, owners):
    put(tmp_path, has, 0)
    mapping = Mapping((Range("dockremap", first, 65536),), RANGE)
    ids = read(tmp_path, mapping)
    assert [other.owner for _own, other in ids.systemd] == owners
