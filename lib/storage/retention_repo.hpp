// What is forgotten when it is old, in SQL.
#pragma once

#include <string>
#include <string_view>

#include "domain/retention.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class RetentionRepo final : public Retention {
 public:
  // connection outlives this.
  explicit RetentionRepo(Connection& connection) : connection_(connection) {}

  Result<PurgeStep> purge_payloads(Time before, Time now, const PurgePlace& after, int max) override;
  Result<PurgeStep> purge_deliveries(Time before, Time now, const PurgePlace& after, int max) override;
  Result<PurgeStep> purge_jobs(Time before, Time now, const PurgePlace& after, int max) override;

 private:
  struct Old {
    PurgePlace place;
    std::string id;
    std::string event;  // of a delivery
    bool needed = false;
  };

  // Runs a statement about one id, and says how many rows it changed. limit is bound where it is not negative.
  Result<std::int64_t> change(std::string_view sql, std::string_view id, std::int64_t limit = -1);
  Result<bool> forget_payload(const Old& event, Time now);
  Result<bool> is_asked_for(const Old& job) const;

  Connection& connection_;
};

}  // namespace galley::storage
