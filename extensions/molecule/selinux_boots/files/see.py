# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is so on a host, told by the kernel and by files; as JSON. Our code is not used, nor is SELinux needed."""

import json
import os
import pathlib
import subprocess


def read(path):
    try:
        return pathlib.Path(path).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def output(*command):
    return (
        subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout.decode().strip()
    )


config = read("/etc/selinux/config").splitlines()
print(
    json.dumps(
        {
            "boot": read("/proc/sys/kernel/random/boot_id"),
            "command_line": read("/proc/cmdline").split(),
            "in_kernel": "selinuxfs" in read("/proc/filesystems").split(),
            "enforce": read("/sys/fs/selinux/enforce"),
            "configured": next(line for line in config if line.startswith("SELINUX=")),
            "getenforce": output("getenforce"),
            "autorelabel": os.path.lexists("/.autorelabel"),
        }
    )
)
