"""Answers that are sent piece by piece: complete, logged as what they were, and no harm when the client goes away."""
import unittest

from server_process import ServerTest, wait_until


class Export(ServerTest):
    def setUp(self):
        self.running = self.server().start_first()
        self.project = self.running.expect(201, "POST", "/api/v1/projects", {"name": "Site"})["id"]
        words = [f"keyword number {number:05}" for number in range(10_000)]
        taken = self.running.expect(200, "POST", f"/api/v1/projects/{self.project}/keywords", {"keywords": words})
        self.assertEqual(taken["created"], 10_000)
        self.path = f"/api/v1/projects/{self.project}/keywords.csv"

    def test_of_ten_thousand_keywords_is_complete_and_the_connection_goes_on(self):
        client = self.running.client()
        self.addCleanup(client.close)
        for _ in range(2):
            answer = client.request("GET", self.path)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8; header=present")
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertIn("X-Request-ID", answer.headers)
            lines = answer.body.decode().splitlines()
            self.assertEqual(lines[0], "keyword,volume,difficulty,intent,priority,cluster")
            self.assertEqual(len(set(lines)), 10_001)

    # The answer was whole, and then counted as 500 INTERNAL_ERROR.
    def test_that_succeeded_is_not_logged_as_an_internal_error(self):
        self.running.request("GET", self.path)
        self.assertEqual(self.running.stop(), 0)
        lines = [line for line in self.running.log_text().splitlines() if "keywords.csv" in line]
        self.assertEqual(len(lines), 1)
        self.assertIn(" status=200 ", lines[0])
        self.assertNotIn("level=error", self.running.log_text())

    def test_to_a_client_that_went_away_ends_and_the_next_one_is_served(self):
        for _ in range(5):
            rude = self.running.connect()
            rude.sendall(f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n"
                         f"Authorization: Bearer {self.running.key}\r\n\r\n".encode())
            self.assertTrue(rude.recv(100).startswith(b"HTTP/1.1 200 "))
            rude.close()
        self.assertEqual(self.running.request("GET", self.path).status, 200)

    def test_of_an_unknown_project_is_an_ordinary_404(self):
        answer = self.running.request("GET", "/api/v1/projects/proj_000000000000/keywords.csv")
        self.assertEqual(answer.status, 404)
        self.assertEqual(answer.json()["error"]["code"], "RESOURCE_NOT_FOUND")


class JobEvents(ServerTest):
    def test_begin_after_the_last_event_that_the_client_has(self):
        running = self.server().start_first()
        project = running.expect(201, "POST", "/api/v1/projects", {"name": "Site"})["id"]
        job = running.expect(202, "POST", f"/api/v1/projects/{project}/articles/generate",
                             {"keywords": ["espresso", "moka", "filter"]})["jobId"]
        wait_until(lambda: running.expect(200, "GET", f"/api/v1/jobs/{job}")["status"] == "succeeded", what="the job")
        path = f"/api/v1/jobs/{job}/events"
        whole = running.request("GET", path).body.decode().strip().split("\n\n")
        self.assertTrue(whole[-1].split("\n")[1] == "event: finished", whole[-1])
        third = whole[2].split("\n")[0].removeprefix("id: ")
        rest = running.request("GET", path, headers={"Last-Event-ID": third}).body.decode().strip().split("\n\n")
        self.assertEqual(rest, whole[3:])
        last = whole[-1].split("\n")[0].removeprefix("id: ")
        # 204 tells an EventSource that it need not come again.
        self.assertEqual(running.request("GET", path, headers={"Last-Event-ID": last}).status, 204)


if __name__ == "__main__":
    unittest.main()
