#include "storage/sql_transaction.hpp"

#include <algorithm>
#include <utility>

namespace galley::storage {

SqlTransaction::SqlTransaction(Connection& connection, const Sealer& sealer)
    : accounts_(connection),
      api_keys_(connection),
      sessions_(connection, sealer),
      mails_(connection),
      projects_(connection, sealer),
      keywords_(connection),
      ideas_(connection),
      writing_tasks_(connection),
      articles_(connection),
      connections_(connection, sealer),
      publications_(connection),
      webhooks_(connection, sealer),
      deliveries_(connection, sealer),
      events_(connection),
      jobs_(connection),
      sitemap_pages_(connection),
      credits_(connection),
      preferences_(connection),
      audit_trail_(connection),
      idempotency_records_(connection, sealer),
      retention_(connection) {}

void SqlTransaction::announce(std::string_view topic) {
  if (std::ranges::find(announcements_, topic) == announcements_.end()) announcements_.emplace_back(topic);
}

std::vector<std::string> SqlTransaction::take_announcements() {
  return std::exchange(announcements_, {});
}

}  // namespace galley::storage
