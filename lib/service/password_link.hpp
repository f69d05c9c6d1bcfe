// Tokens that let somebody choose a password, once, and the mails that carry them.
#pragma once

#include <chrono>
#include <string>

#include "base/secret.hpp"
#include "domain/account.hpp"
#include "domain/mail.hpp"
#include "domain/store.hpp"
#include "service/context.hpp"

namespace galley::service {

// Shown to whoever asked for it, or sent to the user, and kept by nobody: the store has the token's digest.
struct PasswordLink {
  Secret token{};
  Time expires_at{};
};

inline constexpr std::chrono::hours reset_life{1};
inline constexpr std::chrono::hours invitation_life{7 * 24};
constexpr std::chrono::hours life_of(MailPurpose purpose) {
  return purpose == MailPurpose::invitation ? invitation_life : reset_life;
}

Result<PasswordLink> make_password_link(Transaction& transaction, const Context& context, const User& user,
                                        std::chrono::hours life);

// The page that takes the token. Behind "#", which no browser sends: it is in no log of a proxy.
// site: the address of this server as its users know it, without a slash at its end.
Secret link_address(const std::string& site, const PasswordLink& link);

// A mail with a link, which MailService sends. An invitation is tried for a day, a reset for as long as its link would
// have held.
Result<void> queue_mail(Transaction& transaction, const Context& context, const User& user, MailPurpose purpose);

}  // namespace galley::service
