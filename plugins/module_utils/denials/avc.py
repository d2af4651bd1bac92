# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse SELinux's denials from the records of the kernel's audit. Pure.

A container chooses program names, file names and paths in them. The kernel writes each as "plain" or, where it has
anything but printable ASCII without spaces and quotes, as hexadecimal digits (kernel: kernel/audit.c,
audit_log_untrustedstring), so that words can be told apart for certain. What looks otherwise is refused.
"""

import re
from typing import Dict, Mapping, NamedTuple, Optional, Tuple

# kernel: security/selinux/avc.c, avc_audit_pre_callback and avc_audit_post_callback
_STAMP = re.compile(rb"audit\(([0-9]{1,12})\.([0-9]{3}):([0-9]{1,20})\): ?")
_DENIED = re.compile(rb"avc: +denied +\{ ([a-z0-9_]+(?: [a-z0-9_]+)*) \} for +(.*)\Z", re.DOTALL)
_WORD = re.compile(rb'([a-z_]+)=("[^" ]*"|[^" ]*)(?: +|\Z)')
_HEX = re.compile(rb"(?:[0-9A-F]{2})+\Z")
_CONTEXT = re.compile(r"[\w.-]+:[\w.-]+:[\w.-]+(?::[\w.,:-]+)?\Z", re.ASCII)
_CLASS = re.compile(r"[a-z0-9_]+\Z")
_NUMBER = re.compile(rb"[0-9]{1,20}\Z")
_LOG_LINE = re.compile(rb"(?:node=[^ ]+ )?type=([A-Z0-9_]+) msg=")
_RING_LINE = re.compile(rb"audit: type=1400 ")
# Behind it auditd puts what the numbers before it mean (log_format = ENRICHED).
_ENRICHED = b"\x1d"
LINE_LIMIT = 16 * 1024  # kernel: MAX_AUDIT_MESSAGE_LENGTH is 8970


class Stamp(NamedTuple):
    """When an event was, in seconds since the epoch, and its number, which all of its records have."""

    time: float
    serial: int


class Avc(NamedTuple):
    """One denial. Text is as the container chose it: show it inert.

    pid: 0 where it is not said; path: in the eyes of the process; name: of the last component only; ino: 0 for none;
    port: 0 for none; source, target: security contexts; permissive: whether it was let through nevertheless.
    """

    stamp: Stamp
    pid: int
    program: str
    path: str
    name: str
    device: str
    ino: int
    port: int
    wanted: Tuple[str, ...]
    source: str
    target: str
    tclass: str
    permissive: bool


class Path(NamedTuple):
    """A path that an event's process named. ino: 0 where it has none."""

    stamp: Stamp
    name: str
    ino: int


class Foreign(Exception):
    """A record that claims to be a denial and isn't as the kernel writes them."""


def parse_log_line(line: bytes) -> Optional[Tuple[str, bytes]]:
    """Split a line of auditd's log into (type, the rest from `audit(` on); None for what is no such line."""
    match = _LOG_LINE.match(line)
    if not match or len(line) > LINE_LIMIT:
        return None
    return match.group(1).decode("ascii"), line[match.end() :].partition(_ENRICHED)[0].rstrip(b"\n")


def parse_ring_line(line: bytes) -> Optional[bytes]:
    """Take the rest from `audit(` on of a denial in the kernel's ring; None for other lines."""
    match = _RING_LINE.match(line)
    return line[match.end() :] if match and len(line) <= LINE_LIMIT else None


def parse_stamp(record: bytes) -> Optional[Stamp]:
    """Parse the Stamp that a record begins with; None without one."""
    match = _STAMP.match(record)
    if not match:
        return None
    return Stamp(int(match.group(1)) + int(match.group(2)) / 1000.0, int(match.group(3)))


def parse_denial(record: bytes) -> Optional[Avc]:
    """Parse a record of type AVC (from `audit(` on); None for what was granted. Raises Foreign."""
    when, rest = parse_stamp(record), _STAMP.sub(b"", record, 1)
    if when is None:
        raise Foreign("no time")
    if re.match(rb"avc: +granted ", rest):
        return None
    match = _DENIED.match(rest)
    if not match:
        raise Foreign("neither denied nor granted")
    words = _words(match.group(2))
    source, target, tclass = (_plain(words, key) for key in ("scontext", "tcontext", "tclass"))
    if not _CONTEXT.match(source) or not _CONTEXT.match(target) or not _CLASS.match(tclass):
        raise Foreign("no context")
    return Avc(
        stamp=when,
        pid=_number(words, "pid"),
        program=_text(words, "comm"),
        path=_text(words, "path"),
        name=_text(words, "name"),
        device=_text(words, "dev"),
        ino=_number(words, "ino"),
        port=_number(words, "dest") or _number(words, "src"),
        wanted=tuple(match.group(1).decode("ascii").split(" ")),
        source=source,
        target=target,
        tclass=tclass,
        permissive=_plain(words, "permissive") == "1",
    )


def parse_path(record: bytes) -> Optional[Path]:
    """Parse a record of type PATH; None for one without a name or of another form: it only adds to a denial."""
    when = parse_stamp(record)
    try:
        words = _words(_STAMP.sub(b"", record, 1))
        name = _text(words, "name")
    except Foreign:
        return None
    if when is None or not name or _plain(words, "nametype") == "PARENT" or _plain(words, "name") == "(null)":
        return None
    return Path(when, name, _number(words, "inode"))


def _words(text: bytes) -> Dict[str, bytes]:
    words: Dict[str, bytes] = {}
    at: int = 0
    text = text.rstrip(b" ")
    while at < len(text):
        match = _WORD.match(text, at)
        if not match:
            raise Foreign("words that the kernel does not write")
        words.setdefault(match.group(1).decode("ascii"), match.group(2))
        at = match.end()
    return words


def _text(words: Mapping[str, bytes], key: str) -> str:
    """Decode what somebody else chose."""
    value = words.get(key, b"")
    if value.startswith(b'"'):
        value = value[1:-1]
    elif _HEX.match(value):
        value = bytes(bytearray.fromhex(value.decode("ascii")))
    elif value not in (b"", b"(null)"):
        raise Foreign("a name that is neither quoted nor hexadecimal")
    return value.decode("utf-8", "surrogateescape")


def _plain(words: Mapping[str, bytes], key: str) -> str:
    return words.get(key, b"").decode("ascii", "backslashreplace")


def _number(words: Mapping[str, bytes], key: str) -> int:
    value = words.get(key, b"")
    return int(value) if _NUMBER.match(value) else 0
