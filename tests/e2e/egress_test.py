"""Where the program may connect to by default: no spelling of a forbidden address is saved, and no name leads to one."""
import re
import socket
import threading
import unittest

from server_process import SOURCE, ServerTest, wait_until

HEADER = (SOURCE / "tests/support/forbidden_hosts.hpp").read_text()
SPELLINGS = re.findall(r'^    "(.+)",$', HEADER, re.MULTILINE)


class Trap:
    """Listens on this machine and counts who comes."""

    def __init__(self, family, address):
        self.count = 0
        self.socket = socket.create_server((address, 0), family=family)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.count += 1
            connection.close()

    def close(self):
        self.socket.close()


class Egress(ServerTest):
    def setUp(self):
        self.galley = self.server("--webhook-schedule", "1s").start_first()
        self.project = self.galley.expect(201, "POST", "/api/v1/projects", {"name": "Site"})["id"]
        self.webhooks = f"/api/v1/projects/{self.project}/webhooks"
        self.connections = f"/api/v1/projects/{self.project}/connections"

    def fault(self, method, path, body):
        answer = self.galley.request(method, path, body)
        self.assertEqual(answer.status, 400, f"{body}: {answer}")
        return list(answer.json()["error"]["details"]["fields"])

    def test_no_spelling_of_a_forbidden_address_is_saved(self):
        self.assertGreaterEqual(len(SPELLINGS), 60)
        webhook = self.galley.expect(201, "POST", self.webhooks, {"url": "https://example.com/", "events": ["*"]})["id"]
        connection = self.galley.expect(201, "POST", self.connections, {
            "name": "CMS", "type": "webhook", "settings": {"url": "https://example.com/"}})["id"]
        for host in SPELLINGS:
            for port in ("", ":8443"):
                url = f"https://{host}{port}/hook"
                with self.subTest(url):
                    settings = {"name": "CMS 2", "type": "webhook", "settings": {"url": url}}
                    self.assertEqual(self.fault("POST", self.webhooks, {"url": url, "events": ["*"]}), ["url"])
                    self.assertEqual(self.fault("PATCH", f"/api/v1/webhooks/{webhook}", {"url": url}), ["url"])
                    self.assertEqual(self.fault("POST", self.connections, settings), ["settings.url"])
                    self.assertEqual(self.fault("PATCH", f"/api/v1/connections/{connection}",
                                                {"settings": {"url": url}}), ["settings.url"])
        self.assertEqual(len(self.galley.expect(200, "GET", self.webhooks)["data"]), 1)
        self.assertEqual(len(self.galley.expect(200, "GET", self.connections)["data"]), 1)
        print(f"figure: {len(SPELLINGS)} spellings of forbidden addresses, each refused on 8 ways of saving it")

    def test_neither_are_plain_http_other_schemes_users_and_low_ports(self):
        for url in ("http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
                    "https://user:word@example.com/", "https://example.com:22/", "https://example.com:25/",
                    "https://example.com:0/", "https://example.com:65536/", "//example.com/", "example.com", "https://",
                    "https://exa mple.com/", "https://example.com\\@127.0.0.1/", "https://127.0.0.1#@example.com/"):
            with self.subTest(url):
                self.assertEqual(self.fault("POST", self.webhooks, {"url": url, "events": ["*"]}), ["url"])

    def test_a_name_is_saved_and_judged_when_it_is_connected_to(self):
        traps = [Trap(socket.AF_INET, "127.0.0.1"), Trap(socket.AF_INET6, "::1")]
        for trap in traps:
            self.addCleanup(trap.close)
        for name in ("localhost", "LOCALHOST", "localhost."):
            for trap in traps:
                with self.subTest(f"{name} {trap.port}"):
                    webhook = self.galley.expect(201, "POST", self.webhooks, {
                        "url": f"https://{name}:{trap.port}/", "events": ["*"]})["id"]
                    delivery = self.galley.expect(202, "POST", f"/api/v1/webhooks/{webhook}/test")["id"]
                    path = f"/api/v1/deliveries/{delivery}"
                    wait_until(lambda: self.galley.expect(200, "GET", path)["status"] == "failed", what="its end")
                    tries = self.galley.expect(200, "GET", path)["attempts"]
                    self.assertEqual([one["errorClass"] for one in tries], ["guard", "guard"])
                    self.assertIn("is not allowed: it is a loopback address", tries[0]["error"])
        self.assertEqual([trap.count for trap in traps], [0, 0])


if __name__ == "__main__":
    unittest.main()
