"""A full disk, no descriptors: reads go on, writes are told to come again, and it recovers by itself."""
import contextlib
import json
import subprocess
import unittest

from server_process import ServerTest, run, wait_until

MIB = 1 << 20


def article(title, size=1000):
    return {"title": title, "markdown": f"# {title}\n\n" + "A line of text that is stored. \n" * (size // 32)}


class Exhaustion(ServerTest):
    def begin(self, server):
        server.start_first()
        self.project = server.expect(201, "POST", "/api/v1/projects",
                                     {"name": "Site", "targetDomain": "example.com"})["id"]
        self.stored = {}
        return server

    def post(self, server, title, size=1000):
        """The status; what was stored is remembered."""
        answer = server.request("POST", f"/api/v1/projects/{self.project}/articles", article(title, size))
        if answer.status == 201:
            self.stored[answer.json()["id"]] = title
        return answer

    def assert_unavailable(self, answer):
        self.assertEqual(answer.status, 503, answer)
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertEqual(answer.json()["error"]["code"], "UNAVAILABLE")

    def assert_all_stored(self, server):
        for identity, title in self.stored.items():
            found = server.expect(200, "GET", f"/api/v1/articles/{identity}")
            self.assertEqual(found["title"], title)


class FullDisk(Exhaustion):
    def mount(self):
        folder = self.folder()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)],
                                 capture_output=True, text=True)
        # Not skipped: a test that did not run would be taken for one that passed.
        self.assertEqual(mounted.returncode, 0, f"this test mounts a small disk, as root: {mounted.stderr}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(folder)], check=True)
        return folder

    def fill(self, disk):
        with contextlib.suppress(OSError), open(disk / "filler", "ab", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))

    def refuse(self, server):
        """Writes until there is no room; the log may have some left of before."""
        for number in range(500):
            answer = self.post(server, f"Until it is full {number}", 20000)
            if answer.status != 201:
                return self.assert_unavailable(answer)
        return self.fail("the disk is never full")

    def credits(self, server):
        return server.expect(200, "GET", "/api/v1/billing/credits/balance/balance/")["data"]["credits"]

    def cluster(self, server):
        """What it cost: nothing where it was refused."""
        answer = server.request("POST", "/api/v1/planner/keywords/auto_cluster/", {"ids": self.keywords})
        if answer.status == 200:  # the log may have room left of before
            return answer.json()["data"]["credits_used"]
        self.assertEqual(answer.status, 503, answer)
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertFalse(answer.json()["success"])
        return 0

    def test_reads_go_on_writes_are_refused_and_all_is_well_once_there_is_room(self):
        disk = self.mount()
        server = self.begin(self.server(data=disk / "data"))
        self.assertEqual(self.post(server, "Before").status, 201)
        self.keywords = [server.expect(201, "POST", "/api/v1/planner/keywords/", {"keyword": f"{word} moka pot"})["data"]["id"]
                         for word in ("best", "cheap", "clean")]
        credits = self.credits(server)
        for _ in range(3):
            self.fill(disk)
            self.refuse(server)
            credits -= sum(self.cluster(server) for _ in range(2))
            self.assertEqual(self.credits(server), credits)
            for _ in range(20):
                self.assert_unavailable(self.post(server, "While it is full", 20000))
            self.assert_all_stored(server)
            self.assertEqual(server.request("GET", "/healthz").status, 200)
            wait_until(lambda: server.request("GET", "/readyz").status == 503, what="the probe's refusal")
            (disk / "filler").unlink()
            wait_until(lambda: self.post(server, "Room again").status == 201, what="the recovery")
            wait_until(lambda: server.request("GET", "/readyz").status == 200, what="readiness")
            self.assert_all_stored(server)
        self.assertEqual(server.stop(), 0)
        server.restart()
        self.assert_all_stored(server)
        # Nothing of what was refused is there.
        found = server.expect(200, "GET", "/api/v1/articles")
        self.assertEqual(found["pagination"]["total"], len(self.stored))
        self.assertEqual(server.stop(), 0)
        checks = json.loads(run("doctor", "--json", data=server.data).stdout)["checks"]
        self.assertEqual([c["health"] for c in checks if c["name"] == "integrity"], ["ok"])

    def test_a_start_on_a_full_disk_serves_what_can_be_read_or_says_why_not(self):
        disk = self.mount()
        server = self.begin(self.server(data=disk / "data"))
        self.assertEqual(self.post(server, "Before").status, 201)
        server.kill()
        self.fill(disk)
        server.restart()
        self.assert_all_stored(server)
        self.refuse(server)
        self.assertEqual(server.request("GET", "/readyz").status, 503)
        (disk / "filler").unlink()
        wait_until(lambda: self.post(server, "Room again").status == 201, what="the recovery")
        self.assertEqual(server.stop(), 0)
        # After a clean end there is no log, and no room to make one.
        self.fill(disk)
        refused = run("serve", "--listen", "127.0.0.1:0", data=server.data)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn(str(server.data / "galley.db"), refused.stderr)
        (disk / "filler").unlink()
        server.restart()
        self.assert_all_stored(server)
        self.assertEqual(self.post(server, "After").status, 201)


class Descriptors(Exhaustion):
    def test_more_connections_than_descriptors_keep_nobody_from_being_served(self):
        server = self.begin(self.server(under=["prlimit", "--nofile=64:64"]))
        self.assertEqual(self.post(server, "Before").status, 201)
        # Kept-alive connections that nobody uses any more make room for newcomers.
        for _ in range(100):
            client = server.client()
            self.addCleanup(client.close)
            self.assertEqual(client.request("GET", "/healthz").status, 200)
        for number in range(10):
            self.assertEqual(self.post(server, f"With few descriptors {number}").status, 201)
        self.assert_all_stored(server)
        self.assertEqual(server.request("GET", "/readyz").status, 200)
        failures = server.log_text().count("accepting a connection failed")
        print(f"figure: descriptors: 64, 100 connections held open, {failures} lines of the log about it")
        self.assertLess(failures, 10)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
