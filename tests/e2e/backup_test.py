"""Backups are made while a server runs and while it does not, and a restored one is the site as it was."""
import json
import os
import shutil
import sqlite3
import subprocess
import time
import unittest

from server_process import ServerTest, program, run


def copy_key(source, target):
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(source / "secret.key", target / "secret.key")


class Site(ServerTest):
    def setUp(self):
        self.running = self.server().start_first()
        self.project = self.running.expect(201, "POST", "/api/v1/projects", {"name": "Site"})["id"]
        self.article = self.make_article("First")

    def make_article(self, title):
        return self.running.expect(201, "POST", f"/api/v1/projects/{self.project}/articles",
                                   {"title": title, "markdown": "Text."})["id"]

    def back_up(self, file, *options):
        made = run("backup", str(file), *options, data=self.running.data)
        self.assertEqual(made.returncode, 0, made.stderr)
        return made


class Backups(Site):
    def test_are_alike_inside_a_server_and_without_one_and_say_what_is_not_in_them(self):
        folder = self.folder()
        inside = self.back_up(folder / "a.db")
        self.assertEqual(self.running.stop(), 0)
        alone = self.back_up(folder / "b.db")
        for made, name in ((inside, "a.db"), (alone, "b.db")):
            self.assertIn(str(folder / name), made.stdout)
            self.assertIn(" 1 articles", made.stdout)
            self.assertIn("secret.key is not in it", made.stdout)
            self.assertEqual((folder / name).stat().st_mode & 0o777, 0o600)
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["a.db", "b.db"])

    def test_say_it_in_json_too(self):
        file = self.folder() / "a.db"
        said = json.loads(self.back_up(file, "--json").stdout)
        self.assertEqual((said["path"], said["articles"]), (str(file), 1))
        self.assertEqual(said["bytes"], file.stat().st_size)
        self.assertGreaterEqual(said["milliseconds"], 0)

    def test_go_where_the_caller_is_and_not_where_the_server_is(self):
        folder = self.folder()
        made = subprocess.run([program(), "backup", "here.db", "--data", str(self.running.data)], cwd=folder,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertTrue((folder / "here.db").is_file())

    def test_replace_nothing_unless_told_to(self):
        file = self.folder() / "a.db"
        file.write_text("precious")
        refused = run("backup", str(file), data=self.running.data)
        self.assertEqual((refused.returncode, refused.stdout), (3, ""))
        self.assertEqual(file.read_text(), "precious")
        self.back_up(file, "--force")
        self.assertNotEqual(file.read_bytes()[:8], b"precious")
        for own in ("galley.db", "secret.key"):
            refused = run("backup", str(self.running.data / own), "--force", data=self.running.data)
            self.assertEqual(refused.returncode, 3)
        self.running.expect(200, "GET", f"/api/v1/articles/{self.article}")

    def test_do_not_go_to_standard_output_and_need_a_database(self):
        refused = run("backup", "-", data=self.running.data)
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn("standard output", refused.stderr)
        nowhere = self.folder() / "nothing"
        refused = run("backup", str(self.folder() / "a.db"), data=nowhere)
        self.assertEqual(refused.returncode, 3)
        self.assertFalse(nowhere.exists())

    def test_need_no_key_and_migrate_nothing(self):
        self.assertEqual(self.running.stop(), 0)
        (self.running.data / "secret.key").rename(self.folder() / "elsewhere.key")
        self.back_up(self.folder() / "a.db")

    def test_are_given_up_in_words_where_there_is_no_room_and_the_old_one_stays(self):
        self.assertEqual(self.running.stop(), 0)
        file = self.folder() / "a.db"
        self.back_up(file)
        before = file.read_bytes()
        # 64 KiB: room for what SQLite keeps in shared memory, and not for the copy.
        refused = subprocess.run(
            ["bash", "-c", f"trap '' XFSZ; ulimit -f 64; exec {program()} backup {file} --force "
             f"--data {self.running.data}"], capture_output=True, text=True, timeout=60)
        self.assertNotEqual(refused.returncode, 0)
        self.assertTrue(refused.stderr)
        self.assertEqual(file.read_bytes(), before)
        self.assertEqual([path.name for path in file.parent.iterdir()], ["a.db"])


class Restoring(Site):
    def setUp(self):
        super().setUp()
        self.backup = self.folder() / "backup.db"
        self.back_up(self.backup)
        self.later = self.make_article("Later")

    def restore(self, data, *options, env=None):
        return run("restore", str(self.backup), *options, data=data, env=env)

    def test_is_refused_while_a_server_runs_and_works_when_it_does_not(self):
        refused = self.restore(self.running.data)
        self.assertEqual((refused.returncode, refused.stdout), (3, ""))
        self.assertIn("stop the server", refused.stderr)
        self.running.expect(200, "GET", f"/api/v1/articles/{self.later}")
        self.assertEqual(self.running.stop(), 0)
        done = self.restore(self.running.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1 articles", done.stdout)
        aside = [path for path in self.running.data.iterdir() if ".replaced-" in path.name]
        self.assertEqual(len(aside), 1)
        self.assertIn(str(aside[0]), done.stdout)
        self.running.restart()
        self.running.expect(200, "GET", f"/api/v1/articles/{self.article}")
        self.assertEqual(self.running.request("GET", f"/api/v1/articles/{self.later}").status, 404)

    def test_into_a_new_folder_wants_the_key_that_belongs_to_it(self):
        fresh = self.folder() / "new" / "data"
        refused = self.restore(fresh)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("secret.key", refused.stderr)
        copy_key(self.running.data, fresh)
        done = json.loads(self.restore(fresh, "--json").stdout)
        self.assertEqual((done["articles"], done["unreadableSecrets"], done["pendingMigrations"]), (1, 0, 0))
        self.assertNotIn("replaced", done)
        other = self.server(data=fresh).start()
        other.key = self.running.key
        self.assertEqual(other.expect(200, "GET", f"/api/v1/articles/{self.article}")["title"], "First")
        self.assertEqual((fresh / "galley.db").stat().st_mode & 0o777, 0o600)

    def test_takes_the_key_from_the_environment(self):
        key = (self.running.data / "secret.key").read_text().strip()
        fresh = self.folder() / "data"
        self.assertEqual(self.restore(fresh, env={"GALLEY_SECRET_KEY": key}).returncode, 0)
        self.assertFalse((fresh / "secret.key").exists())

    def test_to_a_folder_with_another_key_is_told_of_first_and_can_be_forced(self):
        other = self.server().start_first()
        self.assertEqual(other.stop(), 0)
        before = (other.data / "galley.db").read_bytes()
        refused = self.restore(other.data)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("another", refused.stderr)
        self.assertEqual((other.data / "galley.db").read_bytes(), before)
        forced = self.restore(other.data, "--force")
        self.assertEqual(forced.returncode, 0, forced.stderr)
        self.assertIn("1 secrets do not open", forced.stdout)

    def test_of_what_is_no_backup_changes_nothing(self):
        self.assertEqual(self.running.stop(), 0)
        whole = self.backup.read_bytes()
        torn = bytearray(whole)
        torn[8192:16384] = b"\xaa" * 8192
        for content in (b"", b"text" * 3000, whole[:len(whole) // 2], bytes(torn)):
            self.backup.write_bytes(content)
            refused = self.restore(self.running.data, "--force")
            self.assertEqual(refused.returncode, 3, refused.stderr)
            self.assertIn(str(self.backup), refused.stderr)
        self.backup.write_bytes(whole)
        with sqlite3.connect(self.backup) as newer:
            newer.execute("INSERT INTO schema_migrations VALUES (9999, '9999_x.sql', '', 0)")
        newer.close()
        refused = self.restore(self.running.data)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("newer version", refused.stderr)
        self.assertEqual(run("restore", "-", data=self.running.data).returncode, 2)
        self.running.restart()
        self.running.expect(200, "GET", f"/api/v1/articles/{self.later}")
        self.assertEqual([name for name in os.listdir(self.running.data) if name.startswith("galley.db.")], [])

    def test_after_a_kill_keeps_what_the_log_still_held(self):
        self.running.kill()
        self.assertGreater((self.running.data / "galley.db-wal").stat().st_size, 0)
        done = json.loads(self.restore(self.running.data, "--json").stdout)
        back = run("restore", done["replaced"], "--json", data=self.running.data)
        self.assertEqual(back.returncode, 0, back.stderr)
        self.running.restart()
        self.running.expect(200, "GET", f"/api/v1/articles/{self.later}")


class Killed(Site):
    def test_a_restore_leaves_the_old_or_the_new_database(self):
        """Kills at 40 instants of the time that it takes, and counts what was found."""
        data = self.running.data
        backup = self.folder() / "backup.db"
        self.back_up(backup)
        self.make_article("Later")
        self.assertEqual(self.running.stop(), 0)
        original = (data / "galley.db").read_bytes()
        begun = time.monotonic()
        self.assertEqual(run("restore", str(backup), data=data).returncode, 0)
        whole = time.monotonic() - begun
        found = {1: 0, 2: 0}
        for attempt in range(40):
            for path in data.iterdir():
                if path.name.startswith("galley.db"):
                    path.unlink()
            (data / "galley.db").write_bytes(original)
            os.chmod(data / "galley.db", 0o600)
            process = subprocess.Popen([program(), "restore", str(backup), "--data", str(data)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(whole * attempt / 32)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            database = sqlite3.connect(data / "galley.db")
            found[database.execute("SELECT count(*) FROM articles").fetchone()[0]] += 1
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")
            database.close()
        print(f"figure: restore killed at 40 instants: {found[2]} × the old database, {found[1]} × the new one")
        self.running.restart()
        self.running.expect(200, "GET", f"/api/v1/articles/{self.article}")


if __name__ == "__main__":
    unittest.main()
