#include "api/keyword_csv.hpp"

#include "service/keyword_service.hpp"

namespace galley::api {

namespace {

// A client that has gone, or a store that fails midway, ends it without the last chunk's mark of completeness.
Task<void> send_csv(http::Exchange& exchange, const Call& call, const ProjectId& project,
                    service::KeywordService::ExportPiece piece) {
  const Result<void> begun = co_await exchange.begin_stream();
  if (!begun) co_return;
  for (;;) {
    const Result<void> sent = co_await exchange.write_chunk(piece.csv);
    if (!sent) co_return;
    if (!piece.next) break;
    Result<service::KeywordService::ExportPiece> next =
        co_await call.services.keywords.export_csv(call.actor, project, *piece.next);
    if (!next) co_return;
    piece = *std::move(next);
  }
  const Result<void> ended = co_await exchange.end_stream();
  static_cast<void>(ended);  // the client has gone: nobody to tell
}

}  // namespace

Task<Result<Reply>> keyword_csv(Call& call, ProjectId project) {
  // Before the head is framed: that the project is not there can be told only then.
  service::KeywordService::ExportPiece first =
      GALLEY_CO_TRY(co_await call.services.keywords.export_csv(call.actor, project, 0));
  Reply reply{.kind = Reply::Kind::streamed, .status = 200, .content_type = "text/csv; charset=utf-8; header=present"};
  reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"keywords.csv\"");
  reply.stream = [&call, project = std::move(project), first = std::move(first)](http::Exchange& exchange) {
    return send_csv(exchange, call, project, first);
  };
  co_return reply;
}

}  // namespace galley::api
