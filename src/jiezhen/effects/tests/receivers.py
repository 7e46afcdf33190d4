"""A receiver of webhooks and a mail server on this machine, which do what a test tells them."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Got:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """A web server: `answers` are given in turn, the last one again and again.

    An answer is a status, or `hang`, or `drip` for one byte now and then.
    """

    port: int = 0
    answers: list[Any] = field(default_factory=lambda: [200])
    said: bytes = b"{}"
    got: list[Got] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?key=k1"

    def next(self) -> Any:
        """Return how to answer now."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Web(BaseHTTPRequestHandler):
    server: "_WebServer"

    def do_POST(self) -> None:
        state, over = self.server.state, self.server.over
        body = self.rfile.read(int(self.headers["Content-Length"]))
        state.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        answer = state.next()
        if answer == "hang":
            over.wait(30)
        elif answer == "drip":
            while not over.wait(0.2):
                self.wfile.write(b"H")
        else:
            self.answer(answer, state)

    def do_GET(self) -> None:
        """Keep that somebody followed to here."""
        self.server.state.got.append(Got(self.path, {}, b""))

    def answer(self, status: int, state: Receiver) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{state.port}/elsewhere")
        self.send_header("Content-Length", str(len(state.said)))
        self.end_headers()
        self.wfile.write(state.said)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class _WebServer(ThreadingHTTPServer):
    daemon_threads = True
    state: Receiver
    over: threading.Event

    def handle_error(self, *args: Any) -> None:
        """A client that hangs up is no failure here."""


@contextmanager
def receiver(wrap: Any = None) -> Iterator[Receiver]:
    """Run a receiver; `wrap` may put its socket behind TLS."""
    server = _WebServer(("127.0.0.1", 0), _Web)
    server.state, server.over = Receiver(server.server_port), threading.Event()
    if wrap is not None:
        server.socket = wrap(server.socket)
    with _running(server):
        yield server.state
        server.over.set()


@contextmanager
def _running(server: Any) -> Iterator[None]:
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Mailbox:
    """A mail server: what it took, and whether it refuses."""

    port: int = 0
    refuse: int = 0
    letters: list[Any] = field(default_factory=list)
    to: list[str] = field(default_factory=list)


class _Mail(socketserver.StreamRequestHandler):
    server: "_MailServer"

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().strip().decode():
            word = line.partition(" ")[0].upper()
            answers = {"RCPT": self.receiver, "DATA": self.data}
            answers.get(word, self.other)(line)
            if word == "QUIT":
                return

    def receiver(self, line: str) -> None:
        refuse = self.server.state.refuse
        if not refuse:
            self.server.state.to.append(line)
        self.say(f"{refuse} no" if refuse else "250 fine")

    def data(self, line: str) -> None:
        self.say("354 go on")
        lines = []
        while (got := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(got.removeprefix(b".") if got.startswith(b"..") else got)
        read = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.state.letters.append(read)
        self.say("250 taken")

    def other(self, line: str) -> None:
        self.say("221 bye" if line.upper().startswith("QUIT") else "250 fine")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    state: Mailbox


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run a mail server that keeps what it gets."""
    server = _MailServer(("127.0.0.1", 0), _Mail)
    server.state = Mailbox(server.server_address[1])
    with _running(server):
        yield server.state
