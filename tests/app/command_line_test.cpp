#include <catch2/catch.hpp>

#include "app/command_runs.hpp"
#include "app/settings.hpp"
#include "base/json.hpp"
#include "storage/data_folder.hpp"
#include "support/temp_store.hpp"

using namespace galley;
using galley::test::all_commands;
using galley::test::lines_of;
using galley::test::run_command;
using galley::test::TempFolder;
using galley::test::write_file;

namespace {

constexpr const char* email = "ada@example.com";

// A folder with an account, its owner and nothing else.
struct Site {
  Site() { REQUIRE(run({"user", "create", "--email", email, "--password", "long enough"}).status == 0); }
  test::CommandRun run(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.end(), {"--data", folder.path().string()});
    return run_command(std::move(arguments), input);
  }
  TempFolder folder;
};

std::string text_member(const std::string& text, const char* name) {
  const auto value = json::parse(text);
  REQUIRE(value);
  const json::Value* member = value->find(name);
  REQUIRE(member != nullptr);
  REQUIRE(member->text() != nullptr);
  return *member->text();
}

}  // namespace

TEST_CASE("command line: help is everywhere, on standard output, and is no failure", "[app]") {
  const auto program = run_command({"--help"});
  CHECK(program.status == 0);
  CHECK(program.err.empty());
  const auto commands = all_commands();
  REQUIRE(commands.size() > 20);
  for (const auto& path : commands) {
    std::vector<std::string> arguments = path;
    arguments.emplace_back("--help");
    const auto help = run_command(arguments);
    INFO(path.back());
    CHECK(help.status == 0);
    CHECK(help.out.find("--help") != std::string::npos);
    CHECK(help.err.empty());
    if (path.size() == 1) CHECK(program.out.find(path.front()) != std::string::npos);
  }
}

TEST_CASE("command line: every command takes the data folder, the file and --json", "[app]") {
  for (const auto& path : all_commands()) {
    if (path.size() != 1) continue;
    const auto help = run_command({path.front(), "--help"});
    for (const char* option : {"--data", "--config", "--json"}) {
      INFO(path.front() << ' ' << option);
      CHECK(help.out.find(option) != std::string::npos);
    }
  }
}

TEST_CASE("command line: what serve understands is told by its help", "[app]") {
  const auto help = run_command({"serve", "--help"});
  for (const app::Setting& setting : app::settings())
    CHECK(help.out.find("--" + std::string(setting.name)) != std::string::npos);
}

TEST_CASE("command line: wrong usage ends with 2 and says so on standard error", "[app]") {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{},
                                             {"sreve"},
                                             {"serve", "--prot", "80"},
                                             {"key"},
                                             {"key", "create"},
                                             {"plan", "set", "--account", "x", "gold"},
                                             {"seed", "--account", "x"},
                                             {"backup"},
                                             {"backup", "-"},
                                             {"restore"},
                                             {"restore", "-"},
                                             {"completion", "tcsh"}}) {
    const auto ended = run_command(wrong);
    CHECK(ended.status == 2);
    CHECK(ended.out.empty());
    CHECK_FALSE(ended.err.empty());
  }
}

TEST_CASE("command line: all bad settings are named, with exit 2", "[app]") {
  const auto ended = run_command({"serve", "--listen", "x", "--threads", "0", "--log-level", "loud"});
  CHECK(ended.status == 2);
  for (const char* name : {"listen", "threads", "log-level"})
    CHECK(ended.err.find(name) != std::string::npos);
}

TEST_CASE("command line: what is not found or refused ends with 3", "[app]") {
  const Site site;
  CHECK(site.run({"plan", "set", "--account", "nobody", "pro"}).status == 3);
  CHECK(site.run({"key", "list", "--account", "nobody"}).status == 3);
  CHECK(site.run({"user", "create", "--email", email, "--password", "long enough"}).status == 3);
}

TEST_CASE("command line: a folder that another process holds, without its socket, ends with 3", "[app]") {
  const TempFolder folder;
  const auto held = storage::DataFolder::open(folder.path());
  REQUIRE(held);
  const auto ended = run_command({"user", "list", "--data", folder.path().string()});
  CHECK(ended.status == 3);
  CHECK(ended.err.find("in use by process") != std::string::npos);
}

TEST_CASE("command line: migrate --check ends with 1 until the schema is there", "[app]") {
  const TempFolder folder;
  const std::string data = folder.path().string();
  const auto before = run_command({"migrate", "--check", "--data", data});
  CHECK(before.status == 1);
  CHECK(before.out.find("pending 0001") != std::string::npos);
  CHECK(run_command({"migrate", "--data", data}).status == 0);
  const auto after = run_command({"migrate", "--check", "--data", data});
  CHECK(after.status == 0);
  CHECK(after.out == "up to date\n");
}

TEST_CASE("command line: a key stands alone on its line, and works only as long as it is not revoked", "[app]") {
  const Site site;
  const auto made = site.run({"key", "create", "--account", email, "--role", "viewer"});
  REQUIRE(made.status == 0);
  CHECK(made.out.starts_with("icf_live_"));
  CHECK(lines_of(made.out).size() == 1);
  CHECK(made.out.find_first_of(" \t") == std::string::npos);
  const auto listed = site.run({"key", "list", "--account", email});
  CHECK(listed.out.find(made.out.substr(0, 20)) == std::string::npos);
  const std::string id = listed.out.substr(0, listed.out.find('\t'));
  CHECK(site.run({"key", "revoke", "--account", email, id}).status == 0);
  CHECK(site.run({"key", "list", "--account", email}).out.find("not valid") != std::string::npos);
}

TEST_CASE("command line: --json answers one JSON value a line", "[app]") {
  const Site site;
  const auto user = site.run({"user", "create", "--email", "b@example.com", "--password", "long enough", "--json"});
  CHECK(text_member(user.out, "email") == "b@example.com");
  CHECK(text_member(site.run({"key", "create", "--account", email, "--json"}).out, "key").starts_with("icf_live_"));
  for (const auto& arguments : {std::vector<std::string>{"user", "list", "--json"},
                                std::vector<std::string>{"key", "list", "--account", email, "--json"},
                                std::vector<std::string>{"doctor", "--listen", "127.0.0.1:0", "--json"}}) {
    const auto listed = site.run(arguments);
    REQUIRE_FALSE(lines_of(listed.out).empty());
    for (const std::string& line : lines_of(listed.out))
      CHECK(json::parse(line));
  }
}

TEST_CASE("command line: a password on standard input does not stand in the arguments", "[app]") {
  const Site site;
  CHECK(site.run({"user", "set-password", "--email", email, "--password-stdin"}, "another one\n").status == 0);
  CHECK(site.run({"user", "set-password", "--email", email, "--password", "short"}).status == 2);
  CHECK(site.run({"user", "set-password", "--email", email, "--password-stdin"}, "short\n").status == 2);
  const auto link = site.run({"user", "reset-link", "--email", email});
  CHECK(link.status == 0);
  CHECK(link.out.starts_with("link     http://127.0.0.1:"));
  CHECK(link.out.find("/password/#") != std::string::npos);
  CHECK(text_member(site.run({"user", "reset-link", "--email", email, "--json"}).out, "token").size() == 43);
  // Who has a password was invited before.
  CHECK(site.run({"user", "invite-link", "--email", email}).status != 0);
  CHECK(site.run({"user", "reset-link", "--email", "nobody@example.com"}).status != 0);
}

TEST_CASE("seed: a CSV becomes the keywords of a project, which is made once", "[app]") {
  const Site site;
  const std::string file = (site.folder.path() / "keywords.csv").string();
  write_file(file, "keyword,volume\nfirst words,10\nsecond words,20\n");
  const auto first = site.run({"seed", file, "--account", email, "--project", "Coffee"});
  CHECK(first.status == 0);
  CHECK(first.out.find("\tCoffee\tmade\n") != std::string::npos);
  CHECK(first.out.find("webhook secret\twhsec_") != std::string::npos);
  CHECK(first.out.find("2 created, 0 updated, 0 as they were, 0 rejected") != std::string::npos);
  const auto again = site.run({"seed", "-", "--account", email, "--project", "Coffee", "--json"},
                              "keyword,volume\nfirst words,11\nthird words,30\n");
  CHECK(again.status == 0);
  CHECK(text_member(again.out, "projectId") == first.out.substr(0, first.out.find('\t')));
  CHECK(again.out.find("\"made\":false") != std::string::npos);
  CHECK(again.out.find("whsec_") == std::string::npos);
  CHECK(again.out.find("\"created\":1,\"updated\":1,\"skipped\":0,\"rejected\":[]") != std::string::npos);
}

TEST_CASE("seed: rejected rows are named with their line, the others stay", "[app]") {
  const Site site;
  const auto seeded = site.run({"seed", "-", "--account", email}, "keyword,difficulty\ngood words,10\nbad words,101\n");
  CHECK(seeded.status == 1);
  CHECK(seeded.out.find("1 created") != std::string::npos);
  CHECK(seeded.err.find("line 3: difficulty") != std::string::npos);
}

TEST_CASE("seed: a file that is missing or has no header, and an account that is not there, change nothing", "[app]") {
  const Site site;
  CHECK(site.run({"seed", "/nowhere.csv", "--account", email}).status == 2);
  CHECK(site.run({"seed", "/", "--account", email}).status == 2);
  CHECK(site.run({"seed", "-", "--account", email}, "no,header\n1,2\n").status == 2);
  CHECK(site.run({"seed", "-", "--account", "nobody"}, "keyword\na\n").status == 3);
  CHECK(site.run({"seed", "-", "--account", email}, "keyword\na b\n").out.find("\tmade\n") != std::string::npos);
}

TEST_CASE("audit: verify tells of every account's trail, or of the one that is named", "[app]") {
  Site site;
  REQUIRE(site.run({"user", "create", "--email", "bob@example.com", "--password", "long enough"}).status == 0);
  REQUIRE(site.run({"plan", "set", "--account", email, "pro"}).status == 0);
  const auto all = site.run({"audit", "verify"});
  CHECK(all.status == 0);
  CHECK(lines_of(all.out).size() == 2);
  const auto one = site.run({"audit", "verify", "--account", email, "--json"});
  CHECK(one.status == 0);
  REQUIRE(lines_of(one.out).size() == 1);
  CHECK(text_member(one.out, "state") == "whole");
  CHECK(text_member(one.out, "head").size() == 64);
  // Its making, its owner's and the plan.
  CHECK(one.out.find(R"("entries":3)") != std::string::npos);
  CHECK(site.run({"audit", "verify", "--account", "nobody"}).status == 3);
}
