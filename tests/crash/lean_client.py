"""HTTP/1.1 with as little Python as possible between two writes: the load is what is tested, not the client."""
import json
import socket


class Lost(Exception):
    """The connection ended before the whole answer came: whether the request was carried out is not known."""


class LeanClient:
    def __init__(self, port, key, timeout=60):
        self.fixed = f"Host: localhost\r\nAuthorization: Bearer {key}\r\n"
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise Lost from error
        self.received = b""
        self.head = ""  # of the last answer, in lower case

    def close(self):
        self.socket.close()

    def request(self, method, path, body=None, headers=""):
        """Status and parsed body."""
        content = b"" if body is None else json.dumps(body).encode()
        kind = "" if body is None else "Content-Type: application/json\r\n"
        length = "" if method in ("GET", "DELETE") else f"Content-Length: {len(content)}\r\n"
        try:
            self.socket.sendall(f"{method} {path} HTTP/1.1\r\n{self.fixed}{kind}{headers}{length}\r\n".encode() + content)
            return self._receive()
        except OSError as error:
            raise Lost from error

    def _receive(self):
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            self._receive_more()
        head = self.head = self.received[:end].decode("latin-1").lower()
        rest = self.received[end + 4:]
        status = int(head[9:12])
        place = head.find("\r\ncontent-length:")
        length = int(head[place + 17:].split("\r\n", 1)[0]) if place >= 0 else 0
        while len(rest) < length:
            self.received = rest
            self._receive_more()
            rest = self.received
        self.received = rest[length:]
        content = rest[:length]
        return status, json.loads(content) if content and content[:1] in b"{[" else content

    def _receive_more(self):
        got = self.socket.recv(262144)
        if not got:
            raise Lost
        self.received += got
