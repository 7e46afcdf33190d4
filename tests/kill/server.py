"""The real application in a process group of its own, to be started, talked to and killed."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
CSRF = "k" * 32
#: How long a server may take to answer at all; a busy machine is slow.
PATIENCE = 90


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@dataclass
class Server:
    """One home, and the server that runs on it at the moment.

    `script` founds the office and prints what the test must know, a word each, the session last.
    """

    home: Path
    port: int = field(default_factory=free_port)
    database: str = ""
    workers: int = 1
    script: Path = HERE / "prepare.py"
    session: str = ""
    told: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of the product: this home, the drill's pack, this database."""
        own = {k: v for k, v in os.environ.items() if not k.startswith(("JIEZHEN", "DJANGO"))}
        return own | {
            "JIEZHEN_HOME": str(self.home), "JIEZHEN_PACKS": str(HERE / "pack"),
            "JIEZHEN_DATABASE": self.database,
            "DJANGO_SETTINGS_MODULE": "jiezhen.conf.settings",
        }  # fmt: skip

    def prepare(self) -> None:
        """Make the office and the session."""
        done = subprocess.run(
            [sys.executable, str(self.script)], env=self.environment, check=True,
            stdout=subprocess.PIPE, timeout=300,
        )  # fmt: skip
        self.told = done.stdout.decode().split()
        self.session = self.told[-1]

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the product as an operator does."""
        command = [str(Path(sys.executable).with_name("jiezhen")), "up", "--port", str(self.port)]
        command += ["--workers", str(self.workers)]
        self.process = subprocess.Popen(
            command, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self.process

    def start(self) -> None:
        """Start the product and wait until it answers."""
        self.process = self.launch()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.get("/login", timeout=2)
                return
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}")
            time.sleep(0.1)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """Kill the whole group at once, as a power cut would, and wait until it is gone."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)
        self.process = None

    def get(self, path: str, timeout: float = 60) -> int:
        """Return the status of a page."""
        return self._talk("GET", path, b"", {}, timeout)[0]

    def page(self, path: str) -> str:
        """Return the text of a page."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("GET", path, headers={"Cookie": self._cookies})
            return line.getresponse().read().decode()
        finally:
            line.close()

    @property
    def _cookies(self) -> str:
        return f"sessionid={self.session}; csrftoken={CSRF}"

    def post(
        self, path: str, fields: dict[str, str], file: bytes | None = None
    ) -> tuple[int, str]:
        """Send a form; return the status and the address that it leads to.

        Raises:
            OSError: No answer came; whether it was carried out is not known.
            http.client.HTTPException: The same.
        """
        fields = fields | {"csrfmiddlewaretoken": CSRF}
        if file is None:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        else:
            kind, body = _multipart(fields, file)
        return self._talk("POST", path, body, {"Content-Type": kind}, 60)

    def _talk(
        self, method: str, path: str, body: bytes, headers: dict[str, str], timeout: float
    ) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            line.request(method, path, body, headers | {"Cookie": self._cookies})
            answer = line.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            line.close()


def _multipart(fields: dict[str, str], file: bytes) -> tuple[str, bytes]:
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = b"".join([*parts, head.encode(), file, f"\r\n--{mark}--\r\n".encode()])
    return f"multipart/form-data; boundary={mark}", body
