#include "service/mail_service.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/crypto.hpp"
#include "service/audit.hpp"
#include "service/change_wait.hpp"
#include "service/letters.hpp"

namespace galley::service {

MailService::MailService(const Context& context, MailRelay& relay, std::string site, Log& log,
                         boost::asio::any_io_executor executor, MailPace pace)
    : context_(context),
      relay_(relay),
      site_(std::move(site)),
      log_(log),
      executor_(std::move(executor)),
      pace_(std::move(pace)) {}

Result<void> MailService::give_up(Transaction& transaction, const Mail& mail, const std::string& reason) const {
  GALLEY_TRY(transaction.mails().remove(mail.account, mail.number));
  return audit(transaction, context_, operator_of(mail.account),
               {.action = AuditAction::mail_failed,
                .subject = mail.user.text(),
                .note = std::string(to_text(mail.purpose)) + ": " + reason});
}

Result<std::optional<MailService::Outgoing>> MailService::take(Transaction& transaction) const {
  const Time now = context_.clock.now();
  for (;;) {
    const std::optional<Mail> mail = GALLEY_TRY(transaction.mails().take_due(now, now + pace_.hold));
    if (!mail) return std::optional<Outgoing>();
    const User user = GALLEY_TRY(transaction.accounts().find_user(mail->account, mail->user));
    if (user.disabled) {
      GALLEY_TRY(transaction.mails().remove(mail->account, mail->number));
      continue;
    }
    if (mail->expires_at <= now) {
      GALLEY_TRY(give_up(transaction, *mail, "it was not sent in time"));
      continue;
    }
    const Account account = GALLEY_TRY(transaction.accounts().find(mail->account));
    const PasswordLink link = GALLEY_TRY(make_password_link(transaction, context_, user, life_of(mail->purpose)));
    Outgoing outgoing{.mail = *mail,
                      .letter = letter_of(mail->purpose, user, account, site_, link),
                      .token = sha256(link.token.reveal())};
    outgoing.letter.id = context_.ids.make_uuid();
    outgoing.letter.date = now;
    return std::optional(std::move(outgoing));
  }
}

Result<void> MailService::sent(Transaction& transaction, const Outgoing& outgoing) const {
  return transaction.mails().remove(outgoing.mail.account, outgoing.mail.number);
}

Milliseconds MailService::wait_after(int attempts) const {
  const auto index = static_cast<std::size_t>(std::max(attempts - 1, 0));
  return pace_.waits[std::min(index, pace_.waits.size() - 1)];
}

Result<void> MailService::refused(Transaction& transaction, const Outgoing& outgoing, const Error& error) const {
  const Mail& mail = outgoing.mail;
  // Nobody has it.
  GALLEY_TRY(transaction.sessions().remove_password_token(mail.account, outgoing.token));
  const Time next = context_.clock.now() + wait_after(mail.attempts);
  if (error.code != ErrorCode::unavailable || next >= mail.expires_at) return give_up(transaction, mail, error.message);
  return transaction.mails().postpone(mail.account, mail.number, next);
}

Task<Result<bool>> MailService::send_next() {
  auto first = [this](Transaction& transaction) { return take(transaction); };
  const std::optional<Outgoing> outgoing = GALLEY_CO_TRY(co_await context_.store.write(std::move(first)));
  if (!outgoing) co_return false;
  std::function<Result<void>()> work = [this, &outgoing] { return relay_.send(outgoing->letter); };
  const Result<void> done = co_await pool_.run(std::move(work));
  const Mail& mail = outgoing->mail;
  const Error error = done ? Error{.message = "-", .cause = "-"} : done.error();
  log_.write(done ? LogLevel::info : LogLevel::warning, "mail",
             {{"purpose", to_text(mail.purpose)},
              {"account", std::string_view(mail.account.text())},
              {"user", std::string_view(mail.user.text())},
              {"attempt", static_cast<std::int64_t>(mail.attempts)},
              {"error", std::string_view(error.message)},
              {"cause", std::string_view(error.cause)}});
  auto last = [&](Transaction& transaction) {
    return done ? sent(transaction, *outgoing) : refused(transaction, *outgoing, error);
  };
  GALLEY_CO_TRY(co_await context_.store.write(std::move(last)));
  co_return true;
}

Result<Milliseconds> MailService::until_next() const {
  const std::optional<Time> due =
      GALLEY_TRY(context_.store.read([](const Transaction& transaction) { return transaction.mails().next_due(); }));
  if (!due) return pace_.longest_sleep;
  return std::clamp<Milliseconds>(*due - context_.clock.now(), Milliseconds(0), pace_.longest_sleep);
}

Task<void> MailService::run() {
  ChangeWait change(context_.store.changes(), std::string(topic::mails), executor_);
  while (!stopping_) {
    const Result<bool> sent = co_await send_next();
    if (sent && *sent) continue;
    Result<Milliseconds> rest = sent ? until_next() : Result<Milliseconds>(sent.error());
    if (!rest) {
      log_.write(LogLevel::warning, "mail waits",
                 {{"error", std::string_view(rest.error().message)}, {"cause", std::string_view(rest.error().cause)}});
      rest = pace_.after_failure;
    }
    if (!stopping_) co_await change.wait(*rest);
  }
}

void MailService::stop() {
  boost::asio::post(executor_, [this] {
    stopping_ = true;
    context_.store.changes().notify(topic::mails);
  });
}

}  // namespace galley::service
