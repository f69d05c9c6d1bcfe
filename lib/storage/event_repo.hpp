// Events, in SQL.
#pragma once

#include "domain/event.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class EventRepo final : public Events {
 public:
  // connection outlives this.
  explicit EventRepo(Connection& connection) : connection_(connection) {}

  Result<Event> find(const AccountId& account, const EventId& id) const override;
  Result<std::vector<EventMark>> walk(const AccountId& account, const ProjectId& project, const EventPlace& after,
                                      Time until, int max) const override;
  Result<std::vector<EventMark>> behind(const AccountId& account, const ProjectId& project, std::int64_t row,
                                        int max) const override;
  Result<std::int64_t> last_row(const AccountId& account, const ProjectId& project) const override;
  Result<std::int64_t> row_before(const AccountId& account, const ProjectId& project, Time since) const override;
  Result<std::optional<EventId>> last_until(const AccountId& account, const ProjectId& project,
                                            std::int64_t row) const override;
  Result<std::optional<std::int64_t>> row_of(const AccountId& account, const ProjectId& project,
                                             const EventId& id) const override;
  Result<bool> has_payload(const AccountId& account, const EventId& id) const override;
  Result<void> insert(const Event& event) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
