# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in the measured host: a migration's copy of a volume beside cp, and its last one beside rsync.

copies.py DIRECTORY (the exploded module) FOLDER FILES MEGABYTES LARGE COPIES ROUNDS prints {kind: [seconds]}. Half of all is in
LARGE files, the rest in FILES small ones. cp and copy make a copy of the tree each, COPIES times. Then, in each round, one
small file of a hundred and a megabyte of one large file change, and rsync and last bring their copies up to date. `rsync
empty` and `last empty` are the same for an empty directory, so what each costs anyway. Who begins changes with each
round, so that neither a busy moment nor what the other has read favours one.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, sys.argv[1])

from ansible_collections.containment.docker.plugins.module_utils.migration import bulk_copy, tree  # noqa: E402
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap  # noqa: E402

RSYNC = "rsync --archive --hard-links --acls --xattrs --sparse --numeric-ids --devices --specials --delete --inplace".split()
IDS = IdMap(100000, 65536, 100000, 65536)
CHANGED = 100  # one of so many
MEGABYTE = 1024 * 1024
LATER = 2**63  # a moment that nothing is later than
TICK = 0.05  # seconds: what changes in the tick of the clock in which a last copy begins counts as written meanwhile
AGE = 11  # seconds: what is younger than ten when a first copy begins is copied again by the last; volumes are older


def write(path, size, at=0):
    """Write so much that doesn't compress, here in a file."""
    with open(path, "r+b" if at else "wb") as stream:
        stream.seek(at)
        while size:
            stream.write(os.urandom(min(size, MEGABYTE)))
            size -= min(size, MEGABYTE)


def make_tree(root, files, large, size):
    """A tree of folders with a hundred files each, and of large files, of `size` bytes in all; returns both."""
    small = []
    for number in range(files):
        folder = os.path.join(root, str(number // 1000), str(number // 100))
        os.makedirs(folder, exist_ok=True)
        small.append(os.path.join(folder, str(number)))
        write(small[-1], size // 2 // files)
        os.chown(small[-1], number % 7, number % 5)
    others = [os.path.join(root, f"large{number}") for number in range(large)]
    for path in others:
        write(path, size // 2 // large)
    return small, others


def seconds(function):
    """How long it takes, after everything else was written to the disk."""
    os.sync()
    start = time.monotonic()
    function()
    return time.monotonic() - start


def turn(number, times, jobs):
    """Measure two jobs by kind, in this order or the other."""
    for kind, job in sorted(jobs.items(), reverse=number % 2):
        times.setdefault(kind, []).append(seconds(job))


def rsync(source, target):
    """A second pass."""
    subprocess.check_call([*RSYNC, source + "/", target + "/"])


def last(source, target, earlier, since):
    """All that a downtime has of it: the copy, and the look afterwards whether anybody wrote since the stop."""
    bulk_copy.copy_last(source, target, IDS, earlier, since)
    bulk_copy.require_rest(source, LATER)


def main():
    """What the command line says."""
    folder = sys.argv[2]
    files, megabytes, large, copies, rounds = map(int, sys.argv[3:8])
    shutil.rmtree(folder, ignore_errors=True)
    source, ours, theirs, empty = (os.path.join(folder, name) for name in ("source", "ours", "theirs", "empty"))
    small, others = make_tree(source, files, large, megabytes * MEGABYTE)
    for name in ("source", "ours", "theirs"):
        os.makedirs(os.path.join(empty, name))
    time.sleep(AGE)
    earlier, nothing = (tree.survey(place, IDS).identities for place in (source, os.path.join(empty, "source")))
    times, since = {}, []
    for number in range(copies):
        for place in (ours, theirs):
            shutil.rmtree(place, ignore_errors=True)
            os.mkdir(place)
        firsts = {
            "copy": lambda: since.append(bulk_copy.copy_live(source, ours, IDS, earlier, {})),
            "cp": lambda: subprocess.check_call(["cp", "-a", source + "/.", theirs]),
        }
        turn(number, times, firsts)
    for number in range(rounds):
        for path in small[number::CHANGED]:
            write(path, megabytes * MEGABYTE // 2 // files)
        write(others[number % large], MEGABYTE, at=MEGABYTE)
        time.sleep(TICK)
        updates = {
            "last": functools.partial(last, source, ours, earlier, since[-1]),
            "rsync": functools.partial(rsync, source, theirs),
        }
        turn(number, times, updates)
        three = [os.path.join(empty, name) for name in ("source", "ours", "theirs")]
        fixed = {
            "last empty": functools.partial(last, *three[:2], nothing, since[-1]),
            "rsync empty": functools.partial(rsync, three[0], three[2]),
        }
        turn(number, times, fixed)
    shutil.rmtree(folder)
    json.dump(times, sys.stdout)


main()
