// The way of every request, in a fixed order: request id, match, credentials, access, rate limit, content type and
// size, decoding, idempotency, handler, frame, log and metric. Whatever fails leaves through the same framing call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/call_limits.hpp"
#include "api/client_address.hpp"
#include "api/dialect.hpp"
#include "api/endpoint.hpp"
#include "api/event_stream.hpp"
#include "api/framing.hpp"
#include "api/idempotency.hpp"
#include "api/metrics.hpp"
#include "api/router.hpp"
#include "api/services.hpp"
#include "base/log.hpp"
#include "domain/account.hpp"
#include "http/handler.hpp"

namespace galley {
class IdSource;
}
namespace galley::service {
class Authenticator;
}

namespace galley::api {

struct PipelineOptions {
  LimitOptions limits{};
  std::vector<std::string> cors_origins{};  // exact; empty: no page of another origin
  std::vector<Cidr> trusted_proxies{};
  int event_streams = 1000;  // open at once
};

class Pipeline final : public http::Handler {
 public:
  // All of these outlive this. dialects: asked in order which owns a path; the last owns every path.
  Pipeline(const Services& services, std::vector<const EndpointTable*> tables, std::vector<const Dialect*> dialects,
           service::Authenticator& authenticator, const PlanTable& plans, IdSource& ids, const Clock& clock, Log& log,
           PipelineOptions options);
  ~Pipeline() override;

  Task<void> handle(http::Exchange& exchange) override;
  void refuse(const http::Refusal& refusal, http::Exchange& exchange) override;

  const Metrics& metrics() const { return metrics_; }

 private:
  const Dialect& dialect_of(std::string_view path) const;
  Task<Result<Reply>> answer(Call& call);
  Task<Result<Reply>> invoke(Call& call) const;
  // The same for a request with an Idempotency-Key.
  Task<Result<Reply>> invoke_once(Call& call, IdempotencyScope scope) const;
  Result<void> match(Call& call) const;
  Result<void> authenticate(Call& call);
  Task<Result<void>> take_body(Call& call);
  // Frames the reply and, where it is a stream, sends it. An error where all streams are taken.
  Task<Result<void>> send(const Call& call, Reply& reply);

  void finish_log(const Call& call, Instant began, const Error* error);

  const Services& services_;
  Router router_;
  std::vector<const Dialect*> dialects_;
  service::Authenticator& authenticator_;
  IdSource& ids_;
  const Clock& clock_;
  Log& log_;
  PipelineOptions options_;
  TrustedProxies proxies_;
  Framing framing_;
  CallLimits limits_;
  Metrics metrics_;
  StreamSlots streams_;
};

}  // namespace galley::api
