// Resolver: host names to addresses. An interface so that tests can answer, and change their answer.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "net/url.hpp"

namespace galley::net {

class Resolver {
 public:
  virtual ~Resolver() = default;
  // The addresses in the order in which to try them, never none. unavailable, with a sentence, where the name does not
  // exist, has no address, or limit ends first. Completes on the caller's executor.
  virtual Task<Result<std::vector<Address>>> resolve(std::string host, std::chrono::milliseconds limit) = 0;
};

struct ResolverLimits {
  std::size_t threads = 8;                // look-ups under way at once; each name has one at most
  std::size_t waiting = 1024;             // names beyond that are refused as unavailable
  std::size_t addresses = 8;              // of an answer; more are dropped
  std::chrono::milliseconds limit{5000};  // of one look-up, whatever the caller grants
};

// getaddrinfo on threads of its own, started when first needed. Callers that ask for a name under way share its
// answer, so that one slow name server holds one thread. Nothing is cached: that is the system's resolver's work.
// Thread-safe. Destroying it does not wait for look-ups under way; their callers are told unavailable.
class SystemResolver final : public Resolver {
 public:
  explicit SystemResolver(ResolverLimits limits = {});
  ~SystemResolver() override;
  SystemResolver(const SystemResolver&) = delete;
  SystemResolver& operator=(const SystemResolver&) = delete;

  Task<Result<std::vector<Address>>> resolve(std::string host, std::chrono::milliseconds limit) override;

 private:
  struct Lookups;
  ResolverLimits limits_;
  // Owned by this and by each of its threads: one may still sit in getaddrinfo when this is gone.
  std::shared_ptr<Lookups> lookups_;
};

}  // namespace galley::net
