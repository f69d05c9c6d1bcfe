#include "service/export_lines.hpp"

#include <array>
#include <utility>

namespace galley::service {

namespace {

// In the order of the variant.
constexpr std::array<std::string_view, boost::variant2::variant_size_v<ExportLine>> nouns{
    "header",  "project", "cluster",  "keyword",     "idea", "connection",
    "webhook", "article", "revision", "publication", "task"};

template <class T>
Result<ExportLine> decode(const json::Value& value) {
  T noun{};
  Decoding decoding(Decoding::Mode::whole);
  shape_of<T>().decode(value, &noun, decoding);
  if (decoding.failed()) return invalid(decoding.take_errors());
  return ExportLine(std::move(noun));
}

template <std::size_t... I>
Result<ExportLine> decode_as(std::size_t wanted, const json::Value& value, std::index_sequence<I...>) {
  using Decoder = Result<ExportLine> (*)(const json::Value&);
  static constexpr Decoder decoders[] = {&decode<boost::variant2::variant_alternative_t<I, ExportLine>>...};
  return decoders[wanted](value);
}

std::vector<std::string> names_of(const HeaderList& headers) {
  std::vector<std::string> names;
  for (const auto& [name, value] : headers)
    names.push_back(name);
  return names;
}

}  // namespace

std::string_view noun_of(const ExportLine& line) {
  return nouns[line.index()];
}

void append_line(std::string& out, const ExportLine& line) {
  json::Writer writer(out);
  writer.begin_object().key(noun_of(line));
  visit([&]<class T>(const T& noun) { shape_of<T>().encode(&noun, writer); }, line);
  writer.end_object();
  out += '\n';
}

Result<ExportLine> read_line(std::string_view text) {
  const json::Value value = GALLEY_TRY(json::parse(text));
  const json::Object* object = value.object();
  if (object == nullptr || object->size() != 1) return invalid("line", "must be an object with one member, the noun");
  const json::Member& member = object->front();
  for (std::size_t i = 0; i < nouns.size(); ++i)
    if (nouns[i] == member.first)
      return decode_as(i, member.second, std::make_index_sequence<boost::variant2::variant_size_v<ExportLine>>());
  return invalid("line", "holds no noun that is known here");
}

ConnectionLine line_of(Connection connection, const Project& project) {
  ConnectionLine line{std::move(connection)};
  line.is_default = project.default_connection == line.id;
  line.had_credentials = !line.credentials_hint.empty();
  line.credentials_hint.clear();
  if (json::Object* settings = line.settings.object()) {
    std::erase_if(*settings, [&](const json::Member& member) {
      if (member.first != "headers") return false;
      if (const json::Object* headers = member.second.object())
        for (const json::Member& header : *headers)
          line.header_names.push_back(header.first);
      return true;
    });
  }
  return line;
}

WebhookLine line_of(Webhook webhook) {
  WebhookLine line{std::move(webhook)};
  line.header_names = names_of(line.headers);
  line.headers.clear();
  return line;
}

}  // namespace galley::service
