"""A function's URL on this machine: what AWS does between a request and `handler`.

    python -m tests.examples.function_url MODULE.HANDLER

Prints its URL, and gives every POST to the handler as an event of payload format 2.0
(https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html). The working directory is the
function's folder.
"""

from __future__ import annotations

import base64
import importlib
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
module, _, name = sys.argv[1].rpartition(".")
handler = getattr(importlib.import_module(module), name)


class Url(BaseHTTPRequestHandler):
    """One request at a time, as one instance of a function has it."""

    def do_POST(self) -> None:
        """Call the handler, and answer what it returns."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path, _, query = self.path.partition("?")
        found = handler(
            {
                "version": "2.0",
                "routeKey": "$default",
                "rawPath": path,
                "rawQueryString": query,
                # AWS hands names over in lower case.
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "requestContext": {"http": {"method": "POST", "path": path}},
                "body": base64.b64encode(body).decode(),
                "isBase64Encoded": True,
            },
            None,
        )
        answer = found.get("body", "").encode()
        self.send_response(found["statusCode"])
        for header, value in found.get("headers", {}).items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""


server = HTTPServer(("127.0.0.1", 0), Url)
sys.stdout.write(f"http://127.0.0.1:{server.server_port}/\n")
sys.stdout.flush()
server.serve_forever()
