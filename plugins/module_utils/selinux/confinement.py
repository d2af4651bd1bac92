# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judge whether SELinux holds a domain back as it does a container's. Pure, but for the question to the kernel.

The loaded policy is asked, where it can be, what the domain may do to the host: a name proves little, as a site may
have loosened container_t, or written a domain of its own (udica: `web.process`) that is as good.
"""

from typing import Callable, Iterator, List, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.selinux import access, types

_DAEMON, _SELF = "daemon", "self"
# (type or context of the host's, class, permission, what that is): who has one of these has the host, or blinds who
# watches it. A policy that doesn't know one of them allows it to nobody.
_HOST = (
    ("shadow_t", "file", "read", ""),
    ("shadow_t", "file", "write", ""),
    ("etc_t", "file", "write", ""),
    ("bin_t", "file", "write", ""),
    ("system_u:system_r:init_t", "process", "ptrace", ""),
    (_DAEMON, "unix_stream_socket", "connectto", "the engine's daemon"),
    ("container_var_run_t", "file", "write", "the engine's files at run time"),
    ("memory_device_t", "chr_file", "read", "the host's memory"),
    ("memory_device_t", "chr_file", "write", "the host's memory"),
    ("scsi_generic_device_t", "chr_file", "write", "commands to the host's disks"),
    ("fixed_disk_device_t", "blk_file", "read", "the host's disks"),
    ("fixed_disk_device_t", "blk_file", "write", "the host's disks"),
    ("sysfs_t", "file", "write", "the kernel's settings in /sys"),
    ("auditd_log_t", "file", "write", "the host's audit log"),
    ("auditd_log_t", "file", "append", "the host's audit log"),
    (_SELF, "system", "module_load", "a kernel module of its own"),
    ("modules_object_t", "system", "module_load", "the host's kernel modules"),
)
# What the daemon is by the policies of RHEL and Debian, where its own label can't be seen
_DAEMONS = ("system_u:system_r:container_runtime_t", "system_u:system_r:dockerd_t")


def judge_label(
    label: str, ask: Optional[Callable[..., access.Decision]], daemon: str = ""
) -> Tuple[Optional[bool], str]:
    """Judge a process's label: (whether it is confined, what to say behind `process 42`); None if unknown.

    ask: as access.decide, None where this isn't the kernel to ask; daemon: dockerd's own label, "" if unknown.
    """
    try:
        context = access.parse_context(label)
    except ValueError:
        return None, f"has {label!r}, which is no SELinux label"
    why = types.explain_weakness(label)
    if why:
        return False, f"is {label}: {why}"
    allowed, reason = _allowed(context, ask, daemon)
    if allowed:
        return False, f"is {label}, which may {', '.join(allowed)}"
    if reason and context.type not in types.CONTAINERS:
        return None, f"is {label}, a domain that this rule doesn't know; {reason}"
    return True, f"is {label}"


def judge_option(
    key: str, value: str, ask: Optional[Callable[..., access.Decision]], daemon: str = ""
) -> Tuple[Optional[bool], str]:
    """Judge `type` or `level` of a label option: (False, why) or (True or None, "")."""
    if key == "level":
        try:
            every = len(types.parse_categories(value)) >= types.EVERY_CATEGORY
        except ValueError:
            return None, ""  # dockerd or the kernel refuses it
        return (False, "SecurityOpt gives it every category") if every else (True, "")
    if value in types.UNCONFINED:
        return False, f"SecurityOpt says label=type:{value}, which is not confined"
    try:
        allowed, reason = _allowed(access.parse_context(f"system_u:system_r:{value}:s0"), ask, daemon)
    except ValueError:
        return None, ""
    if allowed:
        return False, f"SecurityOpt says label=type:{value}, which may {', '.join(allowed)}"
    return (None if reason else True), ""


def _allowed(
    context: access.Context, ask: Optional[Callable[..., access.Decision]], daemon: str
) -> Tuple[List[str], str]:
    """Ask ([what it may do to the host], why nothing is known of that)."""
    if ask is None:
        return [], "the kernel can't be asked from here"
    # Categories don't matter on what has none: one question for all containers of a domain.
    level = ":s0" if context.level else ""
    source = f"{context.user}:{context.role}:{context.type}{level}"
    allowed: List[str] = []
    answered, reason = False, ""
    for target, tclass, permission, what in _questions(source, level, daemon):
        try:
            decision = ask(source, target, tclass, (permission,))
        except access.Unanswered as error:
            reason = str(error)
            continue
        answered = True
        if decision.permissive:
            return ["do all, as the domain is a permissive one"], ""
        if not decision.denied:
            allowed.append(f"{permission} {types.type_of(target)}" + (f" ({what})" if what else ""))
    return allowed, "" if answered else reason


def _questions(source: str, level: str, daemon: str) -> Iterator[Tuple[str, str, str, str]]:
    """List (context of the target, class, permission, what that is)."""
    for target, tclass, permission, what in _HOST:
        if target == _SELF:
            contexts = [source]
        elif target == _DAEMON:
            contexts = [daemon] if daemon else [name + level for name in _DAEMONS]
        else:
            contexts = [(target if ":" in target else "system_u:object_r:" + target) + level]
        for each in contexts:
            yield each, tclass, permission, what
