"""Chromium without a window, driven over a pipe by its own protocol. It can reach nothing but 127.0.0.1.

What a page asked for and complained about is kept: Page.requests, Page.complaints.
"""
import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from server_process import wait_until

START_SECONDS = 60
CALL_SECONDS = 30


class Browser:
    """close() ends it and removes its folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="galley-browser-")
        commands, self.commands = os.pipe()
        self.messages, messages = os.pipe()
        chromium = ["chromium", "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.folder}",
                    "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        # Its sandbox needs another user than root; what it shows here is our own.
        if os.geteuid() == 0:
            chromium.append("--no-sandbox")
        self.log = open(Path(self.folder) / "stderr", "wb")
        # It takes commands from descriptor 3 and answers on 4. From above both, so that the second may not hit the first.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (commands, messages)]
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{ends[0]} 4>&{ends[1]}', "bash", *chromium], pass_fds=ends,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log, env={**os.environ, "HOME": self.folder})
        for end in (commands, messages, *ends):
            os.close(end)
        self.answers = {}
        self.pages = {}
        self.changed = threading.Condition()
        self.ended = False
        self.last_id = 0
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.call("Browser.getVersion", seconds=START_SECONDS)
        except (AssertionError, OSError):
            self.close()
            raise

    def _read(self):
        rest = b""
        while True:
            piece = os.read(self.messages, 1 << 16)
            *whole, rest = (rest + piece).split(b"\0")
            with self.changed:
                for message in map(json.loads, whole):
                    if "id" in message:
                        self.answers[message["id"]] = message
                    elif message.get("sessionId") in self.pages:
                        self.pages[message["sessionId"]].hear(message["method"], message["params"])
                self.ended = not piece
                self.changed.notify_all()
            if not piece:
                return

    def call(self, method, params=None, session=None, seconds=CALL_SECONDS):
        self.last_id += 1
        number = self.last_id
        message = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        with self.changed:
            self.changed.wait_for(lambda: self.ended or number in self.answers, seconds)
            answer = self.answers.pop(number, None)
        if answer is None or "error" in answer:
            raise AssertionError(f"{method}: {answer or 'no answer'}\n{self.log_text()[-2000:]}")
        return answer["result"]

    def log_text(self):
        return Path(self.log.name).read_text(errors="replace")

    def open(self, address, width=1280, height=1000):
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        page = Page(self, session)
        with self.changed:
            self.pages[session] = page
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.call("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        page.go(address)
        return page

    def close(self):
        if self.process.poll() is None:
            try:
                self.call("Browser.close", seconds=10)
                self.process.wait(10)
            except (AssertionError, OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
        os.close(self.commands)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Page:
    """One tab. Elements are named by a JavaScript expression or by a selector of CSS."""

    def __init__(self, browser, session):
        self.browser = browser
        self.session = session
        self.requests = []  # addresses
        self.complaints = []  # errors and warnings of the console, with breaches of the page's policy among them

    def hear(self, event, params):
        if event == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event == "Log.entryAdded" and params["entry"]["level"] in ("warning", "error"):
            self.complaints.append(f'{params["entry"]["source"]}: {params["entry"]["text"]} {params["entry"].get("url", "")}')
        elif event == "Runtime.consoleAPICalled" and params["type"] in ("warning", "error", "assert"):
            self.complaints.append(" ".join(str(each.get("value", each.get("description"))) for each in params["args"]))
        elif event == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))

    def call(self, method, params=None):
        return self.browser.call(method, params, self.session)

    def go(self, address):
        answer = self.call("Page.navigate", {"url": address})
        if "errorText" in answer:
            raise AssertionError(f"{address}: {answer['errorText']}")

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression, seconds=CALL_SECONDS):
        return wait_until(lambda: self.evaluate(expression), seconds, expression)

    def wait_for_element(self, selector):
        self.wait_for(f"document.querySelector({json.dumps(selector)}) !== null")

    def text(self, selector):
        self.wait_for_element(selector)
        return self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText")

    def click(self, selector):
        """With the mouse, so that nothing may lie over it."""
        self.wait_for_element(selector)
        middle = self.evaluate(
            f"(() => {{ const element = document.querySelector({json.dumps(selector)});"
            "element.scrollIntoView({block: 'center', behavior: 'instant'}); const box = element.getBoundingClientRect();"
            "return {x: box.x + box.width / 2, y: box.y + box.height / 2}; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", {"type": kind, **middle, "button": "left", "clickCount": 1})

    def wait_until_still(self, selector):
        """What unfolds moves: a click would miss it."""
        self.wait_for_element(selector)
        place = f"JSON.stringify(document.querySelector({json.dumps(selector)})?.getBoundingClientRect())"
        seen = []

        def is_still():
            seen.append(self.evaluate(place))
            return len(seen) > 5 and len(set(seen[-5:])) == 1

        wait_until(is_still, CALL_SECONDS, f"{selector} standing still")

    def type(self, selector, text):
        self.click(selector)
        self.call("Input.insertText", {"text": text})

    def press(self, key, control=False):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", {
                "type": kind, "key": key, "code": f"Key{key.upper()}", "windowsVirtualKeyCode": ord(key.upper()),
                "modifiers": 2 if control else 0, "commands": ["selectAll"] if control and key == "a" else []})

    def screenshot(self, file):
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", {"format": "png"})["data"]))
