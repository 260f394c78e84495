/**
 * Timed failure propagation graphs (JSON): failure modes, discrepancies and edges with the time propagation takes.
 * Their edges run from cause to effect, against ours: the effect is what needs its cause to be well.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import {
  DEPENDENCY_DEFAULTS,
  defaultDependencyId,
  MEMBER_DEFAULTS,
  type Dependency,
  type Member,
} from "../../model/dependency.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Origin } from "../../model/origin.js";
import { constantSpread } from "../../model/quantity.js";
import { SERVICE_DEFAULTS, type Service } from "../../model/service.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { wholeMilliseconds } from "../../model/duration.js";
import type { Format } from "../format.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { parseJson } from "../syntax/json.js";
import { locationOf, type Located } from "../syntax/located.js";
import { at, itemsOf, textAt, textOf } from "./located-values.js";

export const tfpg: Format = {
  id: "tfpg",
  title: "Timed failure propagation graph (JSON)",
  direction:
    "Edges run from cause to effect, so they are turned around: the effect is the consumer, the cause the provider.",
  mapping: [
    ["node id, name", "service and its label"],
    ["type FailureMode, Discrepancy", "kind"],
    ["edge from, to", "provider, consumer (reversed)"],
    [
      "time_min_ms, time_max_ms",
      "tolerance: the least time, with the range as its uncertainty; the effect shows after the cause has lasted that long",
    ],
    ["gate_type OR", "one dependency for each cause: any of them is enough"],
    ["gate_type AND", "one dependency that any one healthy cause keeps up: all of them must fail"],
    ["predicate, signals, criticality_level", "not read"],
  ],
  unknown: [
    "when an effect goes away: it ends with its cause",
    "modes of the system, in which some edges do not propagate",
  ],
  detect: (file) => {
    const outline = jsonOutline(file);
    if (!outline.has("edges[].time_min_ms") && !outline.has("edges[].time_max_ms")) return 0;
    return outline.has('nodes[].type="FailureMode"') || outline.has('nodes[].type="Discrepancy"') ? 1 : 0;
  },
  together: "file",
  read: readTfpg,
};

function readTfpg(files: readonly SourceFile[]): GraphDocument {
  const services = new Map<string, Service>();
  const diagnostics: Diagnostic[] = [];
  const causes: Causes = new Map();
  for (const source of files) {
    const parsed = parseJson(source);
    diagnostics.push(...parsed.diagnostics);
    for (const document of parsed.documents) {
      for (const item of itemsOf(at(document, "nodes"))) readNode(source, item, services, causes, diagnostics);
      for (const item of itemsOf(at(document, "edges"))) readEdge(source, item, causes, diagnostics);
    }
  }
  const dependencies = [...causes].flatMap(([effect, { gate, members, origin }]) =>
    gate === "and" && members.length > 1
      ? [{ ...dependencyOn(effect, members, origin), gate: { kind: "at-least", need: 1 } as const }]
      : members.map((member) => dependencyOn(effect, [member], member.origin)),
  );
  if (services.size > 0 && dependencies.length === 0) {
    diagnostics.push({
      code: "NO_DEPENDENCIES",
      severity: "warning",
      message: "No edge is declared: nothing can be said about impact.",
    });
  }
  return {
    format: tfpg.id,
    files: files.map(({ name }) => name),
    services: [...services.values()],
    dependencies,
    scenarios: [],
    names: "closed",
    diagnostics,
  };
}

type Causes = Map<string, { gate: "or" | "and"; members: Member[]; origin: Origin }>;

function readNode(
  source: SourceFile,
  item: Located,
  services: Map<string, Service>,
  causes: Causes,
  diagnostics: Diagnostic[],
): void {
  const location = locationOf(source, item.at);
  const id = textAt(item, "id");
  if (id === undefined || id === "") {
    diagnostics.push({ code: "KEY_MISSING", severity: "error", message: "A node has no id.", location });
    return;
  }
  if (services.has(id)) {
    diagnostics.push({
      code: "DUPLICATE_SERVICE",
      severity: "error",
      message: `The node "${id}" stands in the file twice.`,
      location,
    });
    return;
  }
  const origin: Origin = { how: "stated", location };
  const name = textAt(item, "name");
  const kind = textAt(item, "type");
  services.set(id, {
    id,
    ...(name === undefined || name === id ? {} : { label: name }),
    ...(kind === undefined ? {} : { kind: kind === "FailureMode" ? "failure-mode" : kind.toLowerCase() }),
    ...SERVICE_DEFAULTS,
    origin,
  });
  const gate = textAt(item, "gate_type")?.toLowerCase() === "and" ? "and" : "or";
  causes.set(id, { gate, members: [], origin });
}

function readEdge(source: SourceFile, item: Located, causes: Causes, diagnostics: Diagnostic[]): void {
  const location = locationOf(source, item.at);
  const from = textAt(item, "from");
  const to = textAt(item, "to");
  const effect = to === undefined ? undefined : causes.get(to);
  if (from === undefined || to === undefined) {
    const missing = from === undefined ? "from" : "to";
    diagnostics.push({ code: "KEY_MISSING", severity: "error", message: `An edge has no ${missing}.`, location });
    return;
  }
  if (effect === undefined || !causes.has(from)) {
    diagnostics.push({
      code: "SERVICE_UNKNOWN",
      severity: "error",
      message: `An edge names "${effect === undefined ? to : from}", which is not a node.`,
      location: locationOf(source, at(item, effect === undefined ? "to" : "from")!.at),
    });
    return;
  }
  const least = timeAt(source, item, "time_min_ms", diagnostics) ?? 0;
  const most = timeAt(source, item, "time_max_ms", diagnostics) ?? least;
  if (most < least) {
    const message = "time_max_ms is below time_min_ms.";
    diagnostics.push({ code: "VALUE_RANGE", severity: "error", message, location });
  }
  const note = textAt(item, "description");
  effect.members.push({
    provider: from,
    ...MEMBER_DEFAULTS,
    tolerance: constantSpread(least),
    ...(note === undefined ? {} : { note }),
    ...(most > least ? { uncertain: { tolerance: { kind: "range", min: least, max: most } } } : {}),
    origin: { how: "stated", location },
  });
}

function timeAt(source: SourceFile, item: Located, key: string, diagnostics: Diagnostic[]): number | undefined {
  const node = at(item, key);
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  const time = Number(text);
  if (text.trim() !== "" && Number.isFinite(time) && time >= 0) return wholeMilliseconds(time);
  diagnostics.push({
    code: "VALUE_RANGE",
    severity: "error",
    message: `${key} must be a number of milliseconds, 0 or more.`,
    location: locationOf(source, node.at),
  });
  return undefined;
}

function dependencyOn(consumer: string, members: readonly Member[], origin: Origin): Dependency {
  const providers = members.map(({ provider }) => provider);
  const id = defaultDependencyId(consumer, providers, "run");
  return { ...DEPENDENCY_DEFAULTS, id, consumer, gate: { kind: "all" }, members, origin };
}
