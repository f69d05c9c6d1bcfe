// The store: transactions over everything that is kept. Implemented by storage; tests use the real one.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "base/run_to_end.hpp"
#include "base/task.hpp"
#include "domain/account.hpp"
#include "domain/article.hpp"
#include "domain/audit.hpp"
#include "domain/change_feed.hpp"
#include "domain/connection.hpp"
#include "domain/credit.hpp"
#include "domain/event.hpp"
#include "domain/idea.hpp"
#include "domain/idempotency.hpp"
#include "domain/job.hpp"
#include "domain/keyword.hpp"
#include "domain/mail.hpp"
#include "domain/preferences.hpp"
#include "domain/project.hpp"
#include "domain/retention.hpp"
#include "domain/session.hpp"
#include "domain/sitemap.hpp"
#include "domain/webhook.hpp"
#include "domain/writing_task.hpp"

namespace galley {

// One transaction. A const one reads a consistent state; only Store::write hands out one that writes.
class Transaction {
 public:
  virtual ~Transaction() = default;

  virtual Accounts& accounts() = 0;
  virtual ApiKeys& api_keys() = 0;
  virtual Sessions& sessions() = 0;
  virtual Mails& mails() = 0;
  virtual Projects& projects() = 0;
  virtual Keywords& keywords() = 0;
  virtual Ideas& ideas() = 0;
  virtual WritingTasks& writing_tasks() = 0;
  virtual Articles& articles() = 0;
  virtual Connections& connections() = 0;
  virtual Publications& publications() = 0;
  virtual Webhooks& webhooks() = 0;
  virtual Deliveries& deliveries() = 0;
  virtual Events& events() = 0;
  virtual Jobs& jobs() = 0;
  virtual SitemapPages& sitemap_pages() = 0;
  virtual Credits& credits() = 0;
  virtual Preferences& preferences() = 0;
  virtual AuditTrail& audit_trail() = 0;
  virtual IdempotencyRecords& idempotency_records() = 0;
  virtual Retention& retention() = 0;

  const Accounts& accounts() const { return const_cast<Transaction*>(this)->accounts(); }
  const ApiKeys& api_keys() const { return const_cast<Transaction*>(this)->api_keys(); }
  const Sessions& sessions() const { return const_cast<Transaction*>(this)->sessions(); }
  const Mails& mails() const { return const_cast<Transaction*>(this)->mails(); }
  const Projects& projects() const { return const_cast<Transaction*>(this)->projects(); }
  const Keywords& keywords() const { return const_cast<Transaction*>(this)->keywords(); }
  const Ideas& ideas() const { return const_cast<Transaction*>(this)->ideas(); }
  const WritingTasks& writing_tasks() const { return const_cast<Transaction*>(this)->writing_tasks(); }
  const Articles& articles() const { return const_cast<Transaction*>(this)->articles(); }
  const Connections& connections() const { return const_cast<Transaction*>(this)->connections(); }
  const Publications& publications() const { return const_cast<Transaction*>(this)->publications(); }
  const Webhooks& webhooks() const { return const_cast<Transaction*>(this)->webhooks(); }
  const Deliveries& deliveries() const { return const_cast<Transaction*>(this)->deliveries(); }
  const Events& events() const { return const_cast<Transaction*>(this)->events(); }
  const Jobs& jobs() const { return const_cast<Transaction*>(this)->jobs(); }
  const SitemapPages& sitemap_pages() const { return const_cast<Transaction*>(this)->sitemap_pages(); }
  const Credits& credits() const { return const_cast<Transaction*>(this)->credits(); }
  const Preferences& preferences() const { return const_cast<Transaction*>(this)->preferences(); }
  const AuditTrail& audit_trail() const { return const_cast<Transaction*>(this)->audit_trail(); }
  const IdempotencyRecords& idempotency_records() const {
    return const_cast<Transaction*>(this)->idempotency_records();
  }

  // The feed tells the topic once this transaction has committed, and not if it does not.
  virtual void announce(std::string_view topic) = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Runs body in a transaction on the writer and resumes when it is durable: committed when body returned a value,
  // rolled back when it returned an Error, which is returned. Body is plain code that cannot suspend: it runs once, on
  // the writer's thread, while the caller waits, so it may use what the caller's frame holds. unavailable when too much
  // waits already or the disk refuses.
  template <class Body>
  Task<std::invoke_result_t<Body&, Transaction&>> write(Body body) {
    std::optional<std::invoke_result_t<Body&, Transaction&>> outcome;
    std::function<Result<void>(Transaction&)> work = [&](Transaction& transaction) -> Result<void> {
      outcome.emplace(body(transaction));
      if (outcome->has_error()) return outcome->error();
      return {};
    };
    Result<void> done = co_await run_write(std::move(work));
    if (done.has_error()) co_return std::move(done).error();
    co_return *std::move(outcome);
  }

  // The same for work that is spread over use cases: a coroutine that runs to its end on the writer's thread, in one
  // transaction. Whatever it writes or reads through this store on the way joins the transaction; a write that fails
  // undoes only itself, and an Error at the end undoes all. It may wait for nothing but this store: std::logic_error.
  // work is called once, while the caller waits. One within another joins it.
  template <class T>
  Task<Result<T>> write_together(std::function<Task<Result<T>>(Transaction&)> work) {
    std::optional<Result<T>> outcome;
    auto run = [&work, &outcome](Transaction& transaction) -> Task<void> {
      outcome.emplace(co_await work(transaction));
    };
    std::function<Result<void>(Transaction&)> body = [&](Transaction& transaction) -> Result<void> {
      run_to_end(run(transaction));
      if (outcome->has_error()) return outcome->error();
      return {};
    };
    Result<void> done = co_await run_write_together(std::move(body));
    if (done.has_error()) co_return std::move(done).error();
    co_return *std::move(outcome);
  }

  // The same as write for threads that may block: the command line, start-up.
  template <class Body>
  std::invoke_result_t<Body&, Transaction&> write_and_wait(Body body) {
    std::optional<std::invoke_result_t<Body&, Transaction&>> outcome;
    std::function<Result<void>(Transaction&)> work = [&](Transaction& transaction) -> Result<void> {
      outcome.emplace(body(transaction));
      if (outcome->has_error()) return outcome->error();
      return {};
    };
    Result<void> done = run_write_and_wait(std::move(work));
    if (done.has_error()) return std::move(done).error();
    return *std::move(outcome);
  }

  // Reads in place, on the calling thread's own connection: short, indexed, bounded reads only.
  template <class Body>
  std::invoke_result_t<Body&, const Transaction&> read(Body body) {
    std::optional<std::invoke_result_t<Body&, const Transaction&>> outcome;
    const std::function<Result<void>(const Transaction&)> work = [&](const Transaction& transaction) -> Result<void> {
      outcome.emplace(body(transaction));
      return {};
    };
    Result<void> done = run_read(work);
    if (done.has_error()) return std::move(done).error();
    return *std::move(outcome);
  }

  // Reads on the pool: whatever grows with the data.
  template <class Body>
  Task<std::invoke_result_t<Body&, const Transaction&>> read_slowly(Body body) {
    std::optional<std::invoke_result_t<Body&, const Transaction&>> outcome;
    std::function<Result<void>(const Transaction&)> work = [&](const Transaction& transaction) -> Result<void> {
      outcome.emplace(body(transaction));
      return {};
    };
    Result<void> done = co_await run_read_slowly(std::move(work));
    if (done.has_error()) co_return std::move(done).error();
    co_return *std::move(outcome);
  }

  // Tells of commits. Lives as long as the store.
  virtual ChangeFeed& changes() = 0;
  // The database's name, in lower case.
  virtual std::string_view backend() const = 0;

 private:
  virtual Task<Result<void>> run_write(std::function<Result<void>(Transaction&)> body) = 0;
  virtual Task<Result<void>> run_write_together(std::function<Result<void>(Transaction&)> body) = 0;
  virtual Result<void> run_write_and_wait(std::function<Result<void>(Transaction&)> body) = 0;
  virtual Result<void> run_read(const std::function<Result<void>(const Transaction&)>& body) = 0;
  virtual Task<Result<void>> run_read_slowly(std::function<Result<void>(const Transaction&)> body) = 0;
};

}  // namespace galley
