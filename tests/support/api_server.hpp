// The whole service in this process: a real store in a folder of its own, all use cases, the pipeline and the server on
// 127.0.0.1, the runner and the dispatcher; and two accounts with keys of every kind. Outbound calls may reach
// 127.0.0.1 over http, and nothing else that is private.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.hpp"
#include "base/cidr.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "domain/account.hpp"
#include "domain/store.hpp"
#include "service/key_service.hpp"
#include "service/session_service.hpp"
#include "support/api_client.hpp"
#include "support/dump_changes.hpp"
#include "webhook/retry_schedule.hpp"

namespace galley::test {

// Limits that no test meets unless it means to.
inline PlanTable roomy_plans() {
  PlanTable plans;
  for (PlanLimits* limits : {&plans.free, &plans.pro, &plans.agency}) {
    limits->requests_per_minute = 1'000'000;
    limits->projects.reset();
  }
  return plans;
}

struct ApiServerOptions {
  PlanTable plans = roomy_plans();
  const Clock* clock = nullptr;  // the system's
  // Whether jobs are run and deliveries sent. Without, nothing changes but by requests.
  bool works = true;
  std::size_t threads = 1;
  PlanLimits unauthenticated{.requests_per_minute = 1'000'000};
  PlanLimits public_pages{.requests_per_minute = 1'000'000};
  int throttle_factor = 10'000;
  service::Registration registration = service::Registration::open;
  std::vector<std::string> cors_origins{};
  std::vector<Cidr> trusted_proxies{};
  webhook::RetrySchedule webhook_schedule{};
  // Rows beside the real ones, for what no real one does.
  api::EndpointTable extra{};
};

// An account and a key of every kind that it can have, all of the whole account.
struct Tenant {
  AccountId account;
  std::string owner, admin, editor, viewer, expired, revoked;
};

class ApiServer {
 public:
  explicit ApiServer(ApiServerOptions options = {});
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  std::uint16_t port() const;
  // "http://127.0.0.1:40001"
  std::string address() const;
  ApiClient client(std::string key) const { return {port(), std::move(key)}; }

  const Tenant& first() const;
  const Tenant& second() const;
  std::string make_key(const AccountId& account, const service::KeyDraft& draft);
  void set_plan(const AccountId& account, Plan plan);
  // A user of the account who can sign in. Throws where the address is taken.
  void make_user(const AccountId& account, const std::string& email, const std::string& password, Role role);
  void change_user(const std::string& email, const std::function<void(User&)>& edit);
  // As "galley user reset-link" does: the token.
  std::string make_reset_link(const std::string& email);
  // As "galley key rotate-signing" does.
  void rotate_signing_key();
  // A failed delivery, as the dispatcher leaves it.
  void fail_delivery(const AccountId& account, const std::string& delivery);
  Store& store();

  // Every row of every table as text, a line each: what did not change is equal.
  std::string dump() const;
  // What is in the log once it holds mark (a request's id); throws where it never comes.
  std::string log_up_to(std::string_view mark) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Looks until condition holds; throws where it never does.
void wait_until(const std::function<bool()>& condition);

}  // namespace galley::test
