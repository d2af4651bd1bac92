# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engine holds, asked of an engine whose answer about the disk may not come in time."""

import json
import socket
import threading

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine
from ansible_collections.containment.docker.plugins.module_utils.forecast import stock

ANSWERS = {
    "/networks": [{"Name": "bridge"}, {"Name": "front"}, {"Name": "none"}],
    "/images/json": [{"Size": 3000}, {"Size": 3000}],
    "/system/df": {"LayersSize": 4000, "Containers": [{"SizeRw": 70}], "Volumes": [{"UsageData": {"Size": 500}}]},
}


@pytest.fixture
def engine_of(tmp_path):
    """Start an engine with these answers; None is one that never comes. Returns its client."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s"))
    server.listen(5)
    over = threading.Event()

    def serve_client(client, answers):
        with client:
            while True:
                request = client.recv(65536)
                if not request:
                    return
                answer = answers[request.split()[1].decode().partition("?")[0]]
                if answer is None:
                    over.wait(30)
                    return
                body = json.dumps(answer).encode()
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    def serve(answers):
        while True:
            try:
                client = server.accept()[0]
            except OSError:
                return
            threading.Thread(target=serve_client, args=(client, answers), daemon=True).start()

    def start(**changes):
        answers = dict(ANSWERS, **{"/" + key.replace("_", "/"): value for key, value in changes.items()})
        threading.Thread(target=serve, args=(answers,), daemon=True).start()
        return Engine("unix://" + str(tmp_path / "s"), 20)

    yield start
    over.set()
    server.shutdown(socket.SHUT_RDWR)
    server.close()


def daemon(root, status=()):
    return Evidence(info={"DockerRootDir": str(root), "DriverStatus": list(status)}, running={})


def test_the_engines_own_sums_are_taken(engine_of, tmp_path):
    read = stock.read(engine_of(), daemon(tmp_path))
    assert read[:2] + read[3:] == (("front",), 4000, 70, 500, "", "")
    assert read.free_bytes > 0


def test_an_answer_that_is_late_leaves_the_images_own_sizes_and_the_reason(engine_of, tmp_path, monkeypatch):
    monkeypatch.setattr(stock, "USAGE_SECONDS", 0.2)
    engine = engine_of(system_df=None)
    read = stock.read(engine, daemon(tmp_path))
    assert (read.image_bytes, read.writable_bytes, read.volume_bytes) == (6000, None, None)
    assert read.reason.endswith("no answer within 0.2 s")
    assert engine.get("/networks") == ANSWERS["/networks"]  # the next request is not in its way


def test_an_answer_of_another_shape_is_a_reason(engine_of, tmp_path):
    assert "/system/df" in stock.read(engine_of(system_df={"Volumes": 7}), daemon(tmp_path)).reason


def test_lists_of_another_shape_are_unreadable(engine_of, tmp_path):
    with pytest.raises(Unreadable, match="lists of networks and images"):
        stock.read(engine_of(networks=[{}]), daemon(tmp_path))


def test_a_data_root_that_is_not_there_has_no_free_bytes(engine_of, tmp_path):
    assert stock.read(engine_of(), daemon(tmp_path / "none")).free_bytes is None


@pytest.mark.parametrize("status, place", [([["driver-type", "io.containerd.snapshotter.v1"]], True), ([], False)])
def test_where_the_containerd_store_is(engine_of, tmp_path, monkeypatch, status, place):
    monkeypatch.setattr(stock.containerd, "root_of", lambda _settings, root: "/srv/containerd")
    assert stock.read(engine_of(), daemon(tmp_path, status)).containerd_root == ("/srv/containerd" if place else "")


def test_where_the_containerd_store_is_though_the_settings_in_force_are_not_known(engine_of, tmp_path):
    """As where daemon.json is newer than the daemon: the engine itself says which containerd it uses."""
    own = daemon(tmp_path, [["driver-type", "io.containerd.snapshotter.v1"]])
    own["running"] = Unreadable("daemon.json was changed")
    assert stock.read(engine_of(), own).containerd_root == ""
    own["info"]["Containerd"] = {"Address": "/run/docker/containerd/containerd.sock"}
    assert stock.read(engine_of(), own).containerd_root == str(tmp_path / "containerd")
