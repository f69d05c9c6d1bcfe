// What stands in the settings; what goes over the wire is tested with a mail server, in tests/e2e/mail_test.py.
#include "mail/smtp_relay.hpp"

#include <catch2/catch.hpp>

using namespace galley;
using namespace galley::mail;

namespace {

std::string reason(const std::string& url) {
  const Result<SmtpServer> server = parse_smtp_url(url);
  return server ? "taken" : server.error().fields.at(0).reason;
}

}  // namespace

TEST_CASE("smtp: user and password come out of the address, and their escapes with them", "[mail]") {
  const SmtpServer server = parse_smtp_url("smtp://galley%40example.com:p%3Aa%2Fss@mail.example.com:587").value();
  CHECK(server.url == "smtp://mail.example.com:587");
  CHECK(server.user == "galley@example.com");
  CHECK(server.password.reveal() == "p:a/ss");
  CHECK_FALSE(server.on_this_machine);
  CHECK(parse_smtp_url("smtps://mail.example.com").value().url == "smtps://mail.example.com");
  CHECK(parse_smtp_url("smtps://mail.example.com").value().user.empty());
}

TEST_CASE("smtp: only what is sure to be this machine is spoken to without TLS", "[mail]") {
  for (const char* const here : {"smtp://localhost", "smtp://127.0.0.1:2525/", "smtp://127.8.0.1", "smtp://[::1]:25"})
    CHECK(parse_smtp_url(here).value().on_this_machine);
  for (const char* const elsewhere : {"smtp://10.0.0.1", "smtp://mail.localhost", "smtp://localhost.example.com"})
    CHECK_FALSE(parse_smtp_url(elsewhere).value().on_this_machine);
}

TEST_CASE("smtp: an address of another kind is refused, with the reason", "[mail]") {
  CHECK(reason("http://mail.example.com") == "must begin with smtp:// or smtps://");
  CHECK(reason("imap://mail.example.com") == "must begin with smtp:// or smtps://");
  CHECK(reason("smtp://mail.example.com/path") == "must end with the host and its port");
  CHECK(reason("smtp://mail.example.com?a=b") == "must end with the host and its port");
  for (const char* const bad : {"", "smtp://", "smtp://:25", "smtp://mail.example.com:port", "smtp://mail example.com"})
    CHECK(reason(bad) != "taken");
}

TEST_CASE("smtp: the sender is an address, with or without a name", "[mail]") {
  SmtpServer server;
  REQUIRE(set_sender(server, "galley@example.com").has_value());
  CHECK(server.from == "<galley@example.com>");
  CHECK(server.sender == "galley@example.com");
  REQUIRE(set_sender(server, "Galley of Acme <galley@example.com>").has_value());
  CHECK(server.from == "Galley of Acme <galley@example.com>");
  CHECK(server.sender == "galley@example.com");
  CHECK(set_sender(server, "\"Acme, Inc.\" <galley@example.com>").has_value());
  for (const char* const bad :
       {"Acme, Inc. <galley@example.com>", "a: b <galley@example.com>", "\"Acme\" Inc. <galley@example.com>", "",
        "galley", "@example.com", "galley@", "Galley <galley>", "a@b.example, c@d.example",
        "Gälley <galley@example.com>", "galley@example.com\r\nBcc: x@example.com"})
    CHECK(set_sender(server, bad).has_error());
}

TEST_CASE("smtp: where no server is a later try is worth it", "[mail]") {
  SmtpServer server = parse_smtp_url("smtp://127.0.0.1:1").value();
  REQUIRE(set_sender(server, "galley@example.com").has_value());
  SmtpRelay relay(server);
  const Result<void> sent =
      relay.send({.to = "user@example.com", .subject = "Hello", .text = Secret("Text\n"), .id = "1"});
  REQUIRE(sent.has_error());
  CHECK(sent.error().code == ErrorCode::unavailable);
  CHECK_FALSE(sent.error().cause.empty());
}

TEST_CASE("smtp: a letter whose head would be torn is not sent", "[mail]") {
  SmtpServer server = parse_smtp_url("smtp://127.0.0.1:1").value();
  REQUIRE(set_sender(server, "galley@example.com").has_value());
  SmtpRelay relay(server);
  for (const char* const to : {"user@example.com>\r\nBcc: <x@example.com", "a@b.example> <c@d.example"}) {
    const Result<void> sent = relay.send({.to = to, .subject = "Hello", .text = Secret("Text\n"), .id = "1"});
    REQUIRE(sent.has_error());
    CHECK(sent.error().code == ErrorCode::internal);
  }
}
