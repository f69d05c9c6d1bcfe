// What tests of publishing do over and over.
#pragma once

#include <stdexcept>

#include "service/service_bench.hpp"

namespace galley::test {

// Asks for it; what that answers.
inline Result<service::PublishStarted> publish(ServiceBench& bench, const ArticleId& id,
                                               service::PublishRequest request = {}) {
  return bench.run(bench.publishing.publish(bench.owner, id, std::move(request)));
}
inline Result<service::PublishStarted> unpublish(ServiceBench& bench, const ArticleId& id,
                                                 std::optional<ConnectionId> connection = std::nullopt) {
  return bench.run(bench.publishing.unpublish(bench.owner, id, std::move(connection)));
}
// The same where it must be accepted, and become a job.
inline JobId send(ServiceBench& bench, const ArticleId& id, service::PublishRequest request = {}) {
  return bench.must(publish(bench, id, std::move(request))).job.value().id;
}
inline JobId take_down(ServiceBench& bench, const ArticleId& id) {
  return bench.must(unpublish(bench, id)).job.value().id;
}

inline Job job_of(ServiceBench& bench, const JobId& id) {
  return bench.must(bench.jobs.get(bench.owner, id)).job;
}
// The article's only one.
inline Publication publication_of(ServiceBench& bench, const ArticleId& id) {
  const std::vector<Publication> all = bench.publications_of(id);
  if (all.size() != 1) throw std::runtime_error("not one publication");
  return all[0];
}

}  // namespace galley::test
