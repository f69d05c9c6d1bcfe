// Hashes and checks passwords on threads of its own: each takes a tenth of a second and 16 MiB.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "service/work_pool.hpp"

namespace galley::service {

class PasswordPool {
 public:
  static constexpr std::size_t max_waiting = 64;  // some seconds of work

  explicit PasswordPool(std::size_t threads = 2);

  // unavailable where too many wait. Thread-safe.
  Task<Result<std::string>> hash(Secret password);
  // Takes the same time whether or not hash is one of a password: false for one that is none.
  Task<Result<bool>> check(Secret password, std::string hash);
  // See WorkPool::stop.
  void stop() { pool_.stop(); }

 private:
  WorkPool pool_;
};

}  // namespace galley::service
