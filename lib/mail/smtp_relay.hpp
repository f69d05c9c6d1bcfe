// Hands mail on by SMTP (RFC 5321) to the operator's own server, which delivers it. By libcurl, one connection a
// letter.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/mail.hpp"

namespace galley::mail {

struct SmtpServer {
  std::string url;  // "smtp://mail.example.com:587" (STARTTLS) or "smtps://…" (TLS from the first byte), no credentials
  std::string user;  // empty: without a login
  Secret password{};
  bool on_this_machine = false;                       // a loopback address: spoken to without TLS
  std::string from{};                                 // the header's: "Galley <galley@example.com>"
  std::string sender{};                               // the envelope's: "galley@example.com"
  std::optional<std::filesystem::path> trusted_ca{};  // beside the system's certificates
};

// "smtp://user:password@mail.example.com:587": user and password escaped as in any URL. validation_failed for
// "smtp-url".
Result<SmtpServer> parse_smtp_url(std::string_view url);
// "galley@example.com" or "Galley <galley@example.com>", into server. validation_failed for "smtp-from".
Result<void> set_sender(SmtpServer& server, std::string_view from);

class SmtpRelay final : public MailRelay {
 public:
  explicit SmtpRelay(SmtpServer server) : server_(std::move(server)) {}

  // Without TLS nothing is said to a server that is not on this machine; its certificate has to be good.
  Result<void> send(const Letter& letter) override;

 private:
  SmtpServer server_;
};

}  // namespace galley::mail
