# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Docker Engine API over one keep-alive connection."""

import json
import re
import socket
import time
from typing import Any, Iterable, Iterator, List, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import foreign_json
from ansible_collections.containment.docker.plugins.module_utils.docker_api import address as engine_address
from ansible_collections.containment.docker.plugins.module_utils.docker_api import http_response, json_stream

DEFAULT_ADDRESS = engine_address.DEFAULT
# One container's inspect may carry megabytes of labels and a seccomp profile; more than this is an attack.
ANSWER_LIMIT = 64 * 1024 * 1024
_JSON = "Content-Type: application/json"
_CHUNKED = ("Content-Type: application/x-tar", "Transfer-Encoding: chunked")
_RESERVED = re.compile(rb"[^A-Za-z0-9_.~-]")


class EngineError(Exception):
    """The engine could not be asked, or its answer could not be used; the text is the reason."""

    def __init__(self, text: str, status: Optional[int] = None) -> None:
        super().__init__(text)
        self.status = status


class Engine:
    """One engine at `address`; every request together must end within `timeout` seconds from now."""

    def __init__(self, address: str = DEFAULT_ADDRESS, timeout: float = 60.0) -> None:
        try:
            self.address = engine_address.parse(address)
        except ValueError as error:
            raise EngineError(str(error))
        self.text = address
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        self.received = 0  # bytes of the last whole answer
        self._connection: Optional[socket.socket] = None
        self._source = http_response.Source(self._receive)

    def get(self, path: str) -> Any:
        """The decoded JSON answer to GET path. Raises EngineError; its status is the HTTP status, if any."""
        return _decode(path, self._whole(path, self._request(path)))

    def each(self, path: str) -> Iterator[Any]:
        """The items of a JSON array answer one by one, so that memory holds one item and not their sum.

        Take them all before the next request: they come over the same connection.
        """
        try:
            yield from json_stream.each(self._body(path, self._request(path)), ANSWER_LIMIT)
        except ValueError as error:
            raise EngineError(f"GET {path}: {error}")

    def lines(self, path: str) -> List[Any]:
        """The JSON documents of an answer that has one on each line, such as /events with an end. Raises EngineError."""
        whole = self._whole(path, self._request(path))
        return [_decode(path, line) for line in whole.split(b"\n") if line.strip()]

    def post(self, path: str, body: Optional[Any] = None) -> bool:
        """Ask for an action; False where there was nothing to do. Raises EngineError. Never tried twice.

        body: what is sent as JSON, if anything.
        """
        answer = self._request(path, b"" if body is None else json.dumps(body).encode("ascii"))
        for _piece in self._body(path, answer):
            pass
        return answer.status != 304

    def create(self, path: str, body: Any) -> Any:
        """The decoded JSON answer to POST path with this body as JSON. Raises EngineError. Never tried twice."""
        return _decode(path, self._whole(path, self._request(path, json.dumps(body).encode("ascii"))))

    def upload(self, path: str, data: bytes) -> List[Any]:
        """The JSON documents, one on each line, that answer POST path with these bytes. Raises EngineError. Never tried twice."""
        whole = self._whole(path, self._request(path, data))
        return [_decode(path, line) for line in whole.split(b"\n") if line.strip()]

    def download(self, path: str) -> Iterator[bytes]:
        """The pieces of the answer to GET path as they come. Take them all before the next request. Raises EngineError."""
        return self._body(path, self._request(path))

    def upload_pieces(self, path: str, pieces: Iterable[bytes]) -> List[Any]:
        """As `upload`, with a body that is sent in pieces and never whole in memory."""
        whole = self._whole(path, self._request(path, pieces=pieces))
        return [_decode(path, line) for line in whole.split(b"\n") if line.strip()]

    def delete(self, path: str) -> bool:
        """DELETE path; False where there was nothing to delete. Raises EngineError. Never tried twice."""
        try:
            self._whole(path, self._request(path, b"", method="DELETE"))
        except EngineError as error:
            if error.status != 404:
                raise
            return False
        return True

    def remaining_seconds(self) -> float:
        """Seconds until every request must have ended; not more than 0 when they are over."""
        return self._deadline - time.monotonic()

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _whole(self, path: str, answer: http_response.Head) -> bytes:
        pieces, total = [], 0
        for piece in self._body(path, answer):
            pieces.append(piece)
            total += len(piece)
            if total > ANSWER_LIMIT:
                raise EngineError(f"GET {path}: an answer of more than {int(ANSWER_LIMIT)} bytes")
        self.received = total
        return b"".join(pieces)

    def _request(
        self,
        path: str,
        body: Optional[bytes] = None,
        again: bool = True,
        method: str = "POST",
        pieces: Optional[Iterable[bytes]] = None,
    ) -> http_response.Head:
        """Sends a GET, or the method where there is a body, be it an empty one. pieces: a body of unknown length."""
        reused = self._connection is not None
        try:
            if self._connection is None:
                self._connection = engine_address.connect(self.address, self._remaining())
                self._source = http_response.Source(self._receive)
            elif self._source.ahead:
                raise http_response.BadAnswer("more than the answer came")
            self._connection.settimeout(self._remaining())
            broken = None
            if pieces is not None:
                broken = self._send_pieces(self._connection, _head("POST", path, *_CHUNKED), pieces)
            else:
                request = (
                    _head("GET", path) if body is None else _head(method, path, _JSON, f"Content-Length: {len(body)}")
                )
                self._connection.sendall(request.encode("ascii") + (body or b""))
            answer = http_response.head(self._source)
        except (OSError, http_response.BadAnswer) as error:
            self.close()
            if (
                reused
                and again
                and body is None
                and pieces is None
                and isinstance(error, (http_response.NoAnswer, ConnectionError))
            ):
                return self._request(path, again=False)  # an idle connection that the engine had closed
            raise EngineError(f"{self.text}: {_reason(error, self._timeout)}")
        if answer.status not in (200, 201, 204, 304):
            verb, message = "GET" if body is None and pieces is None else method, _message(self._whole(path, answer))
            raise EngineError(f"{verb} {path}: HTTP {answer.status} {message}", answer.status)
        if broken:
            words = self._whole(path, answer).decode("utf-8", "replace").strip().rpartition("\n")[2]
            self.close()
            raise EngineError(f"POST {path}: the engine took no more of it: {words or _reason(broken, self._timeout)}")
        return answer

    def _send_pieces(self, connection: socket.socket, head: str, pieces: Iterable[bytes]) -> Optional[OSError]:
        """A request in chunks (RFC 9112, 7.1). The deadline counts for each, as nobody knows how many come.

        Returns why the engine took no more: its answer, which may be there already, tells more.
        """
        try:
            connection.sendall(head.encode("ascii"))
            for piece in pieces:
                if piece:
                    connection.settimeout(self._remaining())
                    connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            connection.sendall(b"0\r\n\r\n")
        except ConnectionError as error:
            return error
        return None

    def _body(self, path: str, answer: http_response.Head) -> Iterator[bytes]:
        """The pieces of an answer as they arrive. Who doesn't take them all has to connect anew."""
        whole = False
        try:
            yield from http_response.body(answer, self._source)
            whole = True
        except (OSError, http_response.BadAnswer) as error:
            raise EngineError(f"GET {path}: {_reason(error, self._timeout)}")
        finally:
            if answer.last or not whole:
                self.close()

    def _receive(self) -> bytes:
        """What comes next, so that a dribbling engine can't outlast the deadline."""
        if self._connection is None:
            raise http_response.NoAnswer("the connection is closed")
        self._connection.settimeout(self._remaining())
        return self._connection.recv(65536)

    def _remaining(self) -> float:
        seconds = self.remaining_seconds()
        if seconds <= 0:
            raise socket.timeout()
        return seconds


def _head(method: str, path: str, *fields: str) -> str:
    """The head of a request, fields as `Name: value`."""
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: docker", *fields)) + "\r\n\r\n"


def quote(text: str) -> str:
    """Text as one component of an API path, or one value of its query."""
    data = text.encode("utf-8", "surrogatepass")
    return _RESERVED.sub(lambda byte: b"%%%02X" % ord(byte.group()), data).decode("ascii")


def container_path(container_id: str, what: str = "json") -> str:
    """The API path of one container; whatever stands in the id stays one path component."""
    return f"/containers/{quote(container_id)}/{what}"


def _decode(path: str, data: bytes) -> Any:
    try:
        return foreign_json.decode(data)
    except ValueError as error:
        raise EngineError(f"GET {path}: the engine's answer is not whole JSON: {error}")


def _message(data: bytes) -> str:
    try:
        return str(foreign_json.decode(data)["message"])
    except (ValueError, LookupError, TypeError):
        return ""


def _reason(error: Exception, timeout: float) -> str:
    if isinstance(error, socket.timeout):
        return f"no answer within {timeout:g} s"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
