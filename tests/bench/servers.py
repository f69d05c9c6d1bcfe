"""The servers that are compared: each starts on a free loopback port and knows its processor time."""

import grp
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GALLEY = ROOT / "build/release/galley"
TICKS = os.sysconf("SC_CLK_TCK")
CLIENTS = 64


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def install_rivals(say):
    """What rivals/package-lock.json names; npm writes its own copy of that file last."""
    rivals = HERE / "rivals"
    installed = rivals / "node_modules/.package-lock.json"
    if (rivals / "node_modules/better-sqlite3/build/Release/better_sqlite3.node").exists() and \
            installed.exists() and installed.stat().st_mtime >= (rivals / "package-lock.json").stat().st_mtime:
        return
    say("Installing the rivals' packages …")
    env = dict(os.environ)
    # better-sqlite3 fetches a binary, or compiles one: then Node's own headers are there already on many machines.
    if Path("/usr/include/node/node.h").exists():
        env["npm_config_nodedir"] = "/usr"
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=rivals, env=env, check=True, stdout=subprocess.DEVNULL)


def children_of(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


class Server:
    """A process, its address, and what it costs. Subclasses start it."""

    name = ""
    process = None
    port = 0

    def start(self, command, log):
        self.log_path = log
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=open(log, "ab"), cwd=ROOT, text=True)

    def wait_for_port(self, pattern, seconds=60):
        """Reads stdout until a line tells the port."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            line = self.process.stdout.readline()
            if not line:
                break
            if match := re.search(pattern, line):
                self.port = int(match.group(1))
                return
        raise SystemExit(f"{self.name} did not start:\n{Path(self.log_path).read_text()[-2000:]}")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def processor_seconds(self):
        """User and system time, threads and worker processes included."""
        total = 0
        for pid in [self.process.pid, *children_of(self.process.pid)]:
            # After the name, which may hold spaces, field 14 and 15 of proc(5) are the 12th and 13th.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Galley(Server):
    name = "galley"

    def __init__(self, folder, threads=1):
        self.data = folder / "galley"
        self.folder = folder
        self.threads = threads
        # So high that the limiter works and never refuses.
        limits = {"requestsPerMinute": 1_000_000, "burst": 1_000_000}
        self.limits = folder / "plans.json"
        self.limits.write_text(json.dumps({"agency": limits}))

    def command(self, *arguments, text=None):
        done = subprocess.run([GALLEY, *arguments, "--data", self.data], input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"galley {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()

    def make_account(self, email, keys):
        """The keys' secrets."""
        self.command("user", "create", "--email", email, "--plan", "agency", "--password-stdin", text="bench-password\n")
        return [self.command("key", "create", "--account", email) for _ in range(keys)]

    def serve(self):
        self.start([GALLEY, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--threads", str(self.threads),
                    "--plan-limits", self.limits, "--public-limit", "100000000"], self.folder / "galley.log")
        self.wait_for_port(r"listening on http://127\.0\.0\.1:(\d+)")


NGINX = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
  client_body_temp_path {folder}/nginx-body; proxy_temp_path {folder}/nginx-proxy; fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi; scgi_temp_path {folder}/nginx-scgi;
  # Every server here writes one line a request, in blocks.
  access_log {folder}/nginx-access.log combined buffer=64k flush=1s;
  sendfile on; tcp_nopush on; tcp_nodelay on;
  open_file_cache max=100;
  keepalive_requests 1000000000;
  server_tokens off;
  etag off;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/static;
    location = /sitemap {{
      types {{ }} default_type "{type}";
      {headers}
      add_header X-Request-ID $request_id;
    }}
    location = /not-modified {{
      {headers}
      add_header X-Request-ID $request_id;
      return 304;
    }}
    location = /healthz {{
      default_type "{health_type}";
      add_header X-Request-ID $request_id;
      return 200 '{health}';
    }}
  }}
}}
"""


class Nginx(Server):
    name = "nginx"

    def __init__(self, folder, sitemap, health):
        """sitemap, health: (headers, body) of Galley's answers, which are served again."""
        self.folder = folder
        self.port = free_port()
        headers, body = sitemap
        static = folder / "static"
        static.mkdir()
        (static / "sitemap").write_bytes(body)
        # nginx makes Last-Modified of the file's own time.
        modified = time.mktime(time.strptime(headers["last-modified"], "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        os.utime(static / "sitemap", (modified, modified))
        same = [name for name in ("etag", "cache-control", "vary", "content-encoding") if name in headers]
        user = ""
        if os.geteuid() == 0:
            # A worker that is not root, as everywhere.
            user = f"user nobody {grp.getgrgid(pwd.getpwnam('nobody').pw_gid).gr_name};"
        self.config = folder / "nginx.conf"
        self.config.write_text(NGINX.format(
            user=user, folder=folder, port=self.port, type=headers["content-type"], health=health[1].decode(),
            health_type=health[0]["content-type"],
            headers="\n      ".join(f"add_header {name.title()} '{headers[name]}';" for name in same)))

    def serve(self):
        self.start(["nginx", "-p", self.folder, "-e", self.folder / "nginx-start.log", "-c", self.config],
                   self.folder / "nginx.log")
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit("nginx did not start:\n" + (self.folder / "nginx-start.log").read_text())


class Fastify(Server):
    name = "fastify"

    def __init__(self, folder, rows):
        """rows: what rivals/server.mjs loads."""
        self.folder = folder
        (folder / "fastify.json").write_text(json.dumps(rows))

    def serve(self):
        self.start(["node", HERE / "rivals/server.mjs", "--db", self.folder / "fastify.db", "--articles",
                    self.folder / "fastify.json", "--log", self.folder / "fastify-access.log"],
                   self.folder / "fastify.log")
        self.wait_for_port(r"listening on (\d+)")


class Redis(Server):
    """Durable as Galley is: a command is on the disk when it is answered."""

    name = "redis"

    def __init__(self, folder):
        self.folder = folder / "redis"
        self.folder.mkdir()
        # Not in the folder: the path of a socket has at most 107 bytes.
        self.sockets = Path(tempfile.mkdtemp(prefix="galley-bench-"))
        self.socket = self.sockets / "redis"

    def serve(self):
        # Nothing is rewritten while it runs: less work than Redis has otherwise.
        self.start(["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", self.folder, "--save", "",
                    "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0",
                    "--maxmemory-policy", "noeviction", "--logfile", self.folder / "log"], self.folder / "start.log")
        for _ in range(200):
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(self.socket)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit("redis-server did not start:\n" + (self.folder / "start.log").read_text())

    def stop(self):
        super().stop()
        shutil.rmtree(self.sockets, ignore_errors=True)


class Deliverer(Server):
    """BullMQ's producer and worker, with undici."""

    name = "bullmq"

    def __init__(self, folder, redis, request, secret, sink, endpoints):
        self.folder = folder
        self.arguments = ["--redis", redis.socket, "--request", request, "--secret", secret, "--sink", str(sink),
                          "--endpoints", str(endpoints)]

    def serve(self):
        self.start(["node", HERE / "rivals/deliverer.mjs", *self.arguments], self.folder / "deliverer.log")
        self.wait_for_port(r"listening on (\d+)")


def wrk(server, path, seconds, headers=(), script="summary.lua", arguments=(), connections=CLIENTS):
    """One round of load: requests per second, and microseconds of the server's processor for each."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout",
               "20s", "--script", HERE / "wrk" / script]
    for header in headers:
        command += ["--header", header]
    before = server.processor_seconds()
    done = subprocess.run([*command, server.url + path, "--", *arguments], capture_output=True, text=True, check=True)
    used = server.processor_seconds() - before
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    if figures["errors"] or not figures["requests"]:
        raise SystemExit(f"{server.name} {path}: {figures}")
    return {"per_second": figures["requests"] / figures["seconds"], "processor_us": used / figures["requests"] * 1e6,
            "p99_us": figures["p99_us"], "requests": figures["requests"]}
