// Carries out a request once, however often it is sent under one key.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "domain/idempotency.hpp"
#include "service/context.hpp"

namespace galley::service {

class Idempotency {
 public:
  // What a request leaves behind: its answer, or what the answer waits for.
  struct Outcome {
    std::optional<Secret> answer{};
    std::optional<std::string> awaited{};
    bool replayed = false;  // of an earlier request under the key
  };
  // Runs on the writer's thread and waits for nothing but the store; an Error undoes what was changed, and the key is
  // free again.
  using Work = std::function<Task<Result<Outcome>>()>;

  explicit Idempotency(const Context& context) : context_(context) {}

  // The outcome of an earlier request, else of work, remembered in the transaction of what work changes. Of two at once
  // the second finds what the first left. conflict where the key was used with another request.
  Task<Result<Outcome>> once(IdempotencyScope scope, Digest request, Work work) const;
  // What was awaited has come: this is the answer from now on.
  Task<Result<void>> settle(IdempotencyScope scope, Secret answer) const;

 private:
  const Context& context_;
};

}  // namespace galley::service
