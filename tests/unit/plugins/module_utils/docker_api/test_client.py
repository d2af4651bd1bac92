# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API client against a fake engine: a real socket that answers what no real dockerd would."""

import json
import os
import socket
import tempfile
import threading
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api import client as engine_
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError


@pytest.fixture
def fake_engine():
    """Starts a fake engine that answers each connection with the given bytes, then closes; returns its address.

    whole: it waits for the end of a request in chunks.
    """
    directory = tempfile.mkdtemp()
    path = os.path.join(directory, "s")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(5)
    stop = threading.Event()

    def start(pieces, pause=0.0, hold=False, heard=None, whole=True):
        def serve():
            while True:
                try:
                    client = server.accept()[0]
                except OSError:
                    return
                try:
                    request = client.recv(65536)
                    while (
                        whole
                        and b"\r\nTransfer-Encoding: chunked" in request
                        and not request.endswith(b"\r\n0\r\n\r\n")
                    ):
                        request += client.recv(65536)
                    if heard is not None:
                        heard.append(request)
                    for piece in pieces:
                        client.sendall(piece)
                        if stop.wait(pause):
                            break
                    if hold:
                        stop.wait(10)
                except OSError:
                    pass
                client.close()

        threading.Thread(target=serve, daemon=True).start()
        return "unix://" + path

    yield start
    stop.set()
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    os.unlink(path)
    os.rmdir(directory)


def answer(body, status="200 OK"):
    return ("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(body))).encode() + body


def test_get(fake_engine):
    assert Engine(fake_engine([answer(b'{"a": 1}')])).get("/info") == {"a": 1}


def test_each_over_chunks_that_cut_characters_and_items(fake_engine):
    items = [{"Id": str(i), "Labels": {"x": "é€😀" * 50000 if i == 1 else "y"}} for i in range(5)]
    body = json.dumps(items, ensure_ascii=False).encode()
    pieces = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
    for start in range(0, len(body), 4001):
        part = body[start : start + 4001]
        pieces.append(b"%x\r\n" % len(part) + part + b"\r\n")
    assert list(Engine(fake_engine(pieces + [b"0\r\n\r\n"])).each("/containers/json")) == items


@pytest.mark.parametrize("body, count", [(b"[]", 0), (b" [ {} , {} ] \n", 2)])
def test_each_of_small_lists(fake_engine, body, count):
    assert list(Engine(fake_engine([answer(body)])).each("/x")) == [{}] * count


@pytest.mark.parametrize(
    "pieces, reason",
    [
        ([answer(b'{"a": 1')], "not whole JSON"),
        ([answer(b'{"a": 1}')[:-3]], "cut short"),
        ([b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"a"\r\n'], "cut short"),
        ([b"nonsense\r\n\r\n"], "nonsense"),
        ([b""], "closed connection"),
        ([answer(b'{"message": "no such thing"}', "404 Not Found")], "HTTP 404 no such thing"),
        ([answer(b"\xff\xfe")], "not whole JSON"),
    ],
)
def test_a_broken_answer_is_one_sentence(fake_engine, pieces, reason):
    with pytest.raises(EngineError) as error:
        Engine(fake_engine(pieces)).get("/info")
    assert reason in str(error.value)


@pytest.mark.parametrize("body", [b"[{}, {", b"[", b'{"a": []}', b"", b"[{}"])
def test_a_list_cut_short_is_an_error_and_not_a_short_list(fake_engine, body):
    with pytest.raises(EngineError):
        list(Engine(fake_engine([answer(body)])).each("/x"))


def test_the_status_of_an_error_is_kept(fake_engine):
    with pytest.raises(EngineError) as error:
        Engine(fake_engine([answer(b"{}", "404 Not Found")])).get("/x")
    assert error.value.status == 404


@pytest.mark.parametrize("pieces", [[], [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"]])
def test_a_hanging_engine_ends_at_the_deadline(fake_engine, pieces):
    started = time.monotonic()
    with pytest.raises(EngineError) as error:
        Engine(fake_engine(pieces, hold=True), timeout=0.3).get("/info")
    assert "no answer within 0.3 s" in str(error.value)
    assert time.monotonic() - started < 5


def test_a_dribbling_engine_ends_at_the_deadline_too(fake_engine):
    pieces = [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"] + [b"x"] * 1000
    with pytest.raises(EngineError) as error:
        Engine(fake_engine(pieces, pause=0.05), timeout=0.5).get("/info")
    assert "no answer within" in str(error.value)


def test_an_answer_beyond_the_limit_is_refused(fake_engine, monkeypatch):
    monkeypatch.setattr(engine_, "ANSWER_LIMIT", 1000)
    with pytest.raises(EngineError) as error:
        Engine(fake_engine([answer(b'"' + b"x" * 2000 + b'"')])).get("/info")
    assert "more than 1000 bytes" in str(error.value)


def test_an_idle_connection_that_the_engine_closed_is_opened_anew(fake_engine):
    engine = Engine(fake_engine([answer(b"1")]))
    assert [engine.get("/x"), engine.get("/x")] == [1, 1]


@pytest.mark.parametrize("body, sent", [(None, b""), ({"é": 1}, b'{"\\u00e9": 1}')])
def test_an_action_is_sent_with_its_body(fake_engine, body, sent):
    heard = []
    assert Engine(fake_engine([answer(b"")], heard=heard)).post("/x", body)
    head, _empty, rest = heard[0].partition(b"\r\n\r\n")
    assert rest == sent and b"\r\nContent-Length: %d" % len(sent) in head and head.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/json\r\n" in head


def test_but_an_action_is_never_tried_twice(fake_engine):
    engine = Engine(fake_engine([answer(b"1")]))
    engine.get("/x")
    with pytest.raises(EngineError):
        engine.post("/containers/x/start")


def test_what_is_left_of_a_list_is_not_taken_for_the_next_answer(fake_engine):
    engine = Engine(fake_engine([answer(b'["' + b"x" * 70000 + b'", 2]')]))
    assert len(next(engine.each("/x"))) == 70000
    assert len(engine.get("/x")) == 2


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one(fake_engine):
    engine = Engine(fake_engine([answer(b"1") + answer(b"2")], hold=True))
    assert engine.get("/x") == 1
    with pytest.raises(EngineError, match="more than the answer"):
        engine.get("/y")


def test_no_socket():
    with pytest.raises(EngineError) as error:
        Engine("unix:///nonexistent/docker.sock").get("/info")
    assert "No such file" in str(error.value)


def test_an_address_that_is_none():
    with pytest.raises(EngineError) as error:
        Engine("ssh://host")
    assert "engine address" in str(error.value)


def test_a_hostile_id_stays_one_path_component():
    assert engine_.container_path("../../x?y#z") == "/containers/..%2F..%2Fx%3Fy%23z/json"


def test_what_is_created_is_told(fake_engine):
    heard = []
    created = answer(b'{"Id": "c"}', "201 Created")
    assert Engine(fake_engine([created], heard=heard)).create("/x", {"a": 1}) == {"Id": "c"}
    assert heard[0].startswith(b"POST /x ") and heard[0].endswith(b'{"a": 1}')


def test_bytes_are_sent_as_they_are(fake_engine):
    heard = []
    engine = Engine(fake_engine([answer(b'{"status": "1"}\r\n{"status": "2"}\r\n')], heard=heard))
    assert engine.upload("/x", bytes(8)) == [{"status": "1"}, {"status": "2"}]
    assert heard[0].startswith(b"POST /x ") and heard[0].endswith(bytes(8)) and b"Content-Length: 8\r\n" in heard[0]


def test_a_body_of_unknown_length_goes_in_chunks(fake_engine):
    heard = []
    engine = Engine(fake_engine([answer(b'{"stream": "Loaded"}')], heard=heard))
    assert engine.upload_pieces("/x", [b"abc", b"", bytes(17)]) == [{"stream": "Loaded"}]
    head, _end, body = heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x ") and b"\r\nTransfer-Encoding: chunked" in head
    assert body == b"3\r\nabc\r\n11\r\n" + bytes(17) + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "pieces, reason",
    [
        ([answer(b'{"message": "no space left on device"}', "500 Internal Server Error")], "no space left on device"),
        ([answer(b'{"stream": "1"}\n{"error": "no space left on device"}\n')], "no space left on device"),
        ([answer(b"")], "the engine took no more of it: "),
        ([], "."),
    ],
)
def test_an_engine_that_takes_no_more_says_why(fake_engine, pieces, reason):
    """Before all was sent, so that its answer is no success whatever its status is."""
    engine = Engine(fake_engine(pieces, whole=False))
    with pytest.raises(EngineError, match=reason):
        engine.upload_pieces("/x", (bytes(65536) for _number in range(1000)))


def test_what_is_downloaded_comes_in_pieces(fake_engine):
    assert b"".join(Engine(fake_engine([answer(b"abc" * 1000)])).download("/x")) == b"abc" * 1000


@pytest.mark.parametrize("status, deleted", [("200 OK", True), ("204 No Content", True), ("404 Not Found", False)])
def test_what_is_deleted(fake_engine, status, deleted):
    heard = []
    text = b"" if status.startswith("204") else b"{}"
    engine = Engine(fake_engine([answer(text, status)], heard=heard))
    assert engine.delete("/x") is deleted and heard[0].startswith(b"DELETE /x ")


def test_what_can_not_be_deleted(fake_engine):
    engine = Engine(fake_engine([answer(b'{"message": "in use"}', "409 Conflict")]))
    with pytest.raises(EngineError, match="DELETE /x: HTTP 409 in use"):
        engine.delete("/x")
