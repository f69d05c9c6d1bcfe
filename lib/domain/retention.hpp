// What is forgotten when it is old, in steps so small that no other write waits for one. For all accounts alike.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace galley {

// How long each kind is kept. Articles, revisions, publications and keys stay, those that are no longer valid too.
struct RetentionTimes {
  Milliseconds payloads = std::chrono::hours(24 * 30);  // of events, after they happened
  Milliseconds attempts = std::chrono::hours(24 * 90);  // and their deliveries, after these ended
  Milliseconds jobs = std::chrono::hours(24 * 30);      // with items and events, after they ended
};

// Where a pass over the rows of one kind stands, in the order of their age: behind this row.
struct PurgePlace {
  Time time{};
  std::int64_t row = 0;
};

struct PurgeStep {
  std::int64_t removed = 0;          // rows; of payloads, events
  std::optional<PurgePlace> next{};  // nothing: the pass is over
};

// A step looks at no more than max rows behind after and changes no more than max; what it leaves because somebody
// still needs it, the next pass looks at again.
class Retention {
 public:
  virtual ~Retention() = default;

  // Snapshots of events from before the time. An event with a delivery that is pending keeps its own; one that no
  // delivery refers to goes altogether.
  virtual Result<PurgeStep> purge_payloads(Time before, Time now, const PurgePlace& after, int max) = 0;
  // Deliveries that finished before the time, with their attempts, and events that thereby nothing is left of.
  virtual Result<PurgeStep> purge_deliveries(Time before, Time now, const PurgePlace& after, int max) = 0;
  // Jobs that finished before the time, with their items and events. One that an article in error failed in stays: a
  // retry asks it what was wanted.
  virtual Result<PurgeStep> purge_jobs(Time before, Time now, const PurgePlace& after, int max) = 0;
};

}  // namespace galley
