#include <catch2/catch.hpp>
#include <cstdio>
#include <set>

#include "app/command_runs.hpp"
#include "app/settings.hpp"
#include "support/temp_store.hpp"

using namespace galley;
using galley::test::all_commands;
using galley::test::lines_of;
using galley::test::run_command;

namespace {

// What bash offers behind a line: words are given as it splits them, the last one being typed.
std::set<std::string> offered(const std::string& words) {
  const test::TempFolder folder;
  const std::string script = (folder.path() / "galley.bash").string();
  test::write_file(script, run_command({"completion", "bash"}).out);
  const std::string command =
      "bash -c '. " + script + "; COMP_WORDS=(galley " + words +
      "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _galley; printf \"%s\\n\" \"${COMPREPLY[@]}\"'";
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr)
    out += buffer;
  REQUIRE(::pclose(pipe) == 0);
  std::set<std::string> found;
  for (const std::string& line : lines_of(out))
    if (!line.empty()) found.insert(line);
  return found;
}

}  // namespace

TEST_CASE("completion: bash offers commands, those below them, and options", "[app]") {
  CHECK(offered("se") == std::set<std::string>{"serve", "seed"});
  CHECK(offered("key re") == std::set<std::string>{"revoke"});
  CHECK(offered("completion \"\"").contains("zsh"));
  CHECK(offered("key create --ro") == std::set<std::string>{"--role"});
  CHECK(offered("serve --trusted").contains("--trusted-ca"));
  // An option of the command above, and one that only the server has.
  CHECK(offered("key create --da") == std::set<std::string>{"--data"});
  CHECK(offered("key create --lis").empty());
}

TEST_CASE("completion: behind an option stand files, folders or nothing", "[app]") {
  CHECK(offered("serve --config /etc/host").contains("/etc/hosts"));
  CHECK(offered("--data /et").contains("/etc"));
  CHECK_FALSE(offered("serve --data /etc/host").contains("/etc/hosts"));
  CHECK(offered("serve --listen \"\"").empty());
  // Behind a switch stands whatever may stand without it.
  CHECK(offered("user --json li") == std::set<std::string>{"list"});
  CHECK(offered("serve --allow-insecure-webhooks --da") == std::set<std::string>{"--data"});
  CHECK(offered("seed /etc/host").contains("/etc/hosts"));
}

TEST_CASE("completion: zsh and fish know every command too", "[app]") {
  const std::string zsh = run_command({"completion", "zsh"}).out;
  for (const auto& path : all_commands())
    CHECK(zsh.find("'" + path.back() + ":") != std::string::npos);
  CHECK(zsh.starts_with("#compdef galley\n"));
  const std::string fish = run_command({"completion", "fish"}).out;
  for (const app::Setting& setting : app::settings())
    CHECK(fish.find(" -l " + std::string(setting.name) + " ") != std::string::npos);
}

TEST_CASE("man: every command, option and variable is in the manual", "[app]") {
  const auto manual = run_command({"man"});
  CHECK(manual.status == 0);
  for (const auto& path : all_commands()) {
    std::string heading = ".SS \"galley";
    for (const std::string& part : path) {
      heading += ' ';
      for (const char c : part)
        heading += c == '-' ? std::string("\\-") : std::string(1, c);
    }
    INFO(heading);
    CHECK(manual.out.find(heading) != std::string::npos);
  }
  for (const app::Setting& setting : app::settings())
    CHECK(manual.out.find(app::variable_of(setting.name)) != std::string::npos);
  CHECK(manual.out.find("\\fB\\-\\-json\\fR\nAnswer in JSON.") != std::string::npos);
  CHECK(manual.out.find("\\-\\-data\\fR \\fIDIR\\fR\n") != std::string::npos);
}

TEST_CASE("man: no text of ours becomes a request of roff's", "[app]") {
  const std::set<std::string> known{".TH", ".SH", ".SS", ".TP"};
  for (const std::string& line : lines_of(run_command({"man"}).out)) {
    INFO(line);
    CHECK_FALSE(line.empty());
    if (line.starts_with(".")) CHECK(known.contains(line.substr(0, line.find(' '))));
    CHECK_FALSE(line.starts_with("'"));
  }
}
