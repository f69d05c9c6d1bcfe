// Mail to users: what waits to be sent, durably, and the port of whoever carries it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/identity.hpp"

namespace galley {

enum class MailPurpose : std::uint8_t { invitation, password_reset };

template <>
struct Names<MailPurpose> {
  static constexpr NameOf<MailPurpose> all[] = {{MailPurpose::invitation, "invitation"},
                                                {MailPurpose::password_reset, "password_reset"}};
};

// Who gets one, and what for. Its text holds a token and is made anew for each try, so that none is kept.
struct Mail {
  std::int64_t number = 0;  // given by the store
  AccountId account;
  UserId user;
  MailPurpose purpose = MailPurpose::password_reset;
  int attempts = 0;
  Time due_at{};
  Time expires_at{};  // given up then
  Time created_at{};
};

class Mails {
 public:
  virtual ~Mails() = default;

  virtual Result<void> insert(const Mail& mail) = 0;
  // The oldest that is due, for a try: attempts is raised, and it is due again at until, should nobody tell how the try
  // ended. Nothing where none is due. For the sender, which serves all accounts.
  virtual Result<std::optional<Mail>> take_due(Time now, Time until) = 0;
  virtual Result<std::optional<Time>> next_due() const = 0;
  virtual Result<void> postpone(const AccountId& account, std::int64_t number, Time due_at) = 0;
  virtual Result<void> remove(const AccountId& account, std::int64_t number) = 0;
  // Of the user, that wait for this purpose.
  virtual Result<std::int64_t> waiting(const AccountId& account, const UserId& user, MailPurpose purpose) const = 0;
  // At most max of those that expired before; how many went.
  virtual Result<std::int64_t> purge(Time before, int max) = 0;
};

struct Letter {
  std::string to;       // an address: user@example.com
  std::string subject;  // ASCII, one line
  Secret text;          // lines end with "\n"
  std::string id{};     // the part of Message-ID before "@"
  Time date{};
};

// Hands letters on to the operator's mail server.
class MailRelay {
 public:
  virtual ~MailRelay() = default;
  // Blocks until the server took the letter, or for half a minute. unavailable where a later try may do better,
  // connection_rejected where the server refused it for good; the message may be shown to the operator.
  virtual Result<void> send(const Letter& letter) = 0;
};

}  // namespace galley
