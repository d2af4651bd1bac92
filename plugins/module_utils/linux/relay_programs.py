# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the arguments of programs that only pass connections on say of where these go. Pure.

systemd: man systemd-socket-proxyd(8), src/socket-proxy/socket-proxyd.c. socat: man socat(1), xioopts.c and the names of
addresses in xioopen.c; letters of either case, options behind commas.
"""

from typing import NamedTuple, Optional, Sequence

PROXYD, SOCAT = "systemd-socket-proxyd", "socat"
# Where they are installed. A process runs one of these where its program is that file.
PROGRAMS = {
    "/lib/systemd/systemd-socket-proxyd": PROXYD,
    "/usr/lib/systemd/systemd-socket-proxyd": PROXYD,
    "/usr/bin/socat": SOCAT,
    "/usr/bin/socat1": SOCAT,
    "/usr/local/bin/socat": SOCAT,
}
_PROXYD_VALUES = ("-c", "--connections-max", "--exit-idle-time")  # options whose value may be an argument of its own
_SOCAT_VALUES = ("-b", "-t", "-T", "-lf", "-lp", "-L", "-W", "-r", "-R", "-S", "-lm", "-ly")
_CONNECT = ("unix", "local", "unix-connect", "unix-client", "gopen", "open")
_ABSTRACT = ("abstract-connect", "abstract-client", "abstract")
_TLS = ("openssl-listen", "ssl-listen", "ssl-l", "openssl-dtls-server", "dtls-listen", "dtls-l")


class Route(NamedTuple):
    """target: the path of a unix socket, or @name, to which all goes. open: whether whoever connects is let through; None where
    the program may ask for a certificate first."""

    target: str
    open: Optional[bool] = True


def parse_route(program: str, argv: Sequence[str]) -> Optional[Route]:
    """Return where a known program passes connections on; None where that is no unix socket, or the arguments don't say so."""
    if program == PROXYD:
        words = _without_options(argv[1:], _PROXYD_VALUES)
        return Route(words[0]) if len(words) == 1 and words[0][:1] in ("/", "@") else None
    words = _without_options(argv[1:], _SOCAT_VALUES)
    if program != SOCAT or len(words) != 2:
        return None
    for word, other in (words, words[::-1]):
        target = _socat_target(word)
        if target:
            kind, *options = other.lower().split(",")
            asks = kind.partition(":")[0] in _TLS and not {"verify=0", "verify=false"} & set(options)
            return Route(target, None if asks else True)
    return None


def _without_options(words: Sequence[str], with_values: Sequence[str]) -> Sequence[str]:
    rest = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-") and len(word) > 1:
            skip = word in with_values
        else:
            rest.append(word)
    return rest


def _socat_target(word: str) -> str:
    """The unix socket that an address of socat connects to; "" where it connects to none."""
    head = word.split(",")[0]
    kind, colon, rest = head.partition(":")
    if not colon:
        return head if head.startswith("/") else ""  # a path alone means GOPEN
    if kind.lower() in _ABSTRACT:
        return "@" + rest
    return rest if kind.lower() in _CONNECT and rest.startswith("/") else ""
