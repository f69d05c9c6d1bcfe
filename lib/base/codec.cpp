#include "base/codec.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/encoding.hpp"
#include "base/unicode.hpp"

namespace galley::detail {

namespace {

std::string number_text(double value) {
  std::string text;
  json::Writer(text).value(value);
  return text;
}

std::string counted(double count, std::string_view noun) {
  return number_text(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace

const std::string* expect_text(const json::Value& value, Decoding& decoding) {
  if (value.text() == nullptr) decoding.fail("must be a string, not " + std::string(value.kind()));
  return value.text();
}

const json::Array* expect_list(const json::Value& value, const Rules& rules, Decoding& decoding) {
  const json::Array* list = value.array();
  if (list == nullptr) {
    decoding.fail("must be an array, not " + std::string(value.kind()));
    return nullptr;
  }
  const std::size_t before = decoding.failures();
  check_count(list->size(), "element", rules, decoding);
  return decoding.failures() == before ? list : nullptr;
}

const json::Object* expect_object(const json::Value& value, Decoding& decoding) {
  if (value.object() == nullptr) decoding.fail("must be an object, not " + std::string(value.kind()));
  return value.object();
}

void check_count(std::size_t count, std::string_view noun, const Rules& rules, Decoding& decoding) {
  const auto exact = static_cast<double>(count);
  if (rules.min && exact < *rules.min)
    decoding.fail("must have at least " + counted(*rules.min, noun));
  else if (rules.max && exact > *rules.max)
    decoding.fail("must have at most " + counted(*rules.max, noun));
}

void merge(const json::Value& patch, json::Value& target) {
  if (patch.object() == nullptr) {
    target = patch;
    return;
  }
  if (target.object() == nullptr) target = json::Value(json::Object{});
  std::unordered_map<std::string_view, const json::Value*> sent;
  for (const json::Member& member : *patch.object())
    sent.emplace(member.first, &member.second);
  json::Object& members = *target.object();
  std::erase_if(members, [&](const json::Member& member) {
    const auto found = sent.find(member.first);
    return found != sent.end() && found->second->is_null();
  });
  for (json::Member& member : members)
    if (const auto found = sent.find(member.first); found != sent.end()) {
      merge(*found->second, member.second);
      sent.erase(found);
    }
  for (const json::Member& member : *patch.object())
    if (!member.second.is_null() && sent.contains(member.first))
      merge(member.second, members.emplace_back(member.first, json::Value()).second);
}

void decode_pairs(const json::Value& value, std::vector<std::pair<std::string, std::string>>& target,
                  const Rules& rules, Decoding& decoding) {
  const json::Object* object = expect_object(value, decoding);
  if (object == nullptr) return;
  const std::size_t before = decoding.failures();
  std::vector<std::pair<std::string, std::string>> fresh;
  if (decoding.patching()) fresh = target;
  // What is replaced or removed is looked for among what was there before: the names of one object are unique.
  auto earlier = static_cast<std::ptrdiff_t>(fresh.size());
  for (const json::Member& member : *object) {
    const Decoding::Step step(decoding, member.first);
    const auto end = fresh.begin() + earlier;
    const auto known = std::find_if(fresh.begin(), end, [&](const auto& pair) { return pair.first == member.first; });
    if (decoding.patching() && member.second.is_null()) {
      if (known == end) continue;
      fresh.erase(known);
      --earlier;
      continue;
    }
    std::string text;
    decode_text(member.second, text, {.one_line = rules.one_line}, decoding);
    if (known != end)
      known->second = std::move(text);
    else
      fresh.emplace_back(member.first, std::move(text));
  }
  check_count(fresh.size(), "member", rules, decoding);
  if (decoding.failures() == before) target = std::move(fresh);
}

void decode_text(const json::Value& value, std::string& target, const Rules& rules, Decoding& decoding) {
  const std::string* text = expect_text(value, decoding);
  if (text == nullptr) return;
  std::string accepted = rules.one_line ? tidy_line(*text) : *text;
  const auto length = static_cast<double>(count_code_points(accepted));
  if (rules.min && length < *rules.min) {
    if (length == 0) return decoding.fail("must not be empty");
    return decoding.fail("must be at least " + counted(*rules.min, "character") + " long");
  }
  if (rules.max && length > *rules.max)
    return decoding.fail("must be at most " + counted(*rules.max, "character") + " long");
  target = std::move(accepted);
}

bool decode_integer(const json::Value& value, std::int64_t& target, const Rules& rules, Decoding& decoding,
                    std::int64_t lowest, std::int64_t highest) {
  // A whole number beyond ±(2^53−1) is read as a double: what is wrong with it is its size.
  if (!value.is_number() || (value.integer() == nullptr && std::trunc(value.number()) != value.number())) {
    decoding.fail("must be a whole number");
    return false;
  }
  const double low = std::max(rules.min.value_or(static_cast<double>(-json::max_safe_integer)),
                              static_cast<double>(std::max(lowest, -json::max_safe_integer)));
  const double high = std::min(rules.max.value_or(static_cast<double>(json::max_safe_integer)),
                               static_cast<double>(std::min(highest, json::max_safe_integer)));
  if (const std::int64_t* number = value.integer();
      number != nullptr && static_cast<double>(*number) >= low && static_cast<double>(*number) <= high) {
    target = *number;
    return true;
  }
  if (rules.min && rules.max)
    decoding.fail("must be between " + number_text(low) + " and " + number_text(high));
  else if (value.number() < low)
    decoding.fail("must be at least " + number_text(low));
  else
    decoding.fail("must be at most " + number_text(high));
  return false;
}

void decode_double(const json::Value& value, double& target, const Rules& rules, Decoding& decoding) {
  if (!value.is_number()) return decoding.fail("must be a number");
  const double number = value.number();
  const bool low = rules.min && number < *rules.min;
  const bool high = rules.max && number > *rules.max;
  if (!low && !high) {
    target = number;
    return;
  }
  if (rules.min && rules.max)
    return decoding.fail("must be between " + number_text(*rules.min) + " and " + number_text(*rules.max));
  decoding.fail(low ? "must be at least " + number_text(*rules.min) : "must be at most " + number_text(*rules.max));
}

void decode_time(const json::Value& value, Time& target, Decoding& decoding) {
  const std::string* text = expect_text(value, decoding);
  if (text == nullptr) return;
  const std::optional<Time> time = parse_rfc3339(*text);
  if (!time) return decoding.fail("must be a time such as 2026-03-30T15:00:00Z");
  target = *time;
}

std::string one_of(std::span<const std::string_view> names) {
  std::string text = "must be one of ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace galley::detail
