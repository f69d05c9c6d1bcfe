#include "storage/sealer.hpp"

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

std::string Sealer::seal(const Secret& plain, const SealedPlace& place) const {
  return key_.seal(plain, associated(place));
}

Result<Secret> Sealer::open(std::string_view sealed, const SealedPlace& place) const {
  return key_.open(sealed, associated(place));
}

}  // namespace galley::storage
