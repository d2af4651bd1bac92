# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look up which label a policy's file_contexts give a path, as restorecon would set it. Pure, but for `load`.

libselinux: src/label_file.c. A line without anything special in its path goes before each regular expression, and of
each kind the last that matches counts, so what `semanage fcontext` wrote (.local) goes before the policy's own.
"""

import os
import re
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.patterns import end_of
from ansible_collections.containment.docker.plugins.module_utils.selinux.state import POLICY_NAME

# The second field of a line -> the kind of file that it is for
_KINDS = {
    b"--": "file",
    b"-d": "dir",
    b"-l": "link",
    b"-c": "char",
    b"-b": "block",
    b"-s": "socket",
    b"-p": "pipe",
}
KINDS = tuple(_KINDS.values())
_PARTS = ("file_contexts", "file_contexts.homedirs", "file_contexts.local")
_LIMIT = 16 * 1024 * 1024
_SPECIAL = re.compile(rb"[.^$?*+|\[\](){}]")
_PLAIN = re.compile(rb"[^.^$?*+|\[\](){}\\]*")
_NONE = b"<<none>>"


class _Line(NamedTuple):
    """path: a literal one, or a regular expression of the whole path; kind: "" for any."""

    path: bytes
    kind: str
    context: bytes


class FileContexts(NamedTuple):
    """A policy's file contexts: `lookup` is all that is asked of them."""

    literals: Dict[bytes, List[_Line]]
    patterns: List[Tuple[bytes, _Line]]
    subs: List[Tuple[bytes, bytes]]
    dist_subs: List[Tuple[bytes, bytes]]

    def lookup(self, path: str, kind: str = "") -> Optional[str]:
        """Look up the context of an absolute path, None where it gets none. kind: one of KINDS, "" where it isn't known."""
        key = _substituted(re.sub(rb"/+", b"/", path.encode("utf-8", "surrogateescape")), self.subs, self.dist_subs)
        if key != b"/":
            key = key.rstrip(b"/")
        for line in reversed(self.literals.get(key, ())):
            if not (kind and line.kind) or kind == line.kind:
                return _context(line)
        for stem, line in reversed(self.patterns):
            if key.startswith(stem) and (not (kind and line.kind) or kind == line.kind):
                try:
                    if re.match(b"(?:%s)\\Z" % line.path, key, re.DOTALL):
                        return _context(line)
                except re.error:
                    continue  # a dialect that Python lacks, in one of the lines that could match
        return None


def load(policy: str, root: str = "/") -> FileContexts:
    """Load the file contexts of an installed policy, by its SELINUXTYPE. OSError where it isn't installed; ValueError."""
    if not POLICY_NAME.match(policy):
        raise ValueError(f"{policy!r:.40} names no policy")
    directory = os.path.join(root, "etc/selinux", policy, "contexts/files")
    texts = [bounded_file.read(os.path.join(directory, _PARTS[0]), _LIMIT)]
    texts += [_there(os.path.join(directory, part)) for part in _PARTS[1:]]
    subs, dist = (_there(os.path.join(directory, "file_contexts." + end)) for end in ("subs", "subs_dist"))
    return parse(texts, subs, dist)


def parse(contexts: Sequence[bytes], subs: bytes = b"", dist_subs: bytes = b"") -> FileContexts:
    """Parse the files, in libselinux's order. A line of another form is passed over, as libselinux does.

    subs, dist_subs: equivalences (`/data/docker /var/lib/docker`): a path below the first is looked up below the second.
    """
    literals: Dict[bytes, List[_Line]] = {}
    patterns: List[Tuple[bytes, _Line]] = []
    for text in contexts:
        for words in _words(text):
            if len(words) == 2:
                line = _Line(words[0], "", words[1])
            elif len(words) == 3 and words[1] in _KINDS:
                line = _Line(words[0], _KINDS[words[1]], words[2])
            else:
                continue
            stem, special = _stem(line.path)
            if special:
                patterns.append((stem, line))
            else:
                literals.setdefault(stem, []).append(line._replace(path=stem))
    return FileContexts(literals, patterns, _equivalences(subs), _equivalences(dist_subs))


def _stem(path: bytes) -> Tuple[bytes, bool]:
    """Split off (what each match begins with, whether there is more to it than that); `\\.` is a plain dot."""
    plain, rest = b"", path
    first = end_of(_PLAIN, path)
    follows = path[first : first + 1]
    if not follows:
        return path, False
    if follows != b"\\" and b"|" not in path:  # most of thousands of lines
        return path[: first - 1] if follows in b"?*{" and first else path[:first], True
    while True:
        special = _SPECIAL.search(rest)
        escape = rest.find(b"\\")
        if escape != -1 and (special is None or escape < special.start()):
            follows = rest[escape + 1 : escape + 2]
            if not follows or follows.isalnum():  # \d, \w, \x2d: not plain
                return plain + rest[:escape], True
            plain, rest = plain + rest[:escape] + follows, rest[escape + 2 :]
            continue
        if special is None:
            return plain + rest, False
        before = plain + rest[: special.start()]
        if special.group() in b"?*{" and before:
            return before[:-1], True  # what is before it may be missing
        return (b"" if b"|" in _outside_groups(path) else before), True


def _outside_groups(path: bytes) -> bytes:
    """Remove innermost groups: what remains of deeper ones only costs a shorter stem."""
    return re.sub(rb"\([^()]*\)", b"", path)


def _equivalences(text: bytes) -> List[Tuple[bytes, bytes]]:
    """List [(path, the one in whose place it stands)], what is written later first."""
    pairs = [(words[0].rstrip(b"/"), words[1].rstrip(b"/")) for words in _words(text) if len(words) == 2]
    return [pair for pair in pairs if pair[0]][::-1]


def _words(text: bytes) -> Iterator[List[bytes]]:
    for line in text.splitlines():
        words = line.split()
        if words and not words[0].startswith(b"#"):
            yield words


def _substituted(path: bytes, subs: Sequence[Tuple[bytes, bytes]], dist_subs: Sequence[Tuple[bytes, bytes]]) -> bytes:
    """Apply the site's equivalences first, then the distribution's on what came of it."""
    for pairs in (subs, dist_subs):
        for source, target in pairs:
            if path == source or path.startswith(source + b"/"):
                path = target + path[len(source) :] or b"/"
                break
    return path


def _context(line: _Line) -> Optional[str]:
    return None if line.context == _NONE else line.context.decode("utf-8", "surrogateescape")


def _there(path: str) -> bytes:
    try:
        return bounded_file.read(path, _LIMIT)
    except FileNotFoundError:
        return b""
