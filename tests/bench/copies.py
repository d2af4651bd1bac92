# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in the measured host: a migration's copy of a volume beside cp, and its last one beside rsync.

copies.py DIRECTORY (the exploded module) FOLDER FILES MEGABYTES ROUNDS prints {kind: [seconds]} for cp, copy, rsync and
last. cp and copy make a copy of the tree each; then, in each round, one file of a hundred changes, and rsync and last bring
their copies up to date. In turn, so that a busy moment hits both alike.
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


def write(path, size):
    """A file that doesn't compress, of this size."""
    with open(path, "wb") as stream:
        stream.write(os.urandom(size))


def make_tree(root, files, size):
    """A tree of folders with a hundred files each; returns the files."""
    paths = []
    for number in range(files):
        folder = os.path.join(root, str(number // 1000), str(number // 100))
        os.makedirs(folder, exist_ok=True)
        paths.append(os.path.join(folder, str(number)))
        write(paths[-1], size)
        os.chown(paths[-1], number % 7, number % 5)
    return paths


def seconds(function):
    """How long it takes, after everything else was written to the disk."""
    os.sync()
    start = time.monotonic()
    function()
    return time.monotonic() - start


def main():
    """What the command line says."""
    folder, files, megabytes, rounds = sys.argv[2], *map(int, sys.argv[3:6])
    shutil.rmtree(folder, ignore_errors=True)
    source, ours, theirs = (os.path.join(folder, name) for name in ("source", "ours", "theirs"))
    size = megabytes * 1024 * 1024 // files
    paths = make_tree(source, files, size)
    times = {"cp": [], "copy": [], "rsync": [], "last": []}
    for _round in range(rounds):
        for place in (ours, theirs):
            shutil.rmtree(place, ignore_errors=True)
        os.mkdir(ours)
        times["cp"].append(seconds(lambda: subprocess.check_call(["cp", "-a", source, theirs])))
        times["copy"].append(seconds(lambda: bulk_copy.copy(source, ours, IDS)))
    for number in range(rounds):
        earlier = tree.survey(source, IDS).identities  # while containers run, as all of a migration's plan
        for path in paths[number::CHANGED]:
            write(path, size)
        times["rsync"].append(seconds(lambda: subprocess.check_call([*RSYNC, source + "/", theirs + "/"])))
        times["last"].append(seconds(functools.partial(bulk_copy.copy_last, source, ours, IDS, earlier)))
    shutil.rmtree(folder)
    json.dump(times, sys.stdout)


main()
