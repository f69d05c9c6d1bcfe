// Holds answers that tests got against the API description.
//   node check_answers.mjs FOLDER      of *.jsonl, a line each: {method, target, status, type, body, scarce}
// An answer to what the description has an operation for has to be among the operation's: its status, its media type,
// and its body by the schema. Fails on any that is not, and where there are none at all. A 503 of a server whose memory a
// test made scarce may have no body, as its description says.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const document = JSON.parse(readFileSync(new URL("../../schema/openapi/galley.json", import.meta.url)));
const most_shown = 40;

// Of OpenAPI's own: passwords are texts, and the lines of a stream are read by other tests. And a mailbox, whose domain
// may be one label (RFC 5321 §4.1.2), "owner@localhost", which the package's own pattern refuses.
const formats = { password: true, event: true, email: /^[^\s@]+@[^\s@]+$/ };

function make_validators() {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv);
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
  ajv.addSchema(document, "galley");
  return ajv;
}

// A path with its parameters as groups; one that is spelled out goes before one with a parameter there.
function make_routes() {
  const routes = Object.entries(document.paths).map(([path, methods]) => {
    const pattern = path
      .replace(/\/$/, "")
      .split(/\{\w+\}/)
      .map((part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"))
      .join("[^/]+");
    return { path, methods, parameters: path.split("{").length, pattern: new RegExp(`^${pattern}/?$`) };
  });
  return routes.sort((a, b) => a.parameters - b.parameters);
}

function pointer(...parts) {
  return parts.map((part) => "/" + encodeURIComponent(String(part).replaceAll("~", "~0").replaceAll("/", "~1"))).join("");
}

class Judge {
  ajv = make_validators();
  routes = make_routes();
  compiled = new Map();
  seen = new Set(); // operation and status
  judged = 0;
  beside = 0; // to what no operation is for: unknown paths, methods that are not there
  bare = 0; // of a server without memory
  faults = new Map(); // in words → how often

  validator(place) {
    let validate = this.compiled.get(place);
    if (!validate) {
      validate = this.ajv.compile({ $ref: "galley#" + place });
      this.compiled.set(place, validate);
    }
    return validate;
  }

  fault(words) {
    this.faults.set(words, (this.faults.get(words) ?? 0) + 1);
  }

  judge({ method, target, status, type, body, scarce }) {
    const path = target.split("?")[0];
    const route = this.routes.find(({ pattern }) => pattern.test(path));
    const verb = method === "HEAD" ? "get" : method.toLowerCase();
    const operation = route?.methods[verb];
    if (!operation) {
      this.beside += 1;
      return;
    }
    this.judged += 1;
    this.seen.add(`${operation.operationId} ${status}`);
    const who = `${operation.operationId} ${status}`;
    let place = pointer("paths", route.path, verb, "responses", status);
    let answer = operation.responses[status];
    if (!answer) return this.fault(`${who}: such a status is not described; ${target.slice(0, 100)} ${body.slice(0, 150)}`);
    if (answer.$ref) {
      place = answer.$ref.slice(1);
      answer = document.components.responses[place.split("/").at(-1)];
    }
    const media = type.split(";")[0];
    if (scarce && status === 503 && !type && !body && answer.description.includes("the answer has no body")) {
      this.bare += 1;
      return;
    }
    if (!answer.content || method === "HEAD") {
      if (body) this.fault(`${who}: has a body, and none is described`);
      return;
    }
    if (!answer.content[media]) return this.fault(`${who}: "${media}" is not described`);
    if (media !== "application/json" || answer.content[media].schema.type === "string") return;
    const validate = this.validator(place + pointer("content", media, "schema"));
    if (validate(JSON.parse(body))) return;
    for (const { instancePath, message, params } of validate.errors)
      this.fault(`${who}: ${instancePath.replace(/\/\d+/g, "/n")} ${message} ${JSON.stringify(params)}`);
  }
}

const [folder] = process.argv.slice(2);
const judge = new Judge();
for (const name of readdirSync(folder).filter((one) => one.endsWith(".jsonl")))
  for (const line of readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean)) judge.judge(JSON.parse(line));

for (const [words, times] of [...judge.faults].slice(0, most_shown)) console.log(`${times} × ${words}`);
console.log(
  `figure: answers held against the API description: ${judge.judged} of ${judge.seen.size} kinds, ` +
    `${judge.faults.size} kinds of fault; ${judge.beside} to what is no operation, ${judge.bare} without a body for want of memory`,
);
process.exitCode = judge.judged > 0 && judge.faults.size === 0 ? 0 : 1;
