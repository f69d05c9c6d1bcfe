"""What holds in the committed state at every instant: asked of a copy of the database, as the kill left it."""
import shutil
import sqlite3
import tempfile
from pathlib import Path

UNFINISHED = "('queued', 'running')"

# Each counts what must not be.
HALF_DONE = {
    "article whose text is not its revision's":
        "SELECT count(*) FROM articles a WHERE status IN ('draft', 'ready', 'scheduled', 'published') AND NOT EXISTS "
        "(SELECT 1 FROM revisions r WHERE r.article_id = a.id AND r.number = a.revision AND r.title = a.title "
        "AND r.markdown = a.markdown)",
    "article that waits and has no job item":
        "SELECT count(*) FROM articles a WHERE status IN ('queued', 'generating') AND NOT EXISTS "
        f"(SELECT 1 FROM job_items i WHERE i.article_id = a.id AND i.status IN {UNFINISHED})",
    "article published without a place in the sitemap":
        "SELECT count(*) FROM articles WHERE status = 'published' AND sitemap_page IS NULL",
    "article published without a live publication":
        "SELECT count(*) FROM articles a WHERE status = 'published' AND NOT EXISTS "
        "(SELECT 1 FROM publications p WHERE p.article_id = a.id AND p.status = 'live')",
    "live publication of an article that is not published":
        "SELECT count(*) FROM publications p JOIN articles a ON a.id = p.article_id "
        "WHERE p.status = 'live' AND a.status <> 'published'",
    "article without the event of its making":
        "SELECT count(*) FROM articles a WHERE status NOT IN ('queued', 'generating', 'error') AND NOT EXISTS "
        "(SELECT 1 FROM events e WHERE e.article_id = a.id AND e.type IN ('article.created', 'article.generated'))",
    "published article without the event of it":
        "SELECT count(*) FROM articles a WHERE status = 'published' AND NOT EXISTS "
        "(SELECT 1 FROM events e WHERE e.article_id = a.id AND e.type = 'article.published')",
    "article that a repeated request made a second time":
        "SELECT count(*) FROM (SELECT 1 FROM articles WHERE title GLOB 'w[0-9]*n[0-9]*v[0-9]*' "
        "GROUP BY substr(title, 1, instr(title, 'v')) HAVING count(*) > 1)",
    "article without the audit entry of its making":
        "SELECT count(*) FROM articles a WHERE title GLOB 'w[0-9]*n[0-9]*v[0-9]*' AND NOT EXISTS "
        "(SELECT 1 FROM audit_entries t WHERE t.subject = a.id AND t.action = 'article.created')",
    "audit trail with a gap":
        "SELECT count(*) FROM (SELECT 1 FROM audit_entries GROUP BY account_id HAVING max(number) <> count(*))",
    "event of a deletion, and the article is there":
        "SELECT count(*) FROM events e JOIN articles a ON a.id = e.article_id WHERE e.type = 'article.deleted'",
    "event that a subscription should have and has not":
        # Those of the connection's own messages are sent by the connection.
        "SELECT count(*) FROM events e JOIN webhooks w ON w.project_id = e.project_id AND w.events LIKE '%\"*\"%' "
        "WHERE e.created_at > w.created_at AND e.type <> 'webhook.test' "
        "AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = e.id)",
    "job that is not finished and has nothing left to do":
        f"SELECT count(*) FROM jobs j WHERE status IN {UNFINISHED} AND NOT EXISTS "
        f"(SELECT 1 FROM job_items i WHERE i.job_id = j.id AND i.status IN {UNFINISHED})",
    "job that is finished with items that are not":
        f"SELECT count(*) FROM jobs j WHERE status NOT IN {UNFINISHED} AND EXISTS "
        f"(SELECT 1 FROM job_items i WHERE i.job_id = j.id AND i.status IN {UNFINISHED})",
    "job with another number of items than it says":
        # A replay counts events.
        "SELECT count(*) FROM jobs j WHERE kind <> 'replay' AND total <> (SELECT count(*) FROM job_items i WHERE i.job_id = j.id)",
    "keyword that waits for an article and has none":
        "SELECT count(*) FROM keywords k WHERE status = 'queued' AND NOT EXISTS "
        "(SELECT 1 FROM articles a WHERE a.keyword_id = k.id AND a.status IN ('queued', 'generating'))",
    "project whose articles are miscounted":
        "SELECT count(*) FROM article_counts c WHERE amount <> (SELECT count(*) FROM articles a "
        "WHERE a.project_id = c.project_id AND a.status = c.status)",
    "project whose keywords are miscounted":
        "SELECT count(*) FROM keyword_counts c WHERE amount <> (SELECT count(*) FROM keywords k "
        "WHERE k.project_id = c.project_id AND k.status = c.status)",
    "connection whose publications are miscounted":
        "SELECT count(*) FROM publication_counts c WHERE amount <> (SELECT count(*) FROM publications p "
        "WHERE p.project_id = c.project_id AND p.status = c.status "
        "AND coalesce(p.connection_id, '') = c.connection_id)",
    "ledger of credits that does not add up":
        "SELECT count(*) FROM (SELECT amount, balance, lag(balance, 1, 0) OVER (PARTITION BY account_id ORDER BY row) "
        "AS before FROM credit_entries) WHERE before + amount <> balance",
    "charge for a job that is not there":
        "SELECT count(*) FROM credit_entries WHERE kind = 'charge' AND reference GLOB 'job_*' "
        "AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = reference)",
    "job of generation that was not charged":
        "SELECT count(*) FROM jobs j WHERE kind = 'generate' AND NOT EXISTS "
        "(SELECT 1 FROM credit_entries e WHERE e.kind = 'charge' AND e.reference = j.id)",
    "clustering whose credits are charged and not logged, or the other way":
        "SELECT abs((SELECT count(*) FROM credit_entries WHERE kind = 'charge' AND operation = 'clustering') - "
        "(SELECT count(*) FROM credit_uses WHERE operation = 'clustering'))",
    "writing task under way without an article":
        "SELECT count(*) FROM writing_tasks WHERE status = 'in_progress' AND article_id IS NULL",
    "keyword in a cluster without the event of it":
        "SELECT count(*) FROM keywords k WHERE cluster_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM events e WHERE e.type = 'keyword.clustered' AND json_extract(e.snapshot, '$.id') = k.id)",
    "reference to nothing": "SELECT count(*) FROM pragma_foreign_key_check",
}


class Snapshot:
    """The database of a folder on which no process works. The folder itself is not touched: the recovery is galley's."""

    def __init__(self, data):
        self.folder = tempfile.TemporaryDirectory(prefix="galley-crash-")
        for name in ("galley.db", "galley.db-wal"):
            if (Path(data) / name).exists():
                shutil.copy(Path(data) / name, self.folder.name)
        self.database = sqlite3.connect(Path(self.folder.name) / "galley.db")
        # Nobody but these questions asks for the events of an article: without an index each walks all snapshots.
        self.database.execute("CREATE INDEX events_of_article ON events (article_id, type)")
        self.database.execute("CREATE INDEX events_of_keyword ON events (json_extract(snapshot, '$.id')) "
                              "WHERE type = 'keyword.clustered'")
        self.database.execute("CREATE INDEX charges ON credit_entries (reference)")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.database.close()
        self.folder.cleanup()

    def one(self, sql):
        return self.database.execute(sql).fetchone()[0]

    def rows(self, sql):
        return self.database.execute(sql).fetchall()

    def half_done(self):
        found = []
        if self.one("PRAGMA quick_check") != "ok":
            found.append("the database is damaged")
        for what, sql in HALF_DONE.items():
            if count := self.one(sql):
                found.append(f"{count} × {what}")
        return found
