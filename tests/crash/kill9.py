#!/usr/bin/env python3
"""Kills a real server under load, again and again, and looks for what it had acknowledged.

    GALLEY=build/dev/galley tests/crash/kill9.py [--kills 20] [--seed N] [--workers 6] [--tear]

Each round the workers write without a pause (articles made, changed, deleted, published natively and through a Generic
Webhook connection, keywords, generation, subscriptions; and in the other dialect keywords, clusters, tasks and their
content, which cost credits), and after 50 to 500 ms the process gets SIGKILL. Then the
committed state is searched for half changes, the server starts again, and everything that the round acknowledged is
asked for. At the end the jobs finish, the deliveries arrive, and all is compared once more. The same seed draws the same
chances; the timing is the machine's. Fails on any loss.

--tear takes the end of the database's log away after each kill, as a server would that answers before it is on the disk,
and fails unless the loss is noticed: the test of this test.
"""
import argparse
import csv
import io
import json
import os
import random
import re
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from invariants import Snapshot  # noqa: E402
from lean_client import LeanClient  # noqa: E402
from logging_receiver import LoggingReceiver  # noqa: E402
from server_process import Server, run, wait_until  # noqa: E402
from worker import Worker  # noqa: E402

SCHEDULE = ",".join(["1s"] * 30)
SETTLE_SECONDS = 180


def tear_log(log):
    """Takes away the second half of what counts in SQLite's log: its frames that carry the header's salts."""
    content = log.read_bytes()
    if not content:
        return  # It was just folded into the database.
    frame = 24 + int.from_bytes(content[8:12], "big")
    frames = 0
    while content[32 + frames * frame + 8:][:8] == content[16:24]:
        frames += 1
    os.truncate(log, 32 + frames // 2 * frame)


class Run:
    def __init__(self, arguments, plans):
        self.kills = 0
        self.wanted_kills = arguments.kills
        self.tear = arguments.tear
        self.random = random.Random(arguments.seed)
        self.losses = []
        self.slowest_start = 0.0
        self.receiver = LoggingReceiver(arguments.seed)
        plans.write_text(json.dumps({"agency": {"requestsPerMinute": 1000000, "burst": 1000000,
                                                "creditsPerMonth": 1000000}}))
        self.server = Server("--plan-limits", str(plans), "--log-level", "warning", "--webhook-schedule", SCHEDULE,
                             "--allow-insecure-webhooks", "--allow-private-network", "127.0.0.1/32").start_first()
        self.world = SimpleNamespace(port=self.server.port, key=self.server.key, receiver=self.receiver,
                                     up=threading.Event())
        self.world.native = self.make_project("native")
        self.world.connected = self.make_project("connected")
        self.world.site = self.number_of(self.world.native)
        self.server.expect(201, "POST", f"/api/v1/projects/{self.world.connected}/connections",
                           {"name": "CMS", "type": "webhook",
                            "settings": {"url": self.receiver.url("/cms/connected")}})
        self.workers = [Worker(number, arguments.seed, self.world) for number in range(arguments.workers)]

    def make_project(self, name):
        made = self.server.expect(201, "POST", "/api/v1/projects", {"name": name, "targetDomain": "example.com"})
        self.receiver.secrets[name] = made["webhookSecret"]
        self.server.expect(201, "POST", f"/api/v1/projects/{made['id']}/webhooks",
                           {"url": self.receiver.url(f"/events/{name}/all"), "events": ["*"]})
        return made["id"]

    def number_of(self, project):
        """By which the planner and the writer know a project."""
        self.server.expect(201, "POST", f"/api/v1/projects/{project}/keywords", {"keyword": "the first one"})
        found = self.server.expect(200, "GET", "/api/v1/planner/keywords/?search=the%20first%20one")
        return found["results"][0]["site_id"]

    def play(self):
        for worker in self.workers:
            worker.thread.start()
        while self.kills < self.wanted_kills:
            self.round()
            self.kills += 1
            self.inspect(f"after kill {self.kills}")
            # What is damaged is told as that: a server may refuse to start on it.
            if self.losses:
                return
            self.start()
            self.check_touched()
            if self.losses:
                return
        for worker in self.workers:
            worker.stop = True
            worker.resting.clear()
        self.world.up.set()
        for worker in self.workers:
            worker.thread.join()
        self.settle()
        self.check_everything()
        if self.server.stop() != 0:
            self.losses.append("the last stop did not end with 0")
        trail = run("audit", "verify", data=self.server.data)
        if trail.returncode != 0:
            self.losses.append(f"the audit trail is broken: {trail.stdout} {trail.stderr}")
        self.inspect("at the end")
        self.check_events()

    def round(self):
        for worker in self.workers:
            worker.resting.clear()
        self.world.up.set()
        time.sleep(self.random.uniform(0.05, 0.5))
        self.world.up.clear()
        self.server.kill()
        if self.tear:
            tear_log(self.server.data / "galley.db-wal")
        for worker in self.workers:
            if not worker.resting.wait(60):
                raise AssertionError(f"worker {worker.number} does not come to rest")
        for worker in self.workers:
            self.losses += worker.ledger.faults
            worker.ledger.faults = []

    def start(self):
        self.server.restart()
        self.slowest_start = max(self.slowest_start, self.server.ready_seconds)

    def inspect(self, when):
        try:
            with Snapshot(self.server.data) as snapshot:
                self.losses += [f"{when}: {found}" for found in snapshot.half_done()]
        except sqlite3.DatabaseError as error:
            # Without its end a log may lead back to before a table was made, or to half of a database.
            self.losses.append(f"{when}: the database does not answer: {error}")

    def sitemap(self, project):
        answer = self.server.request("GET", f"/api/public/sitemap/{project}")
        return set(re.findall(r"<loc>([^<]*)</loc>", answer.body.decode()))

    def check_articles(self, ids_of):
        sitemaps = {project: self.sitemap(project) for project in (self.world.native, self.world.connected)}
        client = LeanClient(self.server.port, self.server.key)
        for worker in self.workers:
            for id in ids_of(worker.ledger):
                article = worker.ledger.articles[id]
                status, seen = client.request("GET", f"/api/v1/articles/{id}")
                article.check(status, seen, self.losses)
                if status == 200 and (seen["status"] == "published") != (seen["url"] in sitemaps[article.project]):
                    # A publication through the connection may have ended between the two looks.
                    if not article.through_connection:
                        self.losses.append(f"article {id} is {seen['status']} and the sitemap says otherwise")
        client.close()

    def check_touched(self):
        self.check_articles(lambda ledger: ledger.touched)
        client = LeanClient(self.server.port, self.server.key)
        for worker in self.workers:
            worker.ledger.touched.clear()
            for kind, ids in (("jobs", worker.ledger.jobs), ("webhooks", worker.ledger.webhooks)):
                for id in list(ids)[-20:]:
                    status, seen = client.request("GET", f"/api/v1/{kind}/{id}")
                    if status != 200:
                        self.losses.append(f"{kind} {id}: {status} {seen}")
        client.close()

    def unfinished(self):
        statuses = "status=queued,generating"
        waiting = self.server.expect(200, "GET", f"/api/v1/articles?{statuses}&pageSize=1")["pagination"]["total"]
        pending = 0
        for project in (self.world.native, self.world.connected):
            for hook in self.server.expect(200, "GET", f"/api/v1/projects/{project}/webhooks?pageSize=100")["data"]:
                pending += hook["stats"]["pending"]
        return waiting + pending

    def settle(self):
        begun = time.monotonic()
        wait_until(lambda: self.unfinished() == 0, SETTLE_SECONDS, "the end of all jobs and deliveries")
        print(f"settled after {time.monotonic() - begun:.1f} s")

    def check_everything(self):
        self.check_articles(lambda ledger: ledger.articles)
        client = LeanClient(self.server.port, self.server.key)
        for worker in self.workers:
            for job, purpose in worker.ledger.jobs.items():
                status, seen = client.request("GET", f"/api/v1/jobs/{job}")
                if status != 200 or seen["status"] != "succeeded":
                    self.losses.append(f"job {job} ({purpose}): {status} {seen}")
                article = worker.ledger.articles.get(purpose)
                if article is not None and article.published is not True:
                    self.losses.append(f"article {purpose}: job {job} published it, and it is not published")
            for id in worker.ledger.generated:
                status, seen = client.request("GET", f"/api/v1/articles/{id}")
                if status != 200 or seen["status"] != "draft" or not seen["markdown"]:
                    self.losses.append(f"generated article {id}: {status} {str(seen)[:300]}")
        client.close()
        # keywords.csv holds them all at once.
        stored = self.server.request("GET", f"/api/v1/projects/{self.world.native}/keywords.csv")
        if stored.status != 200:
            self.losses.append(f"keywords.csv: {stored}")
        rows = list(csv.DictReader(io.StringIO(stored.body.decode())))
        clusters = {row["keyword"]: row["cluster"] for row in rows}
        for worker in self.workers:
            words = worker.ledger.keywords | set(worker.ledger.planned.values())
            self.losses += [f"keyword {word} is gone" for word in words - clusters.keys()]
            # Clustering again may have put it elsewhere, but not out.
            self.losses += [f"keyword {word} is in no cluster any more" for word in worker.ledger.clustered
                            if not clusters.get(word)]

        self.check_tasks()

    def check_tasks(self):
        # Page by page: of single ones the dialect's limits allow few.
        stored, page = {}, "/api/v1/writer/tasks/?page_size=100"
        while page:
            seen = self.server.expect(200, "GET", page)
            stored.update({task["id"]: task for task in seen["results"]})
            page = seen["next"] and seen["next"][seen["next"].index("/api/"):]
        for worker in self.workers:
            for number, status in worker.ledger.tasks.items():
                task = stored.get(number)
                # Where it is queued, its work may have been taken on without an answer.
                if task is None or (status == "completed" and (task["status"] != status or not task["content_id"])):
                    self.losses.append(f"task {number} ({status}): {task}")

    def check_events(self):
        receiver = self.receiver
        with Snapshot(self.server.data) as snapshot:
            rows = snapshot.rows("SELECT d.event_id, d.status, coalesce(w.url, 'cms') FROM deliveries d "
                                 "LEFT JOIN webhooks w ON w.id = d.webhook_id")
            committed = {row[0] for row in snapshot.rows("SELECT id FROM events")}
        base = receiver.url("")
        self.missing = 0
        for event, status, url in rows:
            path = "/cms/connected" if url == "cms" else url[len(base):]
            if status != "succeeded" or event not in receiver.events[path]:
                self.missing += 1
                self.losses.append(f"event {event} for {path}: {status}")
        self.events = len(rows)
        for path, received in receiver.events.items():
            self.losses += [f"{path} was told of {event}, which was never committed" for event in received - committed]
        for what in (receiver.deliveries, receiver.once, receiver.posts):
            self.losses += [f"{key} came under several ids: {ids}" for key, ids in what.items() if len(ids) > 1]
        self.losses += receiver.faults

    def report(self, seconds):
        ledgers = [worker.ledger for worker in self.workers]
        print(f"articles {sum(len(l.articles) for l in ledgers)}, jobs {sum(len(l.jobs) for l in ledgers)}, "
              f"keywords {sum(len(l.keywords) for l in ledgers)}, answers lost {sum(l.lost_answers for l in ledgers)}, "
              f"refused {sum(l.refused for l in ledgers)}, replayed {sum(l.replayed for l in ledgers)}, webhook requests {self.receiver.requests}, "
              f"slowest start {self.slowest_start * 1000:.0f} ms, {seconds:.0f} s in all")
        for loss in self.losses[:30]:
            print(f"LOST: {loss}")
        print(f"figure: kills {self.kills}, acknowledged writes {sum(l.acknowledged for l in ledgers)}, "
              f"lost {len(self.losses)}; events {getattr(self, 'events', 0)}, missing {getattr(self, 'missing', 0)}; "
              f"repeated requests answered again {sum(l.replayed for l in ledgers)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--tear", action="store_true")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="galley-crash-") as folder:
        run = Run(arguments, Path(folder) / "plans.json")
        try:
            run.play()
            run.report(time.monotonic() - begun)
            if run.losses and not run.tear:
                print(run.server.log_text()[-5000:])
        finally:
            run.server.close()
    return 1 if bool(run.losses) != run.tear else 0


if __name__ == "__main__":
    sys.exit(main())
