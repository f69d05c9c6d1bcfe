"""What the README tells people to run first."""
import os
import subprocess
import time
import unittest

from server_process import SOURCE, program, run


class Quickstart(unittest.TestCase):
    def play(self, **env):
        return subprocess.run(["bash", str(SOURCE / "examples/quickstart.sh")], capture_output=True, text=True,
                              timeout=120, env={**os.environ, **env})

    def test_ends_well_and_leaves_no_process_behind(self):
        begun = time.monotonic()
        played = self.play(GALLEY=program())
        self.assertEqual(played.returncode, 0, played.stdout[-3000:] + played.stderr[-3000:])
        print(f"\nquickstart: {time.monotonic() - begun:.1f} s")
        for shown in ("230 keywords", "bytes=valid parsed=valid", "304", "<loc>"):
            self.assertIn(shown, played.stdout)
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
        self.assertNotIn("galley-quickstart.", listed.stdout)

    def test_says_what_to_do_without_the_program(self):
        played = self.play(GALLEY="/nowhere/galley")
        self.assertNotEqual(played.returncode, 0)
        self.assertIn("app/run --build-only", played.stderr)


class Smoke(unittest.TestCase):
    def test_runs_the_whole_chain(self):
        played = run("smoke", timeout=120)
        self.assertEqual(played.returncode, 0, played.stdout + played.stderr)


if __name__ == "__main__":
    unittest.main()
