"""The README's commands do what it says: its blocks are taken out of it and run."""
import hashlib
import hmac
import json
import os
import re
import subprocess
import unittest

from server_process import SOURCE, ServerTest

README = (SOURCE / "README.md").read_text(encoding="utf-8")
MARK = "<!-- tests/e2e/readme_test.py runs the next block"


def block(language):
    found = re.findall(re.escape(MARK) + r"[^\n]*-->\n```" + language + r"\n(.*?)```", README, re.DOTALL)
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
