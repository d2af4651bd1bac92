# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask the kernel what the loaded SELinux policy allows. Changes nothing: the question is written, the answer read.

linux: security/selinux/selinuxfs.c, sel_write_access: `source target class`, one question for each open file. The
answer is computed as for a real access, constraints (categories) included, whatever the mode; nothing is logged.
"""

import errno
import os
import re
from functools import lru_cache
from typing import Dict, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless

_SELINUXFS = "sys/fs/selinux"
_PERMISSIVE = 1  # linux: security/selinux/include/security.h, AVD_FLAGS_PERMISSIVE
_WORD = re.compile(r"[a-z][a-z0-9_]*\Z")
# What could end a field of the question, or be taken for a second one, matches nowhere.
_CONTEXT = re.compile(r"([\w.-]+):([\w.-]+):([\w.-]+)(?::([\w.,:-]+))?\Z", re.ASCII)
_LENGTH = 512
# allowed, decided, auditallow, auditdeny, the policy's number, flags
_ANSWER = re.compile(rb"([0-9a-f]{1,8}) [0-9a-f]{1,8} [0-9a-f]{1,8} ([0-9a-f]{1,8}) [0-9]+ ([0-9a-f]{1,8})\0?\Z")


class Unanswered(Exception):
    """The kernel doesn't say it: its text is why, in one sentence."""


class Decision(NamedTuple):
    """denied: of the permissions asked for, in their order; permissive: the source's domain is held back by nothing;
    silent: those of the denied that no log ever tells, as a dontaudit rule hides them."""

    denied: Tuple[str, ...]
    permissive: bool
    silent: Tuple[str, ...] = ()


class Context(NamedTuple):
    """A security context; level is "" without MLS, as `s0:c1,c2` or a range `s0-s0:c0.c1023` otherwise."""

    user: str
    role: str
    type: str
    level: str


def parse_context(context: str) -> Context:
    """Split a context into its parts. ValueError for what no policy writes."""
    match = _CONTEXT.match(context) if len(context) <= _LENGTH else None
    if not match:
        raise Meaningless(f"{context!r:.80} is no SELinux context")
    return Context(*(part or "" for part in match.groups()))


def decide(source: str, target: str, tclass: str, permissions: Sequence[str], root: str = "/") -> Decision:
    """Ask what the loaded policy denies a process with the context source on an object with the context target.

    tclass, permissions: names, as "dir" and ("search", "write"). Unanswered also where the policy doesn't know them.
    """
    for context in (source, target):
        try:
            parse_context(context)
        except ValueError as error:
            raise Unanswered(str(error))
    bits = _permissions(root, tclass)
    unknown = [name for name in permissions if name not in bits]
    if unknown:
        raise Unanswered(f"the loaded policy has no permission {', '.join(unknown)} for the class {tclass}")
    answer = _ask(root, f"{source} {target} {int(_index(root, tclass))}")
    match = _ANSWER.match(answer)
    if not match:
        raise Unanswered(f"the kernel answers {answer!r:.60}, which is none of its answers")
    allowed, audited = int(match.group(1), 16), int(match.group(2), 16)
    missing = tuple(name for name in permissions if not allowed >> (bits[name] - 1) & 1)
    silent = tuple(name for name in missing if not audited >> (bits[name] - 1) & 1)
    return Decision(missing, bool(int(match.group(3), 16) & _PERMISSIVE), silent)


def _ask(root: str, question: str) -> bytes:
    path = os.path.join(root, _SELINUXFS, "access")
    try:
        descriptor = os.open(path, os.O_RDWR)  # the kernel keeps one answer for each open file
    except OSError as error:
        raise Unanswered(_why_not(path, error))
    try:
        os.write(descriptor, question.encode("ascii"))
        return os.read(descriptor, 4096)
    except OSError as error:
        if error.errno == errno.EINVAL:
            raise Unanswered(f"the loaded policy doesn't know one of the contexts in {question!r}")
        raise Unanswered(_why_not(path, error))
    finally:
        os.close(descriptor)


# A policy that is loaded anew in between may number otherwise: in the instant of one audit that isn't looked for.
@lru_cache(maxsize=32)
def _index(root: str, tclass: str) -> int:
    return _number(os.path.join(_class(root, tclass), "index"), tclass)


@lru_cache(maxsize=32)
def _permissions(root: str, tclass: str) -> Dict[str, int]:
    """Read the number of each permission of a class, from 1 on."""
    directory = os.path.join(_class(root, tclass), "perms")
    try:
        names = os.listdir(directory)
    except OSError as error:
        raise Unanswered(_unknown_class(root, directory, tclass, error))
    return {name: _number(os.path.join(directory, name), tclass) for name in names}


def _class(root: str, tclass: str) -> str:
    if not _WORD.match(tclass):
        raise Unanswered(f"{tclass!r:.40} is no class of SELinux")
    return os.path.join(root, _SELINUXFS, "class", tclass)


def _number(path: str, tclass: str) -> int:
    try:
        number = int(bounded_file.read(path, 64))
    except OSError as error:
        raise Unanswered(_why_not(path, error))
    except ValueError as error:
        raise Unanswered(f"{path}: {error}")
    if not 0 < number < 65536:
        raise Unanswered(f"{path}: {int(number)} numbers nothing of the class {tclass}")
    return number


def _unknown_class(root: str, path: str, tclass: str, error: OSError) -> str:
    if error.errno == errno.ENOENT and os.path.isdir(os.path.join(root, _SELINUXFS, "class")):
        return f"the loaded policy has no class {tclass}"
    return _why_not(path, error)


def _why_not(path: str, error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return f"no SELinux policy is loaded, so the kernel can't be asked (there is no {path})"
    return f"{path}: {error.strerror}; the kernel's SELinux policy can't be asked"
