#include "service/idempotency.hpp"

namespace galley::service {

namespace {

Result<std::optional<IdempotencyRecord>> find_fresh(const Transaction& transaction, const Context& context,
                                                    const IdempotencyScope& scope) {
  std::optional<IdempotencyRecord> record = GALLEY_TRY(transaction.idempotency_records().find(scope));
  if (record && record->created_at + idempotency_memory <= context.clock.now()) record.reset();
  return record;
}

}  // namespace

Task<Result<Idempotency::Outcome>> Idempotency::once(IdempotencyScope scope, Digest request, Work work) const {
  std::function<Task<Result<Outcome>>(Transaction&)> together = [&](Transaction& transaction) -> Task<Result<Outcome>> {
    const std::optional<IdempotencyRecord> known = GALLEY_CO_TRY(find_fresh(transaction, context_, scope));
    if (known && known->request != request)
      co_return conflict(
          "This Idempotency-Key was already used with another request. Use a new key for a new request.");
    if (known) {
      Outcome outcome{.answer = known->answer, .awaited = known->awaited, .replayed = true};
      co_return outcome;
    }
    Outcome outcome = GALLEY_CO_TRY(co_await work());
    const IdempotencyRecord record{
        .request = request, .awaited = outcome.awaited, .answer = outcome.answer, .created_at = context_.clock.now()};
    GALLEY_CO_TRY(transaction.idempotency_records().put(scope, record));
    co_return outcome;
  };
  // Most repetitions are told from what is stored, and do not queue for the writer.
  const std::optional<IdempotencyRecord> known = GALLEY_CO_TRY(
      context_.store.read([&](const Transaction& transaction) { return find_fresh(transaction, context_, scope); }));
  if (known && known->request == request) {
    Outcome outcome{.answer = known->answer, .awaited = known->awaited, .replayed = true};
    co_return outcome;
  }
  co_return co_await context_.store.write_together(std::move(together));
}

Task<Result<void>> Idempotency::settle(IdempotencyScope scope, Secret answer) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    std::optional<IdempotencyRecord> record = GALLEY_TRY(find_fresh(transaction, context_, scope));
    if (!record || record->answer) return {};
    record->answer = answer;
    return transaction.idempotency_records().put(scope, *record);
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
