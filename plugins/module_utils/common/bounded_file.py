# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads files that may be of any size. I/O only."""

import os
from typing import List, Optional

_PIECE = 65536  # more than most files have; memory is taken for a whole piece
# The kernel fills a buffer of a page, 4 KiB at least, with records, and hands it out earlier only where the next does not
# fit. (linux: fs/seq_file.c, seq_read_iter)
SHORT_RECORDS = 2048
ONE_RECORD = _PIECE  # and makes its buffer larger for a single one, as cgroup, stat and status in /proc are


def read(path: str, limit: int, directory: Optional[int] = None, flags: int = 0, end: int = 0) -> bytes:
    """Return a file's bytes. Raise OSError; ValueError where it is longer.

    directory: the open one that path is relative to; flags: of os.open beside O_RDONLY. end: a piece that is shorter is the
    last one: SHORT_RECORDS for a file in /proc whose records are no longer than that, ONE_RECORD for one that has just one.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags, dir_fd=directory)
    try:
        pieces: List[bytes] = []
        total = 0
        while True:
            piece = os.read(descriptor, _PIECE)  # short before the end, too: /proc gives whole lines
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            total += len(piece)
            if total > limit:
                raise ValueError(f"{path} is larger than {int(limit)} bytes")
            if len(piece) < end:
                return b"".join(pieces)
    finally:
        os.close(descriptor)
