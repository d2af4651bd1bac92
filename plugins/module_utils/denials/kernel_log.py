# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the kernel's messages since the boot: its ring, or the journal that keeps more of it. I/O only.

Anyone who may write to /dev/kmsg can add messages, but none of the kernel's facility (kernel: kernel/printk/printk.c,
devkmsg_write): only those count.
"""

import errno
import os
import re
import subprocess
from typing import IO, Iterable, Iterator, List, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import foreign_json

KMSG = "/dev/kmsg"
_RECORD_LIMIT = 8192
_ENTRIES = 1000000
_LINE = 64 * 1024
_TOTAL = 256 * 1024 * 1024
# The first message of each boot, and what audit says where it left some out (kernel: lib/ratelimit.c).
_FIRST = b"Linux version "
_LEFT_OUT = re.compile(
    rb"kauditd_printk_skb: [0-9]+ callbacks suppressed|audit: (?:audit_lost=|backlog limit exceeded)"
)
_NUMBER = re.compile(rb"[0-9]{1,20}\Z")
_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")
_JOURNAL = (
    "journalctl",
    "--quiet",
    "--no-pager",
    "--boot",
    "--output=json",
    "--output-fields=MESSAGE",
    "_TRANSPORT=kernel",
    "SYSLOG_FACILITY=0",
)


class Ring(NamedTuple):
    """lines: messages about audit; whole: they are all since the boot; left_out: the kernel says that it left some out.

    reason: why there are none, "" otherwise.
    """

    lines: List[bytes]
    whole: bool
    left_out: bool
    source: str
    reason: str = ""


def read_messages(path: str = KMSG, journal: Tuple[str, ...] = _JOURNAL) -> Ring:
    """Read the ring, or the journal where the ring has lost the beginning and the journal has it. Never raises."""
    ring = _kmsg(path)
    if ring.whole:
        return ring
    kept = _journal(journal)
    return kept if kept.whole or ring.reason else ring


def parse_record(record: bytes) -> Optional[Tuple[int, bytes]]:
    """Parse (number, text) of a record of /dev/kmsg that is the kernel's own; None of another's. Pure.

    kernel: Documentation/ABI/testing/dev-kmsg
    """
    prefix, semicolon, text = record.partition(b";")
    fields = prefix.split(b",")
    if not semicolon or len(fields) < 3 or not all(map(_NUMBER.match, fields[:2])) or int(fields[0]) >> 3:
        return None
    text = text.partition(b"\n")[0]
    return int(fields[1]), _ESCAPED.sub(lambda match: bytes(bytearray((int(match.group(1), 16),))), text)


def select_audit(messages: Iterable[bytes]) -> Tuple[List[bytes], bool]:
    """Select (the messages of audit, whether some were dropped). Pure."""
    lines, left_out = [], False
    for text in messages:
        if _LEFT_OUT.match(text):
            left_out = True
        elif text.startswith(b"audit: "):
            lines.append(text)
    return lines, left_out


def _kmsg(path: str) -> Ring:
    numbers: List[int] = []
    lost: List[bool] = []

    def messages() -> Iterator[bytes]:
        for record in _records(path, lost):
            known = parse_record(record)
            if known:
                if not numbers:
                    numbers.append(known[0])
                yield known[1]
            elif not numbers:
                numbers.append(1)  # someone else's was the oldest: the kernel's first is gone

    try:
        lines, left_out = select_audit(messages())
    except OSError as error:
        return Ring([], False, False, path, f"{path}: {error.strerror}")
    return Ring(lines, numbers[:1] == [0] and not lost, left_out, "the kernel's ring")


def _records(path: str, lost: List[bool]) -> Iterator[bytes]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        for _count in range(_ENTRIES):
            try:
                record = os.read(descriptor, _RECORD_LIMIT)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.EPIPE:
                    raise
                lost.append(True)  # overwritten while it was read: the next one is the oldest that is left
                continue
            if not record:
                return
            yield record
        lost.append(True)
    finally:
        os.close(descriptor)


def _journal(command: Tuple[str, ...]) -> Ring:
    first: List[bool] = []

    def messages(stream: IO[bytes]) -> Iterator[bytes]:
        total = 0
        while total < _TOTAL:
            line = stream.readline(_LINE)
            total += len(line)
            if not line:
                return
            text = _entry(line)
            if not first:
                first.append(text.startswith(_FIRST))
            yield text
        first[:] = [False]

    try:
        with subprocess.Popen(  # pylint: disable=ansible-bad-function
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            try:
                lines, left_out = select_audit(messages(process.stdout)) if process.stdout else ([], False)
            finally:
                process.kill()  # has ended by itself, but for one that said too much
    except OSError as error:
        return Ring([], False, False, "the journal", f"journalctl: {error.strerror}")
    return Ring(lines, first[:1] == [True], left_out, "the journal")


def _entry(line: bytes) -> bytes:
    """Read a journal entry's text: a string, or numbers of bytes where it is not printable."""
    try:
        text = foreign_json.decode(line)["MESSAGE"]
        return text.encode("utf-8") if isinstance(text, str) else bytes(bytearray(text))
    except (ValueError, LookupError, TypeError):
        return b""
