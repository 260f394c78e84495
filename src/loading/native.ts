/**
 * topple.yaml and topple.json: services with what they need, scenarios and edits in the same file or in files
 * of their own. Both spellings of the specification are read (`services:` and `nodes:`), and a list of services
 * and dependencies as `topple export` writes it. A file that holds only a scenario or only edits counts too.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { compareLocations } from "../diagnostics/location.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import type { Dependency } from "../model/dependency.js";
import type { GraphDocument } from "../model/graph-document.js";
import type { Scenario } from "../model/scenario.js";
import type { Service } from "../model/service.js";
import { append } from "./append.js";
import { shareDone } from "./share-done.js";
import { buildService } from "./build-service.js";
import { readEdits, type NamedEdits } from "./edits.js";
import type { Format, ReadContext } from "./format.js";
import { readNeeds } from "./needs.js";
import { NO_ORIGIN, readOrigin } from "./origins.js";
import { readObject, without, wrongShape } from "./read-object.js";
import { readRowList } from "./dependency-rows.js";
import { readScenario } from "./scenario.js";
import { graphFile, graphHead, listedService, service as serviceSchema } from "../model/file-schema.js";
import { parseJson } from "./syntax/json.js";
import { locationOf, valueAt, type Located, type LocatedMap, type Parsed, type Span } from "./syntax/located.js";
import { parseYaml } from "./syntax/yaml.js";

export const native: Format = {
  id: "topple",
  title: "topple YAML or JSON",
  direction: "A service lists what it needs: consumer to provider, as topple means it.",
  mapping: [
    ["services.<id>", "service"],
    ["services.<id>.needs[]", "dependency on the named provider; `of` and `need` make a redundancy group"],
    ["dependencies[]", "dependency, with the columns of dependencies.csv"],
    ["scenario, scenarios", "scenarios; the first is the one asked by default"],
    ["edits", "named what-if edits"],
  ],
  unknown: [],
  detect,
  together: "file",
  read: mergeParts,
};

/** Reads one file, whichever of graph, scenario and edits it holds. */
export function readNativeFile(file: SourceFile, onOffset?: (offset: number) => void): NativeParts {
  const parts: Parts = { services: [], dependencies: [], scenarios: [], edits: [], names: "closed", diagnostics: [] };
  const parsed = parse(file, onOffset);
  append(parts.diagnostics, parsed.diagnostics);
  parsed.documents.forEach((root) => readDocument(file, root, parts));
  return parts;
}

export interface NativeParts {
  readonly services: readonly Service[];
  readonly dependencies: readonly Dependency[];
  readonly scenarios: readonly Scenario[];
  readonly edits: readonly NamedEdits[];
  readonly names: "open" | "closed";
  readonly defaults?: "none";
  readonly diagnostics: readonly Diagnostic[];
}

interface Parts {
  readonly services: Service[];
  readonly dependencies: Dependency[];
  readonly scenarios: Scenario[];
  readonly edits: NamedEdits[];
  names: "open" | "closed";
  defaults?: "none";
  readonly diagnostics: Diagnostic[];
}

const SCENARIO_KEYS = ["faults", "throttles", "loads", "actions", "horizon"];
const LISTS = ["services", "service", "nodes", "node", "dependencies", "scenario", "scenarios", "edits"];

function detect(file: SourceFile): number {
  const base = file.name.slice(file.name.lastIndexOf("/") + 1).toLowerCase();
  if (/^topple\.(?:ya?ml|json)$/.test(base)) return 1;
  const head = file.text.slice(0, 65_536);
  if (/"schema"\s*:\s*"topple\/graph@/.test(head)) return 1;
  if (/^#.*\$schema[=:].*topple/m.test(head.slice(0, 500)) || /"\$schema"\s*:\s*"[^"]*topple/.test(head)) return 1;
  const hasKey = (key: string): boolean =>
    new RegExp(`^(?:${key}:|(?:[ \\t]*\\{)?[ \\t]*"${key}"[ \\t]*:)`, "m").test(head);
  const isEdits = /^[ \t]*-[ \t]*(?:\{[ \t]*)?(?:set|link|unlink|add|remove):|^changes:\s*\[\s*(?:\]|\{)/m.test(head);
  if (hasKey("faults") || (hasKey("actions") && hasKey("horizon")) || (hasKey("changes") && isEdits)) return 0.9;
  if (!hasKey("services?") && !hasKey("nodes?"))
    return /(?:^|\/)(?:scenarios|edits)\/[^/]+\.(?:ya?ml|json)$/.test(file.name) ? 0.5 : 0;
  if (/(?:^[ \t]+|[{,][ \t]*)(?:image|build)[ \t]*:/m.test(head) || /"(?:links|edges)"\s*:/.test(head)) return 0;
  return /[\s{,]"?needs"?\s*:/.test(head) || /[\s{,[]"?dep"?\s*:/.test(head) ? 0.95 : 0.3;
}

function mergeParts(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const progress = shareDone(files, context);
  const all = files.map((file) => readNativeFile(file, (offset) => progress(file, offset)));
  const edits = all.flatMap((part) => part.edits);
  return {
    format: "topple",
    files: files.map(({ name }) => name),
    services: all.flatMap((part) => part.services),
    dependencies: all.flatMap((part) => part.dependencies),
    scenarios: all.flatMap((part) => part.scenarios),
    ...(edits.length === 0 ? {} : { edits }),
    names: all.some(({ names }) => names === "open") ? "open" : "closed",
    ...(all.some(({ defaults }) => defaults === "none") ? { defaults: "none" as const } : {}),
    diagnostics: all.flatMap((part) => part.diagnostics),
  };
}

function parse(file: SourceFile, onOffset?: (offset: number) => void): Parsed {
  return /^\ufeff?\s*[[{]/.test(file.text) && file.name.toLowerCase().endsWith("json")
    ? parseJson(file)
    : parseYaml(file, { onOffset });
}

function readDocument(file: SourceFile, root: Located, parts: Parts): void {
  if (root.kind !== "map") {
    parts.diagnostics.push(wrongShape(file, root, "The file", "a map with `services:`"));
    return;
  }
  const has = (key: string): boolean => valueAt(root, key) !== undefined;
  if (has("changes")) {
    append(parts.edits, readEdits(file, root, parts.diagnostics));
  } else if (!LISTS.some(has) && SCENARIO_KEYS.some(has)) {
    const scenario = readScenario(file, root, baseName(file.name), parts.diagnostics);
    if (scenario !== undefined) parts.scenarios.push(scenario);
  } else {
    readGraph(file, root, parts);
  }
}

function readGraph(file: SourceFile, root: LocatedMap, parts: Parts): void {
  const { diagnostics } = parts;
  const head = readObject(file, without(root, LISTS), graphHead, diagnostics, graphFile);
  if (head?.names !== undefined) parts.names = head.names;
  if (head?.defaults === "none") parts.defaults = "none";
  checkVersion(file, root, diagnostics);
  for (const { key, value } of root.entries) {
    switch (key) {
      case "services":
      case "service":
      case "nodes":
      case "node":
        readServices(file, value, parts);
        break;
      case "dependencies":
        append(parts.dependencies, readRowList(file, value, diagnostics));
        break;
      case "scenario":
        readScenarios(file, value, "default", parts);
        break;
      case "scenarios":
        if (value.kind === "map") {
          for (const entry of value.entries) readScenarios(file, entry.value, entry.key, parts);
        } else if (value.kind === "list") {
          value.items.forEach((item, index) => readScenarios(file, item, `scenario-${index + 1}`, parts));
        } else if (value.value !== null) {
          diagnostics.push(wrongShape(file, value, "scenarios", "a list or a map"));
        }
        break;
      case "edits":
        append(parts.edits, readEdits(file, value, diagnostics));
        break;
      default:
        break;
    }
  }
}

function checkVersion(file: SourceFile, root: LocatedMap, diagnostics: Diagnostic[]): void {
  const version = valueAt(root, "version");
  if (version === undefined || (version.kind === "scalar" && ["1", ""].includes(version.text))) return;
  diagnostics.push({
    code: "NOT_IN_THIS_VERSION",
    severity: "error",
    message: "This topple reads version 1 of the format.",
    location: locationOf(file, version.at),
  });
}

function readScenarios(file: SourceFile, node: Located, name: string, parts: Parts): void {
  const scenario = readScenario(file, node, name, parts.diagnostics);
  if (scenario !== undefined) parts.scenarios.push(scenario);
}

function readServices(file: SourceFile, node: Located, parts: Parts): void {
  if (node.kind === "map") {
    const seen = new Set<string>();
    for (const { key, keyAt, value } of node.entries) {
      if (seen.has(key)) repeatService(file, key, keyAt, parts);
      else readService(file, key, keyAt, value, parts);
      seen.add(key);
    }
  } else if (node.kind === "list") {
    for (const item of node.items) readListedService(file, item, parts);
  } else if (node.value !== null) {
    parts.diagnostics.push(wrongShape(file, node, "services", "a map of services by name"));
  }
}

/** A repeated key is a repeated service, which is the better word for it; what it needs is left out. */
function repeatService(file: SourceFile, id: string, idAt: Span, parts: Parts): void {
  const location = locationOf(file, idAt);
  const isKey = (diagnostic: Diagnostic): boolean =>
    (diagnostic.code === "YAML_SYNTAX" || diagnostic.code === "JSON_SYNTAX") &&
    compareLocations(diagnostic.location, location) === 0;
  const place = parts.diagnostics.findIndex(isKey);
  if (place >= 0) parts.diagnostics.splice(place, 1);
  parts.services.push(buildService({ id, values: {}, location, origin: NO_ORIGIN }));
}

/** In a list a service names itself; a bare name is a service with every default. */
function readListedService(file: SourceFile, item: Located, parts: Parts): void {
  if (item.kind === "scalar" && item.value !== null) {
    readService(file, item.text, item.at, { ...item, value: null }, parts);
    return;
  }
  const id = valueAt(item, "id");
  if (id?.kind === "scalar" && id.text !== "") {
    readService(file, id.text, id.at, item.kind === "map" ? without(item, ["id"]) : item, parts);
    return;
  }
  parts.diagnostics.push({
    code: "KEY_MISSING",
    severity: "error",
    message: "A service in a list needs an `id`.",
    location: locationOf(file, item.at),
  });
}

const ownKeys = serviceSchema.omit({ needs: true });

function readService(file: SourceFile, id: string, idAt: Span, node: Located, parts: Parts): void {
  const { diagnostics } = parts;
  const location = locationOf(file, idAt);
  if (id.trim() === "") {
    diagnostics.push({ code: "VALUE_TYPE", severity: "error", message: "A service has an empty name.", location });
    return;
  }
  if (node.kind === "list" || (node.kind === "scalar" && node.value !== null)) {
    diagnostics.push(wrongShape(file, node, `The service ${JSON.stringify(id)}`, "a map of its keys"));
    return;
  }
  const map: LocatedMap = node.kind === "map" ? node : { kind: "map", entries: [], at: node.at };
  const input = readObject(file, without(map, ["needs"]), ownKeys, diagnostics, listedService) ?? {};
  const { origin: originInput, ...values } = input;
  const originNode = valueAt(map, "origin");
  const origin = readOrigin(
    originInput,
    originNode === undefined ? location : locationOf(file, originNode.at),
    diagnostics,
  );
  parts.services.push(buildService({ id, values, location, origin }));
  const needs = valueAt(map, "needs");
  if (needs !== undefined) append(parts.dependencies, readNeeds(file, id, needs, origin, diagnostics));
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}
