# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real processes for tests."""

import contextlib
import subprocess
import sys

# Its first thread ends, another goes on until its standard input does.
FIRST_THREAD_ENDS = """
import ctypes, platform, sys, threading
threading.Thread(target=sys.stdin.read).start()
ctypes.CDLL(None).syscall(93 if platform.machine() == "aarch64" else 60, 0)
"""


@contextlib.contextmanager
def process(code):
    """A Python process until the end of the block, its standard input a pipe."""
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    try:
        yield child
    finally:
        child.communicate()


def wait_for_zombie(pid):
    """Wait until its first thread has ended."""
    while True:
        with open("/proc/%d/stat" % pid, "rb") as stream:
            if b") Z " in stream.read():
                return
