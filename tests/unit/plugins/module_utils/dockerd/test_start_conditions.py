# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Would dockerd start again: each thing in the way, and a host where nothing is."""

import base64
import datetime
import os
import shutil
import socket
import threading
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    containerd,
    kernel_modules,
    start_conditions,
    tls_files,
)

NOW = datetime.datetime(2026, 11, 27, tzinfo=datetime.timezone.utc)


@pytest.fixture(name="host")
def _host(monkeypatch, tmp_path):
    """A host where nothing is in the way: our own program runs as dockerd, and no containerd is named."""
    monkeypatch.setattr(kernel_modules, "missing", lambda names: [])
    monkeypatch.setattr(containerd, "DEFAULT_SOCKET", str(tmp_path / "no.sock"))
    monkeypatch.setattr(containerd, "CONFIG", str(tmp_path / "config.toml"))
    program = os.path.realpath("/proc/self/exe")
    monkeypatch.setattr(shutil, "which", lambda name, path: name if os.path.exists(name) or "/" not in name else None)
    return SimpleNamespace(start=start(tmp_path, program), path=tmp_path, program=program)


def start(path, program, **settings):
    return start_conditions.Start([program], settings, os.getpid(), "26.1.5", "overlay2", str(path))


def in_the_way(question, version="26.1.5"):
    obstacles = start_conditions.problems(question, NOW, lambda program: version, timeout=0.2)
    return [(problem.kind, problem.certain) for problem in obstacles]


def with_settings(host, **settings):
    return host.start._replace(settings={key.replace("_", "-"): value for key, value in settings.items()})


def test_nothing_is_in_the_way(host):
    assert in_the_way(host.start) == []


def test_a_program_that_is_gone(host):
    assert in_the_way(host.start._replace(argv=["/nonexistent/dockerd"])) == [("program", True)]


def test_another_program_of_the_same_version(host):
    other = host.path / "dockerd"
    other.write_text("")
    assert in_the_way(host.start._replace(argv=[str(other)])) == []


@pytest.mark.parametrize("version", ["27.0.1", None])
def test_another_program_of_another_version(host, version):
    other = host.path / "dockerd"
    other.write_text("")
    assert in_the_way(host.start._replace(argv=[str(other)]), version) == [("program", True)]


@pytest.mark.parametrize(
    "status",
    [dict(f_bfree=2000, f_files=100, f_ffree=100), dict(f_bfree=1 << 20, f_files=1000, f_ffree=3)],
)
def test_a_full_disk(host, monkeypatch, status):
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_frsize=1024, **status))
    assert in_the_way(host.start)[0] == ("disk", True)


def test_a_filesystem_without_a_number_of_files_is_not_full(host, monkeypatch):
    monkeypatch.setattr(
        os, "statvfs", lambda path: SimpleNamespace(f_frsize=1024, f_bfree=1 << 20, f_files=0, f_ffree=0)
    )
    assert in_the_way(host.start) == []


def test_a_missing_module(host, monkeypatch):
    missing = [kernel_modules.Missing("overlay", True, "no"), kernel_modules.Missing("xt_addrtype", False, "no")]
    monkeypatch.setattr(kernel_modules, "missing", lambda names: missing)
    assert in_the_way(host.start) == [("kernel-module", True), ("kernel-module", False)]


def test_no_packet_filter(host, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, path: None if name in ("iptables", "nft") else name)
    assert in_the_way(host.start) == [("packet-filter", True)]
    assert in_the_way(with_settings(host, firewall_backend="nftables")) == [("packet-filter", True)]
    assert in_the_way(with_settings(host, iptables=False)) == []
    assert in_the_way(with_settings(host, bridge="none")) == []


def question(host, **changes):
    return list(start_conditions.problems(host.start._replace(**changes), NOW, lambda program: None, timeout=0.2))


@pytest.mark.parametrize(
    "settings, program, remedy",
    [
        ({}, "iptables", "install iptables"),
        ({"firewall-backend": ""}, "iptables", "install iptables"),
        ({"firewall-backend": "nftables"}, "nft", "install nftables"),
        ({"firewall-backend": "nftables", "iptables": False}, "nft", "install nftables"),
    ],
)
def test_the_packet_filters_program_is_that_of_the_backend(host, monkeypatch, settings, program, remedy):
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, path: None if name == program else which(name, path) or name)
    ((_kind, subject, _certain, message, cure),) = question(host, settings=settings)
    assert (subject, cure) == (program, remedy) and f"there is no program {program}, by which" in message


def test_what_is_said_of_a_program(host):
    other = host.path / "dockerd"
    other.write_text("")
    (silent,) = question(host, argv=[str(other)])
    assert silent.message == f"{other} was exchanged since dockerd was started, and does not say its version"
    (gone,) = question(host, argv=["/nonexistent/dockerd"])
    assert (
        gone.message == "/nonexistent/dockerd is not there, or can't be run" and gone.subject == "/nonexistent/dockerd"
    )
    (unknown,) = question(host, argv=[])
    assert unknown.message == "its program is not there, or can't be run"


def serve(path, answer, backlog=1):
    """A socket that answers one client with these bytes; None keeps it waiting."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(backlog)

    def work():
        client, _address = server.accept()
        client.recv(100)
        if answer is not None:
            client.sendall(answer)
            client.close()
        else:
            threading.Event().wait(1)
            client.close()

    threading.Thread(target=work, daemon=True).start()
    return server


@pytest.mark.parametrize(
    "answer, why",
    [
        (b"\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64", ""),
        (b"HTTP/1.1 400 Bad Request\r\n", "as no containerd does"),
        (b"", "closes the connection"),
        (None, "does not answer within 0.2 s"),
    ],
)
def test_whether_a_containerd_answers(tmp_path, answer, why):
    path = str(tmp_path / "s")
    with serve(path, answer):
        silence = containerd.silence(path, 0.2)
    assert why in silence if why else silence == ""


def test_a_containerd_that_is_stopped(host):
    named = with_settings(host, containerd=str(host.path / "s"))
    assert in_the_way(named) == [("containerd", True)]
    with_scheme = with_settings(host, containerd=f"unix://{host.path}/s")
    assert in_the_way(with_scheme) == [("containerd", True)]


def test_a_containerd_of_dockerds_own_is_not_asked(host):
    (host.path / "no.sock").write_text("")
    assert in_the_way(host.start) == [("containerd", True)]
    assert in_the_way(with_settings(host, features={"embedded-containerd": True})) == []


@pytest.mark.parametrize(
    "text, root",
    [
        ('version = 2\nroot = "/data/c"\n[plugins]\n', "/data/c"),
        ("  root='/x' # y\n", "/x"),
        ('[plugins."a"]\n  root = "/not"\n', containerd.DEFAULT_ROOT),
        ("", containerd.DEFAULT_ROOT),
    ],
)
def test_where_containerd_keeps_its_data(tmp_path, text, root):
    (tmp_path / "c.toml").write_text(text)
    assert containerd.root_of({"containerd": "/s"}, "/var/lib/docker", str(tmp_path / "c.toml")) == root


def test_a_containerd_of_dockerds_own_is_below_the_data_root():
    settings = {"features": {"embedded-containerd": True}}
    assert containerd.root_of(settings, "/var/lib/docker") == "/var/lib/docker/containerd"


@pytest.mark.parametrize(
    "address, root",
    [
        ("/run/containerd/containerd.sock", containerd.DEFAULT_ROOT),
        ("/var/run/containerd/containerd.sock", containerd.DEFAULT_ROOT),
        ("/srv/own.sock", containerd.DEFAULT_ROOT),
        ("/var/run/docker/containerd/containerd.sock", "/srv/docker/containerd"),  # embedded, as 29 showed it
    ],
)
def test_an_engine_says_which_containerd_it_uses(tmp_path, address, root):
    settings = containerd.settings_shown({"Containerd": {"Address": address}})
    assert containerd.root_of(settings, "/srv/docker", str(tmp_path / "none")) == root


@pytest.mark.parametrize("info", [{}, {"Containerd": None}, {"Containerd": {"Address": 7}}, {"Containerd": "x"}])
def test_an_engine_that_doesn_t_say_which_containerd_it_uses(info):
    assert containerd.settings_shown(info) is None


def kernel(root, modules="", dep=None, builtin=None, loaded=(), filesystems="nodev\tproc\n"):
    """A host's /proc, /sys and /lib/modules; modules=None: a kernel that loads none."""
    (root / "proc/net").mkdir(parents=True)
    (root / "proc/filesystems").write_text(filesystems)
    if modules is not None:
        (root / "proc/modules").write_text(modules)
    for name in loaded:
        (root / "sys/module" / name).mkdir(parents=True)
    for name, text in (("modules.dep", dep), ("modules.builtin", builtin)):
        if text is not None:
            (root / "lib/modules/6.1").mkdir(parents=True, exist_ok=True)
            (root / "lib/modules/6.1" / name).write_text(text)


BOTH = ["overlay", "xt_addrtype"]


@pytest.mark.parametrize(
    "state, expected",
    [
        (dict(dep="kernel/fs/overlay.ko.xz:\nkernel/net/netfilter/xt_addrtype.ko: kernel/x.ko\n"), []),
        (dict(dep="", builtin="kernel/fs/overlay.ko\nkernel/net/netfilter/xt_addrtype.ko\n"), []),
        (dict(loaded=BOTH), []),
        (dict(dep="kernel/fs/overlay.ko: kernel/net/xt_addrtype.ko\n"), [("xt_addrtype", True)]),
        (dict(dep=""), [("overlay", True), ("xt_addrtype", True)]),
        (dict(), [("overlay", True), ("xt_addrtype", False)]),  # its directory is gone, and it may be built in
        (dict(filesystems="nodev\toverlay\n", loaded=["xt_addrtype"]), []),
        (dict(modules=None), [("overlay", True)]),
        (dict(modules=None, filesystems="nodev\toverlay\n"), []),
    ],
)
def test_modules_that_cannot_be_loaded(tmp_path, state, expected):
    kernel(tmp_path, **state)
    assert [(one.name, one.certain) for one in kernel_modules.missing(BOTH, "6.1", str(tmp_path))] == expected


def test_a_match_that_iptables_uses_is_there(tmp_path):
    kernel(tmp_path, dep="kernel/fs/overlay.ko:\n")
    (tmp_path / "proc/net/ip_tables_matches").write_text("icmp\naddrtype\n")
    assert kernel_modules.missing(BOTH, "6.1", str(tmp_path)) == []


def test_what_is_needed_depends_on_the_settings():
    assert kernel_modules.needed("overlay2", {}) == BOTH
    assert kernel_modules.needed("vfs", {"iptables": False}) == []
    assert kernel_modules.needed("overlayfs", {"firewall-backend": "nftables"}) == ["overlay"]


def element(tag, value):
    length = bytes([len(value)]) if len(value) < 128 else b"\x82" + len(value).to_bytes(2, "big")
    return bytes([tag]) + length + value


def certificate(begins=b"250101000000Z", ends=b"271231235959Z", tag=0x17, version=True):
    """The DER of what stands around the dates of a certificate."""
    body = element(0xA0, element(2, b"\2")) if version else b""
    body += element(2, b"\1") + element(0x30, b"") + element(0x30, b"\x31" * 150)
    body += element(0x30, element(tag, begins) + element(tag, ends)) + element(0x30, b"")
    return element(0x30, element(0x30, body) + b"rest")


def test_until_when_a_certificate_holds():
    begins, ends = tls_files.parse_validity(certificate())
    assert (begins.year, ends.year, ends.second) == (2025, 2027, 59)
    assert tls_files.parse_validity(certificate(b"19990101000000Z", b"20501231235959Z", 0x18, False))[1].year == 2050
    assert tls_files.parse_validity(certificate(b"990101000000Z"))[0].year == 1999


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        certificate()[:40],
        certificate(b"\xff" * 13),
        certificate(tag=0x16),
        b"\x30\x84\xff\xff\xff\xff",
    ],
)
def test_what_is_no_certificate_is_refused(der):
    with pytest.raises(ValueError):
        tls_files.parse_validity(der)


def pem(path, der):
    text = base64.encodebytes(der).decode()
    path.write_text(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
    return str(path)


def test_certificates_that_cannot_be_loaded_are_in_the_way(host):
    cert, key = pem(host.path / "cert.pem", certificate()), str(host.path / "key.pem")
    settings = dict(tls=True, tlscert=cert, tlskey=key)
    assert in_the_way(with_settings(host, **settings)) == [("certificate", True)]  # no key
    (host.path / "key.pem").write_text("no key")
    assert in_the_way(with_settings(host, **settings)) == [("certificate", True)]
    assert in_the_way(with_settings(host, tls=False, tlscert=cert, tlskey=key)) == []
    assert in_the_way(with_settings(host, tlsverify=False, tlscert=cert, tlskey=key)) == [("certificate", True)]


@pytest.mark.parametrize(
    "dates, message",
    [
        ((b"250101000000Z", b"260101000000Z"), "has expired on 2026-01-01"),
        ((b"270101000000Z",), "holds only from 2027-01-01"),
    ],
)
def test_a_certificate_that_clients_refuse_is_a_doubt(host, monkeypatch, dates, message):
    monkeypatch.setattr(tls_files, "_load_pair", lambda certificate_, key: [])
    settings = dict(tls=True, tlscert=pem(host.path / "cert.pem", certificate(*dates)), tlskey="key")
    (fault,) = start_conditions.problems(with_settings(host, **settings), NOW, None)
    assert (fault.kind, fault.certain) == ("certificate", False)
    assert message in fault.message


def test_authorities_that_cannot_be_read_are_in_the_way(host, monkeypatch):
    monkeypatch.setattr(tls_files, "_load_pair", lambda certificate_, key: [])
    (host.path / "ca.pem").write_text("none")
    settings = dict(tlsverify=True, tlscert="c", tlskey="k", tlscacert=str(host.path / "ca.pem"))
    assert in_the_way(with_settings(host, **settings)) == [("certificate", True)]
