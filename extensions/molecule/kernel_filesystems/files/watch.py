# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells each file that anyone opens or executes on a container's root filesystem: watch.py PID, one line each."""

import ctypes
import os
import struct
import sys

MARK_ADD, MARK_FILESYSTEM = 0x1, 0x100
ACCESS, OPEN, OPEN_EXEC, ON_DIRECTORY = 0x1, 0x20, 0x1000, 0x40000000


def main():
    libc = ctypes.CDLL(None, use_errno=True)
    group = libc.fanotify_init(0x1, os.O_RDONLY)  # FAN_CLOEXEC
    root = ("/proc/%s/root/" % sys.argv[1]).encode()
    mask = ctypes.c_uint64(ACCESS | OPEN | OPEN_EXEC | ON_DIRECTORY)
    if group < 0 or libc.fanotify_mark(group, MARK_ADD | MARK_FILESYSTEM, mask, -100, root):
        raise SystemExit("fanotify: %s" % os.strerror(ctypes.get_errno()))
    print("watching", flush=True)
    while True:
        data = os.read(group, 4096)
        while data:
            length, _version, _reserved, _size, _mask, descriptor, pid = struct.unpack("=IBBHQii", data[:24])
            print(pid, os.readlink("/proc/self/fd/%d" % descriptor), flush=True)
            os.close(descriptor)
            data = data[length:]


main()
