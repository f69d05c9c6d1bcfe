// The texts of mails.
#pragma once

#include <string>

#include "domain/account.hpp"
#include "domain/mail.hpp"
#include "service/password_link.hpp"

namespace galley::service {

// site: the address of this server as its users know it, without a slash at its end. Without id and date.
Letter letter_of(MailPurpose purpose, const User& user, const Account& account, const std::string& site,
                 const PasswordLink& link);

}  // namespace galley::service
