#include "app/readiness.hpp"

namespace galley::app {
namespace {

// Anybody may ask, and each answer that is not an old one costs a commit.
constexpr Milliseconds proof_holds = std::chrono::seconds(1);

}  // namespace

Task<bool> Readiness::ready() const {
  if (draining_.load(std::memory_order_relaxed)) co_return false;
  const Instant now = clock_.instant();
  const Instant last = proved_at_.load(std::memory_order_relaxed);
  if (last != Instant() && now - last < proof_holds) co_return writable_.load(std::memory_order_relaxed);
  proved_at_.store(now, std::memory_order_relaxed);
  const Result<void> proof = co_await store_.prove_writable();
  writable_.store(proof.has_value(), std::memory_order_relaxed);
  co_return proof.has_value();
}

}  // namespace galley::app
