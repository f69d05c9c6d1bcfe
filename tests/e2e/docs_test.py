"""The documentation pages in a browser: they work against the running server, and ask nothing of any other."""
import json
import os
import tempfile
import unittest
from pathlib import Path

from browser import Browser
from server_process import ServerTest, wait_until

# Where the screenshots go; a person looks at them.
SCREENSHOTS = Path(os.environ.get("GALLEY_SCREENSHOTS") or Path(tempfile.gettempdir()) / "galley-screenshots")
LIST_PROJECTS = "#operations-projects-listProjects"


class Documentation(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    # On a port of its own each time: so a page finds nothing that another test has left in the browser.
    def setUp(self):
        self.running = self.server().start_first()
        self.origin = f"http://127.0.0.1:{self.running.port}"
        self.running.expect(201, "POST", "/api/v1/projects", {"name": "Coffee & cake"})

    def open(self, path, **size):
        return self.browser.open(self.origin + path, **size)

    def keep_screenshot(self, page, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(SCREENSHOTS / f"{name}.png")

    def assert_clean(self, page):
        self.assertEqual([], page.complaints)
        own = [address for address in page.requests if address.startswith(self.origin + "/")]
        self.assertEqual([], [address for address in page.requests
                              if address not in own and not address.startswith("data:")])
        self.assertIn(f"{self.origin}/api/schema/", own)

    def open_docs(self, fragment="", **size):
        page = self.open(f"/api/docs/{fragment}", **size)
        page.wait_for_element(LIST_PROJECTS)
        return page

    def authorize(self, page, key):
        page.click(".auth-wrapper .authorize")
        page.type("#auth-bearer-value", key)
        self.keep_screenshot(page, "docs-authorize")
        page.click(".auth-container .auth-btn-wrapper .authorize")
        page.wait_for("document.querySelector('.auth-container').innerText.includes('Authorized')")
        page.click(".auth-btn-wrapper .btn-done")
        page.wait_for("document.querySelector('.dialog-ux') === null")

    def execute(self, page, operation=LIST_PROJECTS):
        """The status and the body that the page shows."""
        if not page.evaluate(f"document.querySelector('{operation} .execute') !== null"):
            page.click(f"{operation} .opblock-summary-control")
        page.wait_until_still(f"{operation} .execute")
        page.click(f"{operation} .execute")
        answer = f"{operation} .live-responses-table .response"
        status = page.text(f"{answer} .response-col_status").split()[0]
        return status, page.text(f"{answer} .response-col_description pre")

    def test_swagger_ui_lists_every_operation_of_the_description(self):
        page = self.open_docs()
        described = self.running.expect(200, "GET", "/api/schema/")
        operations = [method["operationId"] for path in described["paths"].values() for method in path.values()]
        page.wait_for("document.querySelectorAll('.opblock').length > 0")
        self.keep_screenshot(page, "docs")
        # Of many operations it renders those alone that are in sight.
        shown = set()

        def seen_all():
            page.evaluate("scrollBy(0, innerHeight / 2), true")
            shown.update(page.evaluate("[...document.querySelectorAll('.opblock')].map(e => e.id.split('-').pop())"))
            return set(operations) <= shown

        wait_until(seen_all, 60, "every operation")
        self.assert_clean(page)

    def test_swagger_ui_calls_the_server_with_the_key_that_was_entered(self):
        page = self.open_docs()
        self.authorize(page, self.running.key)
        status, body = self.execute(page)
        self.keep_screenshot(page, "docs-executed")
        self.assertEqual("200", status)
        self.assertIn("Coffee & cake", body)
        self.assert_clean(page)

    def test_swagger_ui_sends_a_body(self):
        page = self.open_docs("#/projects/createProject")
        self.authorize(page, self.running.key)
        page.wait_for_element("#operations-projects-createProject .body-param textarea")
        page.click("#operations-projects-createProject .body-param textarea")
        page.press("a", control=True)
        page.call("Input.insertText", {"text": '{"name": "Tea"}'})
        status, body = self.execute(page, "#operations-projects-createProject")
        self.keep_screenshot(page, "docs-created")
        self.assertEqual(("201", "Tea"), (status, json.loads(body)["name"]))
        self.assert_clean(page)

    def test_swagger_ui_forgets_the_key_with_the_page(self):
        page = self.open_docs()
        self.authorize(page, self.running.key)
        self.assertEqual(0, page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length"))
        again = self.open_docs()
        status, _ = self.execute(again)
        self.assertEqual("401", status)

    def test_redoc_shows_the_whole_description(self):
        page = self.open("/api/redoc/")
        described = self.running.expect(200, "GET", "/api/schema/")
        operations = [method["operationId"] for path in described["paths"].values() for method in path.values()]
        page.wait_for(f"document.querySelectorAll('[data-section-id*=\"/operation/\"]').length >= {len(operations)}")
        shown = page.evaluate("[...document.querySelectorAll('[data-section-id*=\"/operation/\"]')]"
                              ".map(each => each.dataset.sectionId.split('/').pop())")
        self.assertEqual(set(), set(operations) - set(shown))
        # Its styles are there: the menu stands beside the text.
        self.assertTrue(page.evaluate("document.querySelector('.menu-content').getBoundingClientRect().right <= "
                                      "document.querySelector('.api-content').getBoundingClientRect().left + 1"))
        self.keep_screenshot(page, "redoc")
        page.click("[role=menuitem] label")
        page.click("[data-item-id='tag/projects/operation/createProject'] label")
        page.wait_for("location.hash === '#tag/projects/operation/createProject'")
        self.keep_screenshot(page, "redoc-operation")
        self.assert_clean(page)

    # That the pages break no rule says something only if breaches are noticed.
    def test_scripts_styles_and_calls_of_others_are_stopped_and_noticed(self):
        for path, ready in (("/api/docs/", LIST_PROJECTS), ("/api/redoc/", ".api-content")):
            with self.subTest(path):
                page = self.open(path)
                page.wait_for_element(ready)
                page.evaluate("""(() => {
                  const add = (tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields));
                  add('script', {text: 'window.stranger = 1'});
                  add('style', {textContent: 'body { color: red }'});
                  add('img', {src: 'http://127.0.0.1:1/pixel.png'});
                  add('iframe', {src: '/api/docs/'});
                  fetch('http://127.0.0.1:1/').catch(() => {});
                })()""")
                page.wait_for("window.stranger === undefined")
                for directive in ("script-src", "style-src", "img-src", "default-src", "connect-src"):
                    wait_until(lambda: any(directive in complaint for complaint in page.complaints), 10,
                               f"{directive} in {page.complaints}")

    def test_both_pages_fit_a_telephone(self):
        for name, path, ready in (("docs", "/api/docs/", LIST_PROJECTS), ("redoc", "/api/redoc/", ".api-content")):
            with self.subTest(name):
                page = self.open(path, width=390, height=844)
                page.wait_for_element(ready)
                self.keep_screenshot(page, f"{name}-telephone")
                self.assert_clean(page)


if __name__ == "__main__":
    unittest.main()
