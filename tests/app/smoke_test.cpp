#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "app/command_runs.hpp"
#include "app/smoke/receiver.hpp"
#include "base/json.hpp"
#include "support/temp_store.hpp"

using namespace galley;
using galley::test::TempFolder;

namespace {

// Where this process makes its temporary files, until this goes.
class TemporaryPlace {
 public:
  explicit TemporaryPlace(const std::filesystem::path& place) { ::setenv("TMPDIR", place.c_str(), 1); }
  ~TemporaryPlace() { ::unsetenv("TMPDIR"); }
};

}  // namespace

TEST_CASE("smoke: the whole chain passes, one line a step with its time, and nothing stays behind", "[app]") {
  const TempFolder folder;
  const TemporaryPlace place(folder.path());
  const auto ended = test::run_command({"smoke"});
  INFO(ended.out << ended.err);
  CHECK(ended.status == 0);
  const auto lines = test::lines_of(ended.out);
  CHECK(lines.size() == 14);
  for (const std::string& line : lines) {
    CHECK(line.starts_with("ok "));
    CHECK(line.find(" ms  ") != std::string::npos);
  }
  CHECK(lines.front().find("start") != std::string::npos);
  CHECK(lines.back().find("drain") != std::string::npos);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("smoke: a machine on which it cannot run is a failure with the reason", "[app]") {
  const TemporaryPlace place("/nowhere/at/all");
  const auto ended = test::run_command({"smoke"});
  CHECK(ended.status == 1);
  CHECK_FALSE(ended.err.empty());
}

TEST_CASE("smoke: --json answers one object a step", "[app]") {
  const auto ended = test::run_command({"smoke", "--json"});
  for (const std::string& line : test::lines_of(ended.out)) {
    const auto step = json::parse(line);
    REQUIRE(step);
    CHECK(step->find("ok")->boolean() != nullptr);
    CHECK(step->find("milliseconds")->is_number());
  }
}

TEST_CASE("smoke: a signature is taken only where both hold for the very body", "[app]") {
  // Made with Node: crypto.createHmac over the body, and over "evt_1.1700000000." and the body.
  const Secret secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
  app::ReceivedMessage message{.path = "/",
                               .event = "article.published",
                               .signature = "dcac61c617f6c4bd11e134fc0881c3d0c20d685024df73520e64c9eb9e4e7b1d",
                               .id = "evt_1",
                               .timestamp = "1700000000",
                               .signatures = "v1,DD1Oi7a8GV2ANu2T9awnwe2noOlLB2Xy4M5hdVxVvxA=",
                               .body = R"({"event":"article.published"})"};
  CHECK(app::is_signed(message, secret));
  for (std::string app::ReceivedMessage::* part :
       {&app::ReceivedMessage::body, &app::ReceivedMessage::id, &app::ReceivedMessage::timestamp,
        &app::ReceivedMessage::signature, &app::ReceivedMessage::signatures}) {
    app::ReceivedMessage other = message;
    other.*part += "0";
    CHECK_FALSE(app::is_signed(other, secret));
  }
  CHECK_FALSE(app::is_signed(message, Secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWc=")));
}
