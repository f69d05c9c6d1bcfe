"""A galley server of a test's own: a real process on a temporary folder and a free port, spoken to over real sockets.

The program's path comes from GALLEY; CMake sets it. Everything waits with a deadline.
"""
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 45  # the drain's 30 and some


def program():
    path = os.environ.get("GALLEY")
    if not path:
        raise RuntimeError("GALLEY does not name the program")
    return path


def run(*arguments, data=None, env=None, timeout=60, stdin=None):
    """Runs one command to its end; its output is text."""
    command = [program(), *arguments] + (["--data", str(data)] if data else [])
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, input=stdin,
                          env={**os.environ, **(env or {})})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # case-insensitive
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:500]!r}"


scarce_memory = False  # whether the answers that are kept come from a server without memory


def log_answer(method, target, answer):
    """For tests/openapi/check_answers.mjs, which holds all of them against the API description once the tests are over."""
    folder = os.environ.get("GALLEY_ANSWERS")
    if not folder:
        return
    media = answer.headers.get("Content-Type", "")
    body = answer.body.decode() if media.startswith("application/json") else ""
    line = json.dumps({"method": method, "target": target, "status": answer.status, "type": media, "body": body,
                       "scarce": scarce_memory}) + "\n"
    with open(Path(folder) / f"{os.getpid()}.jsonl", "a", encoding="utf-8") as log:
        log.write(line)  # at once: threads do not mix theirs


class Client:
    """One kept-alive connection. Not for several threads."""

    def __init__(self, host, port, key=None, timeout=30):
        self.connection = http.client.HTTPConnection(host, port, timeout=timeout)
        self.key = key

    def request(self, method, path, body=None, headers=None):
        """body: bytes or text as they are; anything else as JSON."""
        fields = dict(headers or {})
        if self.key and "Authorization" not in fields:
            fields["Authorization"] = f"Bearer {self.key}"
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            fields.setdefault("Content-Type", "application/json")
        self.connection.request(method, path, body=body.encode() if isinstance(body, str) else body, headers=fields)
        answer = self.connection.getresponse()
        answer = Answer(answer.status, answer.headers, answer.read())
        log_answer(method, path, answer)
        return answer

    def close(self):
        self.connection.close()


class Output:
    """The lines of one process, as they come."""

    def __init__(self, pipe):
        self.lines = []
        self.ended = False
        self.changed = threading.Condition()
        threading.Thread(target=self._read, args=(pipe,), daemon=True).start()

    def _read(self, pipe):
        with contextlib.closing(pipe):
            for line in pipe:
                with self.changed:
                    self.lines.append(line.rstrip("\n"))
                    self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def find(self, wanted, seconds):
        """The first line that is wanted; None where it did not come."""
        with self.changed:
            self.changed.wait_for(lambda: self.ended or any(map(wanted, self.lines)), seconds)
            return next(filter(wanted, self.lines), None)


class Server:
    """start() returns once it listens; close() ends it whatever state it is in, and removes its folder."""

    def __init__(self, *options, data=None, env=None, under=()):
        """under: a command that runs the one it is given, as prlimit does."""
        self.options = list(options)
        self.under = list(under)
        self.env = env or {}
        self.own_folder = None if data else tempfile.mkdtemp(prefix="galley-e2e-")
        self.data = Path(data) if data else Path(self.own_folder) / "data"
        self.log = Path(tempfile.mkstemp(prefix="galley-e2e-", suffix=".log")[1])
        self.process = None
        self.port = 0
        self.key = None
        self.ready_seconds = None

    def start(self, port=None):
        begun = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.under, program(), "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{port or 0}", *self.options],
                stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **self.env})
        self.output = Output(self.process.stdout)
        first = self.wait_for_line(lambda line: True)
        match = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)", first)
        if not match:
            raise AssertionError(f"the first line is {first!r}")
        self.ready_seconds = time.monotonic() - begun
        self.port = int(match[1])
        return self

    def start_first(self):
        """On an empty folder: also takes the key that is shown once."""
        self.start()
        self.key = self.wait_for_line(lambda line: "API key" in line).split()[-1]
        return self

    def restart(self):
        return self.start(self.port)

    @property
    def lines(self):
        return self.output.lines

    def wait_for_line(self, wanted, seconds=START_SECONDS):
        line = self.output.find(wanted, seconds)
        if line is None:
            raise AssertionError(f"the line did not come; stdout: {self.lines}; log: {self.log_text()[-3000:]}")
        return line

    def log_text(self):
        return self.log.read_text(errors="replace")

    def client(self, key=None, timeout=30):
        return Client("127.0.0.1", self.port, key or self.key, timeout)

    def request(self, method, path, body=None, headers=None, key=None):
        """One request on a connection of its own."""
        client = self.client(key)
        try:
            return client.request(method, path, body, {"Connection": "close", **(headers or {})})
        finally:
            client.close()

    def expect(self, status, method, path, body=None, headers=None):
        """As request(), and parsed; any other status is a failure."""
        answer = self.request(method, path, body, headers)
        if answer.status != status:
            raise AssertionError(f"{method} {path}: {answer}\n{self.log_text()[-3000:]}")
        return answer.json() if answer.body else None

    def connect(self, timeout=30):
        """A bare socket."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=STOP_SECONDS):
        """The exit status; lines is complete then."""
        status = self.process.wait(seconds)
        self.output.find(lambda line: False, seconds)
        return status

    def stop(self):
        self.terminate()
        return self.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.log.unlink(missing_ok=True)
        if self.own_folder:
            shutil.rmtree(self.own_folder, ignore_errors=True)


class ServerTest(unittest.TestCase):
    """self.server(…) makes servers that end with the test."""

    def server(self, *options, **named):
        server = Server(*options, **named)
        self.addCleanup(server.close)
        return server

    def folder(self):
        folder = tempfile.TemporaryDirectory(prefix="galley-e2e-")
        self.addCleanup(folder.cleanup)
        return Path(folder.name)


def wait_until(condition, seconds=30, what="the condition"):
    """Polls what only another process can tell."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come within {seconds} s")
