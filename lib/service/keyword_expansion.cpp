// expand() of keyword_service.hpp.
#include <algorithm>
#include <set>

#include "base/unicode.hpp"
#include "service/keyword_service.hpp"

namespace galley::service {

namespace {

struct Piece {
  bool placeholder = false;
  std::string text;  // of a placeholder: its dimension's name
};

Result<std::vector<Piece>> split(const std::string& pattern, const std::string& field) {
  std::vector<Piece> pieces;
  std::size_t at = 0;
  while (at < pattern.size()) {
    const std::size_t open = pattern.find('{', at);
    if (open > at) pieces.push_back({false, pattern.substr(at, open == std::string::npos ? open : open - at)});
    if (open == std::string::npos) break;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string::npos) return invalid(field, "has a { without a }");
    pieces.push_back({true, pattern.substr(open + 1, close - open - 1)});
    at = close + 1;
  }
  return pieces;
}

// Counts through all combinations like an odometer; every keyword that was not there yet is kept.
class CrossProduct {
 public:
  explicit CrossProduct(const Expansion& expansion) : expansion_(expansion) {}

  Result<void> add(const std::vector<Piece>& pieces) {
    std::vector<std::string> names;
    for (const Piece& piece : pieces)
      if (piece.placeholder && std::find(names.begin(), names.end(), piece.text) == names.end())
        names.push_back(piece.text);
    std::size_t combinations = 1;
    for (const std::string& name : names) {
      combinations *= expansion_.dimensions.at(name).size();
      if (combinations > Expansion::max_results) return too_many();
    }
    for (std::size_t number = 0; number < combinations; ++number) {
      std::string keyword = fill(pieces, names, number);
      if (!seen_.insert(fold_text(keyword)).second) continue;
      if (keywords_.size() == Expansion::max_results) return too_many();
      keywords_.push_back(std::move(keyword));
    }
    return {};
  }

  std::vector<std::string> take() { return std::move(keywords_); }

 private:
  static Error too_many() {
    return invalid("patterns", "give more than " + std::to_string(Expansion::max_results) + " keywords");
  }

  std::string fill(const std::vector<Piece>& pieces, const std::vector<std::string>& names, std::size_t number) const {
    std::map<std::string, const std::string*> chosen;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      const std::vector<std::string>& values = expansion_.dimensions.at(*name);
      chosen[*name] = &values[number % values.size()];
      number /= values.size();
    }
    std::string keyword;
    for (const Piece& piece : pieces)
      keyword += piece.placeholder ? *chosen.at(piece.text) : piece.text;
    return tidy_line(keyword);
  }

  const Expansion& expansion_;
  std::set<std::string> seen_;
  std::vector<std::string> keywords_;
};

std::vector<FieldError> judge(const Expansion& expansion) {
  std::vector<FieldError> errors;
  const auto bound = [&](const std::string& field, std::size_t count, std::size_t max) {
    if (count == 0) errors.push_back({field, "must not be empty"});
    if (count > max) errors.push_back({field, "must have at most " + std::to_string(max) + " elements"});
  };
  bound("patterns", expansion.patterns.size(), Expansion::max_patterns);
  if (expansion.dimensions.size() > Expansion::max_dimensions)
    errors.push_back({"dimensions", "must have at most " + std::to_string(Expansion::max_dimensions) + " members"});
  for (const auto& [name, values] : expansion.dimensions)
    bound("dimensions." + name, values.size(), Expansion::max_values);
  return errors;
}

}  // namespace

Result<std::vector<std::string>> expand(const Expansion& expansion) {
  std::vector<FieldError> errors = judge(expansion);
  std::vector<std::vector<Piece>> patterns;
  std::set<std::string> used;
  for (std::size_t i = 0; i < expansion.patterns.size() && i < Expansion::max_patterns; ++i) {
    const std::string field = "patterns." + std::to_string(i);
    const Result<std::vector<Piece>> pieces = split(expansion.patterns[i], field);
    if (!pieces) {
      gather_fields(pieces, errors);
      continue;
    }
    for (const Piece& piece : *pieces) {
      if (!piece.placeholder) continue;
      used.insert(piece.text);
      if (!expansion.dimensions.contains(piece.text))
        errors.push_back({field, "names {" + piece.text + "}, which is not among the dimensions"});
    }
    patterns.push_back(*pieces);
  }
  for (const auto& [name, values] : expansion.dimensions)
    if (!used.contains(name)) errors.push_back({"dimensions." + name, "is used by no pattern"});
  if (!errors.empty()) return invalid(std::move(errors));

  CrossProduct product(expansion);
  for (const std::vector<Piece>& pieces : patterns)
    GALLEY_TRY(product.add(pieces));
  return product.take();
}

}  // namespace galley::service
