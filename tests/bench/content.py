"""What the bench stores through the API, and what it reads of the store to give the rivals the same."""

import concurrent.futures
import http.client
import json
import re
import sqlite3
import threading
import time

MARK = "zqx0mark0zqx000000"  # as long as bare_sqlite's own text
TEXT = "Burrs decide how even the grounds are. " * 25
KEPT_SECONDS = 5


class Api:
    """Calls with kept-alive connections, one for each thread."""

    def __init__(self, port, key):
        self.port = port
        self.key = key
        self.local = threading.local()

    def call(self, method, path, body=None, headers=None):
        """(status, headers in lower case, body)"""
        # The server closes a connection that was idle for long: a new one then.
        if time.monotonic() - getattr(self.local, "used", 0) > KEPT_SECONDS:
            self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.local.used = time.monotonic()
        sent = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(body)
        self.local.connection.request(method, path, body, {**sent, **(headers or {})})
        answer = self.local.connection.getresponse()
        content = answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content

    def json(self, method, path, body=None, expect=(200, 201, 202)):
        status, _, content = self.call(method, path, body)
        if status not in expect:
            raise SystemExit(f"{method} {path}: {status} {content[:500]!r}")
        return json.loads(content)


def make_project(api, name):
    return api.json("POST", "/api/v1/projects", {"name": name, "targetDomain": "https://blog.example.com"})["id"]


def make_articles(api, project, count, markdown=TEXT):
    def make(number):
        return api.json("POST", f"/api/v1/projects/{project}/articles",
                        {"title": f"How to choose grinder number {number}", "slug": f"how-to-choose-grinder-{number}",
                         "markdown": markdown})["id"]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        return list(pool.map(make, range(count), chunksize=64))


def publish_all(api, ids, seconds=900):
    jobs = [api.json("POST", "/api/v1/articles/publish", {"articleIds": ids[i:i + 500]})["jobId"]
            for i in range(0, len(ids), 500)]
    deadline = time.monotonic() + seconds
    for job in jobs:
        while True:
            state = api.json("GET", f"/api/v1/jobs/{job}")
            if state["status"] == "succeeded":
                break
            if state["status"] not in ("queued", "running") or time.monotonic() > deadline:
                raise SystemExit(f"publishing: {json.dumps(state)[:500]}")
            time.sleep(0.2)


def all_articles(api):
    articles, path = [], "/api/v1/articles?pageSize=100"
    while True:
        page = api.json("GET", path)
        articles += page["data"]
        cursor = page["pagination"]["nextCursor"]
        if cursor is None:
            return articles
        path = f"/api/v1/articles?pageSize=100&cursor={cursor}"


def open_store(database):
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True)


def row_numbers(database, ids):
    with open_store(database) as store:
        numbers = dict(store.execute("SELECT id, row FROM articles"))
    return [numbers[one] for one in ids]


def count_rows(database, table):
    with open_store(database) as store:
        return store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def numbered_tables(store):
    """Tables with a column "row", their numbers; the tables inside the search index have none."""
    names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in names if any(column[1] == "row" for column in store.execute(f"PRAGMA table_info({name})"))]


def literal(value, ids):
    """SQL for a recorded value, with ?1 for what is a request's own: the mark, and the random part of its new ids."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if not isinstance(value, str):
        return repr(value)
    text = value
    for place, one in enumerate(ids):
        prefix = one[:one.index("_") + 1]
        text = text.replace(one, f"{prefix}\0{place:02d}")
    parts = ["'" + part.replace("'", "''") + "'" for part in re.split("\0", text.replace(MARK, "\0"))]
    return " || ?1 || ".join(parts)


def record_statements(api, project, database):
    """Has Galley store one article, and gives INSERTs that store the same rows: what the bare loop runs."""
    with open_store(database) as store:
        before = {name: store.execute(f"SELECT coalesce(max(row), 0) FROM {name}").fetchone()[0]
                  for name in numbered_tables(store)}
    article = api.json("POST", f"/api/v1/projects/{project}/articles",
                       {"title": f"Grinder {MARK}", "slug": MARK, "markdown": TEXT})["id"]
    with open_store(database) as store:
        new = {}
        for name, last in before.items():
            columns = [column[1] for column in store.execute(f"PRAGMA table_info({name})") if column[1] != "row"]
            rows = store.execute(f"SELECT {', '.join(columns)} FROM {name} WHERE row > ?", (last,)).fetchall()
            if rows:
                new[name] = (columns, rows)
        ids = [dict(zip(columns, row)).get("id") for columns, rows in new.values() for row in rows]
        ids = [one for one in ids if isinstance(one, str) and "_" in one]
        if article not in ids:
            raise SystemExit("recording: the new article is not among the new rows")
        statements = []
        # The article first: the others refer to it.
        for name in sorted(new, key=lambda one: one != "articles"):
            columns, rows = new[name]
            for row in rows:
                # An account's audit entries are numbered: each request's own number stands for the next.
                values = ", ".join("CAST(?1 AS INTEGER)" if (name, column) == ("audit_entries", "number") else
                                   literal(value, ids) for column, value in zip(columns, row))
                statements.append(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values})")
            if name == "articles":
                searched = [column[1] for column in store.execute("PRAGMA table_info(article_search)")]
                if searched:
                    listed = ", ".join(searched)
                    statements.append(f"INSERT INTO article_search (rowid, {listed}) SELECT row, {listed} FROM articles "
                                      "WHERE row = last_insert_rowid()")
    return statements
