// The store and the use cases that need nothing but it: what every command works with.
#pragma once

#include <memory>
#include <string>

#include "app/config.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "service/account_service.hpp"
#include "service/article_service.hpp"
#include "service/article_transitions.hpp"
#include "service/audit_service.hpp"
#include "service/context.hpp"
#include "service/event_recorder.hpp"
#include "service/idempotency.hpp"
#include "service/job_progress.hpp"
#include "service/job_service.hpp"
#include "service/key_service.hpp"
#include "service/keyword_service.hpp"
#include "service/planner_service.hpp"
#include "service/project_service.hpp"
#include "service/token_service.hpp"
#include "storage/sqlite_store.hpp"

namespace galley::app {

struct Backend {
  // Opens the data folder and migrates it. conflict where another process holds it.
  static Result<std::unique_ptr<Backend>> open(const Config& config);
  Backend(const Config& config, std::unique_ptr<storage::SqliteStore> opened);

  SystemClock clock{};
  RandomIds ids{clock};
  std::string site;  // the address under which users know the server, without a slash at its end
  PlanTable plans;
  storage::KeyOrigin key_origin;
  std::unique_ptr<storage::SqliteStore> store;
  service::Context context{*store, clock, ids, plans};
  service::EventRecorder events{context};
  service::ArticleTransitions transitions{context, events};
  service::JobProgress progress{context, events};
  service::AuditService audits{context};
  service::Idempotency idempotency{context};
  service::KeyService keys{context};
  service::TokenService tokens{context};
  service::AccountService accounts{context, keys};
  service::ProjectService projects{context};
  service::KeywordService keywords{context};
  service::PlannerService planner{context, keywords};
  service::ArticleService articles{context, events, transitions};
  service::JobService jobs{context, progress, transitions};
};

}  // namespace galley::app
