"""The planner and writer API with the example clients in three languages, and with the shortest calls of each."""
import json
import os
import subprocess
import unittest

from server_process import SOURCE, ServerTest

CLIENTS = SOURCE / "examples/clients"
EMAIL = "user@example.com"
PASSWORD = "password"  # as the documentation's samples have it

# Debian's own interpreter: python3-requests is its package.
PYTHON = """
import requests
base = "{url}/api/v1"
answer = requests.post(f"{{base}}/auth/login/", json={{"email": "{email}", "password": "{password}"}}).json()
assert answer["success"], answer
headers = {{"Authorization": "Bearer " + answer["data"]["access"], "Content-Type": "application/json"}}
keywords = requests.get(f"{{base}}/planner/keywords/", headers=headers).json()
print("Found", keywords["count"], [row["name"] for row in keywords["results"]])
"""
JAVASCRIPT = """
const base = '{url}/api/v1';
const headers = {{ 'Content-Type': 'application/json' }};
const login = await (await fetch(`${{base}}/auth/login/`, {{
  method: 'POST', headers, body: JSON.stringify({{ email: '{email}', password: '{password}' }}) }})).json();
headers.Authorization = `Bearer ${{login.data.access}}`;
const keywords = await (await fetch(`${{base}}/planner/keywords/`, {{ headers }})).json();
console.log('Found', keywords.count, JSON.stringify(keywords.results.map((row) => row.name)));
"""


class PlannerClients(ServerTest):
    def setUp(self):
        self.running = self.server().start()
        self.url = f"http://127.0.0.1:{self.running.port}"
        self.env = {**os.environ, "URL": self.url, "EMAIL": EMAIL, "PASSWORD": PASSWORD}
        answer = self.running.request("POST", "/api/v1/auth/register/", {"email": EMAIL, "password": PASSWORD})
        self.assertEqual(answer.status, 201, answer)
        self.token = answer.json()["data"]["access"]

    def tearDown(self):
        self.assertEqual(self.running.stop(), 0)

    def run_client(self, *command, stdin=None):
        done = subprocess.run(command, capture_output=True, text=True, env=self.env, input=stdin, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_example_clients_sign_in_write_and_list(self):
        seen = 0
        for command, name in ((["/usr/bin/python3", CLIENTS / "planner.py"], "planner.py"),
                              (["node", CLIENTS / "planner.mjs"], "planner.mjs"),
                              (["bash", CLIENTS / "planner.sh"], "planner.sh")):
            with self.subTest(name):
                seen += 1
                shown = self.run_client(*command)
                self.assertIn(f"Found {seen} keywords", shown)
                self.assertIn(f"made by {name}", shown)

    def test_a_wrong_password_is_told_in_every_language(self):
        self.env["PASSWORD"] = "wrong password"
        for command in (["/usr/bin/python3", CLIENTS / "planner.py"], ["node", CLIENTS / "planner.mjs"]):
            done = subprocess.run(command, capture_output=True, text=True, env=self.env, timeout=60)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("Invalid email or password", done.stdout + done.stderr)

    def test_a_client_of_requests_and_one_of_fetch_read_the_fields_that_are_documented(self):
        made = self.running.request("POST", "/api/v1/planner/keywords/", {"keyword": "moka pot"},
                                    {"Authorization": f"Bearer {self.token}"})
        self.assertEqual(made.status, 201, made)
        fill = {"url": self.url, "email": EMAIL, "password": PASSWORD}
        self.assertEqual(self.run_client("/usr/bin/python3", "-", stdin=PYTHON.format(**fill)),
                         "Found 1 ['moka pot']\n")
        self.assertEqual(self.run_client("node", "--input-type=module", "-", stdin=JAVASCRIPT.format(**fill)),
                         'Found 1 ["moka pot"]\n')
        login = self.run_client("curl", "-sS", "-X", "POST", f"{self.url}/api/v1/auth/login/", "-H",
                                "Content-Type: application/json", "-d", json.dumps({"email": EMAIL, "password": PASSWORD}))
        token = json.loads(login)["data"]["access"]
        listed = json.loads(self.run_client("curl", "-sS", "-X", "GET", f"{self.url}/api/v1/planner/keywords/", "-H",
                                            f"Authorization: Bearer {token}", "-H", "Content-Type: application/json"))
        self.assertTrue(listed["success"])
        self.assertEqual(listed["count"], 1)

    def test_many_sign_ins_at_once_leave_other_requests_alone(self):
        """Hashing is not done where requests are."""
        with subprocess.Popen(["bash", "-c", f"""for i in $(seq 12); do
            curl -sS -o /dev/null -X POST {self.url}/api/v1/auth/login/ -H 'Content-Type: application/json' \
              -d '{{"email":"nobody{"$"}i@example.com","password":"password"}}' & done; wait"""]) as load:
            self.assertEqual(self.running.request("GET", "/healthz").status, 200)
            self.assertEqual(load.wait(60), 0)


if __name__ == "__main__":
    unittest.main()
