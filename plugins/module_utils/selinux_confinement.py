# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether SELinux holds a domain back as it does a container's. Pure, but for the question to the kernel.

The loaded policy is asked, where it can be, what the domain may do to the host: a name proves little, as a site may
have loosened container_t, or written a domain of its own (udica: `web.process`) that is as good.
"""

from typing import Callable, List, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils import selinux_access, selinux_types

# (type or context of the host's, class, permission): who has one of these has the host. All policies know them.
_HOST = (
    ("shadow_t", "file", "read"),
    ("shadow_t", "file", "write"),
    ("etc_t", "file", "write"),
    ("bin_t", "file", "write"),
    ("system_u:system_r:init_t", "process", "ptrace"),
)


def confined(label, ask):
    # type: (str, Optional[Callable[..., selinux_access.Decision]]) -> Tuple[Optional[bool], str]
    """(whether it is, what to say behind `process 42`). None: neither its name nor the kernel tells it.

    ask: as selinux_access.decide, None where this isn't the kernel to ask.
    """
    try:
        context = selinux_access.fields(label)
    except ValueError:
        return None, "has %r, which is no SELinux label" % label
    why = selinux_types.weak(label)
    if why:
        return False, "is %s: %s" % (label, why)
    allowed, reason = _allowed(context, ask)
    if allowed:
        return False, "is %s, which may %s" % (label, ", ".join(allowed))
    if reason and context.type not in selinux_types.CONTAINERS:
        return None, "is %s, a domain that this rule doesn't know; %s" % (label, reason)
    return True, "is %s" % label


def asked_for(key, value, ask):
    # type: (str, str, Optional[Callable[..., selinux_access.Decision]]) -> Tuple[Optional[bool], str]
    """The same of `type` or `level` of a label option: (False, why) or (True or None, "")."""
    if key == "level":
        try:
            every = len(selinux_types.categories(value)) >= selinux_types.EVERY_CATEGORY
        except ValueError:
            return None, ""  # dockerd or the kernel refuses it
        return (False, "SecurityOpt gives it every category") if every else (True, "")
    if value in selinux_types.UNCONFINED:
        return False, "SecurityOpt says label=type:%s, which is not confined" % value
    try:
        allowed, reason = _allowed(selinux_access.fields("system_u:system_r:%s:s0" % value), ask)
    except ValueError:
        return None, ""
    if allowed:
        return False, "SecurityOpt says label=type:%s, which may %s" % (value, ", ".join(allowed))
    return (None if reason else True), ""


def _allowed(context, ask):
    """([what it may do to the host], why nothing is known of that)."""
    if ask is None:
        return [], "the kernel can't be asked from here"
    # Categories don't matter on what has none: one question for all containers of a domain.
    level = ":s0" if context.level else ""
    source = "%s:%s:%s%s" % (context.user, context.role, context.type, level)
    found = []  # type: List[str]
    answered, reason = False, ""
    for target, tclass, permission in _HOST:
        target = "%s%s" % (target if ":" in target else "system_u:object_r:" + target, level)
        try:
            decision = ask(source, target, tclass, (permission,))
        except selinux_access.Unanswered as error:
            reason = str(error)
            continue
        answered = True
        if decision.permissive:
            return ["do all, as the domain is a permissive one"], ""
        if not decision.denied:
            found.append("%s %s" % (permission, selinux_types.type_of(target)))
    return found, "" if answered else reason
