// What became of one try: the answer or its failure, judged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/result.hpp"
#include "domain/webhook.hpp"
#include "net/http_client.hpp"

namespace galley::webhook {

// succeeded: 2xx. gone: 410, nothing is to be sent there any more. impossible: no body could be made, so no try will do
// better. failed: everything else.
enum class Verdict : std::uint8_t { succeeded, failed, gone, impossible };

struct Outcome {
  Verdict verdict = Verdict::failed;
  std::optional<Milliseconds> retry_after{};  // of a 429 or 503 that says so
  Attempt attempt{};                          // without delivery and number
};

// started_at and now are the wall time before and after the exchange.
Outcome judge(const net::SendResult& sent, Time started_at, Time now);
// Nothing was sent, because the body could not be made.
Outcome judge_unsent(const Error& error, Time now);

}  // namespace galley::webhook

template <>
struct galley::Names<galley::webhook::Verdict> {
  using enum galley::webhook::Verdict;
  static constexpr NameOf<galley::webhook::Verdict> all[] = {
      {succeeded, "succeeded"}, {failed, "failed"}, {gone, "gone"}, {impossible, "impossible"}};
};
