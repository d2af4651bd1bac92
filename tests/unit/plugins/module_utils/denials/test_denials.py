# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A denial is told of the right container, by what the kernel says of it, with its cure."""

import datetime
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.denials import denials, paths
from ansible_collections.containment.docker.plugins.module_utils.denials import remedies as denial_cures
from ansible_collections.containment.docker.plugins.module_utils.denials import waivers as denial_waivers
from ansible_collections.containment.docker.plugins.module_utils.denials.avc import Avc, Stamp
from ansible_collections.containment.docker.plugins.module_utils.denials.groups import Group
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs
from ansible_collections.containment.docker.plugins.module_utils.selinux import remedies
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Decision

TODAY = datetime.date(2026, 8, 1)
WEB_LABEL, DB_LABEL = ("system_u:system_r:container_t:s0:c%s" % pair for pair in ("1,c2", "3,c4"))
WEB = denials.Known("a" * 64, "web", WEB_LABEL, {100: 900.0}, [denials.Mounted("/srv/web", "/data", "")])
DB = denials.Known("b" * 64, "db", DB_LABEL, {200: 900.0}, [denials.Mounted("/srv/db", "/data", "Z")])
DENIAL = Avc(
    stamp=Stamp(1000.0, 1),
    pid=100,
    program="cat",
    path="/data/secret",
    name="",
    device="vda",
    ino=5,
    port=0,
    wanted=("read",),
    source=WEB_LABEL,
    target="system_u:object_r:default_t:s0",
    tclass="file",
    permissive=True,
)


def group(**changes):
    denial = DENIAL._replace(**changes)
    when = denial.stamp.time
    return Group(denial, denial.wanted, when, when, 1, (denial.pid,))


def ask(source, target, tclass, permissions):
    """As the policy of a container whose categories its own files have: nothing else of the host is allowed."""
    own = target == "system_u:object_r:container_file_t:" + source.split(":", 3)[3]
    return Decision(() if own else tuple(permissions), False)


POLICY = remedies.Policy(ask, {})


def report(*groups, known=(WEB, DB), waivers=(), locate=None):
    return denials.describe_denials(groups, known, POLICY, waivers, TODAY, locate)


def only(**changes):
    (item,) = report(group(**changes))
    return item


def test_whole():
    item = only()
    assert (item["container"], item["id"], item["why"]) == ("web", "a" * 64, "by its label")
    assert item["path"] == "/srv/web/secret" and item["wanted"] == ["read"] and item["permissive"] is True
    assert (item["first"], item["last"]) == ("1970-01-01T00:16:40Z", "1970-01-01T00:16:40Z")
    assert item["cure"].startswith("/srv/web: ") and ":Z" in item["cure"] and ":z" in item["cure"]


def test_the_label_goes_before_the_number_of_the_process():
    assert only(pid=200)["container"] == "web"


def test_a_label_that_no_container_has_is_nobodys():
    item = only(source="system_u:system_r:container_t:s0:c8,c9", pid=1)
    assert (item["container"], item["path"]) == ("", "/data/secret") and "no container" in item["why"]


def test_without_categories_the_process_tells():
    item = only(source="system_u:system_r:spc_t:s0", pid=200)
    assert (item["container"], item["why"]) == ("db", "by its process")


def test_a_number_that_was_given_to_another_process_since_tells_nothing():
    item = only(source="system_u:system_r:spc_t:s0", pid=200, stamp=Stamp(800.0, 1))
    assert item["container"] == ""


def test_a_label_that_two_share_is_told_and_not_guessed():
    twin = DB._replace(name="twin", label=WEB_LABEL, pids={})
    (item,) = report(group(pid=1), known=(WEB, twin))
    assert item["container"] == "" and "web, twin" in item["why"]
    (item,) = report(group(), known=(WEB, twin))
    assert item["container"] == "web"


@pytest.mark.parametrize("path", ["/data/../etc/shadow", "/data/./x", "/datax/y", "relative"])
def test_a_path_that_is_not_plainly_in_a_mount_is_not_translated(path):
    assert only(path=path)["path"] == path


def test_the_innermost_mount_counts():
    web = WEB._replace(
        mounts=[*WEB.mounts, denials.Mounted("/srv/logs", "/data/logs", ""), denials.Mounted("/", "/h", "")]
    )
    assert report(group(path="/data/logs/x"), known=[web])[0]["path"] == "/srv/logs/x"
    assert report(group(path="/data/logs"), known=[web])[0]["path"] == "/srv/logs"
    assert report(group(path="/h/etc/shadow"), known=[web])[0]["path"] == "/etc/shadow"


def test_reading_by_the_inode_and_opening_by_the_path_are_one():
    by_inode = group(path="", name="secret", stamp=Stamp(1001.0, 2))
    (item,) = report(group(wanted=("open",)), by_inode, locate=lambda denial, sources: ("/srv/web", "/srv/web/secret"))
    assert sorted(item["wanted"]) == ["open", "read"] and item["count"] == 2
    assert item["first"] < item["last"]


def test_what_can_not_be_located_keeps_its_name():
    (item,) = report(group(path="", name="secret"), locate=lambda denial, sources: None)
    assert item["path"] == "secret"


def test_only_what_is_in_the_containers_own_mounts_is_located():
    searches = []
    report(group(path="", name="x"), locate=lambda denial, sources: searches.append(list(sources)))
    assert searches == [["/srv/web"]]


def test_what_a_container_chose_is_inert():
    item = only(path="/data/\x1b[2J\n", program="\x1b]0;x\a")
    (line,) = denials.format_lines([item])
    assert (item["path"] + item["program"] + line).isprintable()
    assert len(only(path="/data/" + "x" * 5000)["path"]) < 400


@pytest.mark.parametrize(
    ("domain", "counts"),
    [
        ("container_t", True),
        ("container_init_t", True),
        ("container_engine_t", True),
        ("svirt_lxc_net_t", True),
        ("spc_t", True),
        ("my_udica_t", False),
        ("container_runtime_t", False),
        ("container_user_t", False),  # people log in with it
        ("sshd_t", False),
        ("container_file_x", False),
    ],
)
def test_domains_of_containers(domain, counts):
    assert denials.choose_containers([WEB])(DENIAL._replace(source="system_u:system_r:%s:s0" % domain)) is counts


def test_a_domain_that_a_container_was_given_counts():
    own = WEB._replace(label="system_u:system_r:my_udica_t:s0:c1,c2")
    assert denials.choose_containers([own])(DENIAL._replace(source="system_u:system_r:my_udica_t:s0:c7,c8"))


def cure(mount=True, booleans=(), **changes):
    at = denial_cures.Mount("/srv/web", "/data", "/srv/web/secret", "") if mount is True else mount
    return denial_cures.describe_cure(
        DENIAL._replace(**changes), at, remedies.Policy(ask, dict.fromkeys(booleans, False), True)
    )


def of_type(name):
    return "system_u:object_r:%s:s0" % name


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ":Z"),
        ({"target": of_type("container_file_t") + ":c3,c4"}, ":z in each"),
        (
            {"target": of_type("nfs_t"), "booleans": ["container_use_nfs", "virt_use_nfs"]},
            "setsebool -P virt_use_nfs on: then every container uses",
        ),
        ({"target": of_type("nfs_t"), "booleans": ["container_use_nfs"]}, "setsebool -P container_use_nfs on"),
        (
            {
                "target": of_type("cgroup_t"),
                "mount": None,
                "wanted": ("write",),
                "booleans": ["container_manage_cgroup"],
            },
            "container_manage_cgroup",
        ),
        ({"mount": denial_cures.Mount("/etc", "/e", "/etc/x", "")}, "the host's own"),
        ({"mount": denial_cures.Mount("/srv/web", "/data", "/srv/web/new", "Z")}, "start the container again"),
        ({"mount": None}, "no mount of a container that is known"),
        ({"tclass": "sock_file"}, "take the socket out"),
        (
            {"tclass": "chr_file", "target": of_type("sound_device_t"), "booleans": ["container_use_devices"]},
            "give it with --device, as the device control group denies a node that is mounted, and setsebool",
        ),
        ({"tclass": "system", "wanted": ("module_request",), "target": of_type("kernel_t")}, "nothing to do"),
        (
            {"tclass": "tcp_socket", "port": 5432, "wanted": ("name_connect",), "target": of_type("postgresql_port_t")},
            "5432",
        ),
        (
            {"tclass": "tcp_socket", "port": 1, "wanted": ("name_connect",), "booleans": ["container_connect_any"]},
            "semanage port",  # that boolean is for the engine, and no container's
        ),
        (
            {"tclass": "tcp_socket", "port": 1, "wanted": ("name_bind",), "booleans": ["container_connect_any"]},
            "semanage port",
        ),
        (
            {"tclass": "unix_stream_socket", "wanted": ("connectto",), "target": "system_u:system_r:sssd_t:s0"},
            "it uses a socket of sssd_t, which no label",
        ),
        (
            {"tclass": "unix_dgram_socket", "wanted": ("sendto",), "target": "system_u:system_r:syslogd_t:s0"},
            "it uses a socket of syslogd_t, which no label",
        ),
        ({"tclass": "unix_stream_socket", "wanted": ("read",)}, "give the container a policy of its own"),
        ({"tclass": "capability", "wanted": ("sys_admin",)}, "capability"),
        ({"tclass": "process", "wanted": ("execmem",)}, "waiver"),
    ],
)
def test_cures(changes, words):
    assert words in cure(**changes)


def test_no_directory_of_the_host_is_told_to_be_relabelled():
    for path in ("/", "/etc", "/usr/share", "/var/run/docker.sock", "/home", "/proc/sys"):
        text = cure(mount=denial_cures.Mount(path, "/x", path, ""))
        assert "mount it with" not in text


def waiver(**changes):
    fields = {"container": "web", "path": "/srv/web", "reason": "r", "owner": "ops", "expires": "2026-08-01"}
    fields.update(changes)
    return denial_waivers.parse(3, fields)


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"path": "/srv/web/secret"}, True),
        ({"path": "/srv/we"}, False),
        ({"path": "/"}, True),
        ({"container": "db"}, False),
        ({"container": "container_t"}, False),  # the container is known, so its name it is
        ({"expires": "2026-07-31"}, False),
    ],
)
def test_waivers(changes, counts):
    (item,) = report(group(), waivers=[waiver(**changes)])
    assert bool(item["waived"]) is counts
    assert ("waived" in denials.format_lines([item])[0]) is counts


def test_a_waiver_of_a_domain_is_for_containers_that_are_not_known():
    waivers = [waiver(container="container_t", path="/data")]
    (item,) = report(group(source="system_u:system_r:container_t:s0:c8,c9", pid=1), waivers=waivers)
    assert "ops until 2026-08-01: r" in item["waived"]


def test_a_waived_directory_is_not_left_by_dots():
    (item,) = report(group(path="/data/../../etc/shadow"), waivers=[waiver(path="/data")])
    assert not item["waived"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"owner": " "}, "waivers[3] has no owner"),
        ({"expires": "soon"}, "waivers[3]: expires 'soon'"),
        ({"rule": "x"}, "waivers[3]: unknown key 'rule'"),
        ({"path": 5}, "waivers[3] has no path"),
    ],
)
def test_bad_waivers_are_named(changes, reason):
    with pytest.raises(ValueError) as caught:
        waiver(**changes)
    assert reason in str(caught.value)


def test_none_seen_is_not_safe():
    hides = "none seen since T; can't be seen: what the policy's dontaudit rules hide"
    assert denials.format_summary([], "T", "", True).startswith(hides + " (")
    assert denials.format_summary([], "T", "", True, ["a", "b"]) == hides + ", as a; b"
    assert "can't be seen: what no container did since then" in denials.format_summary([], "T", "", False)
    assert "not all can be known: x" in denials.format_summary([], "T", "x", True)
    assert denials.format_summary([only()], "T", "", True).startswith("1 seen since T, 0 of them waived; can't be seen")


def test_lines_have_the_id_of_the_forecast_wish_and_cure():
    line = denials.format_lines([dict(only(), count=3, wanted=["read", "open"])])[0]
    assert line.startswith(
        "selinux/denial/container:web:/srv/web/secret: read, open (3 times): /srv/web: mount it with"
    )
    (line,) = denials.format_lines([only(path="", name="", tclass="tcp_socket", port=80)])
    assert line.startswith("selinux/denial/container:web:port 80: ")


def test_a_denial_of_an_unknown_container_is_its_domains():
    (item,) = report(group(source="system_u:system_r:container_t:s0:c8,c9", pid=1, path="/data"))
    assert item["forecast_id"] == "selinux/denial/host:container_t:/data"


def test_an_id_is_inert_and_bounded():
    identity = only(path="/data/\x1b[2J" + "x" * 5000)["forecast_id"]
    assert identity.isprintable() and len(identity) < 300


TMPFS = "90 1 0:90 / %s rw - tmpfs tmpfs rw,seclabel\n"


@pytest.fixture(autouse=True)
def labels(monkeypatch):
    """The label of each file that is looked at."""
    by_path = {}
    monkeypatch.setattr(
        paths.os,
        "getxattr",
        lambda path, name, **more: by_path.get(str(path), DENIAL.target).encode() + b"\0",
    )
    return by_path


def located(path, name="x", slow=frozenset(), sources=None, mounts=None, **changes):
    status = os.lstat(str(path))
    numbers = os.major(status.st_dev), os.minor(status.st_dev)
    try:
        device = os.path.basename(os.readlink("/sys/dev/block/%d:%d" % numbers))
    except OSError:
        device = "%d:%d" % numbers
    denial = DENIAL._replace(**dict(dict(path="", name=name, ino=status.st_ino, device=device), **changes))
    location = paths.locate(denial, sources, slow, procfs.parse_mountinfo(mounts or b""))
    return location and location[1]


@pytest.mark.parametrize("device, expected", [("tmpfs", True), ("cgroup2", False), ("", False)])
def test_without_a_disk_the_filesystem_has_to_be_the_same(tmp_path, monkeypatch, device, expected):
    (tmp_path / "x").write_bytes(b"")
    monkeypatch.setattr(paths, "_BLOCK", str(tmp_path / "none"))
    location = located(tmp_path / "x", sources=[str(tmp_path)], mounts=(TMPFS % tmp_path).encode(), device=device)
    assert bool(location) is expected


def test_the_label_has_to_be_that_of_the_denial(tmp_path, labels):
    (tmp_path / "x").write_bytes(b"")
    assert located(tmp_path / "x", sources=[str(tmp_path)]) == str(tmp_path / "x")
    labels[str(tmp_path / "x")] = "system_u:object_r:var_t:s0"
    assert located(tmp_path / "x", sources=[str(tmp_path)]) is None


def test_one_of_two_that_look_alike_is_not_guessed(tmp_path, monkeypatch):
    """As two tmpfs of a container, where inode 2 is in both: a waiver for one would cover the other."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    stat, real = os.lstat(str(tmp_path / "one")), os.lstat

    class Alike:
        def __init__(self, path):
            self.st_ino, self.st_dev = stat.st_ino, os.makedev(0, 200 if path.endswith("two") else 201)

    monkeypatch.setattr(paths.os, "lstat", lambda path: Alike(path) if path.endswith(("one", "two")) else real(path))
    mounts = b"90 1 0:200 / %s rw - tmpfs tmpfs rw\n91 1 0:201 / %s rw - tmpfs tmpfs rw\n"
    mounts %= (str(tmp_path / "two").encode(), str(tmp_path / "one").encode())
    for sources, expected in ((["one"], True), (["one", "two"], False)):
        location = paths.locate(
            DENIAL._replace(path="", name="/", ino=stat.st_ino, device="tmpfs"),
            [str(tmp_path / name) for name in sources],
            frozenset(),
            procfs.parse_mountinfo(mounts),
        )
        assert bool(location) is expected


def test_a_source_that_is_a_link_is_followed_as_the_engine_does(tmp_path):
    (tmp_path / "UTC").write_bytes(b"")
    (tmp_path / "localtime").symlink_to("UTC")
    location = located(tmp_path / "UTC", name="UTC", sources=[str(tmp_path / "localtime")])
    assert location == str(tmp_path / "UTC")


def test_a_mounts_root_or_what_is_right_below_is_found_by_its_inode(tmp_path):
    (tmp_path / "x").write_bytes(b"")
    assert located(tmp_path / "x", sources=["/nonexistent", str(tmp_path)]) == str(tmp_path / "x")
    assert located(tmp_path, name="/", sources=[str(tmp_path)]) == str(tmp_path)
    assert located(tmp_path / "x", name="y", sources=[str(tmp_path)]) is None


@pytest.mark.parametrize("name", ["..", "a/../x", "", "x\0"])
def test_a_name_leads_nowhere_else(tmp_path, name):
    (tmp_path / "x").write_bytes(b"")
    (tmp_path / "a").mkdir()
    assert located(tmp_path / "x", name=name, sources=[str(tmp_path / "a"), str(tmp_path)]) is None


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "real").write_bytes(b"")
    (tmp_path / "x").symlink_to(tmp_path / "real")
    assert located(tmp_path / "real", sources=[str(tmp_path)]) is None


def test_slow_filesystems_are_not_touched(tmp_path):
    (tmp_path / "x").write_bytes(b"")
    assert located(tmp_path / "x", sources=[str(tmp_path)], slow=frozenset([str(tmp_path)])) is None
    assert located(tmp_path / "x", sources=[str(tmp_path)], slow=frozenset([str(tmp_path / "x")])) is None


@pytest.mark.parametrize(("disk", "expected"), [("vda1", True), ("vdb", False)])
def test_the_same_number_on_another_disk_is_another_file(tmp_path, monkeypatch, disk, expected):
    (tmp_path / "x").write_bytes(b"")
    (tmp_path / "block").mkdir()
    device = os.lstat(str(tmp_path)).st_dev
    (tmp_path / "block" / ("%d:%d" % (os.major(device), os.minor(device)))).symlink_to("../../devices/virtio/" + disk)
    monkeypatch.setattr(paths, "_BLOCK", str(tmp_path / "block"))
    denial = DENIAL._replace(path="", name="x", ino=os.lstat(str(tmp_path / "x")).st_ino, device="vda1")
    assert (paths.locate(denial, [str(tmp_path)], frozenset(), []) is not None) is expected
