#!/usr/bin/env python3
"""Backups under load, each restored and compared with what had been acknowledged before it began.

    GALLEY=build/dev/galley tests/e2e/backup_load.py [--backups 5] [--workers 4] [--seed N]

Workers make, change and delete articles without a pause. In turns a backup is made, as long a time passes without one,
and the backup is restored and looked at while the workers rest. Fails where a restored backup lacks anything, is damaged or has a state that never was. Prints the 99th percentile
of the writes with a backup beside them and without, and their ratio.
"""
import argparse
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "crash"))

from lean_client import LeanClient  # noqa: E402
from server_process import Server, run  # noqa: E402

TEXT = "Some words of a text that is as long as texts are. " * 160
# Under load: with the longer one fifty rounds would take as long as the database grows, which is ever longer.
SHORT = "Some words of a short text. " * 20
ARTICLES_BEFORE = 1500


class Writer:
    def __init__(self, number, seed, server, project):
        self.number = number
        self.random = random.Random(f"{seed}/{number}")
        self.client = LeanClient(server.port, server.key)
        self.project = project
        self.lock = threading.Lock()
        self.versions = {}  # article → the version that was acknowledged last
        self.attempted = {}  # article → the version that was sent last
        self.deleted = set()
        self.writes = []  # (begun, seconds)
        self.faults = []
        self.stop = threading.Event()
        self.going = threading.Event()
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.play, daemon=True)

    def play(self):
        try:
            while not self.stop.is_set():
                if self.going.is_set():
                    self.write()
                    continue
                self.resting.set()
                self.going.wait()
                self.resting.clear()
        except Exception as error:  # noqa: BLE001: a worker that dies silently would make the test pass
            self.faults.append(repr(error))

    def write(self):
        chance = self.random.random()
        if chance < 0.4 or len(self.versions) < 5:
            self.create()
        else:
            article = self.random.choice(list(self.versions))
            self.remove(article) if chance > 0.95 else self.change(article)

    def send(self, wanted, method, path, body=None):
        begun = time.monotonic()
        status, content = self.client.request(method, path, body)
        self.writes.append((begun, time.monotonic() - begun))
        if status != wanted:
            raise AssertionError(f"{method} {path}: {status} {content}")
        return content

    def create(self, text=SHORT):
        made = self.send(201, "POST", f"/api/v1/projects/{self.project}/articles",
                         {"title": f"w{self.number} v1", "markdown": text})
        with self.lock:
            self.versions[made["id"]] = self.attempted[made["id"]] = 1

    def change(self, article):
        version = self.versions[article] + 1
        self.attempted[article] = version
        self.send(200, "PATCH", f"/api/v1/articles/{article}",
                  {"title": f"w{self.number} v{version}", "markdown": SHORT + str(version)})
        with self.lock:
            self.versions[article] = version

    def remove(self, article):
        with self.lock:
            # Until it is acknowledged it may be there or not.
            del self.versions[article]
        self.send(204, "DELETE", f"/api/v1/articles/{article}")
        with self.lock:
            self.deleted.add(article)

    def acknowledged(self):
        with self.lock:
            return dict(self.versions), set(self.deleted)


def compare(database, acknowledged, writers, losses, name):
    """acknowledged: by writer, as it was before the backup began. writers: as they are now, or later."""
    stored = {row[0]: row[1] for row in database.execute("SELECT id, title FROM articles")}
    compared = 0
    for writer, (versions, deleted) in zip(writers, acknowledged):
        present = writer.acknowledged()[0]
        for article, version in versions.items():
            compared += 1
            title = stored.get(article)
            if title is None:
                # Unless it was deleted while the backup was made, or later.
                if article in present:
                    losses.append(f"{name}: article {article} is missing")
                continue
            found = int(title.rsplit("v", 1)[1])
            if not version <= found <= writer.attempted[article]:
                losses.append(f"{name}: article {article} has version {found}, acknowledged {version}")
        losses += [f"{name}: article {article} was deleted and is there" for article in deleted if article in stored]
    for what, sql in (("a text that is not its title's",
                       "SELECT count(*) FROM articles a WHERE NOT EXISTS (SELECT 1 FROM revisions r WHERE "
                       "r.article_id = a.id AND r.number = a.revision AND r.title = a.title "
                       "AND r.markdown = a.markdown)"),
                      ("a wrong count", "SELECT count(*) FROM article_counts c WHERE amount <> (SELECT count(*) FROM "
                       "articles a WHERE a.project_id = c.project_id AND a.status = c.status)"),
                      ("a reference to nothing", "SELECT count(*) FROM pragma_foreign_key_check")):
        if count := database.execute(sql).fetchone()[0]:
            losses.append(f"{name}: {count} × {what}")
    if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        losses.append(f"{name}: damaged")
    return compared


def percentile(seconds, share):
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000


class Load:
    def __init__(self, arguments, folder):
        self.folder = folder
        self.file = folder / "backup.db"
        self.wanted = arguments.backups
        plans = folder / "plans.json"
        plans.write_text(json.dumps({"agency": {"requestsPerMinute": 1000000, "burst": 1000000}}))
        self.server = Server("--plan-limits", str(plans), "--log-level", "warning").start_first()
        project = self.server.expect(201, "POST", "/api/v1/projects", {"name": "Load"})["id"]
        self.writers = [Writer(number, arguments.seed, self.server, project) for number in range(arguments.workers)]
        # In turns: a connection that rests for long is closed.
        for number in range(ARTICLES_BEFORE):
            self.writers[number % len(self.writers)].create(TEXT)
        for writer in self.writers:
            writer.writes.clear()
        self.losses = []
        self.periods = []  # (begun, ended) of backups
        self.quiet = []  # the same without one
        self.compared = 0
        self.good = 0
        self.bytes = 0

    def play(self):
        for writer in self.writers:
            writer.thread.start()
        for number in range(self.wanted):
            self.let_write(True)
            known = [writer.acknowledged() for writer in self.writers]
            took = self.back_up(number)
            # As much time without one, to compare with.
            begun = time.monotonic()
            time.sleep(took)
            self.quiet.append((begun, time.monotonic()))
            self.let_write(False)
            self.restore(number, known)
            if self.losses:
                break
        for writer in self.writers:
            writer.stop.set()
            writer.going.set()
        for writer in self.writers:
            writer.thread.join()
        self.server.stop()

    def let_write(self, going):
        for writer in self.writers:
            writer.going.set() if going else writer.going.clear()
        for writer in self.writers:
            while not going and not writer.faults and not writer.resting.wait(1):
                pass
            self.losses += writer.faults

    def back_up(self, number):
        begun = time.monotonic()
        made = run("backup", str(self.file), "--json", data=self.server.data, timeout=300)
        ended = time.monotonic()
        if made.returncode != 0:
            raise AssertionError(f"backup {number}: {made.stderr}\n{self.server.log_text()[-2000:]}")
        self.bytes = json.loads(made.stdout)["bytes"]
        self.periods.append((begun, ended))
        return ended - begun

    def restore(self, number, known):
        before = len(self.losses)
        data = self.folder / "restored"
        data.mkdir(mode=0o700)
        shutil.copy(self.server.data / "secret.key", data / "secret.key")
        done = run("restore", str(self.file), "--json", data=data, timeout=300)
        if done.returncode != 0:
            self.losses.append(f"restore {number}: {done.stderr}")
        else:
            database = sqlite3.connect(data / "galley.db")
            self.compared += compare(database, known, self.writers, self.losses, f"backup {number}")
            database.close()
        shutil.rmtree(data)
        self.file.unlink()
        self.good += len(self.losses) == before

    def report(self):
        beside, alone = [], []
        for writer in self.writers:
            for begun, seconds in writer.writes:
                if any(first - seconds <= begun <= last for first, last in self.periods):
                    beside.append(seconds)
                elif any(first <= begun <= last for first, last in self.quiet):
                    alone.append(seconds)
        during = sum(last - first for first, last in self.periods)
        print(f"figure: {self.good} of {self.wanted} backups good: {self.compared} acknowledged articles compared; "
              f"the last one of {self.bytes / 1e6:.1f} MB; {during / self.wanted * 1000:.0f} ms each")
        print(f"figure: writes beside a backup: {len(beside)}, p50 {percentile(beside, 0.5):.1f} ms, "
              f"p99 {percentile(beside, 0.99):.1f} ms; without: {len(alone)}, p50 {percentile(alone, 0.5):.1f} ms, "
              f"p99 {percentile(alone, 0.99):.1f} ms; ratio of the p99 "
              f"{percentile(beside, 0.99) / percentile(alone, 0.99):.2f}")
        for loss in self.losses[:20]:
            print("LOST", loss)
        return 1 if self.losses or self.good != self.wanted else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backups", type=int, default=5)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    with tempfile.TemporaryDirectory(prefix="galley-backups-") as folder:
        load = Load(parser.parse_args(), Path(folder))
        try:
            load.play()
            return load.report()
        finally:
            load.server.close()


if __name__ == "__main__":
    sys.exit(main())
