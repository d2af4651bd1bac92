# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A directory stands in for selinuxfs: a regular file gives, behind the question that was written, what it had there."""

import errno
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import access
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Unanswered, decide

WEB = "system_u:system_r:container_t:s0:c12,c345"
FILE = "system_u:object_r:container_file_t:s0:c12,c345"
PERMISSIONS = {"getattr": 4, "open": 18, "read": 2, "write": 3, "execmod": 32}


@pytest.fixture
def root(tmp_path):
    access._index.cache_clear()
    access._permissions.cache_clear()
    perms = tmp_path / "sys/fs/selinux/class/file/perms"
    perms.mkdir(parents=True)
    (perms.parent / "index").write_text("6")
    for name, number in PERMISSIONS.items():
        (perms / name).write_text(str(number))
    answers(tmp_path, WEB, FILE, b"ffffffff ffffffff 0 fffffffd 42 0")
    return tmp_path


def answers(root, source, target, answer):
    question = ("%s %s 6" % (source, target)).encode()
    (root / "sys/fs/selinux/access").write_bytes(b"?" * len(question) + answer)
    return question


def ask(root, *permissions, source=WEB, target=FILE, tclass="file"):
    return decide(source, target, tclass, permissions or tuple(PERMISSIONS), str(root))


def test_the_question_is_one_line_as_the_kernel_wants_it(root):
    ask(root)
    written = (root / "sys/fs/selinux/access").read_bytes()
    assert written.startswith(
        b"system_u:system_r:container_t:s0:c12,c345 system_u:object_r:container_file_t:s0:c12,c345 6ffff"
    )


@pytest.mark.parametrize(
    "allowed, flags, wanted",
    [
        (0xFFFFFFFF, 0, ((), False)),
        (0, 0, (tuple(PERMISSIONS), False)),
        (1 << 3 | 1 << 17 | 1 << 1, 0, (("write", "execmod"), False)),
        (1 << 31, 0, (("getattr", "open", "read", "write"), False)),
        (0, 1, (tuple(PERMISSIONS), True)),  # a permissive domain
        (0, 2, (tuple(PERMISSIONS), False)),
    ],
)
def test_decision(root, allowed, flags, wanted):
    answers(root, WEB, FILE, b"%x ffffffff 0 fffffffd 42 %x" % (allowed, flags))
    assert ask(root)[:2] == wanted


@pytest.mark.parametrize(
    "allowed, auditdeny, wanted",
    [
        (0, 0xFFFFFFFF, ()),
        (0, 0xFFFFFFFF & ~(1 << 1 | 1 << 17), ("open", "read")),
        (1 << 1, 0xFFFFFFFF & ~(1 << 1 | 1 << 17), ("open",)),  # what is allowed is not hidden
        (0xFFFFFFFF, 0, ()),
    ],
)
def test_what_a_dontaudit_rule_hides(root, allowed, auditdeny, wanted):
    answers(root, WEB, FILE, b"%x ffffffff 0 %x 42 0" % (allowed, auditdeny))
    assert ask(root).silent == wanted


@pytest.mark.parametrize(
    "context",
    [
        "",
        "kernel",
        "docker-default (enforce)",
        "a:b:c:s0 d:e:f:s0",
        "a:b:c:s0\n",
        "a:b:c\0:s0",
        "a:b:c:s0\td:e:f",
        "a:b:ć:s0",
        "a:b:" + "c" * 600,
    ],
)
def test_a_hostile_context_is_never_asked(root, context):
    before = (root / "sys/fs/selinux/access").read_bytes()
    for ends in ({"source": context}, {"target": context}):
        with pytest.raises(Unanswered, match="is no SELinux context"):
            ask(root, **ends)
    assert (root / "sys/fs/selinux/access").read_bytes() == before
    with pytest.raises(ValueError, match="is no SELinux context"):
        access.parse_context(context)


def test_fields():
    assert access.parse_context(WEB) == ("system_u", "system_r", "container_t", "s0:c12,c345")
    assert access.parse_context("u:r:web.process:s0-s0:c0.c1023").level == "s0-s0:c0.c1023"
    assert access.parse_context("u:r:t").level == ""


@pytest.mark.parametrize(
    "arguments, reason",
    [
        ({"tclass": "nosuch"}, "no class nosuch"),
        ({"tclass": "../file"}, "is no class"),
    ],
)
def test_unknown_classes(root, arguments, reason):
    with pytest.raises(Unanswered, match=reason):
        ask(root, **arguments)


def test_unknown_permission(root):
    with pytest.raises(Unanswered, match="no permission frobnicate, twist for the class file"):
        ask(root, "read", "frobnicate", "twist")


def test_no_policy(tmp_path):
    with pytest.raises(Unanswered, match="no SELinux policy is loaded"):
        ask(tmp_path)


@pytest.mark.parametrize(
    "answer", [b"", b"ffffffff", b"x y z", b"ffffffff ffffffff 0 fffffffd 42 0 1", b"1ffffffff 0 0 0 1 0"]
)
def test_an_answer_that_is_none(root, answer):
    answers(root, WEB, FILE, answer)
    with pytest.raises(Unanswered, match="none of its answers"):
        ask(root)


@pytest.mark.parametrize("number", ["0", "-1", "x", "65536"])
def test_a_number_that_numbers_nothing(root, number):
    (root / "sys/fs/selinux/class/file/index").write_text(number)
    with pytest.raises(Unanswered, match="index"):
        ask(root)


@pytest.mark.parametrize(
    "code, reason", [(errno.EINVAL, "doesn't know one of the contexts"), (errno.EACCES, "Permission denied")]
)
def test_what_the_kernel_refuses_is_said_and_leaves_nothing_open(root, nothing_stays_open, monkeypatch, code, reason):
    def refuse(descriptor, data):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(access.os, "write", refuse)
    with pytest.raises(Unanswered, match=reason):
        ask(root)


def test_each_question_is_an_open_file_of_its_own(root, monkeypatch):
    opened, real = [], os.open
    monkeypatch.setattr(access.os, "open", lambda path, *rest, **more: opened.append(path) or real(path, *rest, **more))
    ask(root)
    answers(root, WEB, FILE, b"ffffffff ffffffff 0 fffffffd 42 0")
    ask(root)
    assert [path for path in opened if path.endswith("/access")] == [str(root / "sys/fs/selinux/access")] * 2
    assert len([path for path in opened if path.endswith("/index")]) == 1
