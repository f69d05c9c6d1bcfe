#include <algorithm>
#include <iomanip>
#include <iostream>

#include "app/checkup.hpp"
#include "app/commands/syntax.hpp"
#include "base/json.hpp"

namespace galley::app {

namespace {

// Bad settings are findings; nothing else is looked at, for it would be looked for in the wrong places.
std::vector<Check> check_configuration(const Error& error) {
  std::vector<Check> checks;
  for (const FieldError& field : error.fields)
    checks.push_back({.name = "configuration",
                      .health = Health::fail,
                      .seen = field.field + " " + field.reason,
                      .advice = "galley serve would refuse it: see galley serve --help"});
  return checks;
}

void print_json(const std::vector<Check>& checks, bool failed, std::ostream& out) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().member("ok", !failed).key("checks").begin_array();
  for (const Check& check : checks)
    writer.begin_object()
        .member("name", check.name)
        .member("health", to_text(check.health))
        .member("seen", check.seen)
        .member("advice", check.advice)
        .end_object();
  writer.end_array().end_object();
  out << text << '\n';
}

void print_text(const std::vector<Check>& checks, std::ostream& out) {
  for (const Check& check : checks) {
    out << std::left << std::setw(6) << to_text(check.health) << std::setw(15) << check.name << check.seen;
    if (!check.advice.empty()) out << " — " << check.advice;
    out << '\n';
  }
}

Exit examine(Session& session) {
  const Result<Config> config = read_config(session.given, process_environment);
  std::vector<Check> checks;
  if (config)
    checks = {{.name = "configuration", .seen = "every setting can be used"}};
  else
    checks = check_configuration(config.error());
  const SystemClock clock;
  if (config) {
    const std::vector<Check> more = check_installation(*config, clock);
    checks.insert(checks.end(), more.begin(), more.end());
  }
  const bool failed = std::ranges::any_of(checks, [](const Check& check) { return check.health == Health::fail; });
  if (session.json)
    print_json(checks, failed, session.terminal.out);
  else
    print_text(checks, session.terminal.out);
  return failed ? Exit::failed : Exit::done;
}

}  // namespace

void declare_doctor(Syntax syntax) {
  syntax.runs(&examine);
}

}  // namespace galley::app
