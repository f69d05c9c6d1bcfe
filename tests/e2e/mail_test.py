"""Mail by a real server, aiosmtpd: invitations and forgotten passwords, the page that a link opens, TLS and logins. Run by
Debian's interpreter, which has aiosmtpd.
"""
import email
import email.policy
import re
import ssl
import subprocess
import threading
import unittest

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from browser import Browser
from docs_test import SCREENSHOTS
from server_process import ServerTest, free_port, wait_until

FROM = "Galley of Acme <galley@example.com>"
RESET = "/api/v1/auth/password/reset/"


class Mailbox:
    """Takes every letter, or says first what is in refusals."""

    def __init__(self):
        self.letters = []
        self.refusals = []
        self.changed = threading.Condition()

    async def handle_DATA(self, server, session, envelope):
        with self.changed:
            if self.refusals:
                return self.refusals.pop(0)
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.append((envelope, letter))
            self.changed.notify_all()
        return "250 taken"

    def wait_for(self, count, seconds=30):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.letters) >= count, seconds):
                raise AssertionError(f"{len(self.letters)} letters came, not {count}")
        return self.letters[count - 1]


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


def link_in(letter):
    return re.search(r"https?://\S+/password/#\S+", text_of(letter))[0]


class MailTest(ServerTest):
    def mail_server(self, **options):
        self.mailbox = Mailbox()
        port = free_port()
        controller = Controller(self.mailbox, hostname="127.0.0.1", port=port, **options)
        controller.start()
        self.addCleanup(controller.stop)
        return port

    def invite(self, server, address, **fields):
        return server.expect(201, "POST", "/api/v1/auth/users/", {"email": address, **fields})["data"]


class Letters(MailTest):
    def setUp(self):
        port = self.mail_server()
        self.running = self.server("--smtp-url", f"smtp://127.0.0.1:{port}", "--smtp-from", FROM).start_first()

    def open_form(self, browser, link):
        page = browser.open(link, width=600, height=700)
        # Hidden until the page's script has found the token.
        page.wait_for("document.querySelector('#form')?.hidden === false")
        return page

    def wait_for_words(self, page, words):
        page.wait_for(f"document.querySelector('#said')?.innerText.startsWith('{words}')")

    def test_an_invitation_arrives_and_its_link_is_followed_in_a_browser(self):
        made = self.invite(self.running, "ed@example.com", first_name="Édouard")
        self.assertIsNone(made["invitation_token"])
        envelope, letter = self.mailbox.wait_for(1)
        self.assertEqual((envelope.mail_from, envelope.rcpt_tos), ("galley@example.com", ["ed@example.com"]))
        self.assertEqual(letter["From"], FROM)
        self.assertEqual(letter["To"], "ed@example.com")
        self.assertEqual(letter["Subject"], "Your invitation to Galley")
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        self.assertRegex(letter["Message-ID"], r"^<[-0-9a-f]{36}@example\.com>$")
        self.assertIsNotNone(letter["Date"].datetime.tzinfo)
        self.assertIn("Hello Édouard,", text_of(letter))
        link = link_in(letter)
        self.assertTrue(link.startswith(f"http://127.0.0.1:{self.running.port}/password/#"), link)
        self.assertNotIn(link.split("#")[1], self.running.log_text())

        browser = Browser()
        self.addCleanup(browser.close)
        page = self.open_form(browser, link)
        page.type("#password", "a new password")
        page.type("#again", "another password")
        page.click("button")
        self.wait_for_words(page, "The two are not the same.")
        page.evaluate("document.querySelector('#again').value = ''")
        page.type("#again", "a new password")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(SCREENSHOTS / "password.png")
        page.click("button")
        self.wait_for_words(page, "Your password was chosen.")
        self.assertEqual([], page.complaints)
        self.assertEqual("", page.evaluate("location.hash"))
        self.running.expect(200, "POST", "/api/v1/auth/login/",
                            {"email": "ed@example.com", "password": "a new password"})
        # Once.
        used = self.open_form(browser, link)
        used.type("#password", "a third password")
        used.type("#again", "a third password")
        used.click("button")
        self.wait_for_words(used, "This link was used already")
        bare = browser.open(link.split("#")[0])
        self.wait_for_words(bare, "This page is opened by the link")

    def test_who_forgot_a_password_gets_a_few_letters_and_strangers_get_none(self):
        self.running.expect(201, "POST", "/api/v1/auth/register/", {"email": "user@example.com", "password": "password"})
        answers = {address: self.running.expect(200, "POST", RESET, {"email": address})
                   for address in ("nobody@example.com", "user@example.com")}
        self.assertEqual(*[{**answer, "request_id": None} for answer in answers.values()])
        envelope, letter = self.mailbox.wait_for(1)
        self.assertEqual(envelope.rcpt_tos, ["user@example.com"])
        token = link_in(letter).split("#")[1]
        self.running.expect(200, "POST", RESET + "confirm/", {"token": token, "new_password": "another password"})
        self.running.expect(200, "POST", "/api/v1/auth/login/",
                            {"email": "user@example.com", "password": "another password"})
        self.running.expect(200, "POST", RESET, {"email": "nobody@example.com"})
        self.assertEqual(self.running.stop(), 0)
        self.assertEqual(len(self.mailbox.letters), 1)

    def test_a_letter_that_is_refused_for_good_is_in_the_trail(self):
        self.mailbox.refusals.append("550 no such mailbox")
        self.invite(self.running, "gone@example.com")
        entry = wait_until(lambda: next((one for one in self.running.expect(200, "GET", "/api/v1/audit")["data"]
                                         if one["action"] == "mail.failed"), None))
        self.assertEqual(entry["note"], "invitation: the mail server refused the letter (550)")
        self.assertIn("no such mailbox", self.running.log_text())

    def test_what_is_not_taken_now_waits_through_a_kill(self):
        self.mailbox.refusals.append("451 try again")
        self.invite(self.running, "later@example.com")
        wait_until(lambda: "try again" in self.running.log_text())
        self.running.kill()
        self.running.restart()
        envelope, _ = self.mailbox.wait_for(1)
        self.assertEqual(envelope.rcpt_tos, ["later@example.com"])


class Guarded(MailTest):
    """By a name, which is not sure to be this machine: TLS, and a login."""

    def setUp(self):
        self.keys = self.folder()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=mail.localhost", "-addext", "subjectAltName=DNS:mail.localhost",
                        "-keyout", self.keys / "key.pem", "-out", self.keys / "cert.pem"], check=True, capture_output=True)
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(self.keys / "cert.pem", self.keys / "key.pem")
        self.logins = []

    def authenticate(self, server, session, envelope, mechanism, login):
        self.logins.append(login)
        return AuthResult(success=login == LoginPassword(b"us:er", b"pass/word"))

    def start(self, url, *options):
        return self.server("--smtp-url", url, "--smtp-from", FROM, *options).start_first()

    def trust(self):
        return "--trusted-ca", str(self.keys / "cert.pem")

    def test_a_login_goes_behind_starttls_alone(self):
        port = self.mail_server(tls_context=self.tls, authenticator=self.authenticate, auth_required=True)
        running = self.start(f"smtp://us%3Aer:pass%2Fword@mail.localhost:{port}", *self.trust())
        self.invite(running, "ed@example.com")
        envelope, _ = self.mailbox.wait_for(1)
        self.assertEqual(envelope.rcpt_tos, ["ed@example.com"])
        self.assertEqual(len(self.logins), 1)
        self.assertNotIn("pass/word", running.log_text())

    def test_a_wrong_login_is_no_reason_to_give_up(self):
        port = self.mail_server(tls_context=self.tls, authenticator=self.authenticate, auth_required=True)
        running = self.start(f"smtp://user:wrong@mail.localhost:{port}", *self.trust())
        self.invite(running, "ed@example.com")
        wait_until(lambda: "did not take the letter" in running.log_text())
        self.assertEqual([], self.mailbox.letters)

    def test_tls_from_the_first_byte(self):
        port = self.mail_server(ssl_context=self.tls)
        running = self.start(f"smtps://mail.localhost:{port}", *self.trust())
        self.invite(running, "ed@example.com")
        self.mailbox.wait_for(1)

    def test_nothing_is_said_without_tls_or_to_a_stranger(self):
        for options, url in (({}, "smtp://mail.localhost:{}"), ({"tls_context": self.tls}, "smtp://mail.localhost:{}")):
            port = self.mail_server(**options)
            running = self.start(url.format(port))
            self.invite(running, "ed@example.com")
            wait_until(lambda: "did not take the letter" in running.log_text())
            self.assertEqual([], self.mailbox.letters)
            running.close()


if __name__ == "__main__":
    unittest.main()
