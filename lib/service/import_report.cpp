#include "service/import_report.hpp"

#include <utility>

namespace galley::service {

void ImportReport::reject(std::string place, std::string reason) {
  ++rejected;
  if (rejections.size() < max_kept) rejections.push_back({std::move(place), std::move(reason)});
}

void ImportReport::remark(std::string place, std::string text) {
  ++remarked;
  if (remarks.size() < max_kept) remarks.push_back({std::move(place), std::move(text)});
}

void ImportReport::add(const ImportReport& other) {
  for (const auto& [noun, tally] : other.nouns) {
    Tally& mine = nouns[noun];
    mine.created += tally.created;
    mine.skipped += tally.skipped;
  }
  ignored += other.ignored;
  rejected += other.rejected;
  remarked += other.remarked;
  for (const ImportRemark& one : other.rejections)
    if (rejections.size() < max_kept) rejections.push_back(one);
  for (const ImportRemark& one : other.remarks)
    if (remarks.size() < max_kept) remarks.push_back(one);
}

std::string reason_of(const Error& error) {
  if (error.fields.empty()) return error.message;
  std::string reason;
  for (const FieldError& field : error.fields) {
    if (!reason.empty()) reason += "; ";
    reason += field.field + " " + field.reason;
  }
  return reason;
}

bool blames_input(const Error& error) {
  return error.code == ErrorCode::validation_failed || error.code == ErrorCode::conflict ||
         error.code == ErrorCode::invalid_json || error.code == ErrorCode::payload_too_large;
}

}  // namespace galley::service
