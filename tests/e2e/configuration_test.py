"""Settings come from flags, the environment and a file, in this order; all mistakes are reported at once."""
import subprocess
import unittest

from server_process import ServerTest, program, run


class Mistakes(ServerTest):
    def test_are_all_reported_at_once_with_exit_2(self):
        file = self.folder() / "galley.conf"
        file.write_text("log-level = loud\ncors-origin = https://a.example\n")
        refused = run("serve", "--listen", "nowhere", "--allow-private-network", "10.0.0.0/99", "--webhook-schedule",
                      "soon", "--config", str(file), data=self.folder() / "data", env={"GALLEY_THREADS": "none"})
        self.assertEqual(refused.returncode, 2)
        self.assertEqual(refused.stdout, "")
        for name in ("listen", "allow-private-network", "webhook-schedule", "threads", "log-level"):
            self.assertIn(f"  {name} ", refused.stderr)
        self.assertNotIn("cors-origin", refused.stderr)

    def test_leave_the_data_folder_alone(self):
        data = self.folder() / "data"
        self.assertEqual(run("serve", "--listen", "nowhere", data=data).returncode, 2)
        self.assertFalse(data.exists())

    def test_in_the_file_are_named_by_line(self):
        file = self.folder() / "galley.conf"
        file.write_text("# a comment\nlisten\nshoe-size = 43\n")
        refused = run("serve", "--config", str(file), data=self.folder() / "data")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("config line 2", refused.stderr)
        self.assertIn("shoe-size", refused.stderr)

    def test_of_usage_are_exit_2_too(self):
        for arguments in ([], ["dance"], ["serve", "--shoe-size", "43"]):
            refused = subprocess.run([program(), *arguments], capture_output=True, text=True, timeout=30)
            self.assertEqual(refused.returncode, 2, arguments)
            self.assertEqual(refused.stdout, "")
            self.assertTrue(refused.stderr)

    def test_do_not_include_asking_for_help(self):
        for arguments in (["--help"], ["serve", "--help"], ["key", "create", "--help"], ["--version"]):
            shown = subprocess.run([program(), *arguments], capture_output=True, text=True, timeout=30)
            self.assertEqual((shown.returncode, shown.stderr), (0, ""), arguments)
            self.assertTrue(shown.stdout)


class Sources(ServerTest):
    def test_a_flag_goes_before_the_environment_and_that_before_the_file(self):
        folder = self.folder()
        file = folder / "galley.conf"
        # Each of them alone would be refused: so the ones that lose are not even looked at.
        file.write_text("log-level = from-file\nthreads = from-file\nlog-format = json\n")
        server = self.server("--threads", "1", "--config", str(file), data=folder / "data",
                             env={"GALLEY_THREADS": "from-environment", "GALLEY_LOG_LEVEL": "info"}).start_first()
        self.assertEqual(server.stop(), 0)
        self.assertIn('"message":"serving"', server.log_text().replace('"msg"', '"message"'))


if __name__ == "__main__":
    unittest.main()
