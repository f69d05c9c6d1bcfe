// What tests of generation do over and over.
#pragma once

#include "service/service_bench.hpp"

namespace galley::test {

// Asks for it; what that answers.
inline Result<service::QueuedGeneration> generate(ServiceBench& bench, service::GenerationRequest request) {
  return bench.run(bench.generation.generate(bench.owner, bench.project.id, std::move(request)));
}
// The same where it must be accepted.
inline service::QueuedGeneration queue(ServiceBench& bench, service::GenerationRequest request) {
  return bench.must(generate(bench, std::move(request)));
}
// From the keyword "tea".
inline service::QueuedGeneration queue_one(ServiceBench& bench, service::GenerationOptions options = {}) {
  return queue(bench, {.keywords = {"tea"}, .options = std::move(options)});
}

// What a writer says that may pass.
inline Error passing(ErrorCode code = ErrorCode::unavailable) {
  return {.code = code, .message = "The model is busy."};
}
inline service::JobDetail progress_of(ServiceBench& bench, const JobId& id) {
  return bench.must(bench.jobs.get(bench.owner, id));
}
inline std::int64_t count_keywords(ServiceBench& bench) {
  return bench.must(bench.keywords.list(bench.owner, bench.project.id, {}, {})).total;
}

}  // namespace galley::test
