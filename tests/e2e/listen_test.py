"""galley listen: shows and forwards what happens in a project, and loses nothing between two connections."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import signal
import subprocess
import threading
import unittest

from server_process import Output, ServerTest, free_port, program, wait_until


class Site(http.server.ThreadingHTTPServer):
    """A developer's own server: keeps what it gets, and answers what it is told to."""

    def __init__(self):
        self.messages = []
        self.status = 200
        self.gate = threading.Event()
        self.gate.set()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://localhost:{self.server_port}/hook"

    def names(self):
        return [headers["X-iCF-Event"] for headers, _ in self.messages]

    def close(self):
        self.gate.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append((self.headers, body))
        self.server.gate.wait(30)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Listener:
    def __init__(self, server, *options, key=None):
        env = {name: value for name, value in os.environ.items() if not name.startswith("GALLEY_API")}
        if key is not False:
            env["GALLEY_API_KEY"] = key or server.key
        if "--server" not in options:
            options = ("--server", f"http://127.0.0.1:{server.port}", *options)
        self.process = subprocess.Popen([program(), "listen", *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        self.out = Output(self.process.stdout)
        self.err = Output(self.process.stderr)

    def ready(self):
        if self.err.find(lambda line: line.startswith("listening to "), 20) is None:
            raise AssertionError(f"it does not listen: {self.err.lines}")
        return self

    def wait(self, seconds=20):
        status = self.process.wait(seconds)
        for output in (self.out, self.err):
            output.find(lambda line: False, seconds)
        return status

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Listen(ServerTest):
    def setUp(self):
        self.galley = self.server().start_first()
        self.project = self.make_project("Site")
        self.site = Site()
        self.addCleanup(self.site.close)

    def make_project(self, name):
        return self.galley.expect(201, "POST", "/api/v1/projects", {"name": name})["id"]

    def listen(self, *options, **named):
        listener = Listener(self.galley, *options, **named)
        self.addCleanup(listener.close)
        return listener

    def article(self, title="Moka"):
        return self.galley.expect(201, "POST", f"/api/v1/projects/{self.project}/articles",
                                  {"title": title, "markdown": "Text. ☕ \u2028", "status": "ready"})["id"]

    def test_what_happens_is_shown_and_forwarded_as_a_webhook_is_sent(self):
        listener = self.listen("--forward", self.site.url).ready()
        secret = listener.err.find(lambda line: "signed with" in line, 10).split()[-1]
        article = self.article("Über Kaffee")
        wait_until(lambda: len(self.site.messages) == 1, what="the message")
        headers, body = self.site.messages[0]
        self.assertEqual(json.loads(body)["article"]["id"], article)
        self.assertEqual(headers["X-iCF-Signature"], hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        mine = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        self.assertEqual(headers["webhook-signature"], "v1," + base64.b64encode(mine).decode())
        self.assertEqual(headers["X-iCF-Event"], "article.created")
        self.assertEqual(headers["webhook-id"], json.loads(body)["id"])
        self.site.status = 500
        self.assertEqual(self.galley.request("DELETE", f"/api/v1/articles/{article}").status, 204)
        line = listener.out.find(lambda line: "article.deleted" in line, 10)
        self.assertIn("-> 500 in", line)
        self.assertIn('"Über Kaffee"  -> 200 in', listener.out.lines[0])
        listener.process.send_signal(signal.SIGTERM)
        self.assertEqual(listener.wait(), 0)

    def test_an_own_secret_is_used_and_not_shown(self):
        secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
        listener = self.listen("--forward", self.site.url, "--secret", secret).ready()
        self.article()
        wait_until(lambda: self.site.messages, what="the message")
        headers, body = self.site.messages[0]
        self.assertEqual(headers["X-iCF-Signature"], hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())
        listener.process.send_signal(signal.SIGINT)
        self.assertEqual(listener.wait(), 0)
        self.assertNotIn(secret, "\n".join(listener.err.lines + listener.out.lines))

    def test_what_happened_before_is_replayed_and_chosen(self):
        articles = [self.article(f"Number {i}") for i in range(5)]
        self.assertEqual(self.galley.request("DELETE", f"/api/v1/articles/{articles[0]}").status, 204)
        listener = self.listen("--since", "1h", "--no-follow", "--forward", self.site.url, "--json")
        self.assertEqual(listener.wait(), 0)
        told = [json.loads(line) for line in listener.out.lines]
        self.assertEqual([one["event"] for one in told], 5 * ["article.created"] + ["article.deleted"])
        self.assertEqual([one["body"]["article"]["id"] for one in told], [*articles, articles[0]])
        self.assertTrue(all(one["forwarded"]["taken"] and one["forwarded"]["status"] == 200 for one in told))
        self.assertEqual(self.site.names(), [one["event"] for one in told])
        chosen = self.listen("--since", "1h", "--no-follow", "--events", "article.deleted,job.*", "--json")
        self.assertEqual(chosen.wait(), 0)
        self.assertEqual([json.loads(line)["event"] for line in chosen.out.lines], ["article.deleted"])
        self.assertNotIn("forwarded", json.loads(chosen.out.lines[0]))

    def test_a_restart_of_the_server_loses_nothing(self):
        listener = self.listen("--forward", self.site.url).ready()
        for stop in (self.galley.stop, self.galley.kill):
            before = len(self.site.messages)
            self.article("Before")
            wait_until(lambda: len(self.site.messages) == before + 1, what="the first message")
            stop()
            self.galley.restart()
            # Before the listener is back, as a rule.
            self.article("Meanwhile")
            wait_until(lambda: len(self.site.messages) == before + 2, what="the second message")
        self.assertEqual(len({headers["webhook-id"] for headers, _ in self.site.messages}), 4)
        self.assertTrue(any("no connection" in line for line in listener.err.lines), listener.err.lines)

    def test_a_server_that_is_gone_before_the_first_event_is_no_loss_either(self):
        listener = self.listen("--forward", self.site.url).ready()
        self.galley.kill()
        self.galley.restart()
        self.article("Meanwhile")
        wait_until(lambda: len(self.site.messages) == 1, what="the message")
        self.assertIsNone(listener.process.poll())

    def test_a_developer_who_thinks_for_a_while_gets_everything_in_order(self):
        self.site.gate.clear()
        listener = self.listen("--forward", self.site.url).ready()
        many = 450  # more than are kept: the connection ends meanwhile
        for i in range(many):
            self.article(f"Number {i:03}")
        self.site.gate.set()
        wait_until(lambda: len(self.site.messages) == many, seconds=60, what="all messages")
        titles = [json.loads(body)["article"]["title"] for _, body in self.site.messages]
        self.assertEqual(titles, [f"Number {i:03}" for i in range(many)])
        self.assertIsNone(listener.process.poll())

    def test_a_site_that_is_not_there_is_told_and_the_next_event_comes(self):
        listener = self.listen("--forward", f"http://127.0.0.1:{free_port()}/", "--since", "1h", "--no-follow")
        self.assertEqual(listener.wait(), 0)  # nothing happened, so nothing was refused
        self.article("One")
        self.article("Two")
        listener = self.listen("--forward", f"http://127.0.0.1:{free_port()}/", "--since", "1h", "--no-follow")
        self.assertEqual(listener.wait(), 1)
        self.assertEqual(len(listener.out.lines), 2)
        self.assertIn('"Two"  -> ', listener.out.lines[1])

    def test_the_project_need_not_be_named_where_there_is_one(self):
        self.assertIn(self.project, self.listen().ready().err.lines[0])
        other = self.make_project("Another")
        listener = self.listen()
        self.assertEqual(listener.wait(), 2)
        told = "\n".join(listener.err.lines)
        self.assertIn(self.project, told)
        self.assertIn(f"{other}  Another", told)
        self.assertIn(other, self.listen("--project", other).ready().err.lines[0])

    def test_what_cannot_be_listened_to_ends_with_the_reason(self):
        for options, key, status, word in [
            (("--project", self.project), "icf_live_wrong", 3, "401"),
            (("--project", "proj_00000000000000000000"), None, 3, "404"),
            (("--project", self.project, "--events", "article.read"), None, 2, "events"),
            (("--project", self.project), False, 2, "GALLEY_API_KEY"),
            (("--forward", "ftp://localhost/"), None, 2, "--forward"),
            (("--since", "yesterday"), None, 2, "--since"),
            (("--secret", "short"), None, 2, "--secret"),
            (("--server", f"http://127.0.0.1:{free_port()}"), None, 1, "127.0.0.1"),
            (("--server", "http://127.0.0.1/galley"), None, 2, "--server"),
        ]:
            with self.subTest(options):
                listener = self.listen(*options, key=key)
                self.assertEqual(listener.wait(), status, listener.err.lines)
                self.assertIn(word, "\n".join(listener.err.lines))
                self.assertEqual(listener.out.lines, [])


if __name__ == "__main__":
    unittest.main()
