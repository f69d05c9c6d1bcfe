#include "service/status_service.hpp"

#include "service/numbers.hpp"

namespace galley::service {

SystemStatus StatusService::status(const Actor& actor) const {
  const Instant begun = context_.clock.instant();
  SystemStatus status{.now = context_.clock.now(),
                      .uptime = std::chrono::duration_cast<std::chrono::seconds>(begun - started_),
                      .backend = context_.store.backend()};
  auto counted = context_.store.read([&](const Transaction& transaction) -> Result<void> {
    status.jobs = GALLEY_TRY(transaction.jobs().counts(actor.account, status.now - std::chrono::hours(24)));
    status.deliveries = GALLEY_TRY(transaction.deliveries().counts(actor.account));
    return {};
  });
  status.database_answers = counted.has_value();
  status.database_latency = std::chrono::duration_cast<Milliseconds>(context_.clock.instant() - begun);
  return status;
}

Result<JobDetail> StatusService::task(const Actor& actor, std::int64_t number) const {
  const JobId id = GALLEY_TRY(context_.store.read(
      [&](const Transaction& transaction) { return id_of<JobTag>(transaction, actor.account, number); }));
  return jobs_.get(actor, id);
}

Result<std::int64_t> StatusService::number_of(const Actor& actor, const JobId& job) const {
  return context_.store.read(
      [&](const Transaction& transaction) { return transaction.accounts().number_of(actor.account, job); });
}

Result<std::vector<std::int64_t>> StatusService::contents(const Actor& actor, const JobDetail& detail) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<std::vector<std::int64_t>> {
    std::vector<std::int64_t> numbers;
    for (const JobArticle& article : detail.articles) {
      const Result<std::int64_t> number = transaction.accounts().number_of(actor.account, article.article);
      if (number)
        numbers.push_back(*number);
      else if (number.error().code != ErrorCode::not_found)
        return number.error();
    }
    return numbers;
  });
}

}  // namespace galley::service
