"""What the server has acknowledged, and what it may have done without an answer."""


class Article:
    """title: acknowledged. maybe_titles: sent, and no answer came. Each flag is False, True, or None for not known."""

    def __init__(self, id, project, title, status):
        self.id = id
        self.project = project
        self.title = title
        self.maybe_titles = set()
        self.changes = 0
        self.ready = status == "ready"
        self.deleted = False
        self.published = False
        self.through_connection = False

    def settled(self):
        return not self.maybe_titles and self.deleted is False and self.published is not None

    def check(self, status, seen, losses):
        """status, seen: the API's answer to GET. Takes as known what it shows, and says what of the known is gone."""
        if status == 404:
            if self.deleted is False:
                losses.append(f"article {self.id} ({self.title}) is gone")
            self.deleted = True
            return
        if status != 200:
            losses.append(f"article {self.id}: status {status}: {seen}")
            return
        if self.deleted is True:
            losses.append(f"article {self.id} was deleted and is there")
        if self.deleted is None:
            self.deleted = False
        if seen["title"] != self.title and seen["title"] not in self.maybe_titles:
            losses.append(f"article {self.id}: title {seen['title']!r}, acknowledged {self.title!r}")
        self.title = seen["title"]
        self.maybe_titles.clear()
        self._check_publication(seen["status"], losses)

    def _check_publication(self, status, losses):
        if self.published is True and status != "published":
            losses.append(f"article {self.id} was published and is {status}")
        # Through a connection it may be on its way; natively it is done or not.
        if self.published is None and status in ("published", "ready", "draft"):
            self.published = status == "published"
        if status in ("queued", "generating") and not (self.through_connection and self.published is None):
            losses.append(f"article {self.id} is {status} without a reason")
        if status == "error":
            losses.append(f"article {self.id} is in error")


class Ledger:
    """Of one worker; read by others only while it rests."""

    def __init__(self):
        self.articles = {}
        self.touched = set()  # ids, since the last check
        self.keywords = set()
        self.jobs = {}  # id → what it is for: "generate" or an article's id
        self.generated = set()  # articles of jobs
        self.webhooks = set()
        self.planned = {}  # number of a planned keyword → its text
        self.clustered = {}  # text of a keyword → the name of the cluster that it was put into
        self.tasks = {}  # number of a writing task → its status, once all jobs are done
        self.acknowledged = 0
        self.lost_answers = 0
        self.refused = 0
        self.replayed = 0  # answers that were lost once and came again under their Idempotency-Key
        self.faults = []
