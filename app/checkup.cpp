#include "app/checkup.hpp"

#include <openssl/x509.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "app/port_owner.hpp"
#include "net/tls.hpp"
#include "storage/data_folder.hpp"
#include "storage/inspection.hpp"
#include "storage/key_file.hpp"

namespace galley::app {

namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t little_space = 1024 * mebibyte;
constexpr std::uint64_t no_space = 64 * mebibyte;
// Each connection takes a descriptor, and so does each file of the store.
constexpr rlim_t few_descriptors = 4096;
constexpr rlim_t no_descriptors = 256;
constexpr const char* restore_advice =
    "stop the server, keep a copy of the folder, and restore the latest backup (galley restore FILE)";
// No clock is right that shows a time before this program was written.
constexpr Time written = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

std::string mode_text(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

Check check_folder(const std::filesystem::path& folder) {
  Check check{.name = "data folder", .seen = folder.string()};
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) {
    check.health = errno == ENOENT ? Health::warn : Health::fail;
    check.seen += ": " + std::generic_category().message(errno);
    check.advice = "galley serve makes it; check --data where it should be there";
    return check;
  }
  check.seen += ", mode " + mode_text(status.st_mode);
  if (!S_ISDIR(status.st_mode) || ::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
    check.health = Health::fail;
    check.advice = "it must be a folder that this user may write to";
  } else if ((status.st_mode & 077) != 0) {
    check.health = Health::warn;
    check.advice = "others may look into it: chmod 700 " + folder.string();
  }
  return check;
}

Check check_key(const Config& config) {
  Check check{.name = "key"};
  std::error_code problem;
  const std::filesystem::path file = storage::key_file_in(config.data);
  if (!config.secret_key && !std::filesystem::exists(file, problem) &&
      !std::filesystem::exists(storage::database_in(config.data), problem)) {
    check.health = Health::warn;
    check.seen = "there is none yet";
    check.advice = "galley serve makes " + file.string() + "; keep a copy of it apart from the backups";
    return check;
  }
  // Makes no key: either one is there, or a database, and then a missing key is an error.
  const Result<KeyRing> ring = storage::load_key_ring(config.data, config.secret_key);
  check.seen = config.secret_key ? "from GALLEY_SECRET_KEY" : file.string() + ", readable by its owner alone";
  if (!ring) {
    check.health = Health::fail;
    check.seen = ring.error().message;
    check.advice = "without the key no stored credential can be read";
  } else if (const std::size_t keys = ring->keys().size(); keys > 1) {
    check.health = Health::warn;
    check.seen += ", " + std::to_string(keys) + " keys";
    check.advice = "a rotation has not come to its end: galley key rotate-master goes on with it";
  }
  return check;
}

// The folder's mode keeps others out; should it be opened one day, or its files be copied, theirs do.
Check check_files(const Config& config) {
  Check check{.name = "files", .seen = "readable by their owner alone"};
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(config.data, problem)) {
    struct stat status{};
    if (::lstat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & 077) == 0)
      continue;
    check.health = Health::warn;
    check.seen = entry.path().string() + " has mode " + mode_text(status.st_mode);
    check.advice = "others may read it: chmod 600 " + entry.path().string();
  }
  return check;
}

void check_database(const Config& config, const Clock& clock, std::vector<Check>& checks) {
  Check schema{.name = "schema"};
  Check integrity{.name = "integrity"};
  const Result<storage::Inspection> found = storage::inspect(config.data);
  if (!found && found.error().code == ErrorCode::not_found) {
    schema.health = Health::warn;
    schema.seen = "there is no database yet";
    schema.advice = "galley serve makes it";
    checks.push_back(std::move(schema));
    return;
  }
  if (!found && found.error().code == ErrorCode::internal) {
    integrity.health = Health::fail;
    integrity.seen = found.error().message + " " + found.error().cause;
    integrity.advice = restore_advice;
    checks.push_back(std::move(integrity));
    return;
  }
  if (!found) {
    schema.health = Health::fail;
    schema.seen = found.error().message + (found.error().cause.empty() ? "" : " " + found.error().cause);
    schema.advice = "use the version of Galley that wrote it, or restore a backup";
    checks.push_back(std::move(schema));
    return;
  }
  schema.seen = "up to date";
  if (!found->pending.empty()) {
    schema.health = Health::warn;
    schema.seen = std::to_string(found->pending.size()) + " changes to apply, the first " + found->pending.front();
    schema.advice = "galley migrate, or the next galley serve, applies them and keeps a copy of what is there";
  }
  integrity.seen = "quick check passed";
  if (!found->faults.empty()) {
    schema.health = integrity.health = Health::fail;
    schema.seen = "not readable";
    integrity.seen = found->faults.front();
    integrity.advice = restore_advice;
  }
  checks.push_back(std::move(schema));
  checks.push_back(std::move(integrity));
  if (found->last_migration && *found->last_migration > clock.now())
    checks.push_back(
        {.name = "clock",
         .health = Health::fail,
         .seen = "it is behind the database, whose schema was changed at " + to_rfc3339(*found->last_migration),
         .advice = "set the clock: schedules, retries and expiries depend on it"});
}

Check check_space(const std::filesystem::path& data) {
  Check check{.name = "disk space"};
  struct statvfs volume{};
  // The folder may not be there yet: then its nearest parent tells.
  std::error_code problem;
  std::filesystem::path folder = std::filesystem::absolute(data, problem);
  while (::statvfs(folder.c_str(), &volume) != 0) {
    if (!folder.has_relative_path()) {
      check.health = Health::warn;
      check.seen = "unknown: " + std::generic_category().message(errno);
      return check;
    }
    folder = folder.parent_path();
  }
  const std::uint64_t bytes = std::uint64_t{volume.f_bavail} * volume.f_frsize;
  check.seen = std::to_string(bytes / mebibyte) + " MiB free";
  if (bytes < little_space) {
    check.health = bytes < no_space ? Health::fail : Health::warn;
    check.advice = "make room: without space nothing can be written, and requests are answered 503";
  }
  return check;
}

Check check_descriptors() {
  Check check{.name = "descriptors"};
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_max = 0;
  check.seen = limit.rlim_max == RLIM_INFINITY ? "no limit" : "at most " + std::to_string(limit.rlim_max);
  if (limit.rlim_max < few_descriptors) {
    check.health = limit.rlim_max < no_descriptors ? Health::fail : Health::warn;
    check.advice = "raise the hard limit (ulimit -Hn, LimitNOFILE= of systemd) to 65536: each connection takes one";
  }
  return check;
}

Check check_clock(const Clock& clock) {
  Check check{.name = "clock", .seen = to_rfc3339(clock.now())};
  // Asks the kernel whether something keeps the clock right; sets nothing.
  timex state{};
  if (clock.now() < written) {
    check.health = Health::fail;
    check.advice = "set the clock: certificates and signatures are refused with a wrong one";
  } else if (::adjtimex(&state) == TIME_ERROR && (state.status & STA_UNSYNC) != 0) {
    check.health = Health::warn;
    check.seen += ", not synchronised";
    check.advice = "run an NTP client (systemd-timesyncd, chrony): receivers refuse signatures five minutes off";
  }
  return check;
}

Check check_authorities(const Config& config) {
  Check check{.name = "certificates"};
  const Result<net::TlsContext> context = net::TlsContext::create(config.trusted_ca_file);
  if (!context) {
    check.health = Health::fail;
    check.seen = context.error().cause;
    check.advice = "check --trusted-ca";
    return check;
  }
  // OpenSSL does not mind that there is no certificate at all where it looks.
  const auto place = [](const char* variable, const char* built_in) -> std::filesystem::path {
    const char* set = std::getenv(variable);
    return set != nullptr ? set : built_in;
  };
  const std::filesystem::path file = place(X509_get_default_cert_file_env(), X509_get_default_cert_file());
  const std::filesystem::path folder = place(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
  std::error_code problem;
  const bool in_folder = std::filesystem::directory_iterator(folder, problem) != std::filesystem::directory_iterator();
  if (::access(file.c_str(), R_OK) == 0) {
    check.seen = file.string();
  } else if (in_folder && ::access(folder.c_str(), R_OK | X_OK) == 0) {
    check.seen = folder.string();
  } else {
    check.health = Health::fail;
    check.seen = "none readable in " + folder.string();
    check.advice = "install ca-certificates: no https server can be verified";
  }
  return check;
}

Check check_port(const std::string_view name, const http::ListenAddress& address, std::optional<long> server) {
  Check check{.name = name, .seen = http::to_text(address)};
  if (address.port == 0) {
    check.seen += ", any free port";
    return check;
  }
  if (const Result<http::Listener> listener = http::Listener::bind(address); listener) {
    check.seen += " is free";
  } else if (listener.error().code != ErrorCode::unavailable) {
    check.health = Health::fail;
    check.seen = listener.error().message;
    check.advice = "listen on an address of this machine, and on a port from 1024 up unless privileged";
  } else if (server && listens_on(*server, address.port)) {
    check.seen += " is served by process " + std::to_string(*server) + ", with this data folder";
  } else {
    check.health = Health::fail;
    check.seen += " is in use by another program";
    check.advice = "stop that program, or listen elsewhere";
  }
  return check;
}

bool is_loopback(const http::ListenAddress& address) {
  boost::system::error_code problem;
  return boost::asio::ip::make_address(address.host, problem).is_loopback() && !problem;
}

Check check_public_url(const Config& config) {
  Check check{.name = "public-url", .seen = config.public_url};
  if (!config.public_url.empty()) return check;
  check.seen = "not set; listening on this machine alone";
  if (!is_loopback(config.listen)) {
    check.health = Health::warn;
    check.seen = "not set, though " + http::to_text(config.listen) + " is reachable from elsewhere";
    check.advice = "set public-url to the address that others use: sitemap indexes and links begin with it";
  }
  return check;
}

Check check_egress(const Config& config) {
  Check check{.name = "outbound", .seen = "https to public addresses"};
  if (config.egress.allow_insecure || !config.egress.allowed_networks.empty()) {
    check.seen = config.egress.allow_insecure ? "http is allowed" : "private networks are allowed";
    check.health = is_loopback(config.listen) ? Health::ok : Health::warn;
    if (check.health == Health::warn)
      check.advice = "allow-insecure-webhooks and allow-private-network are for trying things on one machine";
  }
  return check;
}

}  // namespace

std::vector<Check> check_installation(const Config& config, const Clock& clock) {
  std::vector<Check> checks;
  checks.push_back(check_folder(config.data));
  checks.push_back(check_key(config));
  checks.push_back(check_files(config));
  check_database(config, clock, checks);
  checks.push_back(check_space(config.data));
  checks.push_back(check_descriptors());
  checks.push_back(check_clock(clock));
  checks.push_back(check_authorities(config));
  const std::optional<long> server = storage::holder_of(config.data);
  checks.push_back(check_port("listen", config.listen, server));
  if (config.admin_listen) checks.push_back(check_port("admin-listen", *config.admin_listen, server));
  checks.push_back(check_public_url(config));
  checks.push_back(check_egress(config));
  return checks;
}

}  // namespace galley::app
