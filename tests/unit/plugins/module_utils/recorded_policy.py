# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of the policies that RHEL 9 and 10 build on, behind the question that otherwise asks the kernel.

samples/selinux-rhel.json has by "source target class" what is allowed, and behind the bar what a dontaudit rule hides; of
RHEL 10 only what differs. Booleans have the value that they are shipped with.
"""

import json
import os

from ansible_collections.containment.docker.plugins.module_utils.selinux import types
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Decision, Unanswered

with open(os.path.join(os.path.dirname(__file__), "samples", "selinux-rhel.json"), "rb") as stream:
    _RECORDED = json.loads(stream.read().decode("utf-8"))
_FREE = ("container_runtime_t", "spc_t")


def policy(release, without_dontaudit=False):
    """The question to the policy of "rhel9" or "rhel10", as selinux_access.decide."""
    rows = dict(_RECORDED["rhel9"]["rows"], **_RECORDED[release]["rows"])

    def ask(source, target, tclass, permissions):
        own, theirs = (types.type_of(label) for label in (source, target))
        known = own in _RECORDED["sources"] and theirs in _RECORDED["targets"] + _RECORDED["sources"]
        if not known or tclass not in _RECORDED["classes"]:
            raise Unanswered("the loaded policy doesn't know one of the contexts")
        row = rows.get("%s %s %s" % (own, theirs, tclass), "")
        if own == theirs and not row:
            row = rows.get("%s self %s" % (own, tclass), "")
        allowed, _bar, hidden = row.partition(" | ")
        reach = _categories(target) <= _categories(source) or own in _FREE
        allowed = allowed.split() if reach else []
        denied = tuple(name for name in permissions if name not in allowed)
        silent = () if without_dontaudit else tuple(name for name in denied if name in hidden.split())
        return Decision(denied, False, silent)

    return ask


def _categories(label):
    return types.parse_categories(types.level_of(label))


# Debian's, whose policy was asked in a running kernel with each of them on; virt_use_nfs is on where RHEL ships it.
NOT_RHELS = (
    "container_use_nfs",
    "container_use_samba",
    "container_use_ecryptfs",
    "container_use_hugetlbfs",
    "container_use_dri",
    "container_use_dri_devices",
    "virt_use_nfs",
)


def added_by(boolean):
    """What a boolean adds for container_t, by (type, class); {} for one that was not recorded off."""
    additions = {}
    for key, permissions in _RECORDED["booleans"].items():
        name, of_type, tclass = key.split()
        if name == boolean:
            additions[of_type, tclass] = permissions.split()
    return additions


def list_permissions(tclass):
    """The permissions of a class that the tables tell of."""
    return set(_RECORDED["classes"].get(tclass, "getattr read" if tclass == "lnk_file" else "").split())
