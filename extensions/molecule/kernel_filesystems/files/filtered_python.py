# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Python behind a filter for system calls, which one tells the name it is called by:

old_kernel_python: as on a kernel without open_tree, move_mount and mount_setattr, which answers ENOSYS;
killed_python: whoever puts a mount somewhere with move_mount is killed on the spot, as by SIGKILL;
hanging_python: it hangs there, until it is killed.
"""

import ctypes
import os
import platform
import struct
import sys

OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
SECCOMP = 277 if platform.machine() == "aarch64" else 317
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER, FIRST_ARGUMENT = 0, 16  # where struct seccomp_data has them
KILL, ASK, ENOSYS, ALLOW = 0x80000000, 0x7FC00000, 0x00050000 | 38, 0x7FFF0000
NEW_LISTENER = 8
NOBODY = 0xFFFFFFFF  # the descriptor by which it is only asked whether there is such a call


def without_new_calls():
    return [
        (LOAD, 0, 0, NUMBER),
        (IF_EQUAL, 3, 0, OPEN_TREE),
        (IF_EQUAL, 2, 0, MOVE_MOUNT),
        (IF_EQUAL, 1, 0, MOUNT_SETATTR),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ENOSYS),
    ]


def at_move_mount(action):
    return [
        (LOAD, 0, 0, NUMBER),
        (IF_EQUAL, 0, 3, MOVE_MOUNT),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (IF_EQUAL, 1, 0, NOBODY),
        (RETURN, 0, 0, action),
        (RETURN, 0, 0, ALLOW),
    ]


FILTERS = {
    "old_kernel_python": without_new_calls(),
    "killed_python": at_move_mount(KILL),
    "hanging_python": at_move_mount(ASK),
}


def main():
    code = FILTERS[os.path.basename(sys.argv[0])]
    instructions = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in code))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(code), ctypes.addressof(instructions)))
    libc = ctypes.CDLL(None, use_errno=True)
    asks = any(line[3] == ASK for line in code)
    # SECCOMP_SET_MODE_FILTER; who is asked is this very process, which never answers
    listener = libc.syscall(SECCOMP, 1, NEW_LISTENER if asks else 0, program)
    if listener < 0:
        raise SystemExit(os.strerror(ctypes.get_errno()))
    if asks:
        os.set_inheritable(listener, True)
    os.execv("/usr/bin/python3", ["/usr/bin/python3"] + sys.argv[1:])


main()
