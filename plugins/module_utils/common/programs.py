# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a program of the host and take what it prints. I/O only: what is printed is judged by who asked."""

import os
import subprocess
from typing import NamedTuple, Sequence

# Where a service of systemd finds programs (systemd.exec(5), PATH); that of a task may lack the directories named sbin.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Answer(NamedTuple):
    """What a program ended with: its exit status, negative for a signal, and all that it printed."""

    status: int
    output: bytes
    errors: bytes


def run(argv: Sequence[str], seconds: float, data: bytes = b"", **variables: str) -> Answer:
    """Run a program to its end, with messages in English. data: what it reads; variables: of its environment.

    Raise OSError, whose text is one sentence, where there is no such program, it can't be run, or does not end in time.
    """
    environment = dict(os.environ, LC_ALL="C", PATH=f"{os.environ.get('PATH', '')}:{PATH}".lstrip(":"), **variables)
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            argv,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except FileNotFoundError:
        raise OSError(f"there is no program {argv[0]}")
    except subprocess.TimeoutExpired:
        raise OSError(f"{argv[0]} did not answer within {seconds:g} s")
    except OSError as error:
        raise OSError(f"{argv[0]} cannot be run: {error.strerror}")
    return Answer(done.returncode, done.stdout, done.stderr)
