# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Denials that are alike are counted together, named by their event, and bounded."""

from ansible_collections.containment.docker.plugins.module_utils.denials import avc, groups


def record(
    serial=1,
    time="1000.000",
    pid=7,
    wanted="read",
    name="secret",
    ino=5,
    path="",
    domain="container_t:s0:c1,c2",
    target="default_t:s0",
    permissive=1,
):
    named = 'path="%s"' % path if path else 'name="%s"' % name
    text = (
        'audit(%s:%d): avc:  denied  { %s } for  pid=%d comm="cat" %s dev="vda" ino=%d scontext=u:r:%s tcontext=u:r:%s'
        " tclass=file permissive=%d"
    )
    return "AVC", (text % (time, serial, wanted, pid, named, ino, domain, target, permissive)).encode("ascii")


def path_record(serial=1, time="1000.000", name="/data/secret", ino=5):
    return "PATH", ('audit(%s:%d): item=0 name="%s" inode=%d nametype=NORMAL' % (time, serial, name, ino)).encode()


def group(*records, since=0.0, chosen=lambda denial: True):
    return groups.group_denials(records, since, chosen)


def test_equal_ones_are_one_with_a_count_and_both_times():
    (one,) = group(record(1, "1000.000", pid=7), record(2, "900.500", pid=8, wanted="write")).groups
    assert (one.count, one.first, one.last) == (2, 900.5, 1000.0)
    assert one.wanted == ("read", "write") and one.pids == (7, 8)


def test_the_same_record_from_two_sources_counts_once():
    (one,) = group(record(), record()).groups
    assert one.count == 1


def test_other_files_processes_and_ports_are_others():
    assert (
        len(group(record(1), record(2, ino=6), record(3, name="x"), record(4, domain="container_t:s0:c3,c4")).groups)
        == 4
    )


def test_held_back_once_is_held_back():
    (one,) = group(record(1, permissive=1), record(2, permissive=0)).groups
    assert one.like.permissive is False


def test_before_the_time_nothing_counts():
    assert [g.first for g in group(record(1, "999.999"), record(2, "1000.000", ino=9), since=1000.0).groups] == [1000.0]


def test_only_the_chosen():
    result = group(record(1), record(2, domain="sshd_t:s0"), chosen=lambda denial: "container_t" in denial.source)
    assert [g.like.source for g in result.groups] == ["u:r:container_t:s0:c1,c2"]


def test_the_events_path_with_the_same_inode_names_it():
    (one,) = group(record(1), path_record(1, name="/etc", ino=4), path_record(1), path_record(2, name="/other")).groups
    assert one.like.path == "/data/secret"


def test_a_path_of_another_moment_with_that_number_does_not():
    (one,) = group(record(1), path_record(1, time="1001.000")).groups
    assert one.like.path == ""


def test_the_denials_own_path_stays():
    (one,) = group(record(path="/real"), path_record(name="/forged")).groups
    assert one.like.path == "/real"


def test_what_can_not_be_understood_is_counted():
    result = group(("AVC", b"audit(1000.000:1): avc:  denied  nonsense"), ("SYSCALL", b"audit(1.000:1): x"), record())
    assert result.foreign == 1 and len(result.groups) == 1


def test_kinds_are_bounded_and_what_is_left_out_is_counted():
    many = [record(number, ino=number) for number in range(1, groups.GROUPS + 11)]
    result = group(*many)
    assert len(result.groups) == groups.GROUPS and result.left_out == 10


def test_unfinished_events_are_bounded():
    many = [record(number, ino=number) for number in range(1, 400)]
    result = group(*(many + [path_record(1, ino=1), path_record(399, ino=399, name="/late")]))
    assert [g.like.path for g in result.groups if g.like.path] == ["/late"]
    assert isinstance(result.groups[0].like, avc.Avc)
