"""Galley behind nginx, as the examples set it up: TLS would end there, here it is loopback alone."""
import gzip
import os
import socket
import subprocess
import unittest
import uuid

from server_process import Client, ServerTest, free_port, wait_until

CONFIGURATION = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream galley {{ server 127.0.0.1:{upstream}; keepalive 8; }}
  server {{
    listen 127.0.0.1:{port};
    server_name blog.example;
    location / {{
      proxy_pass http://galley;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
    location ~ ^/api/v1/jobs/[^/]+/events$ {{
      proxy_pass http://galley;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }}
  }}
}}
"""


class BehindNginx(ServerTest):
    def setUp(self):
        self.galley = self.server("--public-url", "https://blog.example", "--trusted-proxy", "127.0.0.1").start_first()
        folder = self.folder()
        self.port = free_port()
        file = folder / "nginx.conf"
        # Started as root its workers would be "nobody", who may not write into our folder.
        user = "user root;" if os.geteuid() == 0 else ""
        file.write_text(CONFIGURATION.format(user=user, folder=folder, upstream=self.galley.port, port=self.port))
        self.nginx = subprocess.Popen(["nginx", "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(file)])
        self.addCleanup(self.nginx.wait)
        self.addCleanup(self.nginx.terminate)
        wait_until(self.listens, what="nginx")
        self.client = Client("127.0.0.1", self.port, self.galley.key)
        self.addCleanup(self.client.close)
        self.project = self.expect(201, "POST", "/api/v1/projects",
                                   {"name": "Site", "targetDomain": "example.com"}).json()["id"]

    def listens(self):
        self.assertIsNone(self.nginx.poll(), "nginx ended")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def expect(self, status, method, path, body=None, headers=None):
        answer = self.client.request(method, path, body, headers)
        self.assertEqual(answer.status, status, answer)
        return answer

    def publish(self, count):
        for number in range(count):
            article = self.expect(201, "POST", f"/api/v1/projects/{self.project}/articles",
                                  {"title": f"Title {number}", "markdown": "Text.", "status": "ready"}).json()["id"]
            self.expect(200, "POST", f"/api/v1/articles/{article}/publish", {})

    def test_requests_pass_in_both_directions(self):
        body = "long " * 200_000
        made = self.expect(201, "POST", f"/api/v1/projects/{self.project}/articles",
                           {"title": "Über Kaffee", "markdown": body})
        self.assertEqual(made.headers["Location"], f"/api/v1/articles/{made.json()['id']}")
        read = self.expect(200, "GET", made.headers["Location"])
        self.assertEqual(read.json()["title"], "Über Kaffee")
        self.assertEqual(read.json()["markdown"].strip(), body.strip())
        self.expect(304, "GET", made.headers["Location"], headers={"If-None-Match": read.headers["ETag"]})
        self.expect(404, "GET", "/api/v1/articles/art_000000000000")
        self.expect(204, "DELETE", made.headers["Location"])

    def test_request_ids_pass_through_and_are_made_where_there_is_none(self):
        mine = str(uuid.uuid4())
        self.assertEqual(self.expect(200, "GET", "/api/v1/account", headers={"X-Request-ID": mine})
                         .headers["X-Request-ID"], mine)
        made = self.expect(200, "GET", "/api/v1/account").headers["X-Request-ID"]
        self.assertEqual(str(uuid.UUID(made)), made)
        self.assertNotEqual(made, mine)

    def test_the_trail_and_the_links_tell_of_the_client_and_not_of_the_proxy(self):
        self.expect(201, "POST", "/api/v1/projects", {"name": "Another"}, {"X-Forwarded-For": "203.0.113.9"})
        entry = self.expect(200, "GET", "/api/v1/audit").json()["data"][0]
        self.assertEqual((entry["action"], entry["address"]), ("project.created", "203.0.113.9"))
        page = self.expect(200, "GET", "/api/v1/writer/content/?page_size=1").json()
        self.assertIsNone(page["next"])
        self.publish(2)
        page = self.expect(200, "GET", "/api/v1/writer/content/?page_size=1").json()
        self.assertTrue(page["next"].startswith("http://127.0.0.1"), page["next"])

    def test_the_sitemap_comes_gzipped_and_names_the_public_address_alone(self):
        self.publish(40)
        address = f"/api/public/sitemap/{self.project}"
        plain = self.expect(200, "GET", address, headers={"Accept-Encoding": "identity"})
        packed = self.expect(200, "GET", address, headers={"Accept-Encoding": "gzip"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertNotIn("Content-Encoding", plain.headers)
        self.assertIn("Accept-Encoding", packed.headers["Vary"])
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertLess(len(packed.body), len(plain.body))
        self.assertEqual(plain.body.count(b"<loc>https://example.com/"), 40)
        for port in (self.port, self.galley.port):
            self.assertNotIn(str(port).encode(), plain.body)
        self.expect(304, "GET", address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})

    def test_a_jobs_events_arrive_while_they_happen(self):
        job = self.expect(202, "POST", f"/api/v1/projects/{self.project}/articles/generate",
                          {"keywords": ["espresso", "moka"]}).json()["jobId"]
        events = self.expect(200, "GET", f"/api/v1/jobs/{job}/events")
        self.assertTrue(events.headers["Content-Type"].startswith("text/event-stream"))
        self.assertIn(b"event: finished", events.body)


if __name__ == "__main__":
    unittest.main()
