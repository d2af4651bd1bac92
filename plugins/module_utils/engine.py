# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Docker Engine API over one keep-alive connection; the one place that speaks HTTP."""

import codecs
import http.client
import json
import os
import socket
import ssl
import time
from typing import Any, Iterator, List, NamedTuple, Optional
from urllib.parse import quote, urlsplit

DEFAULT_ADDRESS = "unix:///var/run/docker.sock"
# One container's inspect may carry megabytes of labels and a seccomp profile; more than this is an attack.
ANSWER_LIMIT = 64 * 1024 * 1024


class EngineError(Exception):
    """The engine could not be asked, or its answer could not be used; the text is the reason."""

    status = None  # type: Optional[int]


class Address(NamedTuple):
    """Where an engine listens. local: a unix socket of this machine, so its pids are this kernel's."""

    scheme: str
    path: str
    host: str
    port: int

    @property
    def local(self):
        return self.scheme == "unix"


def parse_address(text):
    # type: (str) -> Address
    """An engine address as `docker -H` takes it: unix:///path, an absolute path, tcp://host[:port].

    Raises EngineError for what this client does not speak (ssh, fd, npipe).
    """
    if text.startswith("/"):
        text = "unix://" + text
    parts = urlsplit(text)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return Address("unix", parts.path, "", 0)
    if parts.scheme in ("tcp", "http", "https") and parts.hostname:
        try:
            return Address("tcp", "", parts.hostname, parts.port or 2375)
        except ValueError as error:
            raise EngineError("engine address %r: %s" % (text, error))
    raise EngineError("engine address %r is neither unix:///path nor tcp://host:port" % text)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        http.client.HTTPConnection.__init__(self, "localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Engine:
    """One engine at `address`; every request together must end within `timeout` seconds from now."""

    def __init__(self, address=DEFAULT_ADDRESS, timeout=60.0):
        self.address = parse_address(address)
        self._text = address
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        self._connection = None  # type: Optional[http.client.HTTPConnection]

    def get(self, path):
        # type: (str) -> Any
        """The decoded JSON answer to GET path. Raises EngineError; its status is the HTTP status, if any."""
        return _decode(path, b"".join(self._bounded(path)))

    def each(self, path):
        # type: (str) -> Iterator[Any]
        """The items of a JSON array answer one by one, so that memory holds one item and not their sum.

        Take them all before the next request: they come over the same connection.
        """
        decoder = json.JSONDecoder()
        texts = _utf8(path, self._body(path, self._request(path)))
        buffer, opened = "", False
        while True:
            buffer = buffer.lstrip(" \t\r\n," if opened else " \t\r\n")
            if not opened and buffer.startswith("["):
                opened, buffer = True, buffer[1:]
                continue
            if opened and buffer.startswith("]"):
                for _rest in texts:  # to the end, so that the connection can be used again
                    pass
                return
            try:
                item, end = decoder.raw_decode(buffer)
            except ValueError:
                # A large item is tried anew as it grows: doubling keeps that linear.
                buffer += _at_least(path, texts, max(len(buffer), 65536))
                continue
            if not opened:
                raise EngineError("GET %s: the engine's answer is not a list" % path)
            buffer = buffer[end:]
            yield item

    def lines(self, path):
        # type: (str) -> List[Any]
        """The JSON documents of an answer that has one on each line, such as /events with an end. Raises EngineError."""
        whole = b"".join(self._bounded(path))
        return [_decode(path, line) for line in whole.split(b"\n") if line.strip()]

    def post(self, path):
        # type: (str) -> bool
        """Ask for an action without a body; False where there was nothing to do. Raises EngineError. Never tried twice."""
        response = self._request(path, "POST", again=False)
        for _piece in self._body(path, response):
            pass
        return response.status != 304

    def close(self):
        # type: () -> None
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _bounded(self, path):
        total = 0
        for piece in self._body(path, self._request(path)):
            total += len(piece)
            if total > ANSWER_LIMIT:
                self.close()
                raise EngineError("GET %s: an answer of more than %d bytes" % (path, ANSWER_LIMIT))
            yield piece

    def _request(self, path, method="GET", again=True):
        reused = self._connection is not None
        if self._connection is None:
            self._connection = self._connect()
        try:
            self._wait_at_most()
            self._connection.request(method, path, headers={"Host": "docker"})
            response = self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if reused and again and isinstance(error, (http.client.RemoteDisconnected, BrokenPipeError)):
                return self._request(path, again=False)  # an idle connection that the engine had closed
            raise EngineError("%s: %s" % (self._text, _reason(error, self._timeout)))
        if response.status not in (200, 204, 304):
            answer = b"".join(self._body(path, response))
            error = EngineError("%s %s: HTTP %d %s" % (method, path, response.status, _message(answer)))
            error.status = response.status
            raise error
        return response

    def _connect(self):
        if self.address.local:
            return _UnixConnection(self.address.path, self._timeout)
        if not os.environ.get("DOCKER_TLS_VERIFY"):
            return http.client.HTTPConnection(self.address.host, self.address.port, timeout=self._timeout)
        certs = os.environ.get("DOCKER_CERT_PATH") or os.path.expanduser("~/.docker")
        try:
            context = ssl.create_default_context(cafile=os.path.join(certs, "ca.pem"))
            context.load_cert_chain(os.path.join(certs, "cert.pem"), os.path.join(certs, "key.pem"))
        except OSError as error:
            raise EngineError("TLS files in %s: %s" % (certs, error))
        return http.client.HTTPSConnection(self.address.host, self.address.port, timeout=self._timeout, context=context)

    def _wait_at_most(self):
        left = self._deadline - time.monotonic()
        if left <= 0:
            self.close()
            raise EngineError("%s: no answer within %g s" % (self._text, self._timeout))
        if self._connection.sock is not None:
            self._connection.sock.settimeout(left)
        else:
            self._connection.timeout = left

    def _body(self, path, response):
        """The pieces of an answer as they arrive, so that a dribbling engine can't outlast the deadline."""
        while True:
            try:
                self._wait_at_most()
                piece = response.read1(65536)
                if not piece:
                    if response.length:
                        raise http.client.IncompleteRead(b"", response.length)
                    response.read()  # tells http.client that the connection is free again
                    return
            except (OSError, http.client.HTTPException) as error:
                self.close()
                raise EngineError("GET %s: %s" % (path, _reason(error, self._timeout)))
            yield piece


def _utf8(path, pieces):
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in pieces:
        try:
            yield decoder.decode(piece)
        except ValueError as error:
            raise EngineError("GET %s: the engine's answer is not UTF-8: %s" % (path, error))


def _at_least(path, texts, size):
    """The next texts, `size` characters together if there are as many."""
    if size > ANSWER_LIMIT:
        raise EngineError("GET %s: an item of more than %d characters" % (path, ANSWER_LIMIT))
    taken, length = [], 0
    for text in texts:
        taken.append(text)
        length += len(text)
        if length >= size:
            break
    if not length:
        raise EngineError("GET %s: the engine's answer was cut short" % path)
    return "".join(taken)


def container_path(container_id, what="json"):
    # type: (str, str) -> str
    """The API path of one container; whatever stands in the id stays one path component."""
    return "/containers/%s/%s" % (quote(container_id, safe=""), what)


def _decode(path, data):
    try:
        return json.loads(data.decode("utf-8"))
    except ValueError as error:
        raise EngineError("GET %s: the engine's answer is not whole JSON: %s" % (path, error))


def _message(data):
    try:
        return str(json.loads(data.decode("utf-8"))["message"])
    except (ValueError, LookupError, TypeError):
        return ""


def _reason(error, timeout):
    if isinstance(error, socket.timeout):
        return "no answer within %g s" % timeout
    if isinstance(error, http.client.IncompleteRead):
        return "the answer was cut short"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
