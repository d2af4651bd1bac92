# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Denials are read as the kernel writes them, and nothing that a container chose can look like another word."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.denials import avc

WEB = "system_u:system_r:container_t:s0:c12,c345"
HOME = "unconfined_u:object_r:user_home_t:s0"
READ = (
    b'audit(1785556800.125:421): avc:  denied  { read open } for  pid=2214 comm="cat" name="index.html" dev="vda1"'
    b" ino=262201 scontext=" + WEB.encode() + b" tcontext=" + HOME.encode() + b" tclass=file permissive=1"
)


def changed(old, new, record=READ):
    assert old in record
    return record.replace(old, new)


def test_a_denial_is_read_whole():
    denial = avc.parse_denial(READ)
    assert denial == avc.Avc(
        stamp=avc.Stamp(1785556800.125, 421),
        pid=2214,
        program="cat",
        path="",
        name="index.html",
        device="vda1",
        ino=262201,
        port=0,
        wanted=("read", "open"),
        source=WEB,
        target=HOME,
        tclass="file",
        permissive=True,
    )


def test_held_back_is_not_let_through():
    assert avc.parse_denial(changed(b"permissive=1", b"permissive=0")).permissive is False
    assert avc.parse_denial(changed(b" permissive=1", b"")).permissive is False


def test_what_was_granted_is_no_denial():
    assert avc.parse_denial(changed(b"avc:  denied  { read open }", b"avc:  granted  { read open }")) is None


@pytest.mark.parametrize(
    "name", ["a b", 'say "no"', "\n", "x permissive=0", "zzz=1 scontext=u:r:evil_t:s0", "ä", "\udcff"]
)
def test_hexadecimal_names_are_one_word_whatever_they_contain(name):
    data = name.encode("utf-8", "surrogateescape")
    written = "".join("%02X" % byte for byte in bytearray(data)).encode("ascii")
    denial = avc.parse_denial(changed(b'name="index.html"', b"name=" + written))
    assert denial.name == name
    assert denial.source == WEB and denial.permissive is True


def test_a_quoted_name_that_is_all_digits_is_not_decoded():
    assert avc.parse_denial(changed(b'comm="cat"', b'comm="4142"')).program == "4142"


@pytest.mark.parametrize(
    "record",
    [
        changed(b'name="index.html"', b"name=index.html"),  # the kernel quotes, or writes upper-case digits
        changed(b'name="index.html"', b'name="a b"'),
        changed(b"{ read open }", b"{ read; open }"),
        changed(b"{ read open }", b"{  }"),
        changed(WEB.encode(), b"no-context"),
        changed(b" tclass=file", b""),
        changed(b"tclass=file", b"tclass=file/x"),
        changed(b"audit(1785556800.125:421)", b"audit(x)"),
        READ[:120],  # as the ring cuts a line that is too long
        b"",
    ],
)
def test_what_the_kernel_does_not_write_is_refused(record):
    with pytest.raises(avc.Foreign):
        avc.parse_denial(record)


def test_the_first_of_equal_words_counts():
    assert avc.parse_denial(READ + b" scontext=u:r:other_t:s0").source == WEB


@pytest.mark.parametrize(("word", "port"), [(b"dest=5432", 5432), (b"src=80", 80), (b"lport=1", 0)])
def test_ports(word, port):
    record = changed(b'name="index.html" dev="vda1" ino=262201', word)
    assert avc.parse_denial(changed(b"tclass=file", b"tclass=tcp_socket", record)).port == port


def test_a_capability_has_two_spaces_before_the_contexts():
    record = changed(b'name="index.html" dev="vda1" ino=262201 ', b"capability=21  ")
    assert avc.parse_denial(changed(b"tclass=file", b"tclass=capability", record)).wanted == ("read", "open")


def test_lines_of_auditd():
    assert avc.parse_log_line(b"type=AVC msg=" + READ + b"\n") == ("AVC", READ)
    assert avc.parse_log_line(b"node=web1 type=AVC msg=" + READ + b"\n") == ("AVC", READ)
    assert avc.parse_log_line(b"type=AVC msg=" + READ + b"\x1dUID=x tclass=dir\n") == ("AVC", READ)
    assert avc.parse_log_line(b" type=AVC msg=" + READ) is None
    assert avc.parse_log_line(b"type=AVC msg=" + READ + b" " * avc.LINE_LIMIT) is None


def test_a_message_of_a_user_is_no_denial_of_the_kernel():
    line = b"type=USER_AVC msg=audit(1785556800.125:421): pid=1 uid=0 msg='type=AVC msg=" + READ + b"'"
    assert avc.parse_log_line(line)[0] == "USER_AVC"


def test_lines_of_the_ring():
    assert avc.parse_ring_line(b"audit: type=1400 " + READ) == READ
    assert avc.parse_ring_line(b"audit: type=1107 " + READ) is None
    assert avc.parse_ring_line(b"x audit: type=1400 " + READ) is None


def test_paths():
    start = b"audit(1785556800.125:421): item=0 name="
    rest = b" inode=262201 dev=fe:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 obj=u:r:t:s0 nametype=NORMAL cap_fver=0"
    assert avc.parse_path(start + b'"/data/x"' + rest) == avc.Path(avc.Stamp(1785556800.125, 421), "/data/x", 262201)
    assert avc.parse_path(start + b"2F6120" + rest).name == "/a "
    assert avc.parse_path(start + b"(null)" + rest) is None
    assert avc.parse_path(start + b'"/data"' + rest.replace(b"NORMAL", b"PARENT")) is None
    assert avc.parse_path(start + b"/data" + rest) is None


# As auditd 4.0 wrote them on Debian 13 (Linux 6.12) of a container with an unlabelled bind mount, in permissive mode.
REAL = """\
type=AVC msg=audit(1795331435.959:240): avc:  denied  { open } for  pid=2506 comm="cat" path="/data/secret" dev="vda" ino=11857 scontext=system_u:system_r:container_t:s0:c396,c559 tcontext=unconfined_u:object_r:var_t:s0 tclass=file permissive=1
type=AVC msg=audit(1795331436.103:241): avc:  denied  { write } for  pid=2480 comm="sh" name="web" dev="vda" ino=277 scontext=system_u:system_r:container_t:s0:c396,c559 tcontext=unconfined_u:object_r:var_t:s0 tclass=dir permissive=1
type=AVC msg=audit(1795331436.103:241): avc:  denied  { add_name } for  pid=2480 comm="sh" name="new" scontext=system_u:system_r:container_t:s0:c396,c559 tcontext=unconfined_u:object_r:var_t:s0 tclass=dir permissive=1
type=AVC msg=audit(1795331436.103:241): avc:  denied  { create } for  pid=2480 comm="sh" name="new" scontext=system_u:system_r:container_t:s0:c396,c559 tcontext=system_u:object_r:var_t:s0:c396,c559 tclass=file permissive=1
"""  # noqa: E501
REAL_PATH = (
    b"type=PATH msg=audit(1795331436.103:241): item=3 name=(null) inode=12186 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00"
    b" obj=system_u:object_r:var_t:s0:c396,c559 nametype=CREATE cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
    b'\x1dOUID="root" OGID="root"\n'
)


def test_real_lines():
    denials = [avc.parse_denial(avc.parse_log_line(line)[1]) for line in REAL.encode("ascii").splitlines(True)]
    assert [(denial.wanted, denial.path or denial.name, denial.ino) for denial in denials] == [
        (("open",), "/data/secret", 11857),
        (("write",), "web", 277),
        (("add_name",), "new", 0),
        (("create",), "new", 0),
    ]
    assert {denial.source for denial in denials} == {"system_u:system_r:container_t:s0:c396,c559"}
    assert denials[3].target == "system_u:object_r:var_t:s0:c396,c559"
    assert avc.parse_path(avc.parse_log_line(REAL_PATH)[1]) is None  # the kernel had no name for it
