# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads which two unix sockets are connected with each other, as the kernel's socket monitoring tells it.

linux: net/unix/diag.c, include/uapi/linux/unix_diag.h, sock_diag.h, netlink.h
"""

import errno
import os
import socket
import struct
from typing import Dict, Iterable, Iterator, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file

_SOCK_DIAG, _BY_FAMILY, _REQUEST_ONE = 4, 20, 0x1
_ERROR = 2
_SHOW_PEER, _PEER = 0x04, 2
_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBHIII2I")
_MESSAGE = struct.Struct("=BBBBI2I")
_ATTRIBUTE = struct.Struct("=HH")
_ANSWER = 8192  # one socket's: a name of 108 bytes, and numbers
_TIMEOUT = 5.0


def is_there(root: str = "/") -> bool:
    """Return whether the kernel can be asked without its loading a module for that."""
    if os.path.exists(os.path.join(root, "sys/module/unix_diag")):
        return True
    if not os.path.exists(os.path.join(root, "proc/modules")):
        return True  # this kernel loads none
    try:
        release = bounded_file.read(os.path.join(root, "proc/sys/kernel/osrelease"), 4096).decode("ascii").strip()
        builtin = bounded_file.read(os.path.join(root, "lib/modules", release, "modules.builtin"), 1 << 20)
    except (OSError, ValueError):
        return False
    return b"/unix_diag.ko" in builtin


def read(inodes: Iterable[int]) -> Dict[int, int]:
    """Return {inode: inode of its peer} of those of these unix sockets of this network namespace that are connected.

    Each is asked for by itself: the others, of which each container has some, are not told. Raise OSError, ValueError.
    """
    peers: Dict[int, int] = {}
    connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG)
    try:
        connection.settimeout(_TIMEOUT)
        for inode in inodes:
            body = _REQUEST.pack(socket.AF_UNIX, 0, 0, 0xFFFFFFFF, inode, _SHOW_PEER, 0xFFFFFFFF, 0xFFFFFFFF)
            connection.send(_HEADER.pack(_HEADER.size + len(body), _BY_FAMILY, _REQUEST_ONE, 1, 0) + body)
            try:
                peers.update(parse_answer(connection.recv(_ANSWER)))
            except OSError as error:
                if error.errno != errno.ENOENT:  # it was closed meanwhile
                    raise
    finally:
        connection.close()
    return peers


def parse_answer(data: bytes) -> Dict[int, int]:
    """Return {inode: inode of its peer} of one datagram. Raise OSError as the kernel's answer, ValueError for what no kernel
    writes."""
    pairs: Dict[int, int] = {}
    for kind, body in _messages(data):
        if kind == _ERROR:
            number = -struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
            raise OSError(number, os.strerror(number))
        if kind != _BY_FAMILY or len(body) < _MESSAGE.size:
            raise ValueError("an answer of another shape from the kernel's socket monitoring")
        inode = _MESSAGE.unpack_from(body)[4]
        for attribute, value in _attributes(body[_MESSAGE.size :]):
            if attribute == _PEER and len(value) >= 4:
                pairs[inode] = struct.unpack_from("=I", value)[0]
    return pairs


def _messages(data: bytes) -> Iterator[Tuple[int, bytes]]:
    at = 0
    while len(data) - at >= _HEADER.size:
        length, kind = _HEADER.unpack_from(data, at)[:2]
        if length < _HEADER.size or at + length > len(data):
            raise ValueError("a message that is cut, from the kernel's socket monitoring")
        yield kind, data[at + _HEADER.size : at + length]
        at += (length + 3) & ~3


def _attributes(data: bytes) -> Iterator[Tuple[int, bytes]]:
    at = 0
    while len(data) - at >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size:
            raise ValueError("an empty attribute from the kernel's socket monitoring")
        yield kind, data[at + _ATTRIBUTE.size : at + length]
        at += (length + 3) & ~3
