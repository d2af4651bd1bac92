# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule file-creation-mask."""

from ..subjects import Case

UMASK, BINDS = ("inspect", "HostConfig", "Umask"), ("inspect", "HostConfig", "Binds")


def mask(number, *binds):
    return {UMASK: number, BINDS: list(binds)}


CASES = (
    Case("container", "pass", "the runtime's own", {}, "not set"),
    Case("container", "pass", "null, as engines from 29.8 on show it", mask(None, "/srv:/data"), "not set"),
    Case("container", "pass", "the usual one", mask(0o022, "/srv:/data"), "is 0022"),
    Case("container", "pass", "one that lets a group write", mask(0o002, "/srv:/data"), "is 0002"),
    Case("container", "pass", "none, with nothing of the host", mask(0), "no writable mount"),
    Case("container", "pass", "none, with what it can only read", mask(0, "/srv:/data:ro"), "no writable mount"),
    Case("container", "pass", "none, with a volume that only root reaches", mask(0, "data:/data"), "no writable mount"),
    Case(
        "container", "fail", "none, with a directory of the host", mask(0, "/srv:/data"), "0000, and it may write /srv"
    ),
    Case("container", "fail", "one that holds back the group alone", mask(0o070, "/srv:/data"), "is 0070"),
    Case("container", "unknown", "no number", mask("0022", "/srv:/data"), "has a whole number"),
    Case("container", "unknown", "more than there are bits", mask(0o1777, "/srv:/data"), "does not take"),
)
