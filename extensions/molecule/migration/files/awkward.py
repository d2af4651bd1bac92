# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fill a directory with everything that a copy may lose. Usage: awkward.py DIRECTORY [HOW MANY SMALL FILES]"""

import os
import socket
import struct
import sys

top = sys.argv[1]
os.chdir(top)


def write(name, data=b"x", mode=0o644, uid=0, gid=0):
    with open(name, "wb") as stream:
        stream.write(data)
    os.chown(name, uid, gid)
    os.chmod(name, mode)


def acl(*entries):
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


NOBODY = 0xFFFFFFFF
os.makedirs("a/b/c")
os.chown("a", 1000, 1001)
write("a/plain", b"plain")
write("a/setuid", b"s", 0o4755)
write("a/setgid", b"s", 0o2755, 7, 8)
write("a/last id", b"l", 0o600, 65535, 65535)
os.mkdir("sticky")
os.chmod("sticky", 0o3777)
os.link("a/plain", "hard")
os.link("a/plain", "a/b/hard too")
os.symlink("/etc/shadow", "absolute")
os.symlink("nowhere", "dangling")
os.lchown("dangling", 33, 33)
os.symlink("../../../../../etc", "a/up")
os.mkfifo("fifo")
listener = socket.socket(socket.AF_UNIX)
listener.bind("socket")
os.mknod("null", 0o020666, os.makedev(1, 3))
os.chown("null", 5, 5)
write("n" * 255)
write(b"odd \xff\xfe")
write("two\nlines {{ 7 * 7 }} \x1b[31m")
write("empty", b"")
write("acl", b"a")
os.setxattr(
    "acl",
    "system.posix_acl_access",
    acl((1, 6, NOBODY), (2, 4, 1234), (4, 4, NOBODY), (8, 6, 4321), (16, 6, NOBODY), (32, 0, NOBODY)),
)
os.mkdir("default acl")
os.setxattr(
    "default acl",
    "system.posix_acl_default",
    acl((1, 7, NOBODY), (2, 5, 77), (4, 5, NOBODY), (16, 7, NOBODY), (32, 0, NOBODY)),
)
write("capable", b"c", 0o755)
os.setxattr("capable", "security.capability", struct.pack("<IIIII", 0x02000001, 0x400, 0, 0, 0))
write("attributes")
os.setxattr("attributes", "user.note", b"kept \xff")
os.setxattr("attributes", "trusted.note", b"kept")
with open("holes", "wb") as stream:
    stream.seek(64 * 1024 * 1024)
    stream.write(b"end")
if len(sys.argv) > 2:
    with open("two gigabytes", "wb") as stream:
        stream.truncate(2 * 1024**3)
    for number in range(int(sys.argv[2])):
        if number % 1000 == 0:
            os.mkdir(f"many{number // 1000}")
        write(f"many{number // 1000}/{number}", b"%d" % number, 0o640, number % 50, number % 30)
for folder, folders, files in os.walk(os.fsencode("."), topdown=False):
    for name in [*files, *folders]:
        os.utime(os.path.join(folder, name), ns=(10**18 + 123456789, 10**18 + len(name) * 1001), follow_symlinks=False)
