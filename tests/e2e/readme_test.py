"""The README's commands do what it says: its blocks are taken out of it and run."""
import hashlib
import hmac
import json
import os
import re
import subprocess
import unittest
from pathlib import Path

from server_process import SOURCE, ServerTest, program

README = (SOURCE / "README.md").read_text(encoding="utf-8")
MARK = "<!-- tests/e2e/readme_test.py runs the next block"
SIGN_IN_MARK = "<!-- tests/e2e/readme_test.py runs this sign-in"
BACKUP_MARK = "<!-- tests/e2e/readme_test.py runs these backups"


def block(language, mark=MARK):
    found = re.findall(re.escape(mark) + r"[^\n]*-->\n```" + language + r"\n(.*?)```", README, re.DOTALL)
    assert len(found) == 1, f"one marked block of {language}, not {len(found)}"
    return found[0]


class Curl(ServerTest):
    def test_the_block_runs_and_prints_what_the_readme_shows(self):
        server = self.server().start_first()
        # It is run in the clone's folder and writes one file there: here it has a folder with the same examples.
        folder = self.folder()
        (folder / "examples").symlink_to(SOURCE / "examples")
        played = subprocess.run(["bash", "-euo", "pipefail", "-c", block("sh")], cwd=folder, capture_output=True,
                                text=True, timeout=120,
                                env={**os.environ, "URL": f"http://127.0.0.1:{server.port}", "KEY": server.key})
        self.assertEqual(played.returncode, 0, played.stdout[-3000:] + played.stderr[-3000:])
        shown = re.search(r"What it prints, shortened:\n\n```text\n(.*?)```", README, re.DOTALL).group(1)
        for line in shown.splitlines():
            if line == "…":
                continue
            # Dates go on; the rest stands as it is printed.
            wanted = line.removesuffix("…").split("<lastmod>")[0]
            self.assertIn(wanted, played.stdout)


class SignIn(ServerTest):
    def test_the_block_registers_signs_in_and_goes_from_a_keyword_to_content(self):
        server = self.server().start()
        played = subprocess.run(["bash", "-euo", "pipefail", "-c", block("sh", SIGN_IN_MARK)], capture_output=True,
                                text=True, timeout=60,
                                env={**os.environ, "URL": f"http://127.0.0.1:{server.port}",
                                     "json": "Content-Type: application/json"})
        self.assertEqual(played.returncode, 0, played.stdout + played.stderr)
        self.assertIn('"count":1', played.stdout)
        self.assertIn('"keyword":"moka pot"', played.stdout)
        # 1 for grouping, 2 for ideas, 5 for content.
        self.assertIn('"credits_used_this_month":8', played.stdout)
        self.assertRegex(played.stdout, '"content":"[^"]{200,}')


class Backups(ServerTest):
    def test_the_block_runs_beside_a_server_and_the_restored_folder_can_be_served(self):
        folder = self.folder()
        server = self.server(data=folder / "data").start_first()
        project = server.expect(201, "POST", "/api/v1/projects", {"name": "Site"})["id"]
        # app/run builds, and passes the rest on to the program.
        (folder / "app").mkdir()
        (folder / "app" / "run").symlink_to(Path(program()).resolve())
        played = subprocess.run(["bash", "-euo", "pipefail", "-c", block("sh", BACKUP_MARK)], cwd=folder,
                                capture_output=True, text=True, timeout=120)
        self.assertEqual(played.returncode, 0, played.stdout[-3000:] + played.stderr[-3000:])
        self.assertIn("1 values sealed anew", played.stdout)
        server.expect(200, "GET", f"/api/v1/projects/{project}")
        restored = self.server(data=folder / "restored").start()
        restored.key = server.key
        self.assertEqual(restored.expect(200, "GET", f"/api/v1/projects/{project}")["name"], "Site")


class Node(unittest.TestCase):
    def verify(self, body, signature, secret="whsec_c2VjcmV0"):
        script = block("js") + """
const { raw, signature, secret } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const req = { body: JSON.parse(raw), headers: { 'x-icf-signature': signature } };
console.log(JSON.stringify([verifyRawBody(Buffer.from(raw), signature, secret), verifyWebhookSignature(req, secret)]));
"""
        played = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=60,
                                input=json.dumps({"raw": body, "signature": signature, "secret": secret}))
        self.assertEqual(played.returncode, 0, played.stderr)
        return json.loads(played.stdout)

    def test_both_ways_take_a_good_signature_and_nothing_else(self):
        body = '{"event":"article.published","article":{"title":"Grüße/\\n"}}'
        good = hmac.new(b"whsec_c2VjcmV0", body.encode(), hashlib.sha256).hexdigest()
        self.assertEqual(self.verify(body, good), [True, True])
        self.assertEqual(self.verify(body, good[:-1] + ("0" if good[-1] != "0" else "1")), [False, False])
        self.assertEqual(self.verify(body, ""), [False, False])
        self.assertEqual(self.verify(body.replace("published", "updated"), good), [False, False])
        self.assertEqual(self.verify(body, good, "whsec_b3RoZXI="), [False, False])


if __name__ == "__main__":
    unittest.main()
