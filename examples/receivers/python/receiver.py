#!/usr/bin/env python3
"""A webhook receiver for Galley, without dependencies (Python 3.9 or newer).

    WEBHOOK_SECRET=whsec_… ./receiver.py --port 9000

Put your own storing of the article where take() makes its answer.
"""
import argparse
import base64
import collections
import hashlib
import hmac
import http.server
import json
import os
import sys
import threading
import time
import urllib.parse

TOLERANCE_SECONDS = 300  # between a message's timestamp and our clock
MAX_REMEMBERED = 100_000  # ids; an older one is refused by its timestamp anyway
MAX_BODY_BYTES = 10 * 1024 * 1024


def signature_of(secret, body):
    """X-iCF-Signature: over the body's very bytes, keyed with the secret as it was shown."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def standard_signature_of(secret, message_id, timestamp, body):
    """One of webhook-signature (Standard Webhooks), for secrets of the form whsec_…"""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def same(given, expected):
    """In constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def is_genuine(secret, headers, body):
    if not secret.startswith("whsec_"):
        return same(headers.get("X-iCF-Signature", ""), signature_of(secret, body))
    # It covers the id and the timestamp too; while a secret is rotated there are two of them.
    expected = standard_signature_of(secret, headers.get("webhook-id", ""), headers.get("webhook-timestamp", ""), body)
    return any([same(given, expected) for given in headers.get("webhook-signature", "").split(" ")])


def is_recent(headers):
    # Without webhook-signature nothing covers the time: then this guards against accidents alone.
    text = headers.get("webhook-timestamp") or headers.get("X-iCF-Timestamp") or ""
    return text.isdigit() and abs(time.time() - int(text)) <= TOLERANCE_SECONDS


class Receiver(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, secret, site_url):
        super().__init__(address, Handler)
        self.secret = secret
        self.site_url = site_url.rstrip("/")
        self.seen = collections.OrderedDict()  # webhook-id → what was answered
        self.lock = threading.Lock()

    def take(self, message_id, message):
        """The answer, and whether the message is a new one: it may come twice, under the same id."""
        with self.lock:
            if message_id in self.seen:
                return self.seen[message_id], False
            article = message.get("article", message)
            slug = str(article.get("slug") or article.get("id") or message_id)
            # A CMS of your own stores the article here; the same slug again is an update. Galley keeps "id" and "url"
            # as the post's remote id and address.
            answer = {"id": f"post-{slug}", "url": f"{self.site_url}/{urllib.parse.quote(slug)}"}
            self.seen[message_id] = answer
            if len(self.seen) > MAX_REMEMBERED:
                self.seen.popitem(last=False)
            return answer, True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds without a byte

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            return self.answer(413, {"error": "The body is too large."}, "refused")
        body = self.rfile.read(int(length))
        if not is_genuine(self.server.secret, self.headers, body):
            return self.answer(401, {"error": "The signature does not hold."}, "refused")
        message_id = self.headers.get("webhook-id") or self.headers.get("X-iCF-Delivery")
        if not message_id:
            return self.answer(400, {"error": "There is no webhook-id."}, "no id")
        if not is_recent(self.headers):
            return self.answer(400, {"error": "The timestamp is not within five minutes of now."}, "stale")
        try:
            message = json.loads(body)
        except ValueError:
            return self.answer(400, {"error": "The body is not JSON."}, "no JSON")
        content, is_new = self.server.take(message_id, message)
        return self.answer(200, content, "accepted" if is_new else "repeated")

    def refuse_method(self):
        self.close_connection = True
        self.answer(405, {"error": "POST only."}, "refused")

    do_GET = do_HEAD = do_PUT = do_PATCH = do_DELETE = refuse_method

    def answer(self, status, content, word):
        text = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        # In one piece: others print meanwhile.
        line = f'{status} {self.headers.get("X-iCF-Event", "-")} {self.headers.get("webhook-id", "-")} {word}\n'
        print(line, end="", flush=True)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--site-url", default="https://example.com/blog")
    arguments = parser.parse_args()
    secret = os.environ.get("WEBHOOK_SECRET")
    # Without a secret anybody's request would be taken: there is no default.
    if not secret:
        sys.exit("WEBHOOK_SECRET is the secret that Galley showed.")
    with Receiver((arguments.host, arguments.port), secret, arguments.site_url) as receiver:
        print(f"listening on http://{arguments.host}:{receiver.server_port}", flush=True)
        receiver.serve_forever()


if __name__ == "__main__":
    main()
