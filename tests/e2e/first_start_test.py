"""The first start shows its credentials once, with commands that work as they stand; no start takes another's folder."""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from server_process import ServerTest, program, run


class FirstStart(ServerTest):
    def test_prints_address_key_and_three_curl_commands_that_work_verbatim(self):
        server = self.server().start_first()
        self.assertRegex(server.lines[0], r"^listening on http://127\.0\.0\.1:[1-9][0-9]*$")
        self.assertRegex(server.key, r"^icf_live_[A-Za-z0-9_-]{43,}$")
        server.wait_for_line(lambda line: "/api/v1/articles" in line)
        commands = [line.strip() for line in server.lines if line.strip().startswith("curl ")]
        self.assertEqual(len(commands), 3)
        for command in commands:
            shown = subprocess.run(["sh", "-c", command + " --silent --fail-with-body"], capture_output=True, text=True,
                                   timeout=30)
            self.assertEqual(shown.returncode, 0, f"{command}: {shown.stdout}{shown.stderr}")
        projects = server.expect(200, "GET", "/api/v1/projects")
        self.assertEqual([p["name"] for p in projects["data"]], ["My site"])

    def test_keeps_the_secrets_out_of_the_log(self):
        server = self.server("--log-level", "debug").start_first()
        password = server.wait_for_line(lambda line: "password" in line).split()[-1]
        server.request("GET", f"/api/v1/projects?apiKey={server.key}")
        self.assertEqual(server.stop(), 0)
        self.assertNotIn(server.key, server.log_text())
        self.assertNotIn(password, server.log_text())
        self.assertTrue(server.log_text())

    def test_a_second_start_prints_no_key_and_the_first_one_still_works(self):
        server = self.server().start_first()
        self.assertEqual(server.stop(), 0)
        server.restart()
        self.assertEqual(server.expect(200, "GET", "/api/v1/account")["plan"], "agency")
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.lines, [f"listening on http://127.0.0.1:{server.port}"])

    def test_the_admin_listener_comes_after_the_public_one_and_alone_has_metrics(self):
        server = self.server("--admin-listen", "127.0.0.1:0").start_first()
        line = server.wait_for_line(lambda line: line.startswith("metrics on "))
        self.assertEqual(server.lines.index(line), 1)
        port = int(re.search(r":(\d+)/metrics$", line)[1])
        self.assertEqual(server.request("GET", "/metrics").status, 404)
        public, server.port = server.port, port
        metrics = server.request("GET", "/metrics")
        self.assertEqual(metrics.status, 200)
        self.assertIn(b"# TYPE", metrics.body)
        server.port = public


class SecondProcess(ServerTest):
    def test_is_refused_on_the_same_folder_naming_the_process(self):
        server = self.server().start_first()
        second = run("serve", "--listen", "127.0.0.1:0", data=server.data)
        self.assertEqual(second.returncode, 3)
        self.assertEqual(second.stdout, "")
        self.assertIn(str(server.process.pid), second.stderr)
        self.assertIn(str(server.data), second.stderr)
        self.assertEqual(server.expect(200, "GET", "/api/v1/account")["plan"], "agency")

    def test_is_refused_on_the_same_port_and_harms_nothing(self):
        server = self.server().start_first()
        second = run("serve", "--listen", f"127.0.0.1:{server.port}", data=self.folder() / "other")
        self.assertNotEqual(second.returncode, 0)
        self.assertEqual(second.stdout, "")
        self.assertIn(str(server.port), second.stderr)
        self.assertEqual(server.request("GET", "/readyz").status, 200)

    def test_the_folder_is_free_again_after_a_kill(self):
        server = self.server().start_first()
        server.kill()
        server.restart()
        self.assertEqual(server.expect(200, "GET", "/api/v1/account")["plan"], "agency")


class Folder(ServerTest):
    def test_is_made_with_its_parents_and_nobody_else_can_read_it(self):
        data = self.folder() / "a" / "b"
        self.server(data=data).start_first()
        self.assertEqual(data.stat().st_mode & 0o777, 0o700)
        for name in ("galley.db", "secret.key", "galley.lock", "control.sock"):
            self.assertEqual((data / name).stat().st_mode & 0o077, 0, name)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_that_cannot_be_made_is_an_error_in_words(self):
        locked = self.folder()
        locked.chmod(0o500)
        self.addCleanup(locked.chmod, 0o700)
        refused = run("serve", "--listen", "127.0.0.1:0", data=locked / "data")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn(str(locked), refused.stderr)

    def test_is_data_in_the_working_folder_by_default(self):
        with tempfile.TemporaryDirectory() as folder:
            made = subprocess.run([program(), "migrate"], cwd=folder, capture_output=True, text=True, timeout=60)
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertTrue((Path(folder) / "data" / "galley.db").is_file())


if __name__ == "__main__":
    unittest.main()
