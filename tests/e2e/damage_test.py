"""A damaged database: named at the start, answered as an error while serving, and found by the doctor."""
import json
import unittest

from server_process import ServerTest, run

PAGE = 4096


class Damage(ServerTest):
    def stored(self):
        """A server's folder with a hundred articles, and the server, which has ended."""
        server = self.server().start_first()
        project = server.expect(201, "POST", "/api/v1/projects",
                                {"name": "Site", "targetDomain": "example.com"})["id"]
        self.articles = [
            server.expect(201, "POST", f"/api/v1/projects/{project}/articles",
                          {"title": f"Title {number}", "markdown": "Some text. " * 100})["id"]
            for number in range(100)]
        self.assertEqual(server.stop(), 0)
        return server

    def spoil(self, server, at, text):
        with open(server.data / "galley.db", "r+b") as database:
            database.seek(at)
            database.write(text)

    def assert_start_is_refused(self, server):
        refused = run("serve", "--listen", "127.0.0.1:0", data=server.data)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertEqual(refused.stdout, "")
        self.assertIn(str(server.data / "galley.db"), refused.stderr)
        self.assertIn("restore the latest backup", refused.stderr)

    def doctor(self, server):
        seen = run("doctor", "--json", data=server.data)
        self.assertEqual(seen.returncode, 1)
        return [check for check in json.loads(seen.stdout)["checks"] if check["health"] == "fail"]

    def assert_doctor_finds_it(self, server):
        found = [check for check in self.doctor(server) if check["name"] == "integrity"]
        self.assertEqual(len(found), 1)
        self.assertIn("restore the latest backup", found[0]["advice"])
        return found[0]["seen"]

    def test_a_file_that_is_no_database_is_refused_at_the_start(self):
        server = self.stored()
        self.spoil(server, 0, b"not a database!!")
        self.assert_start_is_refused(server)
        self.assertIn("not a database", self.assert_doctor_finds_it(server))

    def test_a_schema_that_cannot_be_read_is_refused_at_the_start(self):
        server = self.stored()
        self.spoil(server, 100, b"\xaa" * 64)
        self.assert_start_is_refused(server)
        self.assert_doctor_finds_it(server)

    def test_a_broken_page_is_an_error_of_the_requests_that_meet_it_each_logged_once(self):
        server = self.stored()
        database = (server.data / "galley.db").read_bytes()
        # The leaves with the articles' own rows: their markdown is there and nowhere else but in revisions.
        for page in range(1, len(database) // PAGE):
            start = page * PAGE
            if database[start] == 0x0D and b"Some text. Some text." in database[start:start + PAGE]:
                self.spoil(server, start, b"\x55" * 12)
        server.restart()
        statuses = {}
        for article in self.articles:
            answer = server.request("GET", f"/api/v1/articles/{article}")
            statuses.setdefault(answer.status, []).append(answer)
        self.assertEqual(list(statuses), [500])
        for answer in statuses[500]:
            self.assertEqual(answer.json()["error"]["code"], "INTERNAL_ERROR")
            self.assertIn("damaged", answer.json()["error"]["message"])
            self.assertNotIn(b"malformed", answer.body)
        self.assertEqual(server.request("GET", "/healthz").status, 200)
        self.assertEqual(server.expect(200, "GET", "/api/v1/account")["plan"], "agency")
        self.assertIsNone(server.process.poll())
        self.assertEqual(server.stop(), 0)
        lines = [line for line in server.log_text().splitlines() if "malformed" in line]
        self.assertEqual(len(lines), len(self.articles), lines[-1])
        self.assertTrue(all("level=error" in line for line in lines), lines[0])
        self.assert_doctor_finds_it(server)

    def test_a_log_with_a_broken_frame_leaves_the_commits_before_it(self):
        server = self.server().start_first()
        names = [f"Site {number}" for number in range(30)]
        for name in names:
            server.expect(201, "POST", "/api/v1/projects", {"name": name, "targetDomain": "example.com"})
        log = server.data / "galley.db-wal"
        server.kill()
        with open(log, "r+b") as frames:
            frames.seek(log.stat().st_size * 2 // 3)
            frames.write(b"\x55" * 64)
        server.restart()
        found = {project["name"] for project in server.expect(200, "GET", "/api/v1/projects?limit=100")["data"]}
        kept = [name for name in names if name in found]
        self.assertEqual(kept, names[:len(kept)])
        self.assertGreater(len(kept), 0)
        self.assertLess(len(kept), len(names))
        server.expect(201, "POST", "/api/v1/projects", {"name": "Later", "targetDomain": "example.com"})
        self.assertEqual(server.stop(), 0)
        healthy = [c["health"] for c in json.loads(run("doctor", "--json", data=server.data).stdout)["checks"]
                   if c["name"] == "integrity"]
        self.assertEqual(healthy, ["ok"])


if __name__ == "__main__":
    unittest.main()
