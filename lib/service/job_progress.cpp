#include "service/job_progress.hpp"

#include <algorithm>

namespace galley::service {

void put_outcome(JobItem& item, json::Value outcome) {
  item.options = json::Value(json::Object{{"outcome", std::move(outcome)}});
}

std::optional<json::Value> outcome_of_work(const JobItem& item) {
  const json::Value* outcome = item.options.find("outcome");
  return outcome != nullptr ? std::optional(*outcome) : std::nullopt;
}

std::string encode_news(const JobNews& news) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object()
      .member("status", to_text(news.status))
      .member("total", news.total)
      .member("done", news.done)
      .member("failed", news.failed);
  if (news.article) writer.member("article", news.article->text());
  if (news.article_status) writer.member("article_status", to_text(*news.article_status));
  writer.end_object();
  return text;
}

Result<JobNews> decode_news(const JobEvent& event) {
  const json::Value value = GALLEY_TRY(json::parse(event.body));
  JobNews news{.type = event.type};
  const auto number = [&](std::string_view name) {
    const json::Value* member = value.find(name);
    return member != nullptr && member->integer() != nullptr ? *member->integer() : 0;
  };
  const auto text = [&](std::string_view name) {
    const json::Value* member = value.find(name);
    return member != nullptr && member->text() != nullptr ? std::string_view(*member->text()) : std::string_view();
  };
  news.status = from_text<JobStatus>(text("status")).value_or(JobStatus::queued);
  news.total = number("total");
  news.done = number("done");
  news.failed = number("failed");
  news.article = ArticleId::parse(text("article"));
  news.article_status = from_text<ArticleStatus>(text("article_status"));
  return news;
}

Result<void> JobProgress::tell(Transaction& transaction, const Job& job, std::string type,
                               const Article* article) const {
  JobNews news{
      .type = std::move(type), .status = job.status, .total = job.total, .done = job.done, .failed = job.failed};
  if (article != nullptr) {
    news.article = article->id;
    news.article_status = article->status;
  }
  GALLEY_TRY(transaction.jobs().append_event(job.account, job.id, news.type, encode_news(news), context_.clock.now()));
  transaction.announce(topic::job(job.id.text()));
  return {};
}

Result<void> JobProgress::finish(Transaction& transaction, Job& job) const {
  job.finished_at = context_.clock.now();
  ++job.version;
  job.updated_at = *job.finished_at;
  GALLEY_TRY(transaction.jobs().update(job));
  GALLEY_TRY(tell(transaction, job, "finished", nullptr));
  return events_.job(transaction, job);
}

Result<void> JobProgress::queued(Transaction& transaction, const Job& job) const {
  transaction.announce(topic::jobs);
  return tell(transaction, job, "queued", nullptr);
}

Result<void> JobProgress::started(Transaction& transaction, const JobItem& item) const {
  Job job = GALLEY_TRY(transaction.jobs().find(item.account, item.job));
  if (job.status != JobStatus::queued) return {};
  job.status = JobStatus::running;
  ++job.version;
  job.updated_at = context_.clock.now();
  GALLEY_TRY(transaction.jobs().update(job));
  return tell(transaction, job, "started", nullptr);
}

// A job of many fails as a whole only when nothing of it succeeded.
Result<JobStatus> JobProgress::final_status(const Transaction& transaction, const Job& job) const {
  if (job.done > 0) return JobStatus::succeeded;
  const std::vector<JobItem> items = GALLEY_TRY(transaction.jobs().items(job.account, job.id));
  const bool any =
      std::any_of(items.begin(), items.end(), [](const JobItem& item) { return item.status != JobStatus::cancelled; });
  return any ? JobStatus::failed : JobStatus::cancelled;
}

Result<std::optional<JobItem>> JobProgress::still_running(const Transaction& transaction, const JobItem& item) const {
  Result<JobItem> current = transaction.jobs().find_item(item.number);
  if (!current && current.error().code == ErrorCode::not_found) return std::optional<JobItem>();
  const JobItem found = GALLEY_TRY(std::move(current));
  if (found.status != JobStatus::running) return std::optional<JobItem>();
  return std::optional(found);
}

Result<void> JobProgress::ended(Transaction& transaction, JobItem item, JobStatus status,
                                const Article* article) const {
  Job job = GALLEY_TRY(transaction.jobs().find(item.account, item.job));
  item.status = status;
  GALLEY_TRY(transaction.jobs().update_item(item));
  ++(status == JobStatus::succeeded ? job.done : job.failed);
  if (job.status == JobStatus::queued) job.status = JobStatus::running;
  const bool last = job.done + job.failed >= job.total;
  if (last) job.status = GALLEY_TRY(final_status(transaction, job));
  if (job.status == JobStatus::failed) job.error = item.error;
  if (article != nullptr) GALLEY_TRY(tell(transaction, job, "article", article));
  if (last) return finish(transaction, job);
  ++job.version;
  job.updated_at = context_.clock.now();
  return transaction.jobs().update(job);
}

Result<void> JobProgress::advanced(Transaction& transaction, const JobItem& item, std::int64_t more) const {
  Job job = GALLEY_TRY(transaction.jobs().find(item.account, item.job));
  job.done += more;
  job.total = std::max(job.total, job.done);
  ++job.version;
  job.updated_at = context_.clock.now();
  GALLEY_TRY(transaction.jobs().update(job));
  return tell(transaction, job, "progress", nullptr);
}

Result<void> JobProgress::closed(Transaction& transaction, JobItem item, std::int64_t more, JobStatus status) const {
  Job job = GALLEY_TRY(transaction.jobs().find(item.account, item.job));
  item.status = status;
  GALLEY_TRY(transaction.jobs().update_item(item));
  job.done += more;
  job.total = job.done;
  job.status = status;
  job.error = item.error;
  return finish(transaction, job);
}

Result<Job> JobProgress::cancelled(Transaction& transaction, Job job) const {
  job.status = JobStatus::cancelled;
  GALLEY_TRY(finish(transaction, job));
  return job;
}

}  // namespace galley::service
