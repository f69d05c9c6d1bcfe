#include "service/letters.hpp"

namespace galley::service {

namespace {

// "2026-03-30 15:00 UTC"
std::string minute_of(Time time) {
  const std::string text = to_rfc3339(time);
  return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::string greeting_of(const User& user) {
  return user.first_name.empty() ? "Hello," : "Hello " + user.first_name + ",";
}

}  // namespace

Letter letter_of(MailPurpose purpose, const User& user, const Account& account, const std::string& site,
                 const PasswordLink& link) {
  std::string subject;
  std::string why;
  std::string otherwise;
  switch (purpose) {
    case MailPurpose::invitation:
      subject = "Your invitation to Galley";
      why = "you were invited to work on \"" + account.name + "\" at " + site + ". Choose your password here:";
      otherwise = "If you do not know what this is about, do nothing: without a password nobody can sign in.";
      break;
    case MailPurpose::password_reset:
      subject = "Choose a new password for Galley";
      why = "somebody, you we hope, asked for a new password for " + user.email + " at " + site + ". Choose it here:";
      otherwise = "If it was not you, do nothing: your password stays as it is.";
      break;
  }
  std::string text = greeting_of(user) + "\n\n" + why + "\n\n" + std::string(link_address(site, link).reveal()) +
                     "\n\nThe link works once, until " + minute_of(link.expires_at) + ".\n\n" + otherwise + "\n";
  return {.to = user.email, .subject = std::move(subject), .text = Secret(std::move(text))};
}

}  // namespace galley::service
