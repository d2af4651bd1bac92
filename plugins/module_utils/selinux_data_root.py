# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the engine's data root is labelled as /var/lib/docker would be. Reads labels, changes none."""

import errno
import os
from typing import Any, Callable, Dict, List, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils import labelled_path, selinux_types
from ansible_collections.containment.docker.plugins.module_utils.file_contexts import FileContexts
from ansible_collections.containment.docker.plugins.module_utils.rule import inert

_STANDARD = "/var/lib/docker"
# What containers need there. Not volumes: policies have dockerd make that with the label of its volumes (a named type
# transition), whatever file contexts say.
_PARTS = ("", "/containers", "/image", "/overlay2", "/tmp")


def look(root, contexts):
    # type: (str, Optional[FileContexts]) -> Dict[str, Any]
    """path, verdict (right, wrong, unknown), context, expected, why, equivalence (whether one is missing), cure.

    contexts: None where no policy is installed.
    """
    if contexts is None:
        return _told(root, "unknown", why="no policy is installed that says how it should be labelled")
    return judge(root, contexts.lookup, _label)


def judge(root, expected_of, label_of):
    # type: (str, Callable[[str, str], Optional[str]], Callable[[str], Optional[str]]) -> Dict[str, Any]
    """As look. expected_of: takes a path and a kind; label_of: None for what isn't there. Pure, but for these.

    Only the type counts: user, role and level are of no matter to what containers may do with it.
    """
    known = []  # type: List[Tuple[str, str, str]]
    for part in _PARTS:
        try:
            seen = label_of(root + part)
        except OSError as error:
            return _told(root, "unknown", why="%s: %s" % (inert(root + part), error.strerror))
        expected = expected_of(_STANDARD + part, "dir")
        if seen is not None and expected is not None:
            known.append((root + part, seen, expected))
    if not known:
        return _told(root, "unknown", why="it is not there, or the policy says nothing of it")
    if _same(expected_of(_STANDARD, "dir") or "", expected_of(os.path.dirname(_STANDARD), "dir") or ""):
        return _told(root, "unknown", why="the policy knows no %s: is container-selinux installed?" % _STANDARD)
    for path, seen, expected in known:
        if not _same(seen, expected):
            why = "%s is %s" % (inert(path), inert(seen))
            equivalence = not all(_same(expected_of(path, "dir") or "", right) for path, _seen, right in known)
            return _told(root, "wrong", seen, expected, why, equivalence)
    return _told(root, "right", known[0][1], known[0][2])


def _same(one, other):
    return selinux_types.type_of(one) == selinux_types.type_of(other)


def _told(root, verdict, context="", expected="", why="", equivalence=False):
    cure = ("semanage fcontext -a -e %s %s; " % (_STANDARD, root) if equivalence else "") + "restorecon -R %s" % root
    return {
        "path": root,
        "verdict": verdict,
        "context": inert(context),
        "expected": inert(expected),
        "why": why,
        "equivalence": equivalence,
        "cure": cure if verdict == "wrong" else "",
    }


def _label(path):
    """The label of what is there, None where nothing is. OSError."""
    if not os.path.lexists(path):
        return None
    try:
        return labelled_path.look(path, labelled_path.slow_points(), True).label or "unlabeled"
    except (labelled_path.NotLooked, ValueError) as reason:
        raise OSError(errno.EIO, str(reason))
