# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers cut at each byte, and those that no server gives: what one reader takes for the end another reads on."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api import http_response

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nServer: Docker\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: t\r\n\r\n"
)
SIZED = b"HTTP/1.1 404 Not Found\r\ncontent-length:  5 \r\nX-Colon: a:b\r\n\r\nabcde"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"


def read(data, size=65536):
    """[(status, body, whether the connection ends)] of the answers in these bytes, which come size at a time."""
    pieces = [data[start : start + size] for start in range(0, len(data), size)] + [b""] * 3
    source = http_response.Source(lambda: pieces.pop(0))
    answers = []
    while not answers or len(pieces) > 3 or source.ahead:
        head = http_response.head(source)
        answers.append((head.status, b"".join(http_response.body(head, source)), head.last))
        if head.last:
            break
    return answers


@pytest.mark.parametrize("size", range(1, 70))
def test_answers_one_after_the_other_however_they_arrive(size):
    expected = [(200, b"abcde", False), (404, b"abcde", False), (204, b"", False), (200, b"abcde", False)]
    assert read(CHUNKED + SIZED + EMPTY + CHUNKED, size) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\n\r\nabcde",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 5\r\n\r\nabcde",
    ],
)
def test_the_last_answer_of_a_connection(data):
    assert read(data, 7) == [(200, b"abcde", True)]


def test_no_answer():
    with pytest.raises(http_response.NoAnswer):
        read(b"")


@pytest.mark.parametrize("end", range(1, len(CHUNKED)))
def test_a_chunked_answer_that_is_cut_short(end):
    with pytest.raises(http_response.BadAnswer, match="cut short"):
        read(CHUNKED[:end])


@pytest.mark.parametrize("end", range(1, len(SIZED)))
def test_a_sized_answer_that_is_cut_short(end):
    with pytest.raises(http_response.BadAnswer, match="cut short"):
        read(SIZED[:end])


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", "two different"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nabcde", "length"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nabcde", "no header"),
        (b"HTTP/1.1 200 OK\r\n Content-Length: 5\r\n\r\nabcde", "no header"),
        (b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "no header"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "begins"),
        (b"HTTP/2 200\r\n\r\n", "begins"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "begins"),
        (CHUNKED.replace(b"\r\n3\r\n", b"\r\n-3\r\n"), "size of a chunk"),
        (CHUNKED.replace(b"\r\n3\r\n", b"\r\n0x3\r\n"), "size of a chunk"),
        (CHUNKED.replace(b"\r\n3\r\n", b"\r\n2\r\n"), "longer than its size"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2 * http_response.HEAD_LIMIT, "more than"),
    ],
)
def test_what_no_server_says(data, reason):
    with pytest.raises(http_response.BadAnswer, match=reason):
        read(data, 65536)
