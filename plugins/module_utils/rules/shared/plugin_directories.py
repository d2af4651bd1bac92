# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories from which the daemon runs plugins as root, where its configuration puts them elsewhere. Pure."""

import posixpath
from typing import Iterator, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean

# moby: daemon/internal/nri/nri.go; without them docker/nri-plugins below /usr/libexec and /etc/docker/nri/conf.d (seen on 29), as
# containerd has /opt/nri/plugins and /etc/nri/conf.d: all of them are sensitive in any case
_KEYS = ("plugin-path", "plugin-config-path")
# moby: daemon/extensions.go (29.8 on): each program in these, without it in /usr/libexec/docker/moby-extensions
_EXTENSIONS = "--extension-dir"


def list_directories(evidence: Evidence) -> Tuple[str, ...]:
    """Return the clean paths; none where the daemon's settings can't be read, or there is no daemon."""
    return tuple(clean(path) for path in (*_of_nri(evidence), *_of_extensions(evidence)))


def _of_nri(evidence: Evidence) -> Sequence[str]:
    try:
        options = evidence["daemon"]["running"].get("nri-opts")
    except (Absent, Unreadable):
        return ()
    if not isinstance(options, Mapping) or not options.get("enable"):
        return ()
    return [str(options[key]) for key in _KEYS if options.get(key)]


def _of_extensions(evidence: Evidence) -> Sequence[str]:
    """By the command line, as no file of the daemon's may name them."""
    try:
        process = evidence["daemon"]["process"]
    except (Absent, Unreadable):
        return ()
    return [posixpath.join(process.directory, path) for path in _values(process.argv[1:]) if path]


def _values(words: Sequence[str]) -> Iterator[str]:
    """Yield what stands behind the flag: it may be there several times, and its value in a word of its own."""
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == _EXTENSIONS:
            yield value if equals else "".join(words[place + 1 : place + 2])


def sensitive(path: str, directories: Tuple[str, ...], allowed: Tuple[str, ...]) -> Optional[str]:
    """Return why a container should not have this clean path, as linux.paths.sensitive; None where it may."""
    if any(below(path, entry) for entry in allowed):
        return None
    for place in directories:
        if below(path, place):
            return path
        if below(place, path):
            return f"{path}, which contains {place}"
    return None
