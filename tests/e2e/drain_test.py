"""SIGTERM lets what runs finish and takes nothing new; restarts fail no idempotent request."""
import http.client
import json
import os
import socket
import threading
import time
import unittest

from server_process import ServerTest, wait_until

RESTARTS = int(os.environ.get("GALLEY_RESTARTS", "10"))


def receive_all(connection):
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


def refuses(server):
    try:
        # Longer than the second after which a client knocks again that came while the listener was closing.
        server.connect(5).close()
    except ConnectionRefusedError:
        return True
    return False


class Drain(ServerTest):
    def setUp(self):
        self.running = self.server().start_first()
        self.project = self.running.expect(201, "POST", "/api/v1/projects",
                                           {"name": "Site", "targetDomain": "example.com"})["id"]

    def begin(self, head):
        """A connection on which the head was sent, and more is to come."""
        connection = self.running.connect()
        self.addCleanup(connection.close)
        connection.sendall(head.encode())
        return connection

    def head_of(self, body):
        return (f"POST /api/v1/projects/{self.project}/articles HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Bearer {self.running.key}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n")

    def test_finishes_a_request_whose_body_is_still_on_its_way(self):
        body = json.dumps({"title": "Sent slowly"})
        connection = self.begin(self.head_of(body) + body[:5])
        # Another request, answered, shows that the server has read on.
        self.running.expect(200, "GET", "/api/v1/account")
        self.running.terminate()
        wait_until(lambda: refuses(self.running), what="the end of the listener")
        self.assertIsNone(self.running.process.poll())
        for byte in body[5:].encode():
            connection.sendall(bytes([byte]))
        answer = receive_all(connection)
        self.assertTrue(answer.startswith(b"HTTP/1.1 201 "), answer)
        self.assertIn(b"\r\nConnection: close\r\n", answer)
        self.assertEqual(self.running.wait(), 0)
        self.running.restart()
        titles = [a["title"] for a in self.running.expect(200, "GET", "/api/v1/articles")["data"]]
        self.assertEqual(titles, ["Sent slowly"])

    def test_is_not_ready_any_more_and_still_alive(self):
        probes = {path: self.begin(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n") for path in ("/readyz", "/healthz")}
        self.assertEqual(self.running.request("GET", "/readyz").status, 200)
        self.running.terminate()
        wait_until(lambda: refuses(self.running), what="the end of the listener")
        answers = {}
        for path, connection in probes.items():
            connection.sendall(b"\r\n")
            answers[path] = receive_all(connection)
        self.assertTrue(answers["/readyz"].startswith(b"HTTP/1.1 503 "), answers)
        self.assertTrue(answers["/healthz"].startswith(b"HTTP/1.1 200 "), answers)
        self.assertEqual(self.running.wait(), 0)

    def test_ends_an_event_stream_properly(self):
        self.running.expect(200, "POST", f"/api/v1/projects/{self.project}/keywords",
                            {"keywords": ["espresso", "filter", "moka"]})
        # A job that stays unfinished: its publication waits for tomorrow.
        article = self.running.expect(201, "POST", f"/api/v1/projects/{self.project}/articles",
                                      {"title": "Later", "markdown": "Later.", "status": "ready"})["id"]
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
        self.running.expect(200, "POST", f"/api/v1/articles/{article}/schedule", {"scheduledFor": later})
        job = self.running.expect(200, "GET", "/api/v1/jobs")["data"][0]["id"]
        stream = self.begin(f"GET /api/v1/jobs/{job}/events HTTP/1.1\r\nHost: localhost\r\n"
                            f"Authorization: Bearer {self.running.key}\r\n\r\n")
        self.assertTrue(stream.recv(65536).startswith(b"HTTP/1.1 200 "))
        begun = time.monotonic()
        self.running.terminate()
        # The last chunk: the client knows that nothing was cut off, and connects again.
        self.assertTrue(receive_all(stream).endswith(b"0\r\n\r\n"))
        self.assertEqual(self.running.wait(), 0)
        self.assertLess(time.monotonic() - begun, 10)

    def test_is_done_at_once_where_only_idle_connections_are_left(self):
        idle = [self.running.client() for _ in range(20)]
        for client in idle:
            self.addCleanup(client.close)
            self.assertEqual(client.request("GET", "/healthz").status, 200)
        begun = time.monotonic()
        self.assertEqual(self.running.stop(), 0)
        took = time.monotonic() - begun
        self.assertLess(took, 5)
        print(f"\nstop with 20 idle connections: {took * 1000:.0f} ms")

    def test_finishes_the_jobs_that_are_under_way_or_leaves_them_to_the_next_start(self):
        job = self.running.expect(202, "POST", f"/api/v1/projects/{self.project}/articles/generate",
                                  {"keywords": [f"espresso {n}" for n in range(40)]})["jobId"]
        self.assertEqual(self.running.stop(), 0)
        self.running.restart()
        wait_until(lambda: self.running.expect(200, "GET", f"/api/v1/jobs/{job}")["status"] == "succeeded",
                   what="the end of the job")
        progress = self.running.expect(200, "GET", f"/api/v1/jobs/{job}")["progress"]
        self.assertEqual(progress, {"total": 40, "done": 40, "failed": 0})


class Stream:
    """Idempotent requests without a pause; what is refused before it was taken is sent again, nothing else."""

    def __init__(self, server, number):
        self.server = server
        self.number = number
        self.passed = 0
        self.refused = 0
        self.failed = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.stop.is_set():
            try:
                # A connection for each, so that none is sent on one that the server is closing.
                answer = self.server.request("GET", f"/api/v1/projects?pageSize={self.number + 1}")
            except ConnectionRefusedError:
                self.refused += 1
                time.sleep(0.005)
                continue
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                continue
            if answer.status == 200:
                self.passed += 1
            else:
                self.failed.append(repr(answer))


class Restarts(ServerTest):
    def test_fail_no_idempotent_request(self):
        limits = self.folder() / "plans.json"
        limits.write_text(json.dumps({"agency": {"requestsPerMinute": 1000000, "burst": 1000000}}))
        server = self.server("--plan-limits", str(limits), "--log-level", "warning").start_first()
        streams = [Stream(server, number) for number in range(8)]
        for stream in streams:
            stream.thread.start()
        ready = []
        try:
            for _ in range(RESTARTS):
                before = sum(stream.passed for stream in streams)
                wait_until(lambda: sum(s.passed for s in streams) > before + 50, what="requests between the restarts")
                self.assertEqual(server.stop(), 0)
                server.restart()
                ready.append(server.ready_seconds)
        finally:
            for stream in streams:
                stream.stop.set()
            for stream in streams:
                stream.thread.join()
        failed = [failure for stream in streams for failure in stream.failed]
        passed = sum(stream.passed for stream in streams)
        print(f"\nrestarts: {RESTARTS}, requests: {passed}, failed: {len(failed)}, "
              f"ready after {max(ready) * 1000:.0f} ms at most")
        self.assertEqual(failed, [])
        # A machine that is busy with other tests is slower than the second that a start may take.
        self.assertLess(max(ready), 5)


class Signals(ServerTest):
    def test_a_second_sigterm_changes_nothing(self):
        server = self.server().start_first()
        slow = server.connect()
        self.addCleanup(slow.close)
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        self.assertEqual(server.request("GET", "/healthz").status, 200)
        server.terminate()
        wait_until(lambda: refuses(server), what="the end of the listener")
        server.terminate()
        slow.sendall(b"\r\n")
        self.assertTrue(receive_all(slow).startswith(b"HTTP/1.1 200 "))
        self.assertEqual(server.wait(), 0)

    def test_a_client_that_went_away_is_no_signal_to_die_of(self):
        server = self.server().start_first()
        for _ in range(20):
            rude = server.connect()
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            rude.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
            rude.close()
        self.assertEqual(server.request("GET", "/healthz").status, 200)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
