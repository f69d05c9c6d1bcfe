#!/usr/bin/env python3
"""What a backlog costs: so many deliveries wait for twenty endpoints that refuse every connection.

  GALLEY=PROGRAM tests/e2e/backlog_load.py [--pending N]

The server starts without reading them, its memory stays within a bound while it works through them, and a healthy
endpoint beside them is told at once.
"""
import argparse
import http.server
import re
import socket
import sqlite3
import sys
import threading
import time

from server_process import Server, wait_until

DEAD_ENDPOINTS = 20
A_EVENT = 100  # deliveries of one event, so that events are many too
MEGABYTE = 1024  # of what /proc counts in
MOST_AT_START = 16 * MEGABYTE
MOST_AT_WORK = 160 * MEGABYTE
SECONDS_AT_WORK = 10


def memory_of(server, name):
    with open(f"/proc/{server.process.pid}/status") as status:
        return int(re.search(rf"^{name}:\s+(\d+) kB", status.read(), re.MULTILINE)[1])


def serve():
    """A receiver that takes everything, and what it has taken."""
    taken = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(self.headers["webhook-id"])
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    return receiver, taken


def fill(database, webhooks, pending):
    """Rows as they are after one article was made, in great number."""
    with sqlite3.connect(database) as store:
        store.execute("PRAGMA synchronous = OFF")
        account, project, kind, snapshot = store.execute(
            "SELECT account_id, project_id, type, snapshot FROM events WHERE type = 'article.created'").fetchone()
        due = int(time.time() * 1000) - 1000
        store.executemany(
            "INSERT INTO events (id, account_id, project_id, type, article_id, created_at, snapshot) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((f"evt_x{i:019}", account, project, kind, f"art_x{i:019}", due, snapshot)
             for i in range(pending // A_EVENT)))
        store.executemany(
            "INSERT INTO deliveries (id, account_id, project_id, webhook_id, event_id, type, article_id, status, "
            "attempts, next_attempt_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?)",
            ((f"dlv_x{i:019}", account, project, webhooks[i % len(webhooks)], f"evt_x{i // A_EVENT:019}", kind,
              f"art_x{i // A_EVENT:019}", due, due) for i in range(pending)))
        store.execute("UPDATE webhooks SET next_due_at = ?", (due,))
    store.close()


def subscribe(server, project, url):
    return server.expect(201, "POST", f"/api/v1/projects/{project}/webhooks",
                         {"url": url, "events": ["article.created"]})["id"]


def make_article(server, project):
    server.expect(201, "POST", f"/api/v1/projects/{project}/articles", {"title": "News", "markdown": "Text. " * 400})


def measure(server, pending):
    dead = socket.socket()  # bound and not listening: it refuses
    dead.bind(("127.0.0.1", 0))
    receiver, taken = serve()
    server.start_first()
    projects = [server.expect(201, "POST", "/api/v1/projects", {"name": name})["id"] for name in ("Dead", "Healthy")]
    webhooks = [subscribe(server, projects[0], f"http://127.0.0.{i + 1}:{dead.getsockname()[1]}/")
                for i in range(DEAD_ENDPOINTS)]
    subscribe(server, projects[1], f"http://127.0.0.1:{receiver.server_port}/")
    make_article(server, projects[0])
    server.stop()
    server.restart()
    empty = memory_of(server, "VmRSS")
    server.stop()
    fill(server.data / "galley.db", webhooks, pending)

    server.restart()
    at_start = memory_of(server, "VmRSS") - empty
    begun = time.monotonic()
    make_article(server, projects[1])
    wait_until(lambda: taken, what="the delivery to the healthy endpoint")
    told_after = time.monotonic() - begun
    time.sleep(max(0.0, SECONDS_AT_WORK - told_after))
    at_work = memory_of(server, "VmHWM") - empty
    tried = sum(server.expect(200, "GET", f"/api/v1/webhooks/{webhook}")["stats"]["failedAttempts"]
                for webhook in webhooks)
    print(f"figure: backlog: {pending} deliveries to {DEAD_ENDPOINTS} endpoints that refuse: {at_start / MEGABYTE:.0f} MB "
          f"more at the start, at most {at_work / MEGABYTE:.0f} MB more at work, {tried} tried in {SECONDS_AT_WORK} s; "
          f"a healthy endpoint told after {1000 * told_after:.0f} ms")
    faults = []
    if at_start > MOST_AT_START:
        faults.append("the backlog was read at the start")
    if at_work > MOST_AT_WORK:
        faults.append("memory grew with the backlog")
    if tried < DEAD_ENDPOINTS:
        faults.append("nothing was tried")
    if server.stop() != 0:
        faults.append("the server did not end well")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--pending", type=int, default=100_000)
    options = parser.parse_args()
    server = Server("--allow-insecure-webhooks", "--allow-private-network", "127.0.0.0/8", "--log-level", "warning")
    try:
        faults = measure(server, options.pending)
    finally:
        server.close()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
