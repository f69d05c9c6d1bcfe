#include "service/retention_service.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace galley::service {

namespace {

using Step = Result<PurgeStep> (Retention::*)(Time before, Time now, const PurgePlace& after, int max);

RetentionService::Purge purge_by(std::string_view name, Milliseconds age, Step step) {
  const auto run = [step](Transaction& transaction, Time before, Time now, const PurgePlace& after, int max) {
    return (transaction.retention().*step)(before, now, after, max);
  };
  return {.name = name, .age = age, .step = run};
}

// The oldest go first, so that each step begins anew.
RetentionService::Purge purge_oldest(std::string_view name, Milliseconds age,
                                     std::function<Result<std::int64_t>(Transaction&, Time, int)> remove) {
  const auto run = [remove = std::move(remove)](Transaction& transaction, Time before, Time, const PurgePlace& after,
                                                int max) -> Result<PurgeStep> {
    PurgeStep step{.removed = GALLEY_TRY(remove(transaction, before, max))};
    if (step.removed == max) step.next = after;
    return step;
  };
  return {.name = name, .age = age, .step = run};
}

std::vector<RetentionService::Purge> purges_of(const RetentionTimes& times) {
  return {
      purge_by("payloads", times.payloads, &Retention::purge_payloads),
      purge_by("deliveries", times.attempts, &Retention::purge_deliveries),
      purge_by("jobs", times.jobs, &Retention::purge_jobs),
      purge_oldest("idempotency keys", idempotency_memory,
                   [](Transaction& t, Time before, int max) { return t.idempotency_records().purge(before, max); }),
      purge_oldest("refresh tokens", {},
                   [](Transaction& t, Time before, int max) { return t.sessions().purge(before, max); }),
      purge_oldest(
          "password tokens", {},
          [](Transaction& t, Time before, int max) { return t.sessions().purge_password_tokens(before, max); }),
      // They are shown for a day.
      purge_oldest("webhook figures", std::chrono::hours(48),
                   [](Transaction& t, Time before, int max) { return t.deliveries().purge_figures(before, max); }),
      // Of a server that has no relay any more: the sender gives up what it tries.
      purge_oldest("mails", {}, [](Transaction& t, Time before, int max) { return t.mails().purge(before, max); }),
  };
}

}  // namespace

RetentionService::RetentionService(const Context& context, Log& log, boost::asio::any_io_executor executor,
                                   RetentionTimes times, RetentionPace pace)
    : context_(context), log_(log), pace_(pace), purges_(purges_of(times)), timer_(std::move(executor)) {}

Task<void> RetentionService::sleep(Milliseconds duration) {
  if (stopping_) co_return;
  boost::system::error_code cancelled;  // by stop(), which the caller asks for next
  timer_.expires_after(duration);
  co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
}

Task<Result<std::int64_t>> RetentionService::purge(const Purge& kind) {
  std::int64_t removed = 0;
  PurgePlace place{.time = Time::min(), .row = 0};
  while (!stopping_) {
    const Time now = context_.clock.now();
    auto body = [&](Transaction& transaction) {
      return kind.step(transaction, now - kind.age, now, place, pace_.rows_a_step);
    };
    const PurgeStep step = GALLEY_CO_TRY(co_await context_.store.write(std::move(body)));
    removed += step.removed;
    if (!step.next) break;
    place = *step.next;
    co_await sleep(pace_.between_steps);
  }
  co_return removed;
}

Task<Result<void>> RetentionService::pass() {
  const Instant begun = context_.clock.instant();
  for (const Purge& kind : purges_) {
    const std::int64_t removed = GALLEY_CO_TRY(co_await purge(kind));
    if (removed == 0) continue;
    const auto took = std::chrono::duration_cast<Milliseconds>(context_.clock.instant() - begun);
    log_.write(LogLevel::info, "old rows removed",
               {{"of", kind.name}, {"rows", removed}, {"ms", std::int64_t{took.count()}}});
  }
  co_return Result<void>();
}

Task<void> RetentionService::run() {
  co_await sleep(pace_.before_first);
  while (!stopping_) {
    const Result<void> done = co_await pass();
    if (!done)
      log_.write(LogLevel::warning, "old rows not removed",
                 {{"error", std::string_view(done.error().message)}, {"cause", std::string_view(done.error().cause)}});
    co_await sleep(pace_.between_passes);
  }
}

void RetentionService::stop() {
  boost::asio::post(timer_.get_executor(), [this] {
    stopping_ = true;
    timer_.cancel();
  });
}

}  // namespace galley::service
