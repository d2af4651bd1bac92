# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare the labels of the engine's data root with those of /var/lib/docker. Reads labels, changes none."""

import errno
import os
import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.selinux import path_label, types
from ansible_collections.containment.docker.plugins.module_utils.selinux.file_contexts import FileContexts

_STANDARD = "/var/lib/docker"
# What containers need there. Not volumes: policies have dockerd make that with the label of its volumes (a named type
# transition), whatever file contexts say.
_PARTS = ("", "/containers", "/image", "/overlay2", "/tmp")


# Where the packages' containerd keeps images and layers, and what of it containers need
_CONTAINERD = "/var/lib/containerd"
_SNAPSHOTS = ("", "/io.containerd.snapshotter.v1.overlayfs", "/io.containerd.snapshotter.v1.overlayfs/snapshots")
# dockerd's own containerd, where no other is there (moby: libcontainerd/supervisor). File contexts have nothing for it
# but what the rest of a data root gets, which no container may read: a relabel takes the layers from the containers.
_OWN_CONTAINERD = "/containerd/daemon"
_LAYERS = "/io.containerd.snapshotter.v1.overlayfs/snapshots"
_READABLE = ("container_file_t", "container_ro_file_t")
_REMAPPED = re.compile(r"/[0-9]+\.[0-9]+\Z")
_WHOLE_ROOT = "container_var_lib_t"


def inspect_labels(root: str, contexts: Optional[FileContexts], containerd_store: bool = False) -> Dict[str, Any]:
    """Read and judge the labels of a data root.

    contexts: None where no policy is installed; containerd_store: whether images and layers are containerd's. The result:
    path, verdict (right, wrong, unknown), context, expected, why, equivalence (whether one is missing), cure, keep (what
    must not be relabelled with it, "" for nothing), store and store_cure (a directory with layers that a relabel of the
    whole host would take from the containers, and what gives it contexts; "" for none).
    """
    if contexts is None:
        return _report(root, "unknown", why="no policy is installed that says how it should be labelled")
    return judge_root(root, contexts.lookup, _label, containerd_store)


def judge_root(
    root: str,
    expected_of: Callable[[str, str], Optional[str]],
    label_of: Callable[[str], Optional[str]],
    containerd_store: bool,
) -> Dict[str, Any]:
    """Judge as inspect_labels, with containerd's store where it has the layers. Pure, but for these functions."""
    report = judge_labels(root, expected_of, label_of)
    if not containerd_store:
        return report
    if report["verdict"] == "right":
        report = judge_own_store(root, expected_of, label_of) or judge_containerd_store(expected_of, label_of) or report
    if not _relabels_well(root, expected_of) and _there(label_of, root + _OWN_CONTAINERD):
        report.update(store=root + _OWN_CONTAINERD, store_cure=_contexts_for_own(expected_of))
    return report


def judge_own_store(
    root: str, expected_of: Callable[[str, str], Optional[str]], label_of: Callable[[str], Optional[str]]
) -> Optional[Dict[str, Any]]:
    """Judge the layers of dockerd's own containerd, None where containers may read them or there are none."""
    path = root + _OWN_CONTAINERD + _LAYERS
    try:
        label = label_of(path)
    except OSError as error:
        return _report(path, "unknown", why=f"{inert(path)}: {error.strerror}")
    expected = expected_of(_CONTAINERD + _LAYERS, "dir") or ""
    if label is None or types.type_of(label) in _READABLE + (types.type_of(expected),):
        return None
    why = f"{inert(path)}, which has the containers' layers, is {inert(label)}, which no container may read"
    report = _report(root + _OWN_CONTAINERD, "wrong", label, expected, why)
    if not _relabels_well(root, expected_of):
        report["cure"] = f"{_contexts_for_own(expected_of)}; {report['cure']}"
    return report


def _relabels_well(root: str, expected_of: Callable[[str, str], Optional[str]]) -> bool:
    """Whether file contexts give the layers of dockerd's own containerd a label that containers may read."""
    return types.type_of(expected_of(root + _OWN_CONTAINERD + _LAYERS, "dir") or "") in _READABLE


def _contexts_for_own(expected_of: Callable[[str, str], Optional[str]]) -> str:
    """By the standard path also where the root is elsewhere: semanage takes none below an equivalence of its own."""
    expected = types.type_of(expected_of(_CONTAINERD + _LAYERS, "dir") or "")
    kind = expected if expected in _READABLE else _READABLE[0]
    return f"semanage fcontext -a -t {kind} '{_STANDARD}{_OWN_CONTAINERD}/[^/]+/snapshots(/.*)?'"


def judge_containerd_store(
    expected_of: Callable[[str, str], Optional[str]], label_of: Callable[[str], Optional[str]]
) -> Optional[Dict[str, Any]]:
    """Judge containerd's own directory in the same way, None where nothing is wrong there or it is elsewhere."""
    for part in _SNAPSHOTS:
        path = _CONTAINERD + part
        try:
            label = label_of(path)
        except OSError as error:
            return _report(path, "unknown", why=f"{inert(path)}: {error.strerror}")
        expected = expected_of(path, "dir")
        if label is not None and expected is not None and not _same(label, expected):
            why = f"{path}, which has the containers' layers, is {inert(label)}"
            return _report(_CONTAINERD, "wrong", label, expected, why)
    return None


def uses_containerd_store(info: Mapping[str, Any]) -> bool:
    """Say whether an engine has its layers in containerd's store (moby: daemon/containerd/service.go, LayerStoreStatus)."""
    return ["driver-type", "io.containerd.snapshotter.v1"] in [list(pair) for pair in info.get("DriverStatus") or ()]


def judge_labels(
    root: str, expected_of: Callable[[str, str], Optional[str]], label_of: Callable[[str], Optional[str]]
) -> Dict[str, Any]:
    """Judge as inspect_labels. expected_of: takes a path and a kind; label_of: None for what isn't there. Pure, but for these.

    Only the type counts: user, role and level are of no matter to what containers may do with it.
    """
    known: List[Tuple[str, str, str]] = []
    for part in _PARTS:
        try:
            label = label_of(root + part)
        except OSError as error:
            return _report(root, "unknown", why=f"{inert(root + part)}: {error.strerror}")
        expected = expected_of(_STANDARD + part, "dir")
        if label is not None and expected is not None:
            whole = _REMAPPED.search(root) and types.type_of(label) == _WHOLE_ROOT
            # what a relabel gives the data root of remapped users, which works: layers are mounted with their own label
            known.append((root + part, label, label if whole else expected))
    if not known:
        return _report(root, "unknown", why="it is not there, or the policy says nothing of it")
    if _same(expected_of(_STANDARD, "dir") or "", expected_of(os.path.dirname(_STANDARD), "dir") or ""):
        return _report(root, "unknown", why=f"the policy knows no {_STANDARD}: is container-selinux installed?")
    for path, label, expected in known:
        if not _same(label, expected):
            why = f"{inert(path)} is {inert(label)}"
            equivalence = not all(_same(expected_of(path, "dir") or "", right) for path, _current, right in known)
            own = not _relabels_well(root, expected_of) and _there(label_of, root + _OWN_CONTAINERD)
            keep = root + _OWN_CONTAINERD if own else ""
            return _report(root, "wrong", label, expected, why, equivalence, keep)
    return _report(root, "right", known[0][1], known[0][2])


def _same(one: str, other: str) -> bool:
    return types.type_of(one) == types.type_of(other)


def _there(label_of: Callable[[str], Optional[str]], path: str) -> bool:
    try:
        return label_of(path) is not None
    except OSError:
        return True


def _report(
    root: str,
    verdict: str,
    context: str = "",
    expected: str = "",
    why: str = "",
    equivalence: bool = False,
    keep: str = "",
) -> Dict[str, Any]:
    cure = f"semanage fcontext -a -e {_STANDARD} {root}; " if equivalence else ""
    cure += f"restorecon -R -e {keep} {root}" if keep else f"restorecon -R {root}"
    return {
        "path": root,
        "verdict": verdict,
        "context": inert(context),
        "expected": inert(expected),
        "why": why,
        "equivalence": equivalence,
        "keep": keep,
        "cure": cure if verdict == "wrong" else "",
        "store": "",
        "store_cure": "",
    }


def _label(path: str) -> Optional[str]:
    """Read the label of a path, None where nothing is. OSError."""
    if not os.path.lexists(path):
        return None
    try:
        return path_label.read_label(path, path_label.read_slow_points(), True).label or "unlabeled"
    except (path_label.NotLooked, ValueError) as reason:
        raise OSError(errno.EIO, str(reason))
