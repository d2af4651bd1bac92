# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say in sentences what stands between a host and SELinux in force. Pure."""

from typing import Any, Dict, List, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.selinux.state import (
    CONFIG,
    CommandLine,
    State,
    predict_mode,
)

_FILE = "/" + CONFIG


def _remove_at_boot(parameter: str) -> str:
    return f"remove it there (RHEL: grubby --update-kernel ALL --remove-args {parameter}) and reboot"


class Files(NamedTuple):
    """installed: whether the wanted policy is; relabel: whether one is asked for; waits: whether the configuration was
    written since the boot; unlabelled: a file of the host that has no label, "" for none.
    """

    installed: bool
    relabel: bool = False
    waits: bool = False
    unlabelled: str = ""


def report_mode(state: State, policy: str, files: Files) -> Dict[str, Any]:
    """Report the mode as selinux_info returns it. policy: the type that is wanted, "" for none."""
    line = state.command_line
    obstacle = _find_obstacle(state, files)
    return {
        "running": state.mode or "none",
        "configured": state.config.mode or "",
        "policy": policy,
        "configured_policy": state.config.policy or "",
        "policy_loaded": state.policy_version is not None,
        "policy_installed": files.installed,
        "next_boot": predict_mode(state.config, line) or "none",
        "command_line": _parameters(line),
        "problems": _problems(state, policy, files),
        "in_the_way": {
            "permissive": obstacle,
            "enforcing": obstacle or _find_boot_obstacle(state) or _find_label_obstacle(state, files),
        },
    }


def _parameters(line: CommandLine) -> List[str]:
    flags = [("selinux", line.selinux), ("enforcing", line.enforcing)]
    parameters = [f"{name}={int(value)}" for name, value in flags if value is not None]
    if line.security is not None:
        parameters.append("security=" + inert(line.security, 64))
    if line.lsm is not None:
        parameters.append("lsm=" + inert(",".join(line.lsm), 256))
    return parameters


def _find_obstacle(state: State, files: Files) -> str:
    """Find why nothing that is changed on the running host brings SELinux, be it after a reboot; "" where something does."""
    line = state.command_line
    if state.mode is not None:
        return ""
    if line.selinux is False:
        return (
            f"the kernel was booted with selinux=0, which no setting of {_FILE} undoes (from RHEL 9 on it is what disables, "
            f"and the file no longer does): {_remove_at_boot('selinux=0')}"
        )
    if predict_mode(state.config, line) is None:
        chosen = line.security if line.lsm is None else ",".join(line.lsm)
        parameter = ("lsm=" if line.lsm is not None else "security=") + inert(chosen, 128)
        return f"the kernel was booted with {parameter}, which leaves SELinux out: choose selinux there and reboot"
    if state.config.mode == "disabled":
        return ""  # up to RHEL 8 the file takes SELinux out of the kernel, and brings it back
    if files.waits:
        return ""  # the boot that shows what the file brings is still to come
    return (
        "this kernel runs without SELinux although nothing says so: it is built without it, or has another such module by "
        "default (Debian: AppArmor; selinux-activate puts security=selinux on its command line)"
    )


def _find_boot_obstacle(state: State) -> str:
    """Find why enforcing would not outlast a reboot."""
    if state.command_line.enforcing is False:
        cure = _remove_at_boot("enforcing=0")
        return f"the kernel was booted with enforcing=0, so that each boot is permissive whatever {_FILE} says: {cure}"
    return ""


def _find_label_obstacle(state: State, files: Files) -> str:
    """Find why the host itself would not go on where SELinux is enforced: its files were written while it was off."""
    if state.mode != "permissive":
        return ""
    if files.relabel:
        return "the relabel that /.autorelabel asks for was not done yet: reboot"
    if files.unlabelled:
        return (
            f"{inert(files.unlabelled)} has no label, as files have that were written while SELinux was off: "
            f"touch /.autorelabel and reboot"
        )
    return ""


def _problems(state: State, policy: str, files: Files) -> List[str]:
    problems = [
        _find_obstacle(state, files),
        _find_boot_obstacle(state),
        _find_label_obstacle(state, files),
        state.config.error,
    ]
    running, configured = state.mode, state.config.mode
    if running in ("permissive", "enforcing") and configured and running != configured:
        problems.append(f"SELinux is {running}, and {_FILE} says {configured}: {_why(state)}")
    if running == "disabled" and configured in ("permissive", "enforcing"):
        problems.append(
            f"{_FILE} says {configured}, and no policy is loaded: the host was not booted since, or it could not be loaded"
        )
    if policy and not files.installed:
        problems.append(f"the policy {policy} is not installed: there is none in /etc/selinux/{policy}/policy")
    return [sentence for sentence in problems if sentence]


def _why(state: State) -> str:
    if predict_mode(state.config, state.command_line) == state.mode:
        return f"enforcing={int(bool(state.command_line.enforcing))} on the kernel's command line goes before it"
    if (state.mode, state.config.mode) == ("permissive", "enforcing"):
        return "somebody has run setenforce 0"
    return "it changes with the next boot"
