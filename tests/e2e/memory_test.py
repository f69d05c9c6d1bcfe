"""No memory: requests end with 503, and the server goes on."""
import concurrent.futures
import unittest

import server_process
from exhaustion_test import Exhaustion
from server_process import wait_until


class Memory(Exhaustion):
    def size_of(self, server):
        with open(f"/proc/{server.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmSize:"))

    def test_a_limit_that_load_runs_into_ends_requests_and_not_the_server(self):
        probe = self.begin(self.server())
        self.assertEqual(self.post(probe, "Warm").status, 201)
        limit = self.size_of(probe) + 48 * 1024
        probe.kill()
        server = self.begin(self.server(under=["sh", "-c", f'ulimit -v {limit}; exec "$@"', "sh"]))
        self.assertEqual(self.post(server, "Before").status, 201)
        counts = {}
        server_process.scarce_memory = True
        self.addCleanup(setattr, server_process, "scarce_memory", False)

        def attempt(number):
            try:
                answer = self.post(server, f"Large {number}", 900 * 1024)
                if answer.status == 503:
                    self.assertIn("Retry-After", answer.headers)
                return answer.status
            except OSError:
                return "closed"

        with concurrent.futures.ThreadPoolExecutor(48) as pool:
            for outcome in pool.map(attempt, range(100)):
                counts[outcome] = counts.get(outcome, 0) + 1
        print(f"figure: memory: {limit // 1024} MiB of addresses, 48 large requests at once: {counts}")
        self.assertIsNone(server.process.poll(), server.log_text()[-3000:])
        self.assertLessEqual(set(counts), {201, 500, 503, "closed"})
        wait_until(lambda: self.post(server, "After").status == 201, what="the recovery")
        self.assertEqual(server.request("GET", "/readyz").status, 200)
        self.assert_all_stored(server)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
