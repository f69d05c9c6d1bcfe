"""A webhook receiver that remembers what came, and that now and then fails or keeps its answer to itself."""
import hashlib
import hmac
import random
import re
import socket
import threading
from collections import defaultdict

ARTICLE = re.compile(rb'"article":\{"id":"(art_[a-z0-9]+)"')
ONCE_IN_A_LIFE = ("article.created", "article.deleted")


class LoggingReceiver:
    def __init__(self, seed, failing=0.03):
        self.random = random.Random(seed)
        self.failing = failing
        self.lock = threading.Lock()
        self.secrets = {}  # by the path's beginning
        self.requests = 0
        self.events = defaultdict(set)  # path → webhook-ids that were accepted
        self.deliveries = defaultdict(set)  # X-iCF-Delivery → webhook-ids
        self.once = defaultdict(set)  # (path, type, article) → webhook-ids
        self.posts = defaultdict(set)  # article → webhook-ids that published it
        self.faults = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def _accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        received = b""
        try:
            with connection:
                while True:
                    while (end := received.find(b"\r\n\r\n")) < 0:
                        received = self._more(connection, received)
                    head = received[:end].decode("latin-1")
                    fields = {name.lower(): value for name, _, value in
                              (line.partition(": ") for line in head.split("\r\n")[1:])}
                    size = end + 4 + int(fields.get("content-length", "0"))
                    while len(received) < size:
                        received = self._more(connection, received)
                    body, received = received[end + 4:size], received[size:]
                    answer = self._judge(head.split(" ", 2)[1], fields, body)
                    if answer is None:
                        return
                    connection.sendall(answer)
        except OSError:
            pass

    @staticmethod
    def _more(connection, received):
        got = connection.recv(65536)
        if not got:
            raise OSError
        return received + got

    def _judge(self, path, fields, body):
        with self.lock:
            self.requests += 1
            chance = self.random.random()
            if chance < self.failing / 2:
                return b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
            message = fields.get("webhook-id", "")
            kind = fields.get("x-icf-event", "")
            secret = self.secrets[path.split("/")[2]]
            expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            if not message or fields.get("x-icf-signature") != expected:
                self.faults.append(f"{path}: bad signature or no id: {fields}")
            self.deliveries[fields.get("x-icf-delivery", "")].add(message)
            found = ARTICLE.search(body)
            article = found[1].decode() if found else ""
            if kind in ONCE_IN_A_LIFE:
                self.once[path, kind, article].add(message)
            if path.startswith("/cms/") and kind == "article.published":
                self.posts[article].add(message)
            # Tests of an endpoint, made when it is saved, are no events of anything.
            if kind != "webhook.test":
                self.events[path].add(message)
            # Taken, and the sender never hears of it: it has to send again, under the same id.
            if chance > 1 - self.failing / 2:
                return None
            text = f'{{"id":"post-{article}"}}'.encode()
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)
