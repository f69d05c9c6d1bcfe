"""Every operation of the API description is called with its documented example, and answers as it is documented: with the
status, and with a body that its schema allows. Run by Debian's interpreter, which has jsonschema.
"""
import http.server
import itertools
import json
import re
import threading
import time
import unittest
import warnings

from server_process import ServerTest, wait_until

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from jsonschema import Draft202012Validator, RefResolver

PASSWORD = "your_password"  # as the examples have it
IGNY8 = re.compile(r"/api/(ping/|v1/(auth|planner|writer|system|billing)/)")


def tomorrow():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))


class World:
    """Makes what an operation works on, each time anew, with a key of its own: limits count by key."""

    def __init__(self, server, hook):
        self.server = server
        self.hook = hook  # takes what comes to /taken, and refuses the rest
        self.numbers = itertools.count(1)
        self.calling = server.expect(201, "POST", "/api/v1/keys", {"name": "calls", "role": "owner"})["key"]
        self.users = {}

    def make(self, path, body=None, status=201):
        made = self.server.expect(status, "POST", path, {} if body is None else body)
        return made.get("data", made) if IGNY8.match(path) else made

    def project(self):
        number = next(self.numbers)
        return self.make("/api/v1/projects", {"name": f"Site {number}", "targetDomain": f"https://s{number}.example"})["id"]

    def keyword(self, project=None):
        return self.make(f"/api/v1/projects/{project or self.project()}/keywords",
                         {"keyword": f"keyword {next(self.numbers)}"})["id"]

    def article(self, project=None):
        return self.make(f"/api/v1/projects/{project or self.project()}/articles",
                         {"title": f"Title {next(self.numbers)}", "markdown": "Text."})["id"]

    def published(self, project=None):
        article = self.article(project)
        self.make(f"/api/v1/articles/{article}/publish", status=200)
        return article

    def scheduled(self):
        article = self.article()
        self.make(f"/api/v1/articles/{article}/schedule", {"scheduledFor": tomorrow()}, 200)
        return article

    def job(self, keywords=1):
        project = self.project()
        body = {"keywords": [f"keyword {next(self.numbers)}" for _ in range(keywords)]}
        return self.make(f"/api/v1/projects/{project}/articles/generate", body, 202)

    def generated(self):
        article = self.job()["articles"][0]["id"]
        wait_until(lambda: self.server.expect(200, "GET", f"/api/v1/articles/{article}")["status"] == "draft")
        return article

    def failed(self):
        """Of many that are to be written some are left when the job is cancelled."""
        job = self.job(400)
        self.make(f"/api/v1/jobs/{job['jobId']}/cancel", status=200)
        return next(one["id"] for one in reversed(job["articles"])
                    if self.server.expect(200, "GET", f"/api/v1/articles/{one['id']}")["status"] == "error")

    def connection(self):
        return self.make(f"/api/v1/projects/{self.project()}/connections",
                         {"name": "Blog", "type": "webhook", "settings": {"url": self.hook + "/taken"}})["id"]

    def webhook(self, path="/taken"):
        return self.make(f"/api/v1/projects/{self.project()}/webhooks",
                         {"url": self.hook + path, "events": ["*"]})["id"]

    def deliveries(self, webhook):
        time.sleep(0.2)  # looked at again and again, within the key's limit
        return self.server.expect(200, "GET", f"/api/v1/webhooks/{webhook}/deliveries")["data"]

    def delivery(self, path="/taken"):
        webhook = self.webhook(path)
        self.make(f"/api/v1/webhooks/{webhook}/test", status=202)
        wait_until(lambda: self.deliveries(webhook)[0]["status"] in ("succeeded", "failed"), what="the end of a delivery")
        return self.deliveries(webhook)[0]["id"]

    def key(self):
        return self.make("/api/v1/keys", {"name": "another"})["id"]

    def of_planner(self, path, **body):
        return self.make(f"/api/v1/{path}", body)["id"]

    def planned_keyword(self):
        return self.of_planner("planner/keywords/", keyword=f"keyword {next(self.numbers)}", site_id=self.site())

    def task(self):
        return self.of_planner("writer/tasks/", title=f"Title {next(self.numbers)}")

    def content(self):
        return self.of_planner("writer/content/", title=f"Title {next(self.numbers)}", content="Text.",
                               site_id=self.site())

    def site(self):
        """A new site, by its number."""
        text = f"keyword {next(self.numbers)}"
        self.make(f"/api/v1/projects/{self.project()}/keywords", {"keyword": text})
        found = self.server.expect(200, "GET", "/api/v1/planner/keywords/?search=" + text.replace(" ", "%20"))
        return next(row["site_id"] for row in found["results"] if row["keyword"] == text)

    def invited(self):
        return self.make("/api/v1/auth/users/", {"email": f"u{next(self.numbers)}@example.com"})

    def sign_in(self, who="anybody"):
        """Signs in, who with each use of a name is the same user: of those who choose a password there are few a minute."""
        if who not in self.users:
            made = self.invited()
            self.make("/api/v1/auth/password/reset/confirm/",
                      {"token": made["invitation_token"], "new_password": PASSWORD}, 200)
            self.users[who] = made["email"]
        return self.make("/api/v1/auth/login/", {"email": self.users[who], "password": PASSWORD}, 200)


class Call:
    def __init__(self, body=None, query="", key=None, text=None, **path):
        self.path, self.body, self.query, self.key, self.text = path, body, query, key, text


def example_with(**changes):
    return lambda example: {**example, **changes}


def calls_of(world):
    """What an operation needs beyond its example and a fresh thing for each parameter of its path."""
    token = lambda who="anybody": world.sign_in(who)["access"]
    return {
        "deleteProject": lambda: Call(projectId=(project := world.project()),
                                      query="?confirm=" + world.server.expect(
                                          200, "GET", f"/api/v1/projects/{project}")["name"].replace(" ", "%20")),
        "generateArticles": lambda: Call(projectId=(project := world.project()), key=world.keyword(project) and None),
        "getRevision": lambda: Call(articleId=world.article(), revision=1),
        "regenerateArticle": lambda: Call(articleId=world.generated()),
        "publishArticles": lambda: Call(body=example_with(articleIds=[world.article()])),
        "unpublishArticle": lambda: Call(articleId=world.published()),
        # A date of any example is over some day.
        "scheduleArticle": lambda: Call(articleId=world.article(), body=example_with(scheduledFor=tomorrow())),
        "unscheduleArticle": lambda: Call(articleId=world.scheduled()),
        "retryArticle": lambda: Call(articleId=world.failed()),
        "getSitemapPage": lambda: Call(projectId=(project := world.project()), page=1,
                                       key=world.published(project) and None),
        "retryDelivery": lambda: Call(deliveryId=world.delivery("/refused")),
        "getJob": lambda: Call(jobId=world.job()["jobId"]),
        "followJob": lambda: Call(jobId=world.job()["jobId"]),
        "followProject": lambda: Call(projectId=world.project(), query="?follow=false"),
        "cancelJob": lambda: Call(jobId=world.job(400)["jobId"]),
        "login": lambda: world.sign_in() and Call(body=example_with(email="user@example.com")),
        "refreshToken": lambda: Call(body=example_with(refresh=world.sign_in()["refresh"])),
        "refreshTokenByAlias": lambda: Call(body=example_with(refresh=world.sign_in()["refresh"])),
        "getMe": lambda: Call(key=token()),
        "logout": lambda: Call(key=token()),
        "changePassword": lambda: Call(key=token("who changes it")),
        "changePasswordByAlias": lambda: Call(key=token("who changes it too")),
        "confirmPasswordReset": lambda: Call(body=example_with(token=world.invited()["invitation_token"])),
        "bulkDeletePlannedKeywords": lambda: Call(
            body=example_with(ids=[world.planned_keyword(), world.planned_keyword()])),
        "bulkUpdatePlannedKeywords": lambda: Call(
            body=example_with(ids=[world.planned_keyword(), world.planned_keyword()])),
        "importPlannedKeywords": lambda: Call(text="keyword,volume\nmoka pot,1900\n"),
        "autoGenerateContent": lambda: Call(body=example_with(ids=[world.task()])),
    }


def makers_of(world):
    """What a parameter of a path stands for, by its name, or by the path where it is a number."""
    return {
        "projectId": world.project,
        "keywordId": world.keyword,
        "articleId": world.article,
        "connectionId": world.connection,
        "webhookId": world.webhook,
        "deliveryId": world.delivery,
        "keyId": world.key,
        "/api/v1/auth/users/{id}/": lambda: world.invited()["id"],
        "/api/v1/planner/keywords/{id}/": world.planned_keyword,
        "/api/v1/planner/clusters/{id}/": lambda: world.of_planner("planner/clusters/", name="cluster",
                                                                  site_id=world.site()),
        "/api/v1/planner/ideas/{id}/": lambda: world.of_planner("planner/ideas/", title="Title"),
        "/api/v1/writer/tasks/{id}/": world.task,
        "/api/v1/writer/content/{id}/": world.content,
        "/api/v1/system/prompts/{id}/": lambda: 1,
        "/api/v1/system/tasks/{id}/": lambda: world.make("/api/v1/planner/keywords/auto_cluster/", {"async": True},
                                                         202)["task_id"],
    }


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200 if self.path == "/taken" else 500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Examples(ServerTest):
    def setUp(self):
        receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.addCleanup(receiver.server_close)
        self.addCleanup(receiver.shutdown)
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        self.running = self.server("--allow-insecure-webhooks", "--allow-private-network", "127.0.0.1/32",
                                   "--webhook-schedule", "1s").start_first()
        self.description = self.running.expect(200, "GET", "/api/schema/")
        self.world = World(self.running, f"http://127.0.0.1:{receiver.server_port}")
        self.calls = calls_of(self.world)
        self.makers = makers_of(self.world)
        self.resolver = RefResolver("", self.description)

    def resolved(self, value):
        return self.resolver.resolve(value["$ref"])[1] if "$ref" in value else value

    def maker(self, path, name):
        if name in self.makers:
            return self.makers[name]
        found = next((maker for known, maker in self.makers.items() if path.startswith(known)), None)
        self.assertIsNotNone(found, f"nothing makes a {name} of {path}: add it to makers_of()")
        return found

    def send(self, method, path, operation):
        call = self.calls.get(operation["operationId"], Call)()
        media, example = None, None
        if "requestBody" in operation:
            media, described = next(iter(operation["requestBody"]["content"].items()))
            example = described.get("example")
            self.assertTrue(example is not None or call.text is not None, "the request has no example")
        if callable(call.body):
            example = call.body(example)
        target = re.sub(r"\{(\w+)\}", lambda found: str(call.path.get(found[1]) or self.maker(path, found[1])()), path)
        body = call.text if call.text is not None else None if example is None else json.dumps(example)
        headers = {"Content-Type": media} if media else {}
        return self.running.request(method.upper(), target + call.query, body, headers, key=call.key or self.world.calling)

    def judge(self, operation, answer):
        success = min(int(status) for status in operation["responses"])
        wanted = [int(status) for status in operation["responses"] if int(status) < 300]
        self.assertIn(answer.status, wanted, answer)
        self.assertTrue(answer.headers["X-Request-ID"])
        described = self.resolved(operation["responses"][str(answer.status)])
        if "content" not in described:
            self.assertEqual(b"", answer.body)
            return success
        media = answer.headers["Content-Type"].split(";")[0]
        self.assertIn(media, described["content"])
        if media == "application/json" and described["content"][media]["schema"].get("type") != "string":
            faults = Draft202012Validator(described["content"][media]["schema"],
                                          resolver=self.resolver).iter_errors(answer.json())
            self.assertEqual([], [f"{'/'.join(map(str, fault.path))}: {fault.message}"[:300] for fault in faults])
        return success

    def test_each_documented_example_answers_as_documented(self):
        self.world.project()
        self.world.planned_keyword()
        judged = 0
        for path, methods in self.description["paths"].items():
            for method, operation in methods.items():
                with self.subTest(f"{method.upper()} {path}"):
                    self.judge(operation, self.send(method, path, operation))
                    judged += 1
        operations = sum(len(methods) for methods in self.description["paths"].values())
        print(f"figure: examples: {judged} of {operations} operations answered their documented example as documented")
        self.assertEqual(self.running.stop(), 0)

    def test_an_answer_that_is_not_as_documented_would_be_noticed(self):
        operation = self.description["paths"]["/api/v1/projects"]["get"]
        answer = self.running.request("GET", "/api/v1/projects")
        self.judge(operation, answer)
        answer.body = answer.body.replace(b'"pageSize"', b'"page_size"')
        with self.assertRaises(AssertionError):
            self.judge(operation, answer)


if __name__ == "__main__":
    unittest.main()
