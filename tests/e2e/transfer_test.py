"""Whole accounts from one running server to another, and articles in from elsewhere, by the commands alone."""
import json
import os
import signal
import subprocess
import threading
import unittest

from server_process import SOURCE, ServerTest, program, run

OWNER = "owner@localhost"
LARGE = 10_000  # articles
LARGE_BODY = 8_000  # bytes of each


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def without_header(text):
    return text[text.index("\n") + 1:]


def large_export(path, account="acc_000000000000large"):
    """An account's export as another server would write it: one project with many articles."""
    words = " ".join(f"word{number % 997}" for number in range(LARGE_BODY // 8))
    times = {"createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"}
    with open(path, "w", encoding="utf-8") as out:
        def write(noun, **fields):
            out.write(json.dumps({noun: fields}, separators=(",", ":")) + "\n")
        write("header", format="galley-export", version=1, exportedAt="2026-01-02T00:00:00.000Z",
              account={"id": account, "name": "Large", "plan": "agency", "planSince": "2026-01-01T00:00:00.000Z",
                       "unlimitedCredits": False, "createdAt": "2026-01-01T00:00:00.000Z"})
        write("project", id="proj_0000000000large", name="Large", **times)
        for number in range(LARGE):
            article = f"art_large{number:012}"
            text = {"title": f"Article {number}", "metaKeywords": [], "markdown": f"# {number}\n\n{words}\n"}
            write("article", id=article, projectId="proj_0000000000large", slug=f"article-{number}", status="ready",
                  text=text, revision=1, version=1, wordCount=LARGE_BODY // 8, revisionLines=1, publicationLines=0,
                  **times)
            write("revision", articleId=article, number=1, madeBy="operator", createdAt=times["createdAt"], text=text)


class MemoryWatch:
    """The most memory of its own (not of mapped files) that a process was seen to hold, in MiB, while it is watched."""

    def __init__(self, process):
        self.process = process
        self.before = self.most = self.now()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def now(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            fields = dict(line.split(":", 1) for line in status)
        return int(fields["RssAnon"].split()[0]) / 1024

    def _watch(self):
        while not self.stopped.wait(0.05):
            self.most = max(self.most, self.now())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()


class Accounts(ServerTest):
    def fill(self, server):
        project = server.expect(201, "POST", "/api/v1/projects",
                                {"name": "Coffee", "targetDomain": "coffee.example"})["id"]
        server.expect(200, "POST", f"/api/v1/projects/{project}/keywords", {"keywords": ["latte", "mocha"]})
        hook = server.expect(201, "POST", f"/api/v1/projects/{project}/webhooks",
                             {"url": "https://receiver.example/hook", "headers": {"X-Token": "canary-header"},
                              "secret": "canary-secret-of-the-webhook"})
        server.expect(201, "POST", f"/api/v1/projects/{project}/connections?test=false",
                      {"name": "CMS", "type": "webhook", "settings": {"url": "https://cms.example/hook"},
                       "credentials": {"secret": "canary-of-the-connection"}})
        articles = []
        for number in range(3):
            article = server.expect(201, "POST", f"/api/v1/projects/{project}/articles",
                                    {"title": f"Article {number}", "markdown": f"# Head\n\nText {number} – ü 😀.\n",
                                     "status": "ready", "tags": ["a", "b"], "excerpt": "Short"})["id"]
            server.expect(200, "PATCH", f"/api/v1/articles/{article}", {"markdown": f"Second text {number}.\n"})
            articles.append(article)
        return project, hook["id"], articles

    def test_come_from_one_running_server_to_another_and_read_the_same(self):
        first, second = self.server().start_first(), self.server().start_first()
        project, hook, articles = self.fill(first)
        file = self.folder() / "account.jsonl"
        exported = run("export", "--account", OWNER, "--output", str(file), data=first.data)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        self.assertIn("article\t3", exported.stdout)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        text = file.read_text(encoding="utf-8")
        self.assertNotIn("canary", text)
        # With a standard input that never ends, which it leaves alone.
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        with open(reader, "rb") as endless:
            to_output = subprocess.run([program(), "export", "--account", OWNER, "--data", str(first.data)],
                                       stdin=endless, capture_output=True, text=True, timeout=60)
        self.assertEqual(to_output.returncode, 0, to_output.stderr)
        self.assertEqual(without_header(to_output.stdout), without_header(text))

        planned = run("import", str(file), "--dry-run", "--json", data=second.data)
        self.assertEqual(planned.returncode, 0, planned.stderr)
        self.assertEqual(json.loads(planned.stdout)["article"], {"created": 3, "skipped": 0})
        imported = run("import", str(file), "--json", data=second.data)
        self.assertEqual(imported.returncode, 0, imported.stderr)
        outcome = json.loads(imported.stdout)
        self.assertEqual(outcome["rejected"], 0)
        self.assertEqual(outcome["revision"], {"created": 6, "skipped": 0})
        account = outcome["accountId"]
        key = run("key", "create", "--account", account, data=second.data).stdout.strip()
        for path in [f"/api/v1/projects/{project}", f"/api/v1/projects/{project}/keywords"] + [
                f"/api/v1/articles/{article}{part}" for article in articles for part in ("", "/revisions/1")]:
            here, there = first.request("GET", path), second.request("GET", path, key=key)
            self.assertEqual((here.status, there.status), (200, 200), path)
            self.assertEqual(here.json(), there.json(), path)
        moved = second.request("GET", f"/api/v1/webhooks/{hook}", key=key).json()
        self.assertEqual((moved["status"], moved["headers"]), ("paused", {}))
        # The same file into what is there already: nothing changes. Without a name it is refused.
        self.assertEqual(run("import", str(file), data=second.data).returncode, 3)
        again = run("import", str(file), "--account", account, "--json", data=second.data)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(json.loads(again.stdout)["article"], {"created": 0, "skipped": 3})
        # And the first server's own account on itself: every id is there.
        copied = run("export", "--account", account, data=second.data)
        self.assertEqual([set(line) for line in lines_of(without_header(copied.stdout))],
                         [set(line) for line in lines_of(without_header(text))])

    def test_read_and_write_the_callers_paths_whatever_the_servers_folder_is(self):
        server = self.server().start_first()
        self.fill(server)
        folder = self.folder()
        done = subprocess.run([program(), "export", "--account", OWNER, "--output", "here.jsonl", "--data",
                               str(server.data)], cwd=folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((folder / "here.jsonl").is_file())
        refused = run("export", "--account", OWNER, "--output", "/proc/nowhere/file", data=server.data)
        self.assertEqual(refused.returncode, 2)
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["here.jsonl"])


class Large(ServerTest):
    def test_ten_thousand_articles_pass_through_a_server_in_bounded_memory(self):
        file, back = self.folder() / "large.jsonl", self.folder() / "back.jsonl"
        large_export(file)
        size = file.stat().st_size / 2**20
        server = self.server().start_first()
        with MemoryWatch(server.process) as memory:
            imported = run("import", str(file), "--json", data=server.data, timeout=280)
            self.assertEqual(imported.returncode, 0, imported.stderr)
            self.assertEqual(json.loads(imported.stdout)["article"]["created"], LARGE)
            exported = run("export", "--account", "Large", "--output", str(back), data=server.data, timeout=280)
            self.assertEqual(exported.returncode, 0, exported.stderr)
        grown = memory.most - memory.before
        print(f"\nfigure: import and export: {LARGE} articles, a file of {size:.0f} MiB: the server grew by {grown:.0f} MiB")
        self.assertLess(grown, size / 3)
        with open(file, encoding="utf-8") as one, open(back, encoding="utf-8") as other:
            self.assertEqual(sum(1 for _ in one), sum(1 for _ in other))

    def test_an_import_that_is_killed_is_completed_by_a_second_one(self):
        file = self.folder() / "large.jsonl"
        large_export(file)
        data = self.folder() / "data"
        killed = subprocess.Popen([program(), "import", str(file), "--data", str(data)], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True)
        self.assertIn("read", killed.stderr.readline())  # half of it, and more to come
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        killed.stderr.close()
        part = run("export", "--account", "Large", data=data, timeout=120)
        self.assertEqual(part.returncode, 0, part.stderr)
        counts = {}
        for line in lines_of(part.stdout):
            noun = next(iter(line))
            counts[noun] = counts.get(noun, 0) + 1
        self.assertEqual(counts["article"], counts["revision"])
        self.assertTrue(0 < counts["article"] < LARGE, counts)
        whole = run("import", str(file), "--account", "Large", "--json", data=data, timeout=280)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        outcome = json.loads(whole.stdout)
        self.assertEqual(outcome["article"], {"created": LARGE - counts["article"], "skipped": counts["article"]})
        print(f"\nfigure: import: killed after {counts['article']} of {LARGE} articles; the second run brought the others")


class Articles(ServerTest):
    def setUp(self):
        self.running = self.server().start_first()
        self.project = self.running.expect(201, "POST", "/api/v1/projects",
                                           {"name": "Notes", "targetDomain": "notes.example"})["id"]

    def import_from(self, *arguments):
        done = run("import", *map(str, arguments), "--account", OWNER, "--project", "Notes", "--json",
                   data=self.running.data)
        return done.returncode, json.loads(done.stdout), done.stderr

    def articles(self, **query):
        return self.running.expect(200, "GET", f"/api/v1/articles?project={self.project}&include=body&sort=title")[
            "data"]

    def test_of_wordpress_and_ghost_come_in_once(self):
        exports = SOURCE / "tests" / "content" / "exports"
        for file, created, rejected in (("wordpress.xml", 3, 0), ("ghost.json", 3, 1)):
            status, outcome, errors = self.import_from(exports / file, "--published")
            self.assertEqual(outcome["article"], {"created": created, "skipped": 0}, errors)
            self.assertEqual((outcome["rejected"], status), (rejected, 1 if rejected else 0))
            _, again, _ = self.import_from(exports / file, "--published")
            self.assertEqual(again["article"], {"created": 0, "skipped": created})
        by_slug = {article["slug"]: article for article in self.articles()}
        self.assertEqual(by_slug["first-post"]["status"], "published")
        self.assertEqual(by_slug["first-post"]["publishedAt"], "2024-03-01T09:30:00.000Z")
        self.assertEqual(by_slug["slow-brews"]["status"], "published")
        sitemap = self.running.request("GET", f"/api/public/sitemap/{self.project}").body.decode()
        self.assertIn("https://notes.example/first-post", sitemap)
        # The other one says that it belongs elsewhere.
        self.assertEqual(sitemap.count("<loc>"), 1)
        self.assertEqual(by_slug["slow-brews"]["canonicalUrl"], "https://elsewhere.example/slow")

    def test_in_a_folder_of_markdown_go_out_and_come_in_again(self):
        for number in range(3):
            self.running.expect(201, "POST", f"/api/v1/projects/{self.project}/articles",
                                {"title": f"No: {number} \"quoted\"", "markdown": f"# Head\n\nText {number} – ü.\n",
                                 "status": "ready" if number else "draft", "tags": ["a, b", "c"],
                                 "metaDescription": "About\tit", "authorName": "Ada",
                                 "canonicalUrl": "https://old.example/a"})
        first = self.articles()
        self.running.expect(200, "POST", f"/api/v1/articles/{first[1]['id']}/publish")
        first = self.articles()
        folder = self.folder() / "site"
        done = run("export", "--account", OWNER, "--format", "markdown", "--output", str(folder),
                   data=self.running.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
        self.assertEqual(files, sorted(f"notes/{article['slug']}.md" for article in first))
        taken = run("export", "--account", OWNER, "--format", "markdown", "--output", str(folder),
                    data=self.running.data)
        self.assertEqual(taken.returncode, 2, "a folder that is not empty is not written into")
        same = ("title", "slug", "markdown", "excerpt", "metaTitle", "metaDescription", "metaKeywords", "categories",
                "tags", "authorName", "canonicalUrl", "featuredImageUrl", "wordCount")
        # By the command into another project …
        self.project = self.running.expect(201, "POST", "/api/v1/projects",
                                           {"name": "Other", "targetDomain": "notes.example"})["id"]
        back = run("import", str(folder), "--account", OWNER, "--project", self.project, "--published",
                   data=self.running.data)
        self.assertEqual(back.returncode, 0, back.stderr)
        second = self.articles()
        for one, other in zip(first, second):
            self.assertEqual([one[name] for name in same], [other[name] for name in same])
            self.assertEqual((one["status"], one["publishedAt"]), (other["status"], other["publishedAt"]))
        # … and by the API into a third.
        third = self.running.expect(201, "POST", "/api/v1/projects", {"name": "Third"})["id"]
        for file, article in zip(sorted(folder.rglob("*.md")), sorted(first, key=lambda one: one["slug"])):
            posted = self.running.request("POST", f"/api/v1/projects/{third}/articles", file.read_bytes(),
                                          {"Content-Type": "text/markdown"})
            self.assertEqual(posted.status, 201, posted)
            self.assertEqual([posted.json()[name] for name in same], [article[name] for name in same])

    def test_that_are_none_are_refused_in_words(self):
        folder = self.folder()
        (folder / "note.txt").write_text("no format")
        status = run("import", str(folder / "note.txt"), "--account", OWNER, "--project", "Notes",
                     data=self.running.data)
        self.assertEqual(status.returncode, 2)
        self.assertIn("--format", status.stderr)
        missing = run("import", str(folder / "none"), "--account", OWNER, "--project", "Notes",
                      data=self.running.data)
        self.assertEqual(missing.returncode, 2)
        self.assertIn("cannot be read", missing.stderr)
        nowhere = run("import", str(SOURCE / "tests/content/exports/ghost.json"), "--account", OWNER, "--project",
                      "Nowhere", data=self.running.data)
        self.assertEqual(nowhere.returncode, 3)


if __name__ == "__main__":
    unittest.main()
