"""Every event that a webhook can be told of happens once, and what is sent fits the committed JSON schema of it. Run by
Debian's interpreter, which has jsonschema.
"""
import http.server
import json
import threading
import time
import unittest

from jsonschema import Draft202012Validator, FormatChecker
from server_process import SOURCE, ServerTest, wait_until

SCHEMAS = SOURCE / "schema/events"


class Hook(http.server.BaseHTTPRequestHandler):
    """/gone and /refusing are what they say; everything else takes what comes."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = {"/gone": 410, "/refusing": 422}.get(self.path, 200)
        with self.server.lock:
            self.server.received.append((self.path, body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class EventSchemas(ServerTest):
    def setUp(self):
        self.hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.hook.received = []
        self.hook.lock = threading.Lock()
        self.addCleanup(self.hook.server_close)
        self.addCleanup(self.hook.shutdown)
        threading.Thread(target=self.hook.serve_forever, daemon=True).start()
        self.galley = self.server("--allow-insecure-webhooks", "--allow-private-network", "127.0.0.1/32",
                                  "--webhook-schedule", "1s").start_first()
        self.project = self.ask(201, "POST", "/api/v1/projects", {"name": "Über", "targetDomain": "example.com"})["id"]
        for path, form in (("/all", "event"), ("/flat", "flat")):
            webhook = self.ask(201, "POST", f"/api/v1/projects/{self.project}/webhooks",
                               {"url": self.url(path), "events": ["*"], "format": form})["id"]
        self.webhook = webhook

    def url(self, path):
        return f"http://127.0.0.1:{self.hook.server_port}{path}"

    def ask(self, *request):
        return self.galley.expect(*request)

    def article(self, **fields):
        return self.ask(201, "POST", f"/api/v1/projects/{self.project}/articles",
                        {"title": "A title", "markdown": "# Text\n\nSome. \u2028 ☕", "status": "ready", **fields})["id"]

    def received(self, path):
        with self.hook.lock:
            return [json.loads(body) for at, body in self.hook.received if at == path]

    def connect(self, path):
        return self.ask(201, "POST", f"/api/v1/projects/{self.project}/connections",
                        {"name": path, "type": "webhook", "settings": {"url": self.url(path)}})["id"]

    def play(self):
        full = self.article(tags=["a"], categories=["b"], metaKeywords=["c"], authorName="Ed", metaTitle="Title")
        self.ask(200, "PATCH", f"/api/v1/articles/{full}", {"title": "Another title"})
        self.ask(200, "POST", f"/api/v1/articles/{full}/publish", {})
        self.ask(200, "POST", f"/api/v1/articles/{full}/unpublish", {})
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
        self.ask(200, "POST", f"/api/v1/articles/{self.article()}/schedule", {"scheduledFor": later})
        self.galley.request("DELETE", f"/api/v1/articles/{self.article(slug='gone')}")
        self.ask(202, "POST", f"/api/v1/projects/{self.project}/articles/generate",
                 {"keywords": ["moka pot", "clean moka pot"], "targetStatus": "ready"})
        self.ask(200, "POST", f"/api/v1/projects/{self.project}/keywords/cluster", {})
        for path in ("/refusing", "/gone"):
            refused = self.galley.request("POST", f"/api/v1/articles/{self.article()}/publish",
                                          {"connectionId": self.connect(path)})
            self.assertIn(refused.status, (202, 422), refused)
        self.ask(202, "POST", f"/api/v1/webhooks/{self.webhook}/test", {})

    def test_every_event_fits_its_schema(self):
        schemas = {file.name.removesuffix(".schema.json"): json.loads(file.read_text(encoding="utf-8"))
                   for file in SCHEMAS.iterdir()}
        flat = schemas.pop("flat")
        self.play()
        # The test goes to the one webhook alone, in the format "event" whatever its own.
        told = lambda: {one["event"] for one in self.received("/all")} | {"webhook.test"}
        wait_until(lambda: told() == set(schemas), what=f"every event; missing: {set(schemas) - told()}")
        wait_until(lambda: any("test" in one for one in self.received("/flat")))
        sent = self.received("/all") + [one for one in self.received("/flat") if "test" in one]
        for message in sent:
            self.fits(schemas[message["event"]], message)
        bodies = [one for one in self.received("/flat") if "test" not in one]
        for message in bodies:
            self.fits(flat, message)
        self.assertGreater(len(bodies), 5)
        print(f"figure: event schemas: {len(sent)} messages of {len(schemas)} events and {len(bodies)} flat ones fit")
        # What is not as described would be noticed.
        broken = json.loads(json.dumps(sent[0]))
        broken["event"] = "article.invented"
        self.assertFalse(Draft202012Validator(schemas[sent[0]["event"]]).is_valid(broken))
        self.assertFalse(Draft202012Validator(flat).is_valid({**bodies[0], "title": None}))

    def fits(self, schema, message):
        Draft202012Validator.check_schema(schema)
        faults = Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(message)
        self.assertEqual([], [f"{message.get('event')} {'/'.join(map(str, fault.path))}: {fault.message}"[:300]
                              for fault in faults])
        # Nothing that the schema does not know, at the top and in the noun.
        noun = next((value for value in message.values() if isinstance(value, dict)), message)
        names = {name for part in schema["$defs"].values() for name in part["properties"]}
        self.assertEqual(set(), (set(message) | set(noun)) - names)


if __name__ == "__main__":
    unittest.main()
