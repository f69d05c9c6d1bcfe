"""The API description with public tools: it is linted, and a client in TypeScript is made of it, which goes its way."""
import os
import shutil
import subprocess
import unittest

from server_process import SOURCE, ServerTest, program

TOOLS = SOURCE / "tests/openapi"
EMAIL = "user@example.com"
PASSWORD = "password"


def tool(name):
    return TOOLS / "node_modules/.bin" / name


class Description(ServerTest):
    def play(self, *command, folder, **env):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=folder, timeout=120,
                              env={**os.environ, "REDOCLY_TELEMETRY": "off", **env})
        self.assertEqual(done.returncode, 0, (done.stdout + done.stderr)[-6000:])
        return done.stdout

    def description(self):
        folder = self.folder()
        (folder / "galley.json").write_text(self.play(program(), "openapi", folder=folder), encoding="utf-8")
        return folder

    def test_the_linter_has_nothing_to_say(self):
        folder = self.description()
        self.play(tool("redocly"), "lint", folder / "galley.json", "--config", TOOLS / "redocly.yaml", folder=folder)

    def test_the_linter_would_say_something(self):
        folder = self.description()
        broken = folder / "broken.json"
        text = (folder / "galley.json").read_text(encoding="utf-8")
        self.assertIn('"description": "API keys."', text)
        broken.write_text(text.replace('"description": "API keys."', '"x-note": ""'), encoding="utf-8")
        done = subprocess.run([tool("redocly"), "lint", broken, "--config", TOOLS / "redocly.yaml"],
                              capture_output=True, text=True, timeout=120,
                              env={**os.environ, "REDOCLY_TELEMETRY": "off"})
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("tag-description", done.stdout + done.stderr)

    def test_a_client_made_of_it_compiles_and_goes_the_whole_way_in_both_dialects(self):
        server = self.server().start_first()
        self.assertEqual(201, server.request("POST", "/api/v1/auth/register/",
                                             {"email": EMAIL, "password": PASSWORD}).status)
        folder = self.description()
        self.play(tool("openapi-typescript"), folder / "galley.json", "-o", folder / "schema.d.ts", folder=folder)
        shutil.copy(SOURCE / "examples/clients/whole_way.ts", folder)
        (folder / "node_modules").symlink_to(TOOLS / "node_modules")
        (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        self.play(tool("tsc"), "--strict", "--module", "nodenext", "--target", "es2022", "whole_way.ts", folder=folder)
        shown = self.play("node", "whole_way.js", folder=folder, URL=f"http://127.0.0.1:{server.port}",
                          KEY=server.key, EMAIL=EMAIL, PASSWORD=PASSWORD)
        self.assertIn("succeeded: 2 articles published", shown)
        self.assertIn("https://coffee.example/", shown)
        self.assertRegex(shown, "Found 1 contents: .*[Gg]reen tea")
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
