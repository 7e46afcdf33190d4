"""One POST to one registered address: resolved once, no turning away, little time."""

import contextlib
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass

from jiezhen.effects.rules.addresses import Target, forbidden

#: Seconds for one step of the network, for the whole exchange, and bytes of the answer.
STEP, WHOLE, MOST = 5, 15, 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `trouble` in words when nothing did."""

    status: int = 0
    body: bytes = b""
    trouble: str = ""


def post(
    target: Target, path: str, headers: dict[str, str], content: bytes, *, loopback: bool
) -> Answer:
    """Post to the address and return the answer.

    The name is looked up once and the connection goes to that very number, so that a name
    cannot mean one machine when it is checked and another one when it is used.
    """
    try:
        number = _number(target)
        if forbidden(number, loopback=loopback):
            return Answer(trouble=f"地址 {number} 不能用：指向本机或内部管理地址。")
        return _exchange(_Pinned(target, number), path, headers, content)
    except ssl.SSLError:
        return Answer(trouble="对方的证书不对，连接没有建立。")
    except TimeoutError:
        return Answer(trouble=f"对方{WHOLE}秒内没有答。")
    except (OSError, http.client.HTTPException) as problem:
        return Answer(trouble=f"连不上对方（{type(problem).__name__}）。")


def _number(target: Target) -> str:
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return str(found[0][4][0])


class _Pinned(http.client.HTTPConnection):
    """A connection to one number under the name of its host."""

    def __init__(self, target: Target, number: str) -> None:
        super().__init__(target.host, target.port, timeout=STEP)
        self.target, self.number = target, number

    def connect(self) -> None:
        """Connect to the number; the certificate has to be the host's."""
        self.sock = socket.create_connection((self.number, self.target.port), STEP)
        if self.target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)


def _exchange(connection: _Pinned, path: str, headers: dict[str, str], content: bytes) -> Answer:
    late = threading.Event()

    def cut() -> None:
        # One that sends a byte now and then would never run into the time of a step.
        late.set()
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(WHOLE, cut)
    try:
        clock.start()
        connection.connect()
        connection.request("POST", path, content, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read(MOST))
    except (OSError, http.client.HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        clock.cancel()
        connection.close()
