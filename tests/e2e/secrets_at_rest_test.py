"""Every secret of a run is a unique canary; then all that the program wrote is searched for them."""
import secrets
import socket
import unittest
from urllib.parse import quote

from server_process import ServerTest, run


class SecretsAtRest(ServerTest):
    def setUp(self):
        self.canaries = {}

    def canary(self, what, length=24):
        value = f"Canary{secrets.token_hex(length // 2)}"
        self.canaries[what] = value
        return value

    def note(self, what, value):
        self.assertTrue(value)
        self.canaries[what] = value
        return value

    def fill(self, server):
        """Secrets of every kind, through the program and the API; good requests and bad ones."""
        self.note("first key", server.key)
        self.note("first password", server.wait_for_line(lambda line: "password" in line).split()[-1])
        made = run("user", "create", "--email", "second@example.com", "--password",
                   self.canary("password as an option"), data=server.data)
        self.assertEqual(made.returncode, 0, made.stderr)
        made = run("user", "create", "--email", "third@example.com", "--password-stdin", data=server.data,
                   stdin=self.canary("password on standard input") + "\n")
        self.assertEqual(made.returncode, 0, made.stderr)
        made = run("key", "create", "--account", "owner@localhost", data=server.data)
        self.note("key of the command line", made.stdout.strip())
        self.note("key of the API", server.expect(201, "POST", "/api/v1/keys", {"name": "k", "role": "admin"})["key"])

        # The answer is kept for whoever asks again.
        kept = server.expect(201, "POST", "/api/v1/keys", {"name": "k", "role": "admin"}, {"Idempotency-Key": "one"})
        self.note("key that an answer tells again", kept["key"])

        project = server.expect(201, "POST", "/api/v1/projects", {"name": "Site", "targetDomain": "example.com"})
        self.note("project's secret", project["webhookSecret"])
        path = f"/api/v1/projects/{project['id']}"
        rotated = server.expect(200, "POST", f"{path}/rotate-webhook-secret", {})
        self.note("project's rotated secret", rotated["secret"])
        hook = server.expect(201, "POST", f"{path}/webhooks", {
            "url": "http://127.0.0.1:9999/hook", "events": ["*"], "secret": self.canary("webhook's secret")})
        rotated = server.expect(200, "POST", f"/api/v1/webhooks/{hook['id']}/rotate-secret", {})
        self.note("webhook's rotated secret", rotated["secret"])
        made = server.expect(201, "POST", f"{path}/connections", {
            "name": "CMS", "type": "webhook", "settings": {"url": "http://127.0.0.1:9999/cms"},
            "credentials": {"secret": self.canary("connection's credentials")}})
        server.expect(200, "PATCH", f"/api/v1/connections/{made['id']}",
                      {"credentials": {"secret": self.canary("connection's new credentials")}})
        server.request("POST", f"/api/v1/connections/{made['id']}/test", {})
        server.request("POST", f"/api/v1/webhooks/{hook['id']}/test", {})
        self.refused(server, path)

    def refused(self, server, path):
        for target, body in (
                (f"{path}/webhooks",
                 {"url": "no address", "events": 7, "secret": self.canary("webhook that is refused")}),
                (f"{path}/connections",
                 {"name": 7, "type": "webhook", "credentials": {"secret": self.canary("connection that is refused")}}),
                (f"{path}/connections",
                 '{"credentials":"' + self.canary("broken JSON") + '"')):
            headers = {"Content-Type": "application/json"}
            self.assertEqual(server.request("POST", target, body, headers).status, 400)
        for name in ("apiKey", "%61piKey", "api%4Bey", "apiKey%00", "x&apiKey", "APIKEY", "access_token", "key"):
            key = self.canary(f"?{name}=")
            self.raw(server, f"GET /api/v1/articles?{name}={key} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.raw(server, f"GET /api/v1/none?{name}={key}&z=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        for name in ("Authorization: Bearer ", "Authorization: Basic ", "X-API-Key: ", "Referer: http://x/?apiKey=",
                     "Cookie: session="):
            self.raw(server, f"GET /api/v1/articles HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                             f"{name}{self.canary(name)}\r\n\r\n")
        # The real key where it does not belong, and requests that are no requests.
        self.raw(server, f"GET /api/v1/articles?apiKey={quote(server.key)} HTTP/1.1\r\nHost: x\r\n"
                         "Connection: close\r\n\r\n")
        self.raw(server, f"GET /api/v1/articles?%61piKey={self.canary('bad frame')} HTTP/1.1\r\n\r\n")
        self.raw(server, f"GET  /?apiKey={self.canary('no request')}\r\n\r\n")
        self.raw(server, f"POST /api/v1/projects HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                         f"{self.canary('smuggled')}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")

    @staticmethod
    def raw(server, text):
        with server.connect(10) as connection:
            connection.sendall(text.encode())
            try:
                while connection.recv(65536):
                    pass
            except (ConnectionResetError, socket.timeout):
                pass

    def search(self, places):
        hits, searched = [], 0
        for name, content in places.items():
            searched += len(content)
            for what, value in self.canaries.items():
                for form in {value, quote(value, safe="")}:
                    if form.encode() in content:
                        hits.append(f"{what} in {name}")
        return hits, searched

    def test_no_file_of_the_program_holds_one_in_the_clear(self):
        server = self.server("--log-level", "debug", "--allow-insecure-webhooks", "--allow-private-network",
                             "127.0.0.1/32").start_first()
        self.fill(server)
        folder = self.folder()
        self.assertEqual(run("backup", str(folder / "online.db"), data=server.data).returncode, 0)
        places = {name: (server.data / name).read_bytes() for name in ("galley.db", "galley.db-wal")}
        self.assertEqual(run("key", "rotate-master", data=server.data).returncode, 0)
        places["galley.db-wal after the rotation"] = (server.data / "galley.db-wal").read_bytes()
        self.assertEqual(server.stop(), 0)
        self.assertEqual(run("backup", str(folder / "offline.db"), data=server.data).returncode, 0)
        self.assertEqual(run("restore", str(folder / "offline.db"), data=server.data).returncode, 0)
        for path in list(server.data.iterdir()) + list(folder.iterdir()):
            if path.is_file():
                places[path.name + " at the end"] = path.read_bytes()
        places["log"] = server.log_text().encode()
        self.assertGreater(len(places["log"]), 1000)
        hits, searched = self.search(places)
        print(f"figure: {len(self.canaries)} canaries, {searched / 1e6:.1f} MB in {len(places)} files searched: "
              f"{len(hits)} hits")
        self.assertEqual(hits, [])
        # The search finds what is there.
        self.assertEqual(len(self.search({"itself": self.canaries["webhook's secret"].encode()})[0]), 1)


if __name__ == "__main__":
    unittest.main()
