#!/usr/bin/env python3
"""Signs in and lists keywords with the planner and writer API. Needs requests (Debian: python3-requests).

    URL=http://127.0.0.1:8080 EMAIL=user@example.com PASSWORD=… examples/clients/planner.py
"""
import os
import sys

import requests

API = os.environ.get("URL", "http://127.0.0.1:8080") + "/api/v1"


class Planner:
    """Renews its access token by itself: it holds for a quarter of an hour, the refresh token for a week."""

    def __init__(self, email, password):
        self.session = requests.Session()
        self._take(self.session.post(f"{API}/auth/login/", json={"email": email, "password": password}))

    def _take(self, answer):
        body = answer.json()
        if not body["success"]:
            sys.exit(f"{body['error']} (request {body['request_id']})")
        self.refresh_token = body["data"]["refresh"]
        self.session.headers["Authorization"] = f"Bearer {body['data']['access']}"

    def call(self, method, path, **arguments):
        answer = self.session.request(method, f"{API}/{path}", **arguments)
        if answer.status_code == 401:
            self._take(requests.post(f"{API}/auth/refresh/", json={"refresh": self.refresh_token}))
            answer = self.session.request(method, f"{API}/{path}", **arguments)
        body = answer.json()
        if not body["success"]:
            sys.exit(f"{body['error']}: {body.get('errors', '')} (request {body['request_id']})")
        return body

    def keywords(self):
        """All of them, page by page."""
        page = self.call("GET", "planner/keywords/", params={"page_size": 100})
        while True:
            yield from page["results"]
            if page["next"] is None:
                return
            page = self.call("GET", page["next"].split("/api/v1/", 1)[1])


if __name__ == "__main__":
    planner = Planner(os.environ["EMAIL"], os.environ["PASSWORD"])
    planner.call("POST", "planner/keywords/", json={"keyword": f"made by {os.path.basename(__file__)}", "volume": 10})
    print(f"Found {planner.call('GET', 'planner/keywords/')['count']} keywords")
    for keyword in planner.keywords():
        print(keyword["id"], keyword["keyword"], keyword["volume"])
