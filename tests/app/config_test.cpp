#include "app/config.hpp"

#include <catch2/catch.hpp>

#include "app/settings.hpp"
#include "support/temp_store.hpp"

using namespace galley;
using namespace galley::app;
using galley::test::environment;
using galley::test::names;
using galley::test::TempFolder;
using galley::test::write_file;

namespace {

std::string listen_of(const Result<Config>& config) {
  REQUIRE(config);
  return http::to_text(config->listen);
}

}  // namespace

TEST_CASE("config: without anything given every setting has its default", "[app]") {
  const auto config = read_config({}, environment());
  REQUIRE(config);
  CHECK(config->data == "./data");
  CHECK(http::to_text(config->listen) == "127.0.0.1:8080");
  CHECK_FALSE(config->admin_listen);
  CHECK(config->public_url.empty());
  CHECK(config->threads >= 1);
  CHECK(config->log_level == LogLevel::info);
  CHECK_FALSE(config->egress.allow_insecure);
  CHECK(config->egress.allowed_networks.empty());
  CHECK(config->cors_origins.empty());
  CHECK_FALSE(config->secret_key);
}

TEST_CASE("config: a flag goes before the environment, that before the file, that before the default", "[app]") {
  const TempFolder folder;
  const std::string file = (folder.path() / "galley.conf").string();
  write_file(file, "listen = 127.0.0.1:1\n");
  const GivenSettings file_given{{"config", {file}}};
  const GivenSettings both_given{{"config", {file}}, {"listen", {"127.0.0.1:3"}}};
  CHECK(listen_of(read_config({}, environment())) == "127.0.0.1:8080");
  CHECK(listen_of(read_config(file_given, environment())) == "127.0.0.1:1");
  CHECK(listen_of(read_config(file_given, environment({{"GALLEY_LISTEN", "127.0.0.1:2"}}))) == "127.0.0.1:2");
  CHECK(listen_of(read_config(both_given, environment({{"GALLEY_LISTEN", "127.0.0.1:2"}}))) == "127.0.0.1:3");
}

TEST_CASE("config: the file itself may be named by the environment", "[app]") {
  const TempFolder folder;
  const std::string file = (folder.path() / "galley.conf").string();
  write_file(file, "log-level = warning\n");
  const auto config = read_config({}, environment({{"GALLEY_CONFIG", file}}));
  REQUIRE(config);
  CHECK(config->log_level == LogLevel::warning);
}

TEST_CASE("config: all problems are reported at once, from every source", "[app]") {
  const TempFolder folder;
  const std::string file = (folder.path() / "galley.conf").string();
  write_file(file, "log-level = loud\nthreads = none\n");
  const GivenSettings flags{{"config", {file}},
                            {"listen", {"somewhere"}},
                            {"allow-private-network", {"10.0.0.0/8", "10.0.0.1/8", "nonsense"}},
                            {"trusted-ca", {"/nowhere/at/all.pem"}}};
  const auto config = read_config(flags, environment({{"GALLEY_WEBHOOK_SCHEDULE", "soon"},
                                                      {"GALLEY_PUBLIC_URL", "content.example"},
                                                      {"GALLEY_ADMIN_LISTEN", "9090"}}));
  REQUIRE_FALSE(config);
  const Error& error = config.error();
  CHECK(error.code == ErrorCode::validation_failed);
  for (const char* name : {"log-level", "threads", "listen", "allow-private-network", "trusted-ca", "webhook-schedule",
                           "public-url", "admin-listen"})
    CHECK(names(error, name));
  CHECK(error.fields.size() == 9);
}

TEST_CASE("config: unknown keys, lines that are none and repeated keys are named with their line", "[app]") {
  const auto given = parse_config_file(
      "# a comment\n\nlisen = 127.0.0.1:1\nthreads\nthreads = 1\nthreads = 2\n"
      "config = other.conf\n");
  REQUIRE_FALSE(given);
  const std::vector<FieldError>& fields = given.error().fields;
  REQUIRE(fields.size() == 4);
  CHECK(fields[0].field == "config line 3");
  CHECK(fields[0].reason.find("\"lisen\"") != std::string::npos);
  CHECK(fields[1].field == "config line 4");
  CHECK(fields[2].field == "config line 6");
  CHECK(fields[2].reason.find("second time") != std::string::npos);
  CHECK(fields[3].field == "config line 7");
}

TEST_CASE("config: a file that cannot be read is an error beside the others", "[app]") {
  const auto config = read_config({{"config", {"/nowhere/galley.conf"}}, {"threads", {"0"}}}, environment());
  REQUIRE_FALSE(config);
  CHECK(names(config.error(), "config"));
  CHECK(names(config.error(), "threads"));
}

TEST_CASE("config: repeatable settings add up on lines, in flags and between commas", "[app]") {
  const auto lines = parse_config_file("cors-origin = https://a.example\ncors-origin = \"https://b.example\"\n");
  REQUIRE(lines);
  CHECK(lines->at("cors-origin") == std::vector<std::string>{"https://a.example", "https://b.example"});
  const auto config = read_config({{"cors-origin", {"https://c.example"}}},
                                  environment({{"GALLEY_ALLOW_PRIVATE_NETWORK", "10.0.0.0/8, fd00::/8"},
                                               {"GALLEY_CORS_ORIGIN", "https://not.this"}}));
  REQUIRE(config);
  REQUIRE(config->egress.allowed_networks.size() == 2);
  CHECK(config->egress.allowed_networks[1].text() == "fd00::/8");
  CHECK(config->cors_origins == std::vector<std::string>{"https://c.example"});
}

TEST_CASE("config: whether anybody may register depends on who can ask, until it is set", "[app]") {
  const auto of = [](GivenSettings given) {
    const auto config = read_config(given, environment());
    return registration_on(*config, config->listen);
  };
  CHECK(of({}) == service::Registration::open);
  CHECK(of({{"listen", {"[::1]:8080"}}}) == service::Registration::open);
  CHECK(of({{"listen", {"0.0.0.0:8080"}}}) == service::Registration::closed);
  CHECK(of({{"listen", {"192.0.2.1:8080"}}}) == service::Registration::closed);
  CHECK(of({{"listen", {"0.0.0.0:8080"}}, {"registration", {"open"}}}) == service::Registration::open);
  CHECK(of({{"registration", {"closed"}}}) == service::Registration::closed);
  // By a socket that was handed over, whatever the settings say of where to listen.
  CHECK(registration_on(*read_config({}, environment()), {"203.0.113.1", 80}) == service::Registration::closed);
}

TEST_CASE("config: mail needs a server and a sender, and proxies are networks", "[app]") {
  const auto config = read_config({{"smtp-url", {"smtp://u:p@mail.example.com:587"}},
                                   {"smtp-from", {"galley@example.com"}},
                                   {"trusted-proxy", {"127.0.0.1", "10.0.0.0/8"}}},
                                  environment());
  REQUIRE(config);
  REQUIRE(config->smtp);
  CHECK(config->smtp->url == "smtp://mail.example.com:587");
  CHECK(config->smtp->sender == "galley@example.com");
  REQUIRE(config->trusted_proxies.size() == 2);
  CHECK(config->trusted_proxies[0].text() == "127.0.0.1/32");
  CHECK_FALSE(read_config({}, environment())->smtp);
  const auto wrong =
      read_config({{"smtp-url", {"http://mail.example.com"}}, {"trusted-proxy", {"proxy"}}}, environment());
  REQUIRE_FALSE(wrong);
  for (const char* const name : {"smtp-url", "smtp-from", "trusted-proxy"})
    CHECK(names(wrong.error(), name));
}

TEST_CASE("config: listen addresses are a numeric address and a port", "[app]") {
  const auto text = [](const char* given) -> std::string {
    const auto address = parse_listen_address(given);
    return address ? http::to_text(*address) : "refused";
  };
  CHECK(text("127.0.0.1:8080") == "127.0.0.1:8080");
  CHECK(text("0.0.0.0:0") == "0.0.0.0:0");
  CHECK(text("[::1]:443") == "[::1]:443");
  CHECK(text("[::]:65535") == "[::]:65535");
  CHECK(text("localhost:80") == "127.0.0.1:80");
  for (const char* bad :
       {"", ":", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80x",
        "127.0.0.1: 80", "[::1:80", "::1]:80", "::1:80", "example.com:80", "300.1.1.1:80", "[127.0.0.1]:80"})
    CHECK(text(bad) == "refused");
}

TEST_CASE("config: the public URL loses its trailing slash", "[app]") {
  const auto config = read_config({{"public-url", {"https://content.example/"}}}, environment());
  REQUIRE(config);
  CHECK(config->public_url == "https://content.example");
}

TEST_CASE("config: denied stays the default where a switch is written false, or nonsense", "[app]") {
  const auto no = read_config({}, environment({{"GALLEY_ALLOW_INSECURE_WEBHOOKS", "false"}}));
  REQUIRE(no);
  CHECK_FALSE(no->egress.allow_insecure);
  const auto yes = read_config({}, environment({{"GALLEY_ALLOW_INSECURE_WEBHOOKS", "1"}}));
  REQUIRE(yes);
  CHECK(yes->egress.allow_insecure);
  CHECK_FALSE(read_config({}, environment({{"GALLEY_ALLOW_INSECURE_WEBHOOKS", "yes please"}})));
}

TEST_CASE("config: times to keep are whole hours or days", "[app]") {
  const auto kept = [](const char* text) {
    return read_config({{"payload-retention", {text}}, {"attempt-retention", {text}}}, environment());
  };
  const auto days = kept("45d");
  REQUIRE(days);
  CHECK(days->retention.payloads == std::chrono::hours(45 * 24));
  CHECK(days->retention.attempts == std::chrono::hours(45 * 24));
  CHECK(kept("36h")->retention.payloads == std::chrono::hours(36));
  CHECK(read_config({}, environment())->retention.payloads == std::chrono::hours(30 * 24));
  CHECK(read_config({}, environment())->retention.attempts == std::chrono::hours(90 * 24));
  for (const char* text : {"0d", "-1d", "30", "d", "1m", "1.5d", "3651d", "99999999999999999999d", "30d "}) {
    INFO(text);
    const auto config = kept(text);
    REQUIRE_FALSE(config);
    CHECK(names(config.error(), "payload-retention"));
    CHECK(names(config.error(), "attempt-retention"));
  }
}

TEST_CASE("config: the secret key comes from the environment alone", "[app]") {
  const auto config = read_config({}, environment({{"GALLEY_SECRET_KEY", "abc"}}));
  REQUIRE(config);
  REQUIRE(config->secret_key);
  CHECK(config->secret_key->reveal() == "abc");
  CHECK_FALSE(parse_config_file("secret-key = abc\n"));
}
