#include "service/password_pool.hpp"

#include <utility>

#include "base/crypto.hpp"

namespace galley::service {

namespace {

// Of no password: what is compared where there is no user, so that it takes as long as where there is one.
constexpr std::string_view nobodys_hash =
    "$scrypt$ln=14,r=8,p=5$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

}  // namespace

PasswordPool::PasswordPool(std::size_t threads)
    : pool_({.threads = threads,
             .waiting = max_waiting,
             .refusal = "Too many sign-ins at once. Try again in a moment."}) {}

Task<Result<std::string>> PasswordPool::hash(Secret password) {
  std::string hashed;
  std::function<Result<void>()> work = [&password, &hashed]() -> Result<void> {
    hashed = hash_password(password);
    return {};
  };
  GALLEY_CO_TRY(co_await pool_.run(std::move(work)));
  co_return hashed;
}

Task<Result<bool>> PasswordPool::check(Secret password, std::string hash) {
  bool right = false;
  std::function<Result<void>()> work = [&]() -> Result<void> {
    const bool is_hash = hash.starts_with("$scrypt$");
    right = check_password(password, is_hash ? std::string_view(hash) : nobodys_hash) && is_hash;
    return {};
  };
  GALLEY_CO_TRY(co_await pool_.run(std::move(work)));
  co_return right;
}

}  // namespace galley::service
