"""Commands on the store give the same output whether a server holds the folder or nobody does."""
import json
import unittest

from server_process import ServerTest, run

FORM = r"^icf_live_[A-Za-z0-9_-]{43,}\n$"


class Keys(ServerTest):
    def setUp(self):
        self.running = self.server().start_first()

    def make(self, *options):
        made = run("key", "create", "--account", "owner@localhost", *options, data=self.running.data)
        self.assertEqual(made.returncode, 0, made.stderr)
        return made

    def test_made_while_the_server_runs_and_while_it_does_not_look_alike_and_both_work(self):
        inside = self.make()
        self.assertEqual(self.running.request("GET", "/api/v1/account", key=inside.stdout.strip()).status, 200)
        self.assertEqual(self.running.stop(), 0)
        alone = self.make()
        for made in (inside, alone):
            self.assertRegex(made.stdout, FORM)
            self.assertEqual(made.stderr, "")
        self.assertNotEqual(inside.stdout, alone.stdout)
        self.running.restart()
        for made in (inside, alone):
            self.assertEqual(self.running.request("GET", "/api/v1/account", key=made.stdout.strip()).status, 200)

    def test_that_are_revoked_are_rejected_at_once(self):
        made = json.loads(self.make("--json").stdout)
        # On one connection: what it knew of the key must not outlive the revocation.
        client = self.running.client(made["key"])
        self.addCleanup(client.close)
        self.assertEqual(client.request("GET", "/api/v1/account").status, 200)
        revoked = run("key", "revoke", made["id"], "--account", "owner@localhost", data=self.running.data)
        self.assertEqual((revoked.returncode, revoked.stdout), (0, f"{made['id']} revoked\n"))
        refused = client.request("GET", "/api/v1/account")
        self.assertEqual(refused.status, 401)
        self.assertEqual(refused.json()["error"]["code"], "UNAUTHORIZED")
        self.assertNotIn(made["key"].encode(), refused.body)
        listed = run("key", "list", "--account", "owner@localhost", "--json", data=self.running.data)
        states = {row["id"]: row["valid"] for row in map(json.loads, listed.stdout.splitlines())}
        self.assertFalse(states[made["id"]])
        self.assertIn(True, states.values())

    def test_of_a_viewer_may_read_and_not_write(self):
        key = self.make("--role", "viewer").stdout.strip()
        self.assertEqual(self.running.request("GET", "/api/v1/projects", key=key).status, 200)
        refused = self.running.request("POST", "/api/v1/projects", {"name": "No"}, key=key)
        self.assertEqual(refused.status, 403)
        self.assertEqual(self.running.expect(200, "GET", "/api/v1/projects")["data"], [])

    def test_errors_are_the_same_inside_and_outside(self):
        wrong = ("key", "create", "--account", "nobody@example.com")
        inside = run(*wrong, data=self.running.data)
        self.running.stop()
        alone = run(*wrong, data=self.running.data)
        self.assertEqual((inside.returncode, inside.stdout, inside.stderr), (3, "", alone.stderr))
        self.assertEqual((alone.returncode, alone.stdout), (3, ""))
        self.assertTrue(alone.stderr)

    def test_can_be_made_after_a_kill_that_left_the_socket_behind(self):
        self.running.kill()
        self.assertTrue((self.running.data / "control.sock").exists())
        self.assertRegex(self.make().stdout, FORM)
        self.running.restart()
        self.assertRegex(self.make().stdout, FORM)


class Users(ServerTest):
    def test_can_be_made_with_a_password_from_standard_input_inside_a_server(self):
        server = self.server().start_first()
        made = run("user", "create", "--email", "second@example.com", "--password-stdin", data=server.data,
                   stdin="correct horse battery staple\n")
        self.assertEqual(made.returncode, 0, made.stderr)
        listed = run("user", "list", data=server.data)
        self.assertIn("second@example.com", listed.stdout)
        self.assertNotIn("correct horse", made.stdout + made.stderr + listed.stdout + server.log_text())


if __name__ == "__main__":
    unittest.main()
