# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An HTTP/1.1 answer, read strictly and in pieces. Where they come from is the caller's business: no I/O here.

What dockerd, Podman and a proxy before them send: http.client does the same for any server, and costs more than all
else that a container's audit asks of the engine.
"""

import re
from functools import lru_cache
from typing import Callable, Dict, Iterator, NamedTuple, Optional

HEAD_LIMIT = 65536
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([2-5][0-9]{2})(?: [^\r\n]*)?\Z")
_FRAMING = (b"content-length", b"transfer-encoding", b"connection")
_LENGTH = re.compile(rb"[0-9]{1,19}\Z")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\Z")


class BadAnswer(Exception):
    """What no HTTP server says, or only a part of an answer; the text is the reason."""


class NoAnswer(BadAnswer):
    """The connection was closed before the first byte of an answer."""


class Head(NamedTuple):
    """length: the body's, None where its chunks or the connection's end tell; last: the connection ends with it."""

    status: int
    length: Optional[int]
    chunked: bool
    last: bool


class Source:
    """The bytes of a connection: receive gives the next ones, b"" at its end. ahead: those that came too early."""

    def __init__(self, receive: Callable[[], bytes]) -> None:
        self._receive = receive
        self.ahead = b""

    def more(self) -> bool:
        """Take in what comes next; False at the end."""
        piece = self._receive()
        self.ahead += piece
        return bool(piece)

    def until(self, mark: bytes) -> bytes:
        """What stands before the mark, which is taken too. BadAnswer where that is more than HEAD_LIMIT bytes."""
        while mark not in self.ahead:
            if len(self.ahead) > HEAD_LIMIT:
                raise BadAnswer(f"a line or a head of more than {int(HEAD_LIMIT)} bytes")
            if not self.more():
                raise BadAnswer("the answer was cut short")
        taken, _mark, self.ahead = self.ahead.partition(mark)
        return taken

    def exactly(self, size: int) -> Iterator[bytes]:
        """So many bytes, in pieces as they come."""
        while size:
            piece = self.ahead or self._receive()
            if not piece:
                raise BadAnswer("the answer was cut short")
            self.ahead = piece[size:]
            piece = piece[:size]
            size -= len(piece)
            yield piece

    def rest(self) -> Iterator[bytes]:
        """All until the connection's end."""
        piece = self.ahead or self._receive()
        self.ahead = b""
        while piece:
            yield piece
            piece = self._receive()


def head(source: Source) -> Head:
    """The next answer's head. Raises BadAnswer, NoAnswer."""
    if not (source.ahead or source.more()):
        raise NoAnswer("closed connection")
    return _head(source.until(b"\r\n\r\n"))


@lru_cache(maxsize=1)  # within a second, by its date, each container's head is the same
def _head(data: bytes) -> Head:
    lines = data.split(b"\r\n")
    status_line = _STATUS_LINE.match(lines[0])
    if not status_line:
        raise BadAnswer(f"{lines[0][:80]!r} is not how an HTTP answer begins")
    fields: Dict[bytes, bytes] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon or name != name.strip():
            raise BadAnswer(f"{line[:80]!r} is no header of an HTTP answer")
        name = name.lower()
        if name in _FRAMING and fields.setdefault(name, value.strip().lower()) != value.strip().lower():
            raise BadAnswer(f"two different headers {name.decode('ascii')}")
    minor, status = int(status_line.group(1)), int(status_line.group(2))
    connection = fields.get(b"connection")
    last = connection == b"close" or (minor == 0 and connection != b"keep-alive")
    if status in (204, 304):
        return Head(status, 0, False, last)
    encoding, length = fields.get(b"transfer-encoding"), fields.get(b"content-length")
    if encoding not in (None, b"chunked") or not (length is None or _LENGTH.match(length)):
        raise BadAnswer(f"a body of encoding {encoding!r} and length {length!r}")
    chunked = encoding is not None
    known = int(length) if length is not None and not chunked else None
    return Head(status, known, chunked, last or not (chunked or length))


def body(answer: Head, source: Source) -> Iterator[bytes]:
    """The pieces of the body, all of which must be taken before the next head. Raises BadAnswer."""
    if answer.chunked:
        return _chunks(source)
    return source.rest() if answer.length is None else source.exactly(answer.length)


def _chunks(source: Source) -> Iterator[bytes]:
    while True:
        line = source.until(b"\r\n")
        match = _CHUNK_SIZE.match(line)
        if not match:
            raise BadAnswer(f"{line[:80]!r} is no size of a chunk")
        size = int(match.group(1), 16)
        if not size:
            while source.until(b"\r\n"):  # trailers
                pass
            return
        yield from source.exactly(size)
        if source.until(b"\r\n"):
            raise BadAnswer("a chunk longer than its size")
