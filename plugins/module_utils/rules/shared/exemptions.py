# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that the rules about mounts and devices leave out by place or name, and why nobody can hide behind it.

The code that leaves it out is in engine_mounts.py and host_devices.py. Each entry has tests that try to hide behind it
(tests/unit/plugins/module_utils/rules/shared/test_exemptions.py); an entry without one fails there.
"""

from typing import NamedTuple


class Exemption(NamedTuple):
    """name: what is left out; unless: what makes it count all the same, which is why it is no place to hide."""

    name: str
    unless: str


EXEMPTIONS = (
    Exemption(
        "the container's root",
        "it is not what the storage driver keeps in the data root (or containerd for this very container)",
    ),
    Exemption(
        "resolv.conf, hostname, hosts and mounts/ of the engine",
        "they are another container's than its own and the one whose network or ipc namespace it has",
    ),
    Exemption(
        "a volume",
        "it is no directory of the engine's volumes by device and path; what it shows as a mount of its own, and what "
        "the host has bound from inside of it, counts",
    ),
    Exemption(
        "a part of a volume that the engine mounts for another container", "the path is elsewhere than in mounts/ there"
    ),
    Exemption("an image that is mounted", "it is no overlay that the engine keeps in its data root"),
    Exemption(
        "the host's shared memory and message queues with --ipc=host",
        "the ipc namespace was not asked for, or something else is mounted at /dev/shm or /dev/mqueue, or they elsewhere",
    ),
    Exemption("the six harmless nodes that a runtime binds in a user namespace", "what stands there is another device"),
    Exemption("a device that was asked for", "it is bound elsewhere than asked; host-devices judges the device itself"),
    Exemption(
        "/sbin/docker-init",
        "no init was asked for, or a mount with this name was, or it is writable, or it is not the regular file that the "
        "engine runs",
    ),
    Exemption("terminals of the container's own devpts", "they are no character devices of these numbers"),
    Exemption(
        "tun, which runc before 1.2 allows to each container",
        "it is a node, or in what the runtime was given, or asked for",
    ),
    Exemption("a permission to make nodes", "it allows to read or write them, too"),
    Exemption("the kernel's own filesystems", "kernel-filesystems judges each of them"),
    Exemption("the host's time zone", "it is writable"),
    Exemption("/var of an ostree deployment below /sysroot", "the same path below /var counts"),
)
