"""Any allocation may fail: one of some hundred does, at random, under a mixed load.

GALLEY names the program that tests/crash/scarce_heap.cpp is linked with.
"""
import collections
import concurrent.futures
import os
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from exhaustion_test import Exhaustion  # noqa: E402
from server_process import wait_until  # noqa: E402

SECONDS = 4
PLENTY = '{"agency": {"requestsPerMinute": 1000000, "burst": 1000000}}'


class ScarceHeap(Exhaustion):
    def work(self, server, worker, answers):
        """Requests of many kinds until the time is over. A connection may end; the server may not."""
        deadline = time.monotonic() + SECONDS
        number = 0
        while time.monotonic() < deadline and server.process.poll() is None:
            number += 1
            title = f"Words {worker}-{number}"
            requests = [
                lambda: self.post(server, title, 2000),
                lambda: server.request("POST", f"/api/v1/projects/{self.project}/articles", {"title": 5, "x": [1]}),
                lambda: server.request("GET", "/api/v1/articles?q=words&pageSize=5"),
                lambda: server.request("GET", f"/api/v1/articles?project={self.project}&pageSize=100"),
                lambda: server.request("POST", f"/api/v1/projects/{self.project}/keywords",
                                       {"keywords": [{"keyword": title, "volume": number}]}),
                lambda: server.request("POST", f"/api/v1/projects/{self.project}/articles/generate",
                                       {"keyword": title}, {"Idempotency-Key": f"{worker}-{number}"}),
                lambda: server.request("GET", f"/api/public/sitemap/{self.project}"),
                lambda: server.request("POST", f"/api/v1/projects/{self.project}/webhooks", {"url": "not a URL", "events": ["none"]}),
                lambda: server.request("GET", "/api/v1/audit"),
            ]
            try:
                answers[requests[number % len(requests)]().status] += 1
            except OSError:
                answers["closed"] += 1

    def recovers(self, server):
        """The signal may come a moment after it was sent: a last connection may still end."""
        try:
            return self.post(server, "After").status == 201
        except OSError:
            return False

    def test_no_failed_allocation_ends_the_server_or_loses_what_it_acknowledged(self):
        plans = self.folder() / "plans.json"
        plans.write_text(PLENTY)
        for one_of in (1000, 300, 60):
            with self.subTest(one_of=one_of):
                server = self.begin(self.server("--plan-limits", str(plans), env={"GALLEY_SCARCE": str(one_of)}))
                answers = collections.Counter()
                os.kill(server.process.pid, signal.SIGUSR2)
                with concurrent.futures.ThreadPoolExecutor(8) as pool:
                    for done in [pool.submit(self.work, server, worker, answers) for worker in range(8)]:
                        done.result()
                self.assertIsNone(server.process.poll(), server.log_text()[-5000:])
                os.kill(server.process.pid, signal.SIGUSR2)
                print(f"figure: memory: one of {one_of} allocations fails: {dict(answers)}")
                # Nothing that memory was too short for passes as a bug.
                self.assertEqual(answers[500], 0, server.log_text()[-5000:])
                self.assertGreater(answers[201], 0)
                self.assertGreater(answers[503], 0)
                wait_until(lambda: self.recovers(server), what="the recovery")
                self.assert_all_stored(server)
                self.assertEqual(server.stop(), 0, server.log_text()[-5000:])


if __name__ == "__main__":
    unittest.main()
