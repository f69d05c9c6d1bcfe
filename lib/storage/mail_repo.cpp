#include "storage/mail_repo.hpp"

namespace galley::storage {

Result<void> MailRepo::insert(const Mail& mail) {
  Query query = connection_.query(
      "INSERT INTO mails (account_id, user_id, purpose, attempts, due_at, expires_at, created_at) "
      "VALUES ($account, $user, $purpose, $attempts, $due_at, $expires_at, $created_at)");
  query.bind("account", mail.account).bind("user", mail.user).bind("purpose", mail.purpose);
  query.bind("attempts", mail.attempts).bind("due_at", mail.due_at).bind("expires_at", mail.expires_at);
  GALLEY_TRY(query.bind("created_at", mail.created_at).run());
  return {};
}

Result<std::optional<Mail>> MailRepo::take_due(Time now, Time until) {
  Query query = connection_.query(
      "UPDATE mails SET attempts = attempts + 1, due_at = $until WHERE row = (SELECT row FROM mails "
      "WHERE due_at <= $now ORDER BY due_at LIMIT 1) "
      "RETURNING row, account_id, user_id, purpose, attempts, due_at, expires_at, created_at");
  if (!GALLEY_TRY(query.bind("until", until).bind("now", now).step())) return std::optional<Mail>();
  Mail mail;
  query.row().into(mail.number, mail.account, mail.user, mail.purpose, mail.attempts, mail.due_at, mail.expires_at,
                   mail.created_at);
  return std::optional(std::move(mail));
}

Result<std::optional<Time>> MailRepo::next_due() const {
  Query query = connection_.query("SELECT min(due_at) FROM mails");
  std::optional<Time> due;
  if (GALLEY_TRY(query.step())) query.row().into(due);
  return due;
}

Result<void> MailRepo::postpone(const AccountId& account, std::int64_t number, Time due_at) {
  Query query =
      connection_.query("UPDATE mails SET due_at = $due_at WHERE row = $number AND (account_id || '') = $account");
  GALLEY_TRY(query.bind("due_at", due_at).bind("number", number).bind("account", account).run());
  return {};
}

Result<void> MailRepo::remove(const AccountId& account, std::int64_t number) {
  Query query = connection_.query("DELETE FROM mails WHERE row = $number AND (account_id || '') = $account");
  GALLEY_TRY(query.bind("number", number).bind("account", account).run());
  return {};
}

Result<std::int64_t> MailRepo::waiting(const AccountId& account, const UserId& user, MailPurpose purpose) const {
  Query query = connection_.query(
      "SELECT count(*) FROM mails WHERE user_id = $user AND purpose = $purpose AND (account_id || '') = $account");
  query.bind("user", user).bind("purpose", purpose).bind("account", account);
  std::int64_t count = 0;
  if (GALLEY_TRY(query.step())) query.row().into(count);
  return count;
}

Result<std::int64_t> MailRepo::purge(Time before, int max) {
  Query query = connection_.query(
      "DELETE FROM mails WHERE row IN (SELECT row FROM mails WHERE expires_at < $before "
      "ORDER BY expires_at LIMIT $max)");
  GALLEY_TRY(query.bind("before", before).bind("max", max).run());
  return connection_.changes();
}

}  // namespace galley::storage
