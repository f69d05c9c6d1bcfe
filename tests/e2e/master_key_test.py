"""The master key is exchanged under a running server, whatever happens meanwhile, and no secret is lost."""
import json
import random
import shutil
import subprocess
import threading
import time
import unittest

from server_process import ServerTest, program, run, wait_until

KEY_FILE = "secret.key"


class MasterKey(ServerTest):
    def setUp(self):
        # A second pace of 429 would make the test long.
        plans = self.folder() / "plans.json"
        plans.write_text(json.dumps({"agency": {"requestsPerMinute": 1000000, "burst": 1000000}}))
        self.running = self.server("--plan-limits", str(plans), "--allow-insecure-webhooks",
                                   "--allow-private-network", "127.0.0.1/32").start_first()
        self.made = 0

    def make_project(self):
        """How many sealed values it has: two of its own, two of a webhook, one of a connection."""
        self.made += 1
        client = self.running.client()
        project = client.request("POST", "/api/v1/projects", {"name": f"Project {self.made}"}).json()["id"]
        client.request("POST", f"/api/v1/projects/{project}/rotate-webhook-secret", {})
        hook = client.request("POST", f"/api/v1/projects/{project}/webhooks",
                              {"url": "http://127.0.0.1:9999/hook", "events": ["*"],
                               "secret": f"a-secret-of-webhook-{self.made}"}).json()["id"]
        client.request("POST", f"/api/v1/webhooks/{hook}/rotate-secret", {})
        made = client.request("POST", f"/api/v1/projects/{project}/connections",
                              {"name": "CMS", "type": "webhook", "settings": {"url": "http://127.0.0.1:9999/cms"},
                               "credentials": {"secret": f"a-secret-of-connection-{self.made}"}})
        self.assertEqual(made.status, 201, made)
        client.close()
        return 5

    def rotate(self, *options, env=None):
        return run("key", "rotate-master", *options, data=self.running.data, env=env)

    def keys(self):
        return (self.running.data / KEY_FILE).read_text().split()

    def check_all_open(self, keys=None):
        """A restored backup says how many of its secrets open with the folder's keys."""
        folder = self.folder()
        made = run("backup", str(folder / "backup.db"), data=self.running.data)
        self.assertEqual(made.returncode, 0, made.stderr)
        (folder / "data").mkdir(mode=0o700)
        shutil.copy(self.running.data / KEY_FILE, folder / "data" / KEY_FILE)
        if keys is not None:
            (folder / "data" / KEY_FILE).write_text("\n".join(keys) + "\n")
        done = run("restore", str(folder / "backup.db"), "--json", data=folder / "data")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["unreadableSecrets"], 0)

    def test_is_exchanged_inside_a_running_server_and_without_one(self):
        values = sum(self.make_project() for _ in range(3))
        before = self.keys()
        inside = self.rotate()
        self.assertEqual(inside.returncode, 0, inside.stderr)
        self.assertIn(f"{values} values sealed anew", inside.stdout)
        self.assertIn("Backups that were made before need the old key", inside.stdout)
        after = self.keys()
        self.assertEqual(len(after), 1)
        self.assertNotEqual(after, before)
        self.assertNotIn(after[0], inside.stdout + inside.stderr + self.running.log_text())
        self.assertEqual((self.running.data / KEY_FILE).stat().st_mode & 0o777, 0o600)
        values += self.make_project()
        self.check_all_open()
        self.assertEqual(self.running.stop(), 0)
        alone = json.loads(self.rotate("--json").stdout)
        self.assertEqual((alone["resealed"], alone["values"], alone["resumed"], alone["keys"]),
                         (values, values, False, "file"))
        self.assertNotEqual(self.keys(), after)
        self.running.restart()
        self.check_all_open()

    def test_a_webhook_is_signed_with_its_secret_after_the_exchange(self):
        self.make_project()
        self.assertEqual(self.rotate().returncode, 0)
        hooks = [hook for project in self.running.expect(200, "GET", "/api/v1/projects")["data"]
                 for hook in self.running.expect(200, "GET", f"/api/v1/projects/{project['id']}/webhooks")["data"]]
        tested = self.running.request("POST", f"/api/v1/webhooks/{hooks[0]['id']}/test", {})
        # Nobody listens there: what matters is that signing did not fail.
        self.assertLess(tested.status, 500, tested)
        self.assertNotIn("master key", self.running.log_text())

    def test_killed_at_any_time_it_loses_nothing_and_goes_on(self):
        for _ in range(40):
            self.make_project()
        begun = time.monotonic()
        self.assertEqual(self.rotate().returncode, 0)
        whole = time.monotonic() - begun
        chances = random.Random(17)
        resumed = completed = 0
        for _ in range(12):
            before = self.keys()
            rotating = subprocess.Popen([program(), "key", "rotate-master", "--data", str(self.running.data)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chances.uniform(whole / 3, whole))
            self.running.kill()
            rotating.wait()
            self.assertIn(len(self.keys()), (1, 2))
            self.running.restart()
            self.check_all_open()
            self.make_project()
            said = json.loads(self.rotate("--json").stdout)
            resumed += said["resumed"]
            completed += len(before) == 1 and not said["resumed"]
            self.assertEqual(len(self.keys()), 1)
            self.check_all_open()
        print(f"figure: 12 kills: {resumed} rotations gone on with, {completed} that had not begun or had ended")

    def test_is_exchanged_beside_writers_and_what_they_seal_meanwhile_opens(self):
        stop = threading.Event()
        failures = []

        def write():
            while not stop.is_set():
                try:
                    self.make_project()
                except Exception as error:  # noqa: BLE001: told of below
                    failures.append(repr(error))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            wait_until(lambda: self.made > 5, 30, "the first projects")
            for _ in range(5):
                self.assertEqual(self.rotate().returncode, 0)
        finally:
            stop.set()
            writer.join()
        self.assertEqual(failures, [])
        self.assertEqual(len(self.keys()), 1)
        self.check_all_open()

    def test_from_the_environment_is_exchanged_by_its_order(self):
        self.make_project()
        self.assertEqual(self.running.stop(), 0)
        old = self.keys()[0]
        alone = self.rotate(env={"GALLEY_SECRET_KEY": old})
        self.assertEqual(alone.returncode, 3)
        self.assertIn("GALLEY_SECRET_KEY", alone.stderr)
        new = "0123456789abcdef" * 4
        self.running.env["GALLEY_SECRET_KEY"] = f"{new},{old}"
        self.running.restart()
        done = self.rotate()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the others may be removed", done.stdout)
        self.assertEqual(self.keys(), [old])
        self.check_all_open([new])
        self.assertEqual(self.running.stop(), 0)
        self.running.env["GALLEY_SECRET_KEY"] = new
        self.running.restart()
        self.make_project()
        self.check_all_open([new])


if __name__ == "__main__":
    unittest.main()
