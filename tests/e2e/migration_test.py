"""Schema changes by the real program: killed at any time, told of before they come, and with a copy of what was there."""
import hashlib
import json
import os
import sqlite3
import subprocess
import time
import unittest

from server_process import SOURCE, ServerTest, program, run

FILES = sorted((SOURCE / "schema" / "sqlite").glob("*.sql"))


def make_released(data, count):
    """A data folder as the program left it that knew the first count files, with an account in it."""
    data.mkdir(mode=0o700, parents=True)
    database = sqlite3.connect(data / "galley.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                     "sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)")
    for number, file in enumerate(FILES[:count], 1):
        sql = file.read_text()
        database.executescript(sql)
        database.execute("INSERT INTO schema_migrations VALUES (?, ?, ?, 0)",
                         (number, file.name, hashlib.sha256(sql.encode()).hexdigest()))
    database.execute("INSERT INTO accounts (id, name, plan, plan_since, unlimited_credits, created_at) "
                     "VALUES ('acc_000000000001', 'Old', 'pro', 0, 0, 0)")
    database.close()
    os.chmod(data / "galley.db", 0o600)


def schema_of(file):
    database = sqlite3.connect(file)
    try:
        return database.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    finally:
        database.close()


class Check(ServerTest):
    def test_tells_what_is_pending_and_makes_nothing(self):
        data = self.folder() / "data"
        told = run("migrate", "--check", data=data)
        self.assertEqual(told.returncode, 1)
        self.assertEqual(told.stdout, "".join(f"pending {file.name}\n" for file in FILES))
        self.assertFalse(data.exists())

    def test_is_answered_beside_a_running_server(self):
        server = self.server().start_first()
        told = run("migrate", "--check", data=server.data)
        self.assertEqual((told.returncode, told.stdout), (0, "up to date\n"))
        told = run("migrate", "--check", "--json", data=server.data)
        self.assertEqual(json.loads(told.stdout), {"pending": []})


class Released(ServerTest):
    def test_schemas_come_up_to_date_with_a_copy_and_their_content(self):
        fresh = self.folder() / "fresh"
        self.assertEqual(run("migrate", data=fresh).returncode, 0)
        for count in range(1, len(FILES) + 1):
            data = self.folder() / "data"
            make_released(data, count)
            told = run("migrate", "--check", data=data)
            pending = "".join(f"pending {file.name}\n" for file in FILES[count:])
            self.assertEqual(told.stdout, pending or "up to date\n")
            done = run("migrate", "--json", data=data)
            self.assertEqual(done.returncode, 0, done.stderr)
            said = json.loads(done.stdout)
            self.assertEqual(said["applied"], [file.name for file in FILES[count:]])
            self.assertEqual("copy" in said, count < len(FILES))
            self.assertEqual(schema_of(data / "galley.db"), schema_of(fresh / "galley.db"))
            listed = sqlite3.connect(data / "galley.db")
            self.assertEqual(listed.execute("SELECT name FROM accounts").fetchall(), [("Old",)])
            listed.close()


class Killed(ServerTest):
    def test_at_any_time_the_next_start_completes_it(self):
        fresh = self.folder() / "fresh"
        begun = time.monotonic()
        self.assertEqual(run("migrate", data=fresh).returncode, 0)
        whole = time.monotonic() - begun
        wanted = schema_of(fresh / "galley.db")
        kills = early = 0
        for count in range(len(FILES) + 1):
            for instant in range(25):
                data = self.folder() / "data"
                if count > 0:
                    make_released(data, count)
                process = subprocess.Popen([program(), "migrate", "--data", str(data)], stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)
                try:
                    process.wait(whole * instant / 20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    kills += 1
                early += run("migrate", "--check", data=data).returncode != 0
                completed = run("migrate", data=data)
                self.assertEqual(completed.returncode, 0, completed.stderr)
                self.assertEqual(schema_of(data / "galley.db"), wanted)
        print(f"figure: {kills} kills while migrating from {len(FILES) + 1} schemas: {early} before the change was "
              "committed")


if __name__ == "__main__":
    unittest.main()
