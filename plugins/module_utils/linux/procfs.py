# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pure parsers of what the kernel shows under /proc. Bytes in, values out; ValueError for what no kernel writes."""

import re
from functools import lru_cache
from typing import FrozenSet, List, NamedTuple, Optional, Tuple

# linux: include/uapi/linux/capability.h, in bit order
CAPABILITIES = (
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE "
    "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN "
    "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE "
    "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
).split()

# docker/<id> (cgroupfs driver), docker-<id>.scope (systemd driver), both below any parent
_CONTAINER_CGROUP = re.compile(rb"[/-]([0-9a-f]{64})(?=\.scope|[/\n]|$)")
_EXITING = 0x4  # linux: include/linux/sched.h, PF_EXITING
_OCTAL = re.compile(rb"\\([0-7]{3})")
_NUMBER = re.compile(rb"[0-9]{1,20}\Z")  # Python's int takes "1_0", "+1" and spaces too


class Status(NamedTuple):
    """/proc/<pid>/status: uids and gids are (real, effective, saved, filesystem) as the reader's user namespace sees them.

    no_new_privs and seccomp are None on a kernel that does not show them. A zombie has ended, and can do nothing itself:
    other threads of its process can. From permitted a thread takes into effect what it likes, from inheritable and
    ambient what it executes gets.
    """

    zombie: bool
    uids: Tuple[int, ...]
    bounding: FrozenSet[str]
    effective: FrozenSet[str]
    no_new_privs: Optional[int]
    seccomp: Optional[int]
    permitted: FrozenSet[str] = frozenset()
    inheritable: FrozenSet[str] = frozenset()
    ambient: FrozenSet[str] = frozenset()
    gids: Tuple[int, ...] = ()

    @property
    def capabilities(self) -> FrozenSet[str]:
        """Those in any of its sets: each is in effect, or one system call or execve away from it."""
        return self.bounding | self.effective | self.permitted | self.inheritable | self.ambient


class Task(NamedTuple):
    """/proc/<pid>/stat. name: up to 15 characters, as the process chose it; start: clock ticks after boot.

    ended: its first thread has ended; exiting: it has begun to, from when on version 1 control groups show it in their
    roots. Other threads may go on. threads: how many it has, an ended first one included.
    """

    name: str
    ended: bool
    exiting: bool
    parent: int
    start: int
    threads: int


class Mount(NamedTuple):
    """One line of /proc/<pid>/mountinfo; root and point are unescaped; options are the mount's own.

    parent: the id of the mount that it is mounted on. super_options: the filesystem's own, as the kernel shows them.
    """

    id: int
    device: str
    root: str
    point: str
    options: FrozenSet[str]
    propagation: Tuple[str, ...]
    fstype: str
    source: str
    parent: int = 0
    super_options: str = ""


@lru_cache(maxsize=256)  # most processes have one of a few sets
def capabilities(mask: int) -> FrozenSet[str]:
    """The names in a capability mask; a bit newer than this table is CAP_<number>."""
    names = (
        CAPABILITIES[bit] if bit < len(CAPABILITIES) else f"CAP_{int(bit)}" for bit in range(64) if mask >> bit & 1
    )
    return frozenset(names)


def parse_status(data: bytes) -> Status:
    """The fields of /proc/<pid>/status that rules judge. The kernel escapes the process's own Name."""
    return Status(
        zombie=_field(data, b"\nState:\t")[:1] in (b"Z", b"X"),
        uids=parse_uids(data),
        bounding=capabilities(int(_field(data, b"\nCapBnd:\t"), 16)),
        effective=capabilities(int(_field(data, b"\nCapEff:\t"), 16)),
        no_new_privs=_mode(data, b"\nNoNewPrivs:\t", 1),
        seccomp=_mode(data, b"\nSeccomp:\t", 2),
        permitted=capabilities(int(_field(data, b"\nCapPrm:\t"), 16)),
        inheritable=capabilities(int(_field(data, b"\nCapInh:\t"), 16)),
        ambient=capabilities(int(_field(data, b"\nCapAmb:\t"), 16)) if b"\nCapAmb:\t" in data else frozenset(),
        gids=numbers(_field(data, b"\nGid:\t"), 4),
    )


def parse_uids(data: bytes) -> Tuple[int, ...]:
    """Return the (real, effective, saved, filesystem) user ids in /proc/<pid>/status."""
    return numbers(_field(data, b"\nUid:\t"), 4)


def _field(data: bytes, start: bytes) -> bytes:
    at = data.index(start) + len(start)
    return data[at : data.index(b"\n", at)]


def _mode(data: bytes, start: bytes, most: int) -> Optional[int]:
    """A field that is a number up to `most`, None where the kernel doesn't show it."""
    if start not in data:
        return None
    (number,) = numbers(_field(data, start), 1)
    if number > most:
        raise ValueError(f"{start.strip().decode()} is {int(number)}, which no kernel writes")
    return number


def numbers(text: bytes, count: int) -> Tuple[int, ...]:
    """Return the only numbers in text. Raise ValueError for fewer, more or others: the kernel does not write that."""
    words = text.split()
    if len(words) != count or not all(map(_NUMBER.match, words)):
        raise ValueError(f"{text!r:.80} where the kernel writes {int(count)} numbers")
    return tuple(map(int, words))


def parse_mountinfo(data: bytes) -> List[Mount]:
    """The mounts of a mount namespace, in order: a later one on the same point covers the earlier.

    The kernel escapes space, tab, newline and backslash in paths, but not carriage return: only \\n ends a line.
    """
    mounts = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        if not line:
            continue
        fields = line.split(" ", 4)
        if len(fields) < 5:
            raise _foreign(line)
        number, parent, device, root, rest = fields
        point, options, propagation, fstype, source, super_options = _behind_the_root(rest)
        mounts.append(
            Mount(
                int(number),
                device,
                _unescaped(root),
                point,
                options,
                propagation,
                fstype,
                source,
                int(parent),
                super_options,
            )
        )
    return mounts


def containers_in(cgroup: bytes, known: FrozenSet[str]) -> Tuple[str, ...]:
    """The known container ids that /proc/<pid>/cgroup names, each once, outermost first.

    More than one where a container was put below another's control group, or made a group with another's id in its own.
    """
    names = (name.decode("ascii") for name in dict.fromkeys(_CONTAINER_CGROUP.findall(cgroup)))  # the same in each line
    return tuple(name for name in names if name in known)


def container_in(cgroup: bytes, known: FrozenSet[str]) -> Optional[str]:
    """The innermost of the known container ids that /proc/<pid>/cgroup names. A nested engine's ids are not known.

    No proof by itself: who starts a container, or can write control groups, chooses it. See linux/attribution.py.
    """
    containers = containers_in(cgroup, known)
    return containers[-1] if containers else None


def in_roots(cgroup: bytes) -> bool:
    """Whether /proc/<pid>/cgroup has the root of each version 1 hierarchy, as it has for a thread that has ended."""
    is_in = False
    for line in cgroup.split(b"\n"):
        if line and not line.startswith(b"0::"):
            if not line.endswith(b":/"):
                return False  # as for most processes: the first line tells
            is_in = True
    return is_in


def parse_id_map(data: bytes) -> List[Tuple[int, int, int]]:
    """/proc/<pid>/uid_map: (first inside, first outside, count) ranges."""
    ranges = []
    for line in data.split(b"\n"):
        if line:
            inside, outside, count = numbers(line, 3)
            ranges.append((inside, outside, count))
    return ranges


def parse_stat(data: bytes) -> Tuple[int, int]:
    """Return (parent's pid, start time in clock ticks after boot) from /proc/<pid>/stat, whatever the name contains."""
    task = parse_task(data)
    return task.parent, task.start


def parse_task(data: bytes) -> Task:
    """Return the fields of /proc/<pid>/stat that tell who a process is. linux: fs/proc/array.c, do_task_stat"""
    end = data.rindex(b")")
    fields = data[end + 2 :].split(None, 20)
    parent, flags, threads, start = numbers(b" ".join(fields[1:2] + fields[6:7] + fields[17:18] + fields[19:20]), 4)
    name = data[data.index(b"(") + 1 : end].decode("utf-8", "backslashreplace")
    return Task(name, fields[0] in (b"Z", b"X"), bool(flags & _EXITING), parent, start, threads)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    data = _OCTAL.sub(lambda match: bytes((int(match.group(1), 8) & 255,)), text.encode("utf-8", "surrogateescape"))
    return data.decode("utf-8", "surrogateescape")


# Containers are much alike: most of their mounts differ in no more than numbers. 512 of 4 KiB at most are remembered.
@lru_cache(maxsize=512)
def _behind_the_root(rest: str) -> Tuple[str, FrozenSet[str], Tuple[str, ...], str, str, str]:
    """(point, options, propagation, filesystem's type, source, options) from a line of mountinfo."""
    before, _dash, after = rest.partition(" - ")
    fields, words = before.split(" "), after.split(" ")
    if len(fields) < 2 or len(words) < 2:
        raise _foreign(rest)
    return (
        _unescaped(fields[0]),
        frozenset(fields[1].split(",")),
        tuple(map(_unescaped, fields[2:])),
        words[0],
        _unescaped(words[1]),
        words[2] if len(words) > 2 else "",
    )


def _foreign(line: str) -> Exception:
    return ValueError(f"a line of mountinfo that the kernel does not write: {line[:120]!r}")
