# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the kernel has AF_ALG, told by files alone."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import crypto_sockets

HEAD = b"protocol  size sockets  memory press maxhdr  slab module     cl co di ac\n"
FILES = {
    "proc/net/protocols": HEAD + b"TCP       2560      4       1   no     320   yes  kernel      y  y  y  y\n",
    "proc/modules": b"",
    "proc/sys/kernel/osrelease": b"6.1.0-9-amd64\n",
    "lib/modules/6.1.0-9-amd64/modules.dep": b"kernel/crypto/af_alg.ko.xz:\nkernel/crypto/algif_aead.ko.xz: kernel/crypto/af_alg.ko.xz\n",
}


@pytest.fixture(name="root")
def _root(tmp_path):
    def write(**changes):
        files = dict(FILES)
        for path, data in changes.pop("files", {}).items():
            files[path] = data
        for path, data in files.items():
            if data is not None:
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_bytes(data)
        return str(tmp_path)

    return write


@pytest.mark.parametrize(
    "files, state",
    [
        ({}, crypto_sockets.LOADABLE),
        (
            {"proc/net/protocols": HEAD + b"ALG       1000      0      -1   NI       0   no   af_alg      n\n"},
            "in force",
        ),
        (
            {"proc/net/protocols": HEAD + b"ALGO      1000      0      -1   NI       0   no   x           n\n"},
            "loadable",
        ),
        ({"proc/modules": None}, crypto_sockets.ABSENT),
        ({"lib/modules/6.1.0-9-amd64/modules.dep": b"kernel/fs/ext4.ko: kernel/x_af_alg.ko\n"}, "absent"),
        ({"etc/modprobe.d/x.conf": b"# why\ninstall af_alg /bin/false\n"}, crypto_sockets.BLOCKED),
        ({"usr/lib/modprobe.d/x.conf": b"blacklist af-alg\n"}, "blocked"),
        ({"etc/modprobe.d/x.conf": b"# install af_alg /bin/false\n"}, "loadable"),
        ({"etc/modprobe.d/x.txt": b"install af_alg /bin/false\n"}, "loadable"),
        ({"etc/modprobe.d/x.conf": b"install af_alg /sbin/modprobe af_alg\n"}, "loadable"),
    ],
)
def test_the_state_of_af_alg(root, files, state):
    assert crypto_sockets.read_state(root(files=files)) == state


def test_without_a_list_of_modules_nothing_is_said(root):
    with pytest.raises(OSError):
        crypto_sockets.read_state(root(files={"lib/modules/6.1.0-9-amd64/modules.dep": None}))
