# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read whether SELinux is in the kernel, has a policy and enforces it, now and after the next boot. Writes nothing.

Each function's root is the directory that stands for `/`.
"""

import os
import re
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file

MODES = ("enforcing", "permissive", "disabled")
CONFIG = "etc/selinux/config"
_SELINUXFS = "sys/fs/selinux"
_LIMIT = 1024 * 1024
# The file's value becomes a directory's name: /etc/selinux/<SELINUXTYPE>
POLICY_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}\Z", re.ASCII)


class Config(NamedTuple):
    """/etc/selinux/config. mode: one of MODES; policy: SELINUXTYPE; None where it says no such thing, error then why."""

    mode: Optional[str]
    policy: Optional[str]
    error: str


class CommandLine(NamedTuple):
    """The kernel's parameters of SELinux; None where they are not given."""

    selinux: Optional[bool] = None
    enforcing: Optional[bool] = None
    security: Optional[str] = None
    lsm: Optional[Tuple[str, ...]] = None


class State(NamedTuple):
    """mode: as `read_mode` has it; policy_version: of the loaded policy, None without one."""

    mode: Optional[str]
    config: Config
    command_line: CommandLine
    policy_version: Optional[int]


def read_state(root: str = "/") -> State:
    """Read all of it. OSError where the kernel's files can't be read; what is wrong with the configuration is its error."""
    now, version = read_mode(root), None
    if now in ("permissive", "enforcing"):
        version = int(_read(root, _SELINUXFS + "/policyvers"))
    return State(now, read_config(root), read_command_line(root), version)


def read_mode(root: str = "/") -> Optional[str]:
    """Read the mode in force: "enforcing", "permissive", "disabled" (no policy is loaded), None (not in the kernel). OSError.

    linux: security/selinux/selinuxfs.c registers the filesystem only where SELinux is on, and systemd mounts it only
    with a policy.
    """
    if b"\tselinuxfs\n" not in _read(root, "proc/filesystems"):
        return None
    try:
        enforce = _read(root, _SELINUXFS + "/enforce")
    except FileNotFoundError:
        return "disabled"
    return "enforcing" if enforce.strip() == b"1" else "permissive"


def read_config(root: str = "/") -> Config:
    """Read what the configuration asks for at the next boot. What can't be read is its error."""
    try:
        return parse_config(_read(root, CONFIG).decode("utf-8", "backslashreplace"))
    except FileNotFoundError:
        return Config(None, None, f"there is no /{CONFIG}")
    except OSError as error:
        return Config(None, None, f"/{CONFIG}: {error.strerror}")
    except ValueError as error:
        return Config(None, None, str(error))


def read_command_line(root: str = "/") -> CommandLine:
    """Read what the running kernel was booted with, and knows. OSError."""
    line = parse_command_line(_read(root, "proc/cmdline").decode("utf-8", "backslashreplace"))
    if line.selinux is False and read_mode(root) is not None:
        return line._replace(selinux=None)  # Debian builds it without CONFIG_SECURITY_SELINUX_BOOTPARAM
    return line


def parse_config(text: str) -> Config:
    """Parse it as libselinux does (src/selinux_config.c): the first mode that it knows, by its beginning, and the last type.

    `SELINUX=` counts only at the very beginning of a line.
    """
    errors: List[str] = []
    chosen: Optional[str] = None
    policy: Optional[str] = None
    value = None
    for line in text.split("\n"):
        if line.startswith("SELINUX=") and chosen is None:
            value = line[len("SELINUX=") :].strip()
            chosen = next((known for known in MODES if value.lower().startswith(known)), None)
        word = line.lstrip()
        if word.startswith("SELINUXTYPE="):
            policy = word[len("SELINUXTYPE=") :].rstrip()
    if chosen is None:
        why = "has no line SELINUX=" if value is None else f"says SELINUX={value!r:.40}, which is no mode"
        errors.append(f"/{CONFIG} {why}")
    if policy is not None and not POLICY_NAME.match(policy):
        errors.append(f"/{CONFIG} says SELINUXTYPE={policy!r:.40}, which names no policy")
        policy = None
    elif policy is None:
        errors.append(f"/{CONFIG} has no line SELINUXTYPE=")
    return Config(chosen, policy, "; ".join(errors))


def parse_command_line(text: str) -> CommandLine:
    """Parse the parameters. The last of equal ones counts (linux: security/selinux/hooks.c)."""
    parameters: Dict[str, Any] = {}
    for word in text.split():
        key, equals, value = word.partition("=")
        if not equals:
            continue
        if key in ("selinux", "enforcing") and _number(value) is not None:
            parameters[key] = bool(_number(value))
        elif key == "security":
            parameters[key] = value
        elif key == "lsm":
            parameters[key] = tuple(value.split(","))
    return CommandLine(**parameters)


def _number(text: str) -> Optional[int]:
    """Parse it as the kernel's kstrtoul with base 0, where a leading 0 means octal."""
    match = re.match(r"\+?(?:0[xX]([0-9a-fA-F]{1,16})|(0[0-7]{0,22})|([1-9][0-9]{0,19}))\Z", text)
    if not match:
        return None
    return next(int(digits, base) for base, digits in zip((16, 8, 10), match.groups()) if digits is not None)


def predict_mode(configured: Config, parameters: CommandLine) -> Optional[str]:
    """Predict the mode after a boot with the same parameters: as `read_mode`, or "unknown".

    The parameter enforcing goes before the file's mode, a file that says disabled goes before that: no policy is
    loaded (libselinux: src/load_policy.c). lsm goes before security (linux: security/security.c).
    """
    chosen = parameters.lsm if parameters.lsm is not None else parameters.security and (parameters.security,)
    if parameters.selinux is False or (chosen and "selinux" not in chosen):
        return None
    if configured.mode == "disabled":
        return "disabled"
    if parameters.enforcing is not None:
        return "enforcing" if parameters.enforcing else "permissive"
    return configured.mode or "unknown"


def explain_mode(configured: Config, parameters: CommandLine) -> str:
    """Say in words what predict_mode returns and what decides it."""
    after, line = predict_mode(configured, parameters), "on the kernel's command line"
    if after is None:
        name = "selinux=0" if parameters.selinux is False else "lsm=" if parameters.lsm is not None else "security="
        return f"no SELinux after the next boot: {name} {line}"
    if parameters.enforcing is not None and configured.mode != "disabled":
        return f"{after} after the next boot: enforcing={int(parameters.enforcing)} {line}"
    return f"{after} after the next boot: SELINUX={configured.mode} in /{CONFIG}"


def _read(root: str, path: str) -> bytes:
    return bounded_file.read(os.path.join(root, path), _LIMIT)
