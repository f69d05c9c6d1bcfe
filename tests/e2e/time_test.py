"""The wall clock is set while the program works: no message and no job is lost or done twice, and nothing spins."""
import collections
import datetime
import http.server
import os
import threading
import time
import unittest
from pathlib import Path

from server_process import ServerTest, wait_until

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
HOUR, DAY = 3600, 86400


class Receiver(http.server.ThreadingHTTPServer):
    """/taken takes everything; /second refuses each message once."""

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = {"/taken": collections.Counter(), "/second": collections.Counter()}
        self.events = {}
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}{path}"

    def take(self, path, headers):
        with self.lock:
            message = headers["webhook-id"]
            self.events[message] = headers["X-iCF-Event"]
            self.seen[path][message] += 1
            return 503 if path == "/second" and self.seen[path][message] == 1 else 200

    def count(self, path, times):
        with self.lock:
            return sum(seen == times for seen in self.seen[path].values())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.take(self.path, self.headers))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def ahead(moment):
    """Seconds from now to a time of another day."""
    return int(datetime.datetime.fromisoformat(moment + "+00:00").timestamp() - time.time())


class WallClock(ServerTest):
    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        self.offset = self.folder() / "offset"
        self.set_clock(0)
        self.galley = self.server(
            "--allow-insecure-webhooks", "--allow-private-network", "127.0.0.1/32", "--webhook-schedule", "1s,1s,1s",
            env={"LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self.offset), "FAKETIME_NO_CACHE": "1",
                 "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
                 "TZ": "Europe/Berlin"}).start_first()
        self.project = self.galley.expect(201, "POST", "/api/v1/projects",
                                          {"name": "Site", "targetDomain": "example.com"})["id"]
        for path in self.receiver.seen:
            self.galley.expect(201, "POST", f"/api/v1/projects/{self.project}/webhooks",
                               {"url": self.receiver.url(path), "events": ["*"]})
        self.made = 0
        self.events = 0

    def set_clock(self, seconds):
        """Whoever reads meanwhile sees the old time or the new one."""
        new = self.offset.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        os.replace(new, self.offset)

    def article(self):
        self.made += 1
        self.events += 1
        return self.galley.expect(201, "POST", f"/api/v1/projects/{self.project}/articles",
                                  {"title": f"Number {self.made}", "markdown": "Text.", "status": "ready"})["id"]

    def server_time(self):
        date = self.galley.request("GET", "/healthz").headers["Date"]
        return datetime.datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=datetime.timezone.utc)

    def all_tried(self):
        return all(len(seen) == self.events for seen in self.receiver.seen.values())

    def all_retried(self):
        return self.receiver.count("/second", 2) == self.events

    def work(self):
        """An article, and a job that makes two more: all of it is told at once."""
        self.article()
        job = self.galley.expect(202, "POST", f"/api/v1/projects/{self.project}/articles/generate",
                                 {"keywords": [f"word {self.made} a", f"word {self.made} b"]})["jobId"]
        wait_until(lambda: self.galley.expect(200, "GET", f"/api/v1/jobs/{job}")["status"] == "succeeded",
                   what="the job")
        self.events += 5  # each of the two was created and generated, and the job is done
        wait_until(self.all_tried, what="its messages")

    def test_jumps_lose_nothing_and_do_nothing_twice(self):
        jumps = [("an hour on", HOUR, True), ("and back", 0, False), ("an hour back", -HOUR, False), ("and on", 0, False),
                 ("a year on", 365 * DAY, True), ("and back", 0, True), ("a day back", -DAY, False), ("and on", 0, True),
                 ("the hour that is left out", ahead("2027-03-28T00:59:58"), True),
                 ("the hour that comes twice", ahead("2027-10-31T00:59:58"), True),
                 ("29 February", ahead("2028-02-28T23:59:57"), True),
                 ("the end of 32 bits", ahead("2038-01-19T03:14:05"), True), ("today", 0, True)]
        for what, offset, soon in jumps:
            with self.subTest(what):
                self.article()
                wait_until(self.all_tried, what="its first tries")
                self.set_clock(offset)  # while a second try waits
                wanted = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset)
                wait_until(lambda: abs((self.server_time() - wanted).total_seconds()) < 5, what="the other time")
                self.work()
                if soon:  # else it waits for as long as the clock was wrong, and for a day at most
                    wait_until(self.all_retried, what="every second try")
        wait_until(self.all_retried, what="every second try")
        self.assertEqual(set(self.receiver.seen["/taken"].values()), {1})
        self.assertEqual(set(self.receiver.seen["/second"].values()), {2})
        self.assertEqual(self.receiver.seen["/taken"].keys(), self.receiver.seen["/second"].keys())
        done = collections.Counter(self.receiver.events.values())
        self.assertEqual(done["job.completed"], len(jumps))
        self.assertEqual(done["article.generated"], 2 * len(jumps))
        spent = self.spent_in(3)
        self.assertLess(spent, 1, "it spins")
        self.assertNotIn("level=error", self.galley.log_text())
        print(f"figure: time: {len(jumps)} jumps of the wall clock, {len(self.receiver.events)} messages to two "
              f"endpoints: none lost, none twice; {spent / 3:.1%} of a processor at rest")

    def spent_in(self, seconds):
        """Processor time of the server while nobody asks for anything."""
        def spent():
            fields = Path(f"/proc/{self.galley.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

        before = spent()
        time.sleep(seconds)
        return spent() - before

    def test_what_is_scheduled_is_published_once_when_its_time_has_come(self):
        article = self.article()
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=30)
        self.galley.expect(200, "POST", f"/api/v1/articles/{article}/schedule", {"scheduledFor": soon.isoformat()})
        status = lambda: self.galley.expect(200, "GET", f"/api/v1/articles/{article}")["status"]
        for offset in (0, -HOUR, -DAY, 0):
            self.set_clock(offset)
            self.article()  # so that it looks
            self.assertEqual(status(), "scheduled")
        self.set_clock(HOUR)
        # It looks at the clock once a minute; other work makes it look now.
        self.galley.expect(202, "POST", f"/api/v1/projects/{self.project}/articles/generate", {"keywords": ["word"]})
        wait_until(lambda: status() == "published", what="its publication")
        published = lambda: collections.Counter(self.receiver.events.values())["article.published"]
        wait_until(published, what="its event")
        self.set_clock(0)
        last = self.article()
        self.assertEqual(self.galley.request("DELETE", f"/api/v1/articles/{last}").status, 204)
        wait_until(lambda: "article.deleted" in self.receiver.events.values(), what="what was told last")
        self.assertEqual((status(), published()), ("published", 1))


if __name__ == "__main__":
    unittest.main()
