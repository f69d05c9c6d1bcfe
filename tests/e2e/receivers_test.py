"""The example receivers in Node, Python, PHP and Go: what they take and what they refuse, and with a real Galley."""
import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import time
import unittest
import uuid

from server_process import SOURCE, Client, Output, ServerTest, free_port, wait_until

EXAMPLES = SOURCE / "examples/receivers"
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
PLAIN = "a secret of another form"
BODY = json.dumps({"event": "article.published", "article": {"id": "art_1", "slug": "über-kaffee-☕"}}).encode()


class Message:
    """Signed by the rules of the documentation, and by nothing of Galley's."""

    def __init__(self, secret=SECRET, body=BODY, message_id=None, timestamp=None, signatures=()):
        self.body = body
        stamp = str(int(timestamp or time.time()))
        message_id = message_id or f"evt_{uuid.uuid4().hex[:20]}"
        hexadecimal = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        self.headers = {"Content-Type": "application/json", "webhook-id": message_id, "webhook-timestamp": stamp,
                        "X-iCF-Signature": hexadecimal, "X-iCF-Event": "article.published", "X-iCF-Timestamp": stamp}
        if secret.startswith("whsec_"):
            key = base64.b64decode(secret[6:])
            mine = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
            self.headers["webhook-signature"] = " ".join([*signatures, "v1," + base64.b64encode(mine).decode()])

    def changed(self, **headers):
        self.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self


class Receiver:
    def __init__(self, language, command, secret, folder):
        self.port = free_port()
        command = [part.replace("{port}", str(self.port)) for part in command]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env={**os.environ, "WEBHOOK_SECRET": secret, "WEBHOOK_SEEN": str(folder / "seen"),
                                             "SITE_URL": "https://example.com/blog", "PORT": str(self.port)})
        self.output = Output(self.process.stdout)
        self.language = language

    def send(self, message, method="POST"):
        client = Client("127.0.0.1", self.port)
        try:
            return client.request(method, "/", message.body, {**message.headers, "Connection": "close"})
        finally:
            client.close()

    def counted(self, word):
        return sum(line.endswith(" " + word) for line in self.output.lines)

    def close(self):
        self.process.terminate()
        self.process.wait(10)


class Receivers(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.built = SOURCE / "build/examples"
        cls.built.mkdir(parents=True, exist_ok=True)
        # Nothing from elsewhere, and no word of git's: the checkout may belong to somebody else.
        go = {**os.environ, "GOCACHE": str(cls.built / "go-cache"), "GOPATH": str(cls.built / "go"),
              "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOPROXY": "off"}
        subprocess.run(["go", "build", "-buildvcs=false", "-o", str(cls.built / "receiver-go"), "."], cwd=EXAMPLES / "go", env=go, check=True)
        cls.commands = {
            "node": ["node", str(EXAMPLES / "node/receiver.mjs"), "--port", "{port}"],
            "python": ["python3", "-B", str(EXAMPLES / "python/receiver.py"), "--port", "{port}"],
            "php": [shutil.which("php"), "-S", "127.0.0.1:{port}", str(EXAMPLES / "php/receiver.php")],
            "go": [str(cls.built / "receiver-go"), "-port", "{port}"],
        }

    def start(self, language, secret=SECRET):
        receiver = Receiver(language, self.commands[language], secret, self.folder())
        self.addCleanup(receiver.close)
        wait_until(lambda: self.answers(receiver), what=f"the receiver in {language}")
        return receiver

    def answers(self, receiver):
        try:
            return receiver.send(Message(), "GET").status
        except OSError:
            self.assertIsNone(receiver.process.poll(), f"the receiver in {receiver.language} ended")
            return None

    def each(self, check, secret=SECRET):
        for language in self.commands:
            with self.subTest(language):
                check(self.start(language, secret))

    def test_what_is_signed_is_taken_once(self):
        def check(receiver):
            message = Message()
            first = receiver.send(message)
            self.assertEqual(first.status, 200)
            self.assertEqual(first.json(), {"id": "post-über-kaffee-☕",
                                            "url": "https://example.com/blog/%C3%BCber-kaffee-%E2%98%95"})
            again = receiver.send(message)
            self.assertEqual((again.status, again.json()), (200, first.json()))
            self.assertEqual(receiver.send(Message()).status, 200)
            wait_until(lambda: receiver.counted("accepted") == 2 and receiver.counted("repeated") == 1)

        self.each(check)

    def test_what_is_not_ours_is_refused(self):
        def check(receiver):
            wrong = {
                "another body": Message().changed(),
                "another secret": Message("whsec_" + base64.b64encode(b"x" * 32).decode()),
                "another id": Message().changed(webhook_id="evt_of_somebody_else"),
                "another time": Message().changed(webhook_timestamp=str(int(time.time()) - 10)),
                "no signature": Message().changed(webhook_signature=""),
                "another version": Message().changed(webhook_signature="v2,AAAA v1a,AAAA"),
                "half a signature": (half := Message()).changed(webhook_signature=half.headers["webhook-signature"][:20]),
                "only the other scheme's": Message().changed(webhook_signature="v1,"),
            }
            wrong["another body"].body += b" "
            for what, message in wrong.items():
                self.assertEqual(receiver.send(message).status, 401, what)
            self.assertEqual(receiver.send(Message(timestamp=time.time() - 400)).status, 400)
            self.assertEqual(receiver.send(Message(timestamp=time.time() + 400)).status, 400)
            self.assertEqual(receiver.send(Message(body=b"no JSON")).status, 400)
            self.assertEqual(receiver.send(Message(), "GET").status, 405)
            big = Message()
            big.body = b"x" * (11 << 20)
            try:
                self.assertEqual(receiver.send(big).status, 413)
            except OSError:
                pass  # it hangs up on who goes on sending
            self.assertEqual(receiver.counted("accepted"), 0)

        self.each(check)

    def test_while_a_secret_is_rotated_either_signature_is_enough(self):
        other = "v1," + base64.b64encode(b"y" * 32).decode()
        def check(receiver):
            self.assertEqual(receiver.send(Message(signatures=[other])).status, 200)
            after = Message()
            after.headers["webhook-signature"] += " " + other
            self.assertEqual(receiver.send(after).status, 200)

        self.each(check)

    def test_a_secret_of_another_form_verifies_by_the_one_header(self):
        def check(receiver):
            self.assertEqual(receiver.send(Message(PLAIN)).status, 200)
            self.assertEqual(receiver.send(Message(PLAIN + "x")).status, 401)
            self.assertEqual(receiver.send(Message(PLAIN, timestamp=time.time() - 400)).status, 400)

        self.each(check, PLAIN)

    def test_without_a_secret_none_takes_anything(self):
        for language in self.commands:
            with self.subTest(language):
                receiver = Receiver(language, self.commands[language], "", self.folder())
                self.addCleanup(receiver.close)
                if language == "php":  # a script: it cannot keep its server from starting
                    wait_until(lambda: self.answers(receiver) == 500)
                else:
                    self.assertNotEqual(receiver.process.wait(10), 0)

    def test_galley_delivers_to_each_and_goes_on_through_a_rotation(self):
        galley = self.server("--allow-insecure-webhooks", "--allow-private-network", "127.0.0.1/32",
                             "--webhook-schedule", "1s,1s").start_first()
        project = galley.expect(201, "POST", "/api/v1/projects", {"name": "Site", "targetDomain": "example.com"})
        receivers = [self.start(language, project["webhookSecret"]) for language in self.commands]
        for receiver in receivers:
            galley.expect(201, "POST", f"/api/v1/projects/{project['id']}/webhooks",
                          {"url": f"http://127.0.0.1:{receiver.port}/", "events": ["article.*"]})
            galley.expect(201, "POST", f"/api/v1/projects/{project['id']}/connections",
                          {"name": receiver.language, "type": "webhook",
                           "settings": {"url": f"http://127.0.0.1:{receiver.port}/"}})
        self.publish_everywhere(galley, project["id"], receivers, "Über Kaffee ☕", 3)
        galley.expect(200, "POST", f"/api/v1/projects/{project['id']}/rotate-webhook-secret", {})
        self.publish_everywhere(galley, project["id"], receivers, "Nach dem Wechsel", 6)

    def publish_everywhere(self, galley, project, receivers, title, accepted):
        """Each is told that it was made, and published (natively), and takes it as its connection's post."""
        article = galley.expect(201, "POST", f"/api/v1/projects/{project}/articles",
                                {"title": title, "markdown": "Text. ☕ \u2028", "status": "ready"})
        connections = galley.expect(200, "GET", f"/api/v1/projects/{project}/connections")["data"]
        for connection in connections:
            published = galley.expect(200, "POST", f"/api/v1/articles/{article['id']}/publish",
                                      {"connectionId": connection["id"]})
        urls = {one["externalUrl"] for one in published["publications"] if one["connectionId"]}
        self.assertEqual(urls, {f"https://example.com/blog/{article['slug']}"})
        for receiver in receivers:
            wait_until(lambda: receiver.counted("accepted") >= accepted, what=f"messages in {receiver.language}")
            self.assertEqual([], [line for line in receiver.output.lines if " 401 " in f" {line}"])


if __name__ == "__main__":
    unittest.main()
