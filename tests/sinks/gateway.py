"""A text message gateway that keeps what it is asked and answers as a test tells it to."""

import json
import socket
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG = "keep quiet"
DROP_UNREAD = "break off before reading the message"
DROP_READ = "break off after reading the message"
NO_ID = "take it without saying what it is called"

TAKEN = (200, 202)

Answer = int | str | tuple[int | str, dict[str, str], bytes]


class Listening(ThreadingHTTPServer):
    daemon_threads = True
    gateway: "Gateway"


class Handler(BaseHTTPRequestHandler):
    """One exchange with the gateway of its server."""

    protocol_version = "HTTP/1.1"
    server: Listening

    def log_message(self, *args: Any) -> None:
        """Nothing to the terminal."""

    def do_HEAD(self) -> None:
        gateway = self.server.gateway
        gateway.asked_whether_there += 1
        self._answer(gateway.at_head.pop(0) if gateway.at_head else 204)

    def do_POST(self) -> None:
        gateway = self.server.gateway
        answer = gateway.answers.pop(0) if gateway.answers else 200
        if answer == DROP_UNREAD:
            self._break_off()
            return
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = gateway.read(self.headers, said, answer)
        gateway.before_it_answers(said)
        self._answer((answer, {}, json.dumps({"id": name}).encode()) if answer in TAKEN else answer)

    def _answer(self, answer: Answer) -> None:
        if answer == HANG:
            self.server.gateway.let_go.wait(30)
        if answer in (HANG, DROP_READ):
            self._break_off()
            return
        status, headers, body = answer if isinstance(answer, tuple) else (answer, {}, b"")
        self.send_response(200 if status == NO_ID else int(status))
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _break_off(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class Gateway:
    """`answers` holds the next answers to a message: a status, a status with headers and body, or one of the words above.

    It takes the message once they run out. `seen` are all messages read, `taken` those sent on: one whose key was taken
    before is answered the same and not sent on again. `keys` counts how often each key came. `before_it_answers` is
    called, on the gateway's own thread, with each message it read.
    """

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.at_head: list[Answer] = []
        self.seen: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.keys: Counter[str] = Counter()
        self.asked_whether_there = 0
        self.let_go = threading.Event()
        self.before_it_answers: Callable[[dict[str, Any]], object] = lambda said: None
        self._names: dict[str, str] = {}
        self._server = Listening(("127.0.0.1", 0), Handler)
        self._server.gateway = self
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/messages"

    def stop(self) -> None:
        """Stop listening: the port refuses."""
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()

    def read(self, headers: Any, said: dict[str, Any], answer: Answer) -> str:
        """Note a message read, and send it on where the answer is one that takes it; what it is called."""
        key = headers["Idempotency-Key"]
        self.seen.append(said)
        self.keys[key] += 1
        self.tokens.append(headers.get("Authorization", ""))
        if answer not in (*TAKEN, HANG, DROP_READ, NO_ID):
            return ""
        if key not in self._names:
            self._names[key] = f"gw-{len(self._names) + 1}"
            self.taken.append(said)
        return self._names[key]
