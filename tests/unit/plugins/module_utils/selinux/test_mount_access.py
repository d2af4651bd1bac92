# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import os
import socket

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import (
    file_contexts,
    mount_access,
    path_label,
    remedies,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Decision, Unanswered
from ansible_collections.containment.docker.plugins.module_utils.selinux.listeners import Listener
from ansible_collections.containment.docker.plugins.module_utils.selinux.mount_access import (
    FORECAST_LABEL,
    forecast_mounts,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux_report.mount_cures import describe_cure

WEB = "system_u:system_r:container_t:s0:c12,c345"
SPC = "system_u:system_r:spc_t:s0"
HOST_FILE = "system_u:object_r:var_t:s0"
SHARED = "system_u:object_r:container_file_t:s0"


def policy(source, target, tclass, permissions):
    """Of a small world: containers may do all with their files where they have the categories, nothing elsewhere."""
    if ":spc_t:" in source:
        return Decision((), False)
    own = target == SHARED or target == SHARED + source[source.rindex(":") :]
    return Decision(() if own else tuple(permissions), False)


def no_policy(*question):
    raise Unanswered("no SELinux policy is loaded")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Each path is labelled by the name of its last component."""
    for name in ("plain", "shared", "own", "others"):
        (tmp_path / "srv" / name).mkdir(parents=True)
    (tmp_path / "srv/plain/file").write_text("")
    (tmp_path / "srv/link").symlink_to("shared")
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/mountinfo").write_text("30 1 0:30 / /net rw - nfs4 server:/ rw\n")
    labels = {"shared": SHARED, "own": SHARED + ":c12,c345", "others": SHARED + ":c1,c2"}
    monkeypatch.setattr(
        path_label.os,
        "getxattr",
        lambda path, name: labels.get(os.path.basename(os.readlink(path)), HOST_FILE).encode() + b"\0",
    )
    return str(tmp_path)


def bind(source, mode="", writable=True):
    return {
        "Type": "bind",
        "Source": source,
        "Destination": "/x",
        "Mode": mode,
        "RW": writable,
        "Propagation": "rprivate",
    }


def inspect(*mounts, label=WEB):
    return {"ProcessLabel": label, "Mounts": list(mounts)}


WHOLE = ("getattr", "open", "read", "search", "write", "add_name", "remove_name")


@pytest.mark.parametrize(
    "mount, label, kind, denied, reason",
    [
        (bind("/srv/plain"), HOST_FILE, "dir", WHOLE, ""),
        (bind("/srv/plain", writable=False), HOST_FILE, "dir", WHOLE[:4], ""),
        (bind("/srv/plain/file"), HOST_FILE, "file", ("getattr", "open", "read", "write"), ""),
        (bind("/srv/shared/"), SHARED, "dir", (), ""),
        (bind("/srv/link"), SHARED, "dir", (), ""),
        (bind("/srv/own"), SHARED + ":c12,c345", "dir", (), ""),
        (bind("/srv/others"), SHARED + ":c1,c2", "dir", WHOLE, ""),
        (bind("/srv/none"), None, "", None, "No such file"),
        (bind("/net/share"), "system_u:object_r:nfs_t:s0", "dir", WHOLE, ""),
    ],
)
def test_what_is_there(root, mount, label, kind, denied, reason):
    (forecast,) = forecast_mounts(inspect(mount), {}, root, None, policy)
    assert (forecast.label, forecast.kind, forecast.denied) == (label, kind, denied)
    assert reason in forecast.reason and bool(reason) == bool(forecast.reason)
    assert (forecast.target, forecast.read_only) == ("/x", not mount["RW"])


def test_volumes(root):
    def volume(name, source="/srv/shared"):
        return {
            "Type": "volume",
            "Name": name,
            "Source": source,
            "Destination": "/v",
            "Mode": source and "z",
            "RW": True,
        }

    volumes = {"plain": None, "bound": {"type": "none", "o": "bind", "device": "/srv/plain"}}
    mounts = [
        volume("plain"),
        volume("bound"),
        volume("of-a-plugin", ""),
        {"Type": "tmpfs", "Destination": "/t", "RW": True},
    ]
    forecasts = forecast_mounts(inspect(*mounts), volumes, root, None, policy)
    assert [(m.source, m.label) for m in forecasts] == [("/srv/shared", SHARED), ("/srv/plain", HOST_FILE), ("", None)]
    assert "no path" in forecasts[2].reason


def test_no_policy_is_no_permission(root):
    (forecast,) = forecast_mounts(inspect(bind("/srv/shared")), {}, root, None, no_policy)
    assert (forecast.denied, forecast.reason, forecast.label) == (None, "no SELinux policy is loaded", SHARED)


def test_bounded(root):
    forecasts = forecast_mounts(inspect(*[bind("/srv/none")] * 1000), {}, root, None, policy)
    assert len(forecasts) == mount_access.LIMIT


@pytest.mark.parametrize(
    "mount, label, denied",
    [
        (bind("/srv/plain"), WEB, WHOLE),
        (bind("/srv/plain", "z"), WEB, ()),
        (bind("/srv/plain", "ro,Z", False), WEB, ()),
        (bind("/srv/plain", "Zoo"), WEB, WHOLE),
        (bind("/srv/own"), WEB, ()),
        (bind("/srv/own"), SPC, WHOLE),  # it will get another pair
        (bind("/srv/own"), "", WHOLE),
        (bind("/srv/shared"), SPC, ()),
    ],
)
def test_forecast(root, mount, label, denied):
    (forecast,) = forecast_mounts(inspect(mount, label=label), {}, root, None, policy)
    assert forecast.denied == denied


def test_the_forecast_s_categories_are_not_those_of_containers_without_labels():
    assert "c1022" not in FORECAST_LABEL and "c1023" not in FORECAST_LABEL


def test_forecast_without_a_policy_has_file_contexts(root):
    contexts = file_contexts.parse([b"/srv/.*\tsystem_u:object_r:srv_t:s0\n"])
    forecasts = forecast_mounts(
        inspect(bind("/srv/plain"), bind("/srv/plain", "Z"), bind("/srv/none")), {}, root, contexts, no_policy
    )
    assert [(m.label, m.denied) for m in forecasts] == [
        ("system_u:object_r:srv_t:s0", None),
        (HOST_FILE, ()),
        (None, None),
    ]
    assert forecasts[0].reason == "no SELinux policy is loaded"


@pytest.mark.parametrize(
    "source, kind, label, wanted",
    [
        ("/srv/plain", "dir", HOST_FILE, "with :Z, or with :z"),
        ("/srv/others", "dir", SHARED + ":c1,c2", "another container's categories"),
        ("/etc/ssl", "dir", "system_u:object_r:cert_t:s0", "the host's own"),
        ("/srv", "dir", HOST_FILE, "the host's own"),
        ("/run/docker.sock", "socket", "system_u:object_r:container_var_run_t:s0", "take the socket out"),
        ("/dev/sda", "block", "system_u:object_r:fixed_disk_device_t:s0", "--device"),
    ],
)
def test_cure(source, kind, label, wanted):
    looked = mount_access.MountForecast(source, "/x", False, label, kind, "", ("read",), process=WEB)
    known = remedies.Policy(policy, {}, False)
    assert wanted in describe_cure(looked, known)
    assert describe_cure(looked._replace(denied=()), known) == describe_cure(looked._replace(denied=None), known) == ""


def mounted(root, lines):
    with open(os.path.join(root, "proc/self/mountinfo"), "a", encoding="utf-8") as stream:
        stream.write(lines)


CONTEXT = "31 1 0:31 / /srv/plain rw - tmpfs tmpfs rw,context=system_u:object_r:var_t:s0\n"


def test_a_filesystem_of_one_label_is_told_without_waiting_for_it(root):
    (forecast,) = forecast_mounts(inspect(bind("/net/share", "z")), {}, root, None, policy)
    assert (forecast.label, forecast.denied) == ("system_u:object_r:nfs_t:s0", WHOLE)  # and it stays so under :z


def test_what_keeps_no_labels_stays_as_it_is(root):
    mounted(root, CONTEXT)
    (forecast,) = forecast_mounts(inspect(bind("/srv/plain", "z")), {}, root, None, policy)
    assert forecast.denied == WHOLE and "context=" in describe_cure(forecast, remedies.Policy(policy, {}))


@pytest.mark.parametrize("options", ["rw - ext4 /dev/vda1 ro,seclabel", "ro - ext4 /dev/vda1 rw,seclabel"])
def test_what_can_not_be_changed_keeps_the_container_from_starting(root, options):
    """As Docker 26.1 said: error setting label on mount source: read-only file system."""
    mounted(root, "31 1 254:1 / /srv %s\n" % options)
    (forecast,) = forecast_mounts(inspect(bind("/srv/plain", "z")), {}, root, None, policy)
    assert forecast.denied == ("start",) and "take :z and :Z off" in describe_cure(
        forecast, remedies.Policy(policy, {})
    )
    (forecast,) = forecast_mounts(inspect(bind("/srv/shared", "z")), {}, root, None, policy)
    assert forecast.denied == ()  # it has the label already


@pytest.mark.parametrize("path", ["/usr", "/etc", "/opt", "/"])
def test_what_the_engine_refuses_to_relabel_never_starts(root, path):
    os.makedirs(root + path, exist_ok=True)
    (forecast,) = forecast_mounts(inspect(bind(path, "ro,z", False)), {}, root, None, policy)
    assert forecast.denied == ("start",) and "refuses to relabel %s" % path in forecast.reason


def test_a_link_to_what_the_engine_refuses_to_relabel_never_starts(root):
    os.makedirs(root + "/etc")
    os.symlink("/etc", root + "/srv/to-etc")
    (forecast,) = forecast_mounts(inspect(bind("/srv/to-etc", "z")), {}, root, None, policy)
    assert forecast.denied == ("start",) and "refuses to relabel /etc" in forecast.reason


def test_a_link_to_what_keeps_no_labels_stays_as_it_is(root):
    mounted(root, CONTEXT)
    os.symlink("/srv/plain", root + "/srv/to-plain")
    (forecast,) = forecast_mounts(inspect(bind("/srv/to-plain", "z")), {}, root, None, policy)
    assert forecast.denied == WHOLE and not forecast.labels


def test_what_is_not_there_is_made_and_labelled_and_what_can_not_be_looked_at_is_unknown(root):
    mounted(root, "32 1 0:32 / /share rw - 9p share rw\n")
    missing, network = forecast_mounts(inspect(bind("/srv/none", "z"), bind("/share/x", "z")), {}, root, None, policy)
    assert (missing.denied, missing.reason) == ((), "")
    assert network.denied is None and "isn't waited for" in network.reason


def test_a_mount_asked_for_by_mount_is_told_so(root):
    container = dict(
        inspect(bind("/srv/plain")), HostConfig={"Mounts": [{"Type": "bind", "Source": "/srv/plain", "Target": "/x/"}]}
    )
    (forecast,) = forecast_mounts(container, {}, root, None, policy)
    assert "by --volume instead of --mount" in describe_cure(forecast, remedies.Policy(policy, {}))


DAEMON = "system_u:system_r:container_runtime_t:s0"


@pytest.mark.parametrize(
    "label, listener, mode, denied",
    [
        ("shared", DAEMON, "", ("connectto",)),
        ("plain", DAEMON, "", ("getattr", "write", "connectto")),
        ("plain", DAEMON, "z", ("connectto",)),  # the file's label is cured, the connection isn't
        ("shared", SHARED, "", ()),
        ("plain", None, "", ("getattr", "write")),
        ("shared", None, "", None),
    ],
)
def test_a_socket_needs_who_listens(root, label, listener, mode, denied):
    path = "srv/%s/socket" % label
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as own, contextlib.closing(Directory(root)):
        own.bind(path)
    sources = []

    def who(source):
        sources.append(source)
        return {Listener(listener, "unix_stream_socket")} if listener else set()

    def ask(source, target, tclass, permissions):
        if tclass == "sock_file":
            return Decision(() if label == "shared" else tuple(permissions), False)
        return policy(source, target, tclass, permissions)

    (forecast,) = forecast_mounts(inspect(bind("/" + path, mode)), {}, root, None, ask, who)
    assert forecast.kind == "socket" and forecast.denied == denied and set(sources) == {"/" + path}
    if denied:
        assert "take the socket out" in describe_cure(forecast, remedies.Policy(ask, {}))


class Directory:
    """Work in a directory, as a socket's path is short."""

    def __init__(self, path):
        self.before = os.getcwd()
        os.chdir(path)

    def close(self):
        os.chdir(self.before)


def test_a_device_and_a_pipe_are_asked_by_their_class():
    assert mount_access.list_permissions("char", True)[0] == "chr_file"
    assert mount_access.list_permissions("socket", True) == ("sock_file", ("getattr", "write"))
    assert mount_access.decide_use(WEB, HOST_FILE, "", False, policy)[0] is None
    assert mount_access.decide_use(WEB, None, "dir", False, policy) == (None, "it has no label", ())


def test_a_directory_that_may_be_listed_is_of_no_use_without_its_files():
    # the policy of Debian 13, as its kernel answered: container_t, var_t
    def ask(source, target, tclass, permissions):
        allowed = ("getattr", "ioctl", "lock", "open", "read", "search") if tclass == "dir" else ()
        return Decision(tuple(name for name in permissions if name not in allowed), False)

    assert mount_access.decide_use(WEB, HOST_FILE, "dir", True, ask) == (("getattr", "open", "read"), "", ())
    assert mount_access.decide_use(WEB, HOST_FILE, "dir", False, ask)[0] == (
        "write",
        "add_name",
        "remove_name",
        "getattr",
        "open",
        "read",
    )
