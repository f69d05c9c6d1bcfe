#include "service/password_link.hpp"

#include "base/crypto.hpp"
#include "base/encoding.hpp"

namespace galley::service {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::chrono::hours longest_wait{24};

}  // namespace

Result<PasswordLink> make_password_link(Transaction& transaction, const Context& context, const User& user,
                                        std::chrono::hours life) {
  const Time now = context.clock.now();
  PasswordLink link{.token = Secret(to_base64url(random_bytes(token_bytes))), .expires_at = now + life};
  GALLEY_TRY(transaction.sessions().insert_password_token({.digest = sha256(link.token.reveal()),
                                                           .account = user.account,
                                                           .user = user.id,
                                                           .created_at = now,
                                                           .expires_at = link.expires_at}));
  return link;
}

Secret link_address(const std::string& site, const PasswordLink& link) {
  return Secret(site + "/password/#" + std::string(link.token.reveal()));
}

Result<void> queue_mail(Transaction& transaction, const Context& context, const User& user, MailPurpose purpose) {
  const Time now = context.clock.now();
  GALLEY_TRY(transaction.mails().insert({.account = user.account,
                                         .user = user.id,
                                         .purpose = purpose,
                                         .due_at = now,
                                         .expires_at = now + std::min(life_of(purpose), longest_wait),
                                         .created_at = now}));
  transaction.announce(topic::mails);
  return {};
}

}  // namespace galley::service
