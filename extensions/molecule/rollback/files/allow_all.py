# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An authorization plugin that allows everything and writes down what it was asked."""

import json
import os
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingUnixStreamServer

SOCKET = "/run/docker/plugins/allow-all.sock"
REQUESTS = "/srv/authorized"


class Plugin(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        with open(REQUESTS, "a", encoding="utf-8") as stream:
            print(self.path, request.get("RequestUri"), file=stream)
        answer = {"Implements": ["authz"]} if self.path == "/Plugin.Activate" else {"Allow": True}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """A unix socket's client has no address to log."""


os.makedirs(os.path.dirname(SOCKET), exist_ok=True)
ThreadingUnixStreamServer(SOCKET, Plugin).serve_forever()
