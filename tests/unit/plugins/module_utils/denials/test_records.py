# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was denied is read from the audit's log and the kernel's ring, and what may be missing is said."""

import json
import sys

import pytest

from ansible_collections.containment.docker.plugins.module_utils.denials import audit_log, kernel_log, records

AVC = (
    'audit(%s:%d): avc:  denied  { read } for  pid=1 comm="cat" name="x" dev="vda" ino=%d scontext=u:r:container_t:s0:c1,c2'
    " tcontext=u:r:default_t:s0 tclass=file permissive=1"
)
BOOT, NOW = 1000.0, 5000.0
RING = kernel_log.Ring([], True, False, "the kernel's ring")


def line(time, serial=1, kind="AVC"):
    return "type=%s msg=%s\n" % (kind, AVC % ("%.3f" % time, serial, serial))


class Host:
    """A stand-in for `/`."""

    def __init__(self, path):
        self.path = path
        self.write("proc/stat", "cpu 1 2 3\nbtime %d\n" % BOOT)
        self.write("proc/cmdline", "root=/dev/vda ro\n")

    def write(self, name, text):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def auditd(self):
        self.write("run/auditd.pid", "77\n")
        self.write("proc/77/comm", "auditd\n")

    def read(self, since=BOOT, ring=RING, ready=0.0):
        return records.read_denials(since, lambda denial: True, str(self.path), lambda: ring, lambda: ready)


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


LOG = "var/log/audit/audit.log"


def serials(read):
    return sorted(group.like.stamp.serial for group in read.groups)


def test_auditds_log_and_its_rotated_files(host):
    host.auditd()
    host.write(LOG, line(3000, 3) + line(4000, 4))
    host.write(LOG + ".1", line(1500, 2))
    host.write(LOG + ".2", line(900, 1))
    read = host.read()
    assert serials(read) == [2, 3, 4] and read.reason == ""
    assert "audit.log" in read.source


def test_a_log_that_does_not_reach_back_is_not_enough(host):
    host.auditd()
    host.write(LOG, line(3000, 3))
    assert "does not reach back" in host.read().reason
    assert host.read(since=3000.0).reason == ""


def test_auditd_that_is_new_since_the_boot_is_completed_by_the_ring(host):
    host.auditd()
    host.write(LOG, line(3000, 1, "DAEMON_START") + line(3001, 2))
    ring = RING._replace(lines=[b"audit: type=1400 " + (AVC % ("1001.000", 9, 9)).encode()])
    read = host.read(ring=ring)
    assert serials(read) == [2, 9] and read.reason == ""
    assert host.read(ring=ring._replace(whole=False)).reason
    assert "so early" in host.read(since=500.0, ring=ring).reason


def test_before_auditd_and_docker_were_started_there_was_no_container(host):
    host.auditd()
    host.write(LOG, line(1010, 1, "DAEMON_START") + line(1001, 2))
    lossy = RING._replace(left_out=True)
    assert host.read(ring=lossy, ready=9.5).reason == ""
    assert host.read(ring=lossy, ready=8.5).reason
    assert host.read(ring=lossy, ready=0.0).reason
    host.write(LOG, line(1010, 1) + line(1011, 2))  # no start: older ones were rotated away
    assert "reach back" in host.read(ring=lossy, ready=10.5).reason


def test_a_file_that_is_only_just_new_does_not_hide_the_older_ones(host):
    host.auditd()
    host.write(LOG, "")
    host.write(LOG + ".1", line(2000, 2))
    host.write(LOG + ".2", line(900, 1))
    assert serials(host.read()) == [2]


def test_auditd_without_a_log_is_said(host):
    host.auditd()
    assert "auditd runs" in host.read().reason


def test_the_log_is_where_auditd_is_told_to_have_it(host):
    host.auditd()
    host.write("etc/audit/auditd.conf", "# log_file = /no\nlog_file = /srv/audit.log\n")
    host.write("srv/audit.log", line(900, 1) + line(1500, 2))
    assert serials(host.read()) == [2]


def test_another_process_with_that_number_is_not_auditd(host):
    host.auditd()
    host.write("proc/77/comm", "sshd\n")
    assert not audit_log.is_running(str(host.path))


def test_without_auditd_the_ring_tells(host):
    ring = RING._replace(lines=[b"audit: type=1400 " + (AVC % ("1001.000", 9, 9)).encode(), b"audit: type=1403 x"])
    read = host.read(ring=ring)
    assert serials(read) == [9] and read.reason == "" and read.source == "the kernel's ring"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"whole": False}, "has lost"),
        ({"left_out": True}, "left some of its messages out"),
        ({"whole": False, "reason": "/dev/kmsg: Permission denied"}, "Permission denied"),
    ],
)
def test_a_ring_that_lacks_some_is_not_enough(host, changes, reason):
    assert reason in host.read(ring=RING._replace(**changes)).reason


def test_before_the_boot_only_a_log_can_tell(host):
    assert "since the boot" in host.read(since=500.0).reason


def test_audit_switched_off_is_said(host):
    host.write("proc/cmdline", "ro audit=0\n")
    assert "audit=0" in host.read().reason


def test_what_is_not_understood_or_left_out_is_said(host):
    host.auditd()
    host.write(LOG, line(900, 1) + line(1500, 2).replace(" tclass=file", ""))
    assert "could not be understood" in host.read().reason


@pytest.mark.parametrize(
    ("text", "seconds"), [("boot", BOOT), ("1970-01-01T01:00:00Z", 3600.0), ("1234", 1234.0), ("1234.5", 1234.5)]
)
def test_since(host, text, seconds):
    assert records.parse_since(text, NOW, str(host.path)) == seconds


@pytest.mark.parametrize(
    "text", ["", "yesterday", "-1", "nan", "inf", "9999", "1970-01-01 01:00:00", "2970-01-01T01:00:00Z"]
)
def test_a_time_that_is_none_or_to_come_is_refused(host, text):
    with pytest.raises(ValueError):
        records.parse_since(text, NOW, str(host.path))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (b"5,12,9876,-;audit: type=1400 x\n SUBSYSTEM=x\n", (12, b"audit: type=1400 x")),
        (b"6,0,0,-;Linux version 6\n", (0, b"Linux version 6")),
        (b"5,12,9876,-,caller=T1;a\\x5cb\\x0a\n", (12, b"a\\b\n")),
        (b"12,12,9876,-;audit: type=1400 x\n", None),  # facility 1: a process wrote it
        (b"13,1,1,-;audit: type=1400 x\n", None),
        (b"nonsense", None),
        (b"5,x,1,-;y", None),
    ],
)
def test_records_of_the_ring(record, expected):
    assert kernel_log.parse_record(record) == expected


def test_what_the_kernel_left_out_is_seen():
    lines, left_out = kernel_log.select_audit([b"audit: type=1400 x", b"usb: y"])
    assert (lines, left_out) == ([b"audit: type=1400 x"], False)
    for text in (b"kauditd_printk_skb: 12 callbacks suppressed", b"audit: audit_lost=3 audit_rate_limit=0"):
        assert kernel_log.select_audit([text])[1]


def journal(*entries):
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    return (sys.executable, "-c", "import sys; sys.stdout.write(%r)" % text)


def test_the_journal_where_the_ring_is_not_whole(tmp_path):
    ring = tmp_path / "kmsg"  # a plain file gives all at once, as one record
    ring.write_bytes(b"5,900,1,-;audit: type=1400 late\n")
    kept = journal(
        {"MESSAGE": "Linux version 6"}, {"MESSAGE": "audit: type=1400 early"}, {"MESSAGE": [97, 10]}, {"X": 1}
    )
    read = kernel_log.read_messages(str(ring), kept)
    assert read.whole and read.source == "the journal" and read.lines == [b"audit: type=1400 early"]


def test_a_journal_without_the_boots_beginning_does_not_replace_the_ring(tmp_path):
    ring = tmp_path / "kmsg"
    ring.write_bytes(b"5,900,1,-;audit: type=1400 late\n")
    read = kernel_log.read_messages(str(ring), journal({"MESSAGE": "audit: type=1400 middle"}))
    assert not read.whole and read.lines == [b"audit: type=1400 late"]


def test_a_whole_ring_needs_no_journal(tmp_path):
    ring = tmp_path / "kmsg"
    ring.write_bytes(b"5,0,1,-;Linux version 6\n")
    assert kernel_log.read_messages(str(ring), ("/nonexistent",)).whole


def test_neither_is_a_reason(tmp_path):
    read = kernel_log.read_messages(str(tmp_path / "none"), ("/nonexistent/journalctl",))
    assert not read.whole and read.reason
