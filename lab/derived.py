# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images made of others: the files of an image, changed by a script in a root of their own, are a new image.

The lab's engine has no way out, so packages are installed in a chroot with the machine's network, as mmdebstrap does.
"""

import contextlib
import os
import tempfile

from paths import DATA, HERE, docker, run

_IN_ROOT = HERE / "in-root.sh"
_NAMESPACES = ("unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--propagation", "private")
# of a file's attributes what lets newuidmap work; labels of another machine would not fit
_TAR = ("tar", "--numeric-owner", "--xattrs", "--xattrs-include=security.capability")


def make(base, image, script, *arguments):
    """Import as `image` what is in `base` after `script ROOT ARGUMENTS…`. Both are names; LabError with what was said."""
    with tempfile.TemporaryDirectory(dir=DATA, prefix="derived-") as work:
        root = f"{work}/root"
        os.mkdir(root)
        with _container(base) as container:
            docker("export", "--output", f"{work}/base.tar", container)
        run([*_TAR, "-C", root, "-xf", f"{work}/base.tar"])
        os.unlink(f"{work}/base.tar")
        run([*_NAMESPACES, "sh", _IN_ROOT, root, "sh", script, root, *arguments])
        run([*_TAR, "-C", root, "-cf", f"{work}/root.tar", "."])
        docker("import", f"{work}/root.tar", image)


@contextlib.contextmanager
def _container(base):
    """A container that never runs: only of such a one the engine gives the files."""
    container = docker("create", base, "/never").stdout.strip()
    try:
        yield container
    finally:
        docker("rm", container)
