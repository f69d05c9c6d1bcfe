// The program's settings: from a flag, else from the environment (GALLEY_…), else from the file, else the default. All
// problems are reported at once.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/account.hpp"
#include "domain/retention.hpp"
#include "http/listener.hpp"
#include "mail/smtp_relay.hpp"
#include "net/egress_guard.hpp"
#include "service/session_service.hpp"
#include "webhook/retry_schedule.hpp"

namespace galley::app {

struct Setting {
  std::string_view name;  // "allow-private-network": flag --NAME, variable GALLEY_ALLOW_PRIVATE_NETWORK, file key
  std::string_view placeholder;  // "CIDR"; empty for a switch
  std::string_view default_text;
  std::string_view about;
  bool repeatable = false;
  bool of_server = true;  // false: every command knows it
};

std::span<const Setting> settings();

struct Config {
  std::filesystem::path data = "./data";
  http::ListenAddress listen{"127.0.0.1", 8080};
  std::optional<http::ListenAddress> admin_listen{};
  std::string public_url;  // without a trailing slash; empty: the address that is listened on
  std::size_t threads = 1;
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::logfmt;
  net::EgressRules egress{};
  std::optional<std::filesystem::path> trusted_ca_file{};
  webhook::RetrySchedule webhook_schedule{};
  RetentionTimes retention{};
  PlanTable plans{};
  int public_limit = 6000;  // requests a minute for public pages from one address; a burst may take as many on top
  std::vector<std::string> cors_origins{};
  std::vector<Cidr> trusted_proxies{};
  std::optional<mail::SmtpServer> smtp{};               // nothing: no mail is sent
  std::optional<service::Registration> registration{};  // nothing: see registration_on
  std::optional<Secret> secret_key{};
};

// Whether anybody may make an account where the server really listens, which a socket that was handed over decides and
// no setting: open by default where only this machine can ask. On a public address that is to be somebody's decision.
service::Registration registration_on(const Config& config, const http::ListenAddress& address);

// By setting name, in the order given; a switch has "true".
using GivenSettings = std::map<std::string, std::vector<std::string>, std::less<>>;
// The value of an environment variable; nothing where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

// validation_failed naming every bad setting and where it was given.
Result<Config> read_config(const GivenSettings& flags, const Environment& environment);
// The lines "key = value" of a configuration file, "#" comments; repeatable settings may stand on several lines.
Result<GivenSettings> parse_config_file(std::string_view text);
// "127.0.0.1:8080", "[::1]:0"
std::optional<http::ListenAddress> parse_listen_address(std::string_view text);

// "GALLEY_ALLOW_PRIVATE_NETWORK"
std::string variable_of(std::string_view name);
std::optional<std::string> process_environment(const std::string& name);

}  // namespace galley::app
