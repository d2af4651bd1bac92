# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be reached from the network namespace of a process: tried by one child of ours, with sockets only.

The child enters network namespaces and no others, so it sees the host's files all the time; it runs nothing of a container.
A socket stays in the namespace in which it was opened: all are opened first, and then waited for together.
"""

import ctypes
import errno
import json
import os
import random
import select
import signal
import socket
import time
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import packets as network_packets

TCP, ECHO, DNS = "tcp", "echo", "dns"
ROUND_SECONDS = 1.0
# Sockets at a time: less than the usual limit of open files.
BATCH = 200
_CLONE_NEWNET = 0x40000000
_ANSWER_LIMIT = 1 << 20


class Process(NamedTuple):
    """A process whose network namespace is meant. ticks: its start, in clock ticks after boot."""

    pid: int
    ticks: int


class Probe(NamedTuple):
    """One attempt. process: None for the host's own namespace; kind: TCP (a connection that is closed at once), ECHO (ICMP)
    or DNS (a query for `name`); address: an IP address.
    """

    process: Optional[Process]
    kind: str
    address: str
    port: int = 0
    name: str = ""


def reached(probes: Sequence[Probe], seconds: float = ROUND_SECONDS) -> List[bool]:
    """For each probe, whether an answer came within these seconds. A namespace that is gone answers nothing."""
    answers: List[bool] = []
    for first in range(0, len(probes), BATCH):
        answers += _by_child(list(probes[first : first + BATCH]), seconds)
    return answers


def _by_child(probes: Sequence[Probe], seconds: float) -> List[bool]:
    libc = ctypes.CDLL(None, use_errno=True)
    namespaces = _namespaces(probes)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            signal.alarm(int(seconds) + 10)
            os.write(writer, json.dumps(_attempt(libc, probes, namespaces, seconds)).encode("ascii"))
        finally:
            os._exit(0)
    os.close(writer)
    for descriptor in namespaces.values():
        os.close(descriptor)
    try:
        with os.fdopen(reader, "rb") as stream:
            answer = json.loads(stream.read(_ANSWER_LIMIT).decode("ascii"))
    except ValueError:
        answer = []
    os.waitpid(child, 0)
    return answer if len(answer) == len(probes) else [False] * len(probes)


def _namespaces(probes: Sequence[Probe]) -> Dict[Optional[Process], int]:
    """A descriptor of each process's network namespace, where it is still this process and not in the host's own."""
    descriptors: Dict[Optional[Process], int] = {}
    own = os.stat("/proc/self/ns/net")
    for process in {probe.process for probe in probes if probe.process is not None}:
        try:
            descriptor = os.open(f"/proc/{int(process.pid)}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            status = os.fstat(descriptor)
            same = process_handle.start_ticks(process.pid) == process.ticks
        except (OSError, ValueError):
            same = False
        if same and (status.st_dev, status.st_ino) != (own.st_dev, own.st_ino):
            descriptors[process] = descriptor
        else:
            os.close(descriptor)
    return descriptors


def _attempt(
    libc: ctypes.CDLL, probes: Sequence[Probe], namespaces: Mapping[Optional[Process], int], seconds: float
) -> List[bool]:
    """In the child."""
    answers = [False] * len(probes)
    waiting: Dict[int, Tuple[int, socket.socket, int]] = {}
    host = [number for number, probe in enumerate(probes) if probe.process is None]
    inside = [number for number, probe in enumerate(probes) if probe.process in namespaces]
    for number in host + sorted(inside, key=lambda number: namespaces[probes[number].process]):
        probe = probes[number]
        if probe.process is not None and libc.setns(namespaces[probe.process], _CLONE_NEWNET) != 0:
            continue
        opened = _send(probe)
        if opened is not None:
            waiting[opened[0].fileno()] = (number,) + opened
    _collect(probes, waiting, answers, time.monotonic() + seconds)
    return answers


def _send(probe: Probe) -> Optional[Tuple[socket.socket, int]]:
    """(socket, identifier), None where the kernel refuses at once."""
    family = socket.AF_INET6 if ":" in probe.address else socket.AF_INET
    identifier = random.SystemRandom().randrange(1, 1 << 16)
    kinds = {
        TCP: (socket.SOCK_STREAM, 0),
        DNS: (socket.SOCK_DGRAM, 0),
        ECHO: (socket.SOCK_RAW, socket.IPPROTO_ICMP),
    }
    connection = None
    try:
        connection = socket.socket(family, *kinds[probe.kind])
        connection.setblocking(False)
        error = connection.connect_ex((probe.address, probe.port))
        if error not in (0, errno.EINPROGRESS):
            raise OSError(error, "")
        if probe.kind != TCP:
            message = (
                network_packets.echo(identifier)
                if probe.kind == ECHO
                else network_packets.query(identifier, probe.name)
            )
            connection.send(message or b"")
        return connection, identifier
    except OSError:
        if connection is not None:
            connection.close()
        return None


def _collect(
    probes: Sequence[Probe], waiting: Dict[int, Tuple[int, socket.socket, int]], answers: List[bool], deadline: float
) -> None:
    poll = select.poll()
    for descriptor, (number, _connection, _identifier) in waiting.items():
        poll.register(descriptor, select.POLLOUT if probes[number].kind == TCP else select.POLLIN)
    while waiting and time.monotonic() < deadline:
        for descriptor, _events in poll.poll(max(0, (deadline - time.monotonic()) * 1000)):
            number, connection, identifier = waiting[descriptor]
            answer = _answered(probes[number].kind, connection, identifier)
            if answer is not None:
                answers[number] = answer
                poll.unregister(descriptor)
                connection.close()
                del waiting[descriptor]


def _answered(kind: str, connection: socket.socket, identifier: int) -> Optional[bool]:
    """True or False where it is decided, None where something else came."""
    if kind == TCP:
        return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    try:
        packet = connection.recv(65535)
    except OSError:
        return False
    check = network_packets.is_echo_reply if kind == ECHO else network_packets.is_response
    return True if check(packet, identifier) else None
