// Slows down whoever guesses passwords: from one address, or of one user.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace galley::service {

class SignInThrottle {
 public:
  // So many failures are free; each further one doubles the wait, from a second.
  static constexpr int free_failures = 10;
  static constexpr std::chrono::seconds longest_wait_of_address = std::chrono::minutes(15);
  // Shorter: whoever guesses must not lock the user out.
  static constexpr std::chrono::seconds longest_wait_of_user = std::chrono::minutes(1);
  // After so long without a failure all is forgotten.
  static constexpr std::chrono::minutes memory{30};
  static constexpr std::size_t max_known = 100'000;

  // clock outlives this.
  explicit SignInThrottle(const Clock& clock) : clock_(clock) {}

  // rate_limited with retry_after while one of the two has to wait. An attempt that is let through counts as a failure
  // until succeeded(), so that guesses at the same time count too. Thread-safe.
  Result<void> admit(std::string_view address, std::string_view email);
  void succeeded(std::string_view address, std::string_view email);

 private:
  struct Failures {
    int count = 0;
    Instant last{};
    Instant blocked_until{};
  };
  using Known = std::unordered_map<std::string, Failures>;

  void forget_old(Instant now);
  void note(Known& known, std::string_view who, std::chrono::seconds longest, Instant now);

  const Clock& clock_;
  std::mutex mutex_{};
  Known addresses_{};
  Known users_{};
};

}  // namespace galley::service
