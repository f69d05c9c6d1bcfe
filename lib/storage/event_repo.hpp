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
  Result<bool> has_payload(const AccountId& account, const EventId& id) const override;
  Result<void> insert(const Event& event) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
