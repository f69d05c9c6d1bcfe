#include "storage/sealer.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace galley::storage {
namespace {

std::string associated(const SealedPlace& place) {
  std::string text(place.table);
  for (const std::string_view part : {place.column, place.row, std::string_view(place.account.text())}) {
    text += '|';
    text += part;
  }
  return text;
}

}  // namespace

std::span<const SealedColumn> sealed_columns() {
  static constexpr SealedColumn all[] = {{.table = "projects", .column = "webhook_secret"},
                                         {.table = "projects", .column = "previous_webhook_secret"},
                                         {.table = "connections", .column = "credentials"},
                                         {.table = "webhooks", .column = "secret"},
                                         {.table = "webhooks", .column = "previous_secret"},
                                         {.table = "signing_keys", .column = "secret"},
                                         {.table = "idempotency_records",
                                          .column = "answer",
                                          .row_name = "credential || ' ' || route || ' ' || idempotency_key"}};
  return all;
}

std::string Sealer::seal(const Secret& plain, const SealedPlace& place) const {
  const bool known = std::ranges::any_of(sealed_columns(), [&](const SealedColumn& one) {
    return one.table == place.table && one.column == place.column;
  });
  if (!known)
    throw std::logic_error(std::string(place.table) + "." + std::string(place.column) + " is no sealed column");
  return ring()->seal(plain, associated(place));
}

Result<Secret> Sealer::open(std::string_view sealed, const SealedPlace& place) const {
  return ring()->open(sealed, associated(place));
}

std::shared_ptr<const KeyRing> Sealer::ring() const {
  const std::lock_guard lock(mutex_);
  return ring_;
}

void Sealer::use(KeyRing ring) {
  auto next = std::make_shared<const KeyRing>(std::move(ring));
  const std::lock_guard lock(mutex_);
  ring_.swap(next);
}

}  // namespace galley::storage
