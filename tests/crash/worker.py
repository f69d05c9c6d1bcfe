"""One client that writes without a pause while the server is up, and notes every answer."""
import random
import threading

from lean_client import LeanClient, Lost
from ledger import Article, Ledger


class Worker:
    def __init__(self, number, seed, world):
        self.number = number
        self.random = random.Random(f"{seed}/{number}")
        self.world = world  # port, key, native, connected (projects), receiver, up (Event)
        self.ledger = Ledger()
        self.client = None
        self.count = 0
        self.resting = threading.Event()
        self.stop = False
        self.unanswered = []  # of POSTs with a key whose answer was lost: what to send again, and who takes the answer
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.actions = ([self.create] * 30 + [self.patch] * 25 + [self.remove] * 6 + [self.publish_natively] * 12 +
                        [self.publish_through_connection] * 8 + [self.import_keywords] * 8 + [self.generate] * 3 +
                        [self.plan] * 6 + [self.cluster] * 3 + [self.write_task] * 3 + [self.subscribe])

    def run(self):
        while not self.stop:
            if not self.world.up.is_set():
                self.drop_client()
                self.resting.set()
                self.world.up.wait()
                continue
            self.resting.clear()
            try:
                if self.client is None:
                    self.client = LeanClient(self.world.port, self.world.key)
                if self.unanswered:
                    self.repeat()
                else:
                    self.random.choice(self.actions)()
            except Lost:
                self.drop_client()
            except Exception as error:  # noqa: BLE001: a worker that dies silently would make the test pass
                self.ledger.faults.append(f"worker {self.number}: {error!r}")
                self.drop_client()
        self.drop_client()
        self.resting.set()

    def drop_client(self):
        if self.client is not None:
            self.client.close()
            self.client = None

    def post_once(self, path, body, wanted, key, take):
        """A POST that is repeated under its key until it is answered: take gets the answer, and it is one answer."""
        self.unanswered.append((path, body, wanted, key, take))
        self.repeat()

    def repeat(self):
        while self.unanswered:
            path, body, wanted, key, take = self.unanswered[-1]
            made = self.send("POST", path, body, (wanted,), headers=f"Idempotency-Key: {key}\r\n")
            self.unanswered.pop()
            if "idempotent-replayed: true" in self.client.head:
                self.ledger.replayed += 1
            if made is not None:
                take(made[1])

    def send(self, method, path, body=None, wanted=(200,), allowed=(), headers=""):
        """The body of an acknowledged write; None where it was refused as it may be. Lost where no answer came."""
        try:
            status, content = self.client.request(method, path, body, headers)
        except Lost:
            self.ledger.lost_answers += 1
            raise
        if status in wanted:
            self.ledger.acknowledged += 1
            return status, content
        # 503: the writer's queue is full, or the server is about to stop; 429: the planner's limits, which no plan lifts.
        # Nothing was done.
        if status in (429, 503, *allowed):
            self.ledger.refused += 1
        else:
            self.ledger.faults.append(f"{method} {path}: {status} {content}")
        return None

    def name(self):
        self.count += 1
        return f"w{self.number}n{self.count}"

    def choose(self, wanted):
        articles = [a for a in list(self.ledger.articles.values())[-200:] if a.settled() and wanted(a)]
        return self.random.choice(articles) if articles else None

    def create(self, project=None, status=None):
        project = project or self.random.choice((self.world.native, self.world.connected))
        status = status or self.random.choice(("draft", "ready"))
        title = f"{self.name()}v0"
        taken = []

        def take(made):
            article = Article(made["id"], project, title, status)
            self.ledger.articles[article.id] = article
            self.ledger.touched.add(article.id)
            taken.append(article)

        self.post_once(f"/api/v1/projects/{project}/articles",
                       {"title": title, "markdown": f"## {title}\n\nText.", "status": status}, 201, title, take)
        return taken[0] if taken else None

    def patch(self):
        article = self.choose(lambda a: True) or self.create()
        if article is None:
            return
        article.changes += 1
        title = f"{article.title.rsplit('v', 1)[0]}v{article.changes}"
        article.maybe_titles.add(title)
        self.ledger.touched.add(article.id)
        if self.send("PATCH", f"/api/v1/articles/{article.id}", {"title": title, "markdown": f"## {title}\n\nNew."}):
            article.title = title
        article.maybe_titles.discard(title)

    def remove(self):
        article = self.choose(lambda a: not a.through_connection)
        if article is None:
            return
        article.deleted = None
        self.ledger.touched.add(article.id)
        article.deleted = self.send("DELETE", f"/api/v1/articles/{article.id}", None, (204,)) is not None

    def ready_article(self, project):
        article = self.choose(lambda a: a.project == project and a.ready and a.published is False)
        return article or self.create(project, "ready")

    def publish_natively(self):
        article = self.ready_article(self.world.native)
        if article is None:
            return
        article.published = None
        self.ledger.touched.add(article.id)
        article.published = self.send("POST", f"/api/v1/articles/{article.id}/publish", {}) is not None

    def publish_through_connection(self):
        article = self.ready_article(self.world.connected)
        if article is None:
            return
        article.published = None
        article.through_connection = True
        self.ledger.touched.add(article.id)
        path = f"/api/v1/articles/{article.id}/publish"
        # Most do not wait, so that the load goes on while the job is at work.
        waits = self.random.random() < 0.2
        try:
            status, content = self.client.request("POST", path, {}, "" if waits else "Prefer: respond-async\r\n")
        except Lost:
            self.ledger.lost_answers += 1
            raise
        if status == 200:
            article.published = True
        elif status == 202:
            self.ledger.jobs[content["jobId"]] = article.id
        else:
            self.ledger.faults.append(f"POST {path}: {status} {content}")
            return
        self.ledger.acknowledged += 1

    def import_keywords(self):
        words = [f"{self.name()} keyword" for _ in range(10)]
        if self.send("POST", f"/api/v1/projects/{self.world.native}/keywords", {"keywords": words}):
            self.ledger.keywords.update(words)

    def generate(self):
        words = [f"{self.name()} subject" for _ in range(2)]

        def take(made):
            self.ledger.keywords.update(words)
            self.ledger.jobs[made["jobId"]] = "generate"
            self.ledger.generated.update(article["id"] for article in made["articles"])

        self.post_once(f"/api/v1/projects/{self.world.native}/articles/generate",
                       {"keywords": words, "wordCount": 300, "provider": "outline"}, 202, words[0].replace(" ", "-"),
                       take)

    # In the dialect of the planner and the writer, on the same project.

    def plan(self):
        word = f"{self.name()} {self.random.choice(('moka pot', 'green tea', 'cold brew'))}"

        def take(made):
            self.ledger.planned[made["data"]["id"]] = word

        self.post_once("/api/v1/planner/keywords/", {"keyword": word, "site_id": self.world.site}, 201,
                       word.replace(" ", "-"), take)

    def cluster(self):
        ids = list(self.ledger.planned)[-4:]
        if len(ids) < 2:
            return self.plan()

        def take(made):
            for found in made["data"]["clusters"]:
                self.ledger.clustered.update({word: found["name"] for word in found["keywords"]})

        return self.post_once("/api/v1/planner/keywords/auto_cluster/", {"ids": ids}, 200, f"{self.name()}-clusters", take)

    def write_task(self):
        title = f"{self.name()} task"
        made = []
        self.post_once("/api/v1/writer/tasks/", {"title": title, "keywords": [title], "site_id": self.world.site}, 201,
                       title.replace(" ", "-"), lambda answer: made.append(answer["data"]["id"]))
        if not made:
            return
        self.ledger.tasks[made[0]] = "queued"

        def take(_):
            self.ledger.tasks[made[0]] = "completed"

        self.post_once("/api/v1/writer/tasks/auto_generate_content/", {"ids": made}, 202, f"{title}-content".replace(" ", "-"),
                       take)

    def subscribe(self):
        # A few only: each gets every deletion.
        if len(self.ledger.webhooks) >= 1:
            return self.create()
        url = self.world.receiver.url(f"/events/native/extra{self.number}")
        made = self.send("POST", f"/api/v1/projects/{self.world.native}/webhooks",
                         {"url": url, "events": ["article.deleted"]}, (201,))
        if made is not None:
            self.ledger.webhooks.add(made[1]["id"])
        return None
