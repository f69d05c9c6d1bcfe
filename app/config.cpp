#include "app/config.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "app/plan_file.hpp"
#include "base/encoding.hpp"
#include "net/url.hpp"

namespace galley::app {

namespace {

constexpr Setting table[] = {
    {"data", "DIR", "./data", "The folder that holds everything.", false, false},
    {"config", "FILE", "", "A file of settings, \"key = value\" a line.", false, false},
    {"listen", "ADDR:PORT", "127.0.0.1:8080", "Where to serve; port 0 picks a free one."},
    {"admin-listen", "ADDR:PORT", "", "Where to serve /metrics; nowhere by default."},
    {"public-url", "URL", "", "The address under which the world reaches this server."},
    {"threads", "N", "", "Network threads; one for each core by default."},
    {"log-level", "LEVEL", "info", "debug, info, warning or error."},
    {"log-format", "FORMAT", "logfmt", "logfmt or json."},
    {"allow-insecure-webhooks", "", "", "Lets webhooks and connections use http. For development."},
    {"allow-private-network", "CIDR", "", "Lets outbound calls reach this network. For development.", true},
    {"trusted-ca", "FILE", "", "Certificates (PEM) to trust beside the system's."},
    {"webhook-schedule", "1s,2s,…", "5s,5m,30m,2h,5h,10h,14h,20h,24h", "Waits between the tries of a delivery."},
    {"payload-retention", "TIME", "30d", "How long what a delivery carried is kept, so that it can be sent again."},
    {"attempt-retention", "TIME", "90d", "How long a finished delivery and its attempts are kept."},
    {"plan-limits", "FILE", "", "JSON with the limits of the plans."},
    {"public-limit", "N", "6000",
     "Requests a minute for public pages from one address, and as many on top as a burst."},
    {"cors-origin", "ORIGIN", "", "A web page's origin that may call the API.", true},
    {"smtp-url", "URL", "", "The mail server for invitations and resets: smtp://user:password@host:587, or smtps://."},
    {"smtp-from", "ADDRESS", "", "Whom its mail is from; needed with smtp-url."},
    {"trusted-proxy", "CIDR", "", "A proxy of your own, whose X-Forwarded-For, -Proto and -Host are believed.", true},
    {"registration", "open|closed", "", "Whether anybody may make an account; open where only this machine can ask."},
};

// Reads each setting from the first source that has it, and gathers what is wrong.
class Reader {
 public:
  Reader(const GivenSettings& flags, const Environment& environment, GivenSettings file)
      : flags_(flags), environment_(environment), file_(std::move(file)) {}

  std::vector<std::string> values(std::string_view name) const {
    if (const auto flag = flags_.find(name); flag != flags_.end()) return flag->second;
    if (const auto variable = environment_(variable_of(name))) return {*variable};
    if (const auto line = file_.find(name); line != file_.end()) return line->second;
    return {};
  }
  std::optional<std::string> value(std::string_view name) const {
    std::vector<std::string> all = values(name);
    if (all.empty() || all.back().empty()) return std::nullopt;
    return std::move(all.back());
  }
  // Repeated, or separated by commas.
  std::vector<std::string> list(std::string_view name) const {
    std::vector<std::string> parts;
    for (const std::string& value : values(name)) {
      std::istringstream stream(value);
      for (std::string part; std::getline(stream, part, ',');)
        if (const std::string_view trimmed = trim_ascii(part); !trimmed.empty()) parts.emplace_back(trimmed);
    }
    return parts;
  }

  void wrong(std::string_view name, std::string reason) { errors_.push_back({std::string(name), std::move(reason)}); }
  template <class T>
  void take(std::string_view name, Result<T> read, T& into) {
    if (read)
      into = *std::move(read);
    else
      wrong(name, read.error().fields.empty() ? read.error().message : read.error().fields.front().reason);
  }
  std::vector<FieldError> errors() && { return std::move(errors_); }

 private:
  const GivenSettings& flags_;
  const Environment& environment_;
  GivenSettings file_;
  std::vector<FieldError> errors_;
};

template <class E>
std::optional<E> pick(std::string_view text, std::initializer_list<std::pair<std::string_view, E>> names) {
  for (const auto& [name, value] : names)
    if (name == text) return value;
  return std::nullopt;
}

void read_listeners(Reader& reader, Config& config) {
  if (const auto text = reader.value("listen")) {
    if (const auto address = parse_listen_address(*text))
      config.listen = *address;
    else
      reader.wrong("listen", "must be ADDR:PORT with a numeric address, such as 127.0.0.1:8080");
  }
  if (const auto text = reader.value("admin-listen")) {
    config.admin_listen = parse_listen_address(*text);
    if (!config.admin_listen) reader.wrong("admin-listen", "must be ADDR:PORT with a numeric address");
  }
  if (const auto text = reader.value("public-url")) {
    const Result<net::Url> url = net::parse_url(*text);
    if (!url)
      reader.wrong("public-url", "must be an absolute http or https URL");
    else
      config.public_url = text->ends_with('/') ? text->substr(0, text->size() - 1) : *text;
  }
}

void read_running(Reader& reader, Config& config) {
  config.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 64);
  if (const auto text = reader.value("threads")) {
    std::size_t threads = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), threads);
    if (error != std::errc() || end != text->data() + text->size() || threads < 1 || threads > 256)
      reader.wrong("threads", "must be a whole number between 1 and 256");
    else
      config.threads = threads;
  }
  if (const auto text = reader.value("public-limit")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), config.public_limit);
    if (error != std::errc() || end != text->data() + text->size() || config.public_limit < 1 ||
        config.public_limit > 100'000'000)
      reader.wrong("public-limit", "must be a whole number between 1 and 100000000");
  }
  if (const auto text = reader.value("log-level")) {
    const auto level = pick<LogLevel>(*text, {{"debug", LogLevel::debug},
                                              {"info", LogLevel::info},
                                              {"warning", LogLevel::warning},
                                              {"error", LogLevel::error}});
    if (!level) reader.wrong("log-level", "must be debug, info, warning or error");
    config.log_level = level.value_or(LogLevel::info);
  }
  if (const auto text = reader.value("log-format")) {
    const auto format = pick<LogFormat>(*text, {{"logfmt", LogFormat::logfmt}, {"json", LogFormat::json}});
    if (!format) reader.wrong("log-format", "must be logfmt or json");
    config.log_format = format.value_or(LogFormat::logfmt);
  }
  config.cors_origins = reader.list("cors-origin");
  for (const std::string& text : reader.list("trusted-proxy")) {
    Cidr network;
    reader.take("trusted-proxy", parse_cidr(text), network);
    config.trusted_proxies.push_back(network);
  }
  if (const auto text = reader.value("registration")) {
    const auto registration = from_text<service::Registration>(*text);
    if (!registration) reader.wrong("registration", "must be open or closed");
    config.registration = registration;
  }
}

// "30d". An hour is the least: nothing is forgotten while its first tries are still under way.
Result<Milliseconds> parse_retention(std::string_view text) {
  constexpr Milliseconds most = std::chrono::hours(24 * 3650);
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, count);
  const auto unit = pick<Milliseconds>(std::string_view(rest, static_cast<std::size_t>(end - rest)),
                                       {{"h", std::chrono::hours(1)}, {"d", std::chrono::hours(24)}});
  if (problem != std::errc() || !unit || count < 1 || count > most / *unit)
    return invalid("retention", "must be a whole number of hours or days, such as 36h or 30d, at most 3650d");
  return count * *unit;
}

void read_retention(Reader& reader, Config& config) {
  if (const auto text = reader.value("payload-retention"))
    reader.take("payload-retention", parse_retention(*text), config.retention.payloads);
  if (const auto text = reader.value("attempt-retention"))
    reader.take("attempt-retention", parse_retention(*text), config.retention.attempts);
}

void read_outbound(Reader& reader, Config& config) {
  if (const auto text = reader.value("allow-insecure-webhooks")) {
    if (*text != "true" && *text != "false" && *text != "1" && *text != "0")
      reader.wrong("allow-insecure-webhooks", "must be true or false");
    config.egress.allow_insecure = *text == "true" || *text == "1";
  }
  for (const std::string& text : reader.list("allow-private-network")) {
    Cidr network;
    reader.take("allow-private-network", parse_cidr(text), network);
    config.egress.allowed_networks.push_back(network);
  }
  if (const auto text = reader.value("trusted-ca")) {
    config.trusted_ca_file = *text;
    if (!std::filesystem::is_regular_file(*text)) reader.wrong("trusted-ca", "names no file: " + *text);
  }
  if (const auto text = reader.value("webhook-schedule"))
    reader.take("webhook-schedule", webhook::RetrySchedule::parse(*text), config.webhook_schedule);
  if (const auto text = reader.value("plan-limits")) reader.take("plan-limits", read_plan_file(*text), config.plans);
}

void read_mail(Reader& reader, Config& config) {
  const std::optional<std::string> url = reader.value("smtp-url");
  const std::optional<std::string> from = reader.value("smtp-from");
  mail::SmtpServer server;
  if (url) reader.take("smtp-url", mail::parse_smtp_url(*url), server);
  if (from) {
    const Result<void> set = mail::set_sender(server, *from);
    if (!set) reader.wrong("smtp-from", set.error().fields.front().reason);
  } else if (url) {
    reader.wrong("smtp-from", "is needed where smtp-url is set");
  }
  server.trusted_ca = config.trusted_ca_file;
  if (url) config.smtp = std::move(server);
}

Result<GivenSettings> read_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return invalid("config", "cannot be read: " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return parse_config_file(text.str());
}

const Setting* find_setting(std::string_view name) {
  const auto* const found = std::ranges::find(table, name, &Setting::name);
  return found == std::end(table) ? nullptr : found;
}

}  // namespace

std::span<const Setting> settings() {
  return table;
}

std::string variable_of(std::string_view name) {
  std::string variable = "GALLEY_";
  for (const char c : name)
    variable += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return variable;
}

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::optional<http::ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  // Without brackets "::1:80" could be an address without a port.
  boost::system::error_code problem;
  const net::Address address = boost::asio::ip::make_address(host, problem);
  if (problem || address.is_v6() != bracketed) return std::nullopt;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return http::ListenAddress{std::string(host), port};
}

Result<GivenSettings> parse_config_file(std::string_view text) {
  GivenSettings given;
  std::vector<FieldError> errors;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string_view trimmed = trim_ascii(line);
    if (trimmed.empty() || trimmed.front() == '#') continue;
    const std::string place = "config line " + std::to_string(number);
    const std::size_t equals = trimmed.find('=');
    const std::string name(trim_ascii(trimmed.substr(0, std::min(equals, trimmed.size()))));
    const Setting* setting = find_setting(name);
    if (equals == std::string_view::npos) {
      errors.push_back({place, "must be \"key = value\""});
    } else if (setting == nullptr || name == "config") {
      errors.push_back({place, "names the setting \"" + name + "\", which is not known"});
    } else {
      std::string_view value = trim_ascii(trimmed.substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      std::vector<std::string>& values = given[name];
      if (!values.empty() && !setting->repeatable) errors.push_back({place, "sets " + name + " a second time"});
      values.emplace_back(value);
    }
  }
  if (!errors.empty()) return invalid(std::move(errors));
  return given;
}

Result<Config> read_config(const GivenSettings& flags, const Environment& environment) {
  const Reader before(flags, environment, {});
  GivenSettings file;
  std::vector<FieldError> errors;
  if (const auto path = before.value("config")) {
    Result<GivenSettings> read = read_file(*path);
    if (read)
      file = *std::move(read);
    else
      errors = read.error().fields;
  }
  Reader reader(flags, environment, std::move(file));
  Config config;
  if (const auto text = reader.value("data")) config.data = *text;
  read_listeners(reader, config);
  read_running(reader, config);
  read_outbound(reader, config);
  read_retention(reader, config);
  read_mail(reader, config);
  // Never a flag or a line in a file that others read: only the environment.
  if (const auto key = environment("GALLEY_SECRET_KEY")) config.secret_key = Secret(*key);
  std::vector<FieldError> more = std::move(reader).errors();
  errors.insert(errors.end(), more.begin(), more.end());
  if (!errors.empty()) return invalid(std::move(errors));
  return config;
}

service::Registration registration_on(const Config& config, const http::ListenAddress& address) {
  if (config.registration) return *config.registration;
  const bool here_alone = boost::asio::ip::make_address(address.host).is_loopback();
  return here_alone ? service::Registration::open : service::Registration::closed;
}

}  // namespace galley::app
