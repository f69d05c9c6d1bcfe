#include "service/sign_in_throttle.hpp"

#include <algorithm>

namespace galley::service {

void SignInThrottle::forget_old(Instant now) {
  for (Known* known : {&addresses_, &users_}) {
    if (known->size() < max_known) continue;
    std::erase_if(*known, [&](const auto& one) { return now - one.second.last > memory; });
    // All of them fresh: an attack with many addresses. Forgetting is kinder than growing.
    if (known->size() >= max_known) known->clear();
  }
}

void SignInThrottle::note(Known& known, std::string_view who, std::chrono::seconds longest, Instant now) {
  Failures& failures = known[std::string(who)];
  if (now - failures.last > memory) failures = {};
  failures.last = now;
  const int beyond = ++failures.count - free_failures;
  if (beyond < 0) return;
  const auto wait = std::chrono::seconds(std::int64_t{1} << std::min(beyond, 20));
  failures.blocked_until = now + std::min(wait, longest);
}

Result<void> SignInThrottle::admit(std::string_view address, std::string_view email) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.instant();
  Instant blocked_until = now;
  const auto look = [&](const Known& known, std::string_view who) {
    const auto found = known.find(std::string(who));
    if (found != known.end()) blocked_until = std::max(blocked_until, found->second.blocked_until);
  };
  look(addresses_, address);
  look(users_, email);
  if (blocked_until > now) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(blocked_until - now).count();
    return Error{.code = ErrorCode::rate_limited,
                 .message = "Too many failed sign-ins. Wait a moment.",
                 .details = {{"retry_after", std::int64_t{seconds}}}};
  }
  forget_old(now);
  note(addresses_, address, longest_wait_of_address, now);
  note(users_, email, longest_wait_of_user, now);
  return {};
}

void SignInThrottle::succeeded(std::string_view address, std::string_view email) {
  const std::lock_guard lock(mutex_);
  users_.erase(std::string(email));
  // An address keeps its other failures: it may have one account of its own and guess at all others.
  const auto found = addresses_.find(std::string(address));
  if (found == addresses_.end()) return;
  found->second.blocked_until = {};
  if (--found->second.count <= 0) addresses_.erase(found);
}

}  // namespace galley::service
