/**
 * Models of Bering and Sheaft: services, edges and endpoints, as a model, inside a snapshot, or as the topology
 * file Bering is fed with (JSON or YAML). Sheaft's reports and journeys hold no graph and are not read.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { Dependency } from "../../model/dependency.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format } from "../format.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { parseJson } from "../syntax/json.js";
import { locationOf, type Located, type Parsed } from "../syntax/located.js";
import { parseYaml } from "../syntax/yaml.js";
import { GraphDraft, inferred, listed, stated } from "./draft.js";
import { at, itemsOf, textAt, textOf, textsOf } from "./located-values.js";
import { declareReplicas } from "./replicas.js";

export const bering: Format = {
  id: "bering",
  title: "Bering or Sheaft model (JSON or YAML)",
  direction: "An edge goes from the caller to the called: from needs to.",
  mapping: [
    ["services: id, name, labels.team", "service, its label, its owner"],
    ["replicas", "the service needs any one of so many replicas, each a service of its own"],
    ["reliability.live_probability", "failure probability, 1 - live_probability"],
    ["shared_resource_refs", "an inferred service that the service needs"],
    ["edges: from, to, weight", "consumer, provider, weight"],
    ["observed.error_rate, resilience.retry.max_attempts", "error rate; retries, one less than the attempts"],
    [
      "blocking false, or kind async where blocking is not said",
      "a dependency done without for a year: the caller does not wait; unless an endpoint of the caller names the provider among its mandatory targets",
    ],
    ["endpoints", "not services; read for their mandatory targets only"],
    ["placements, time-outs, circuit breakers, latencies, provenance", "not read"],
  ],
  unknown: [
    "how many replicas are enough: one is taken to be",
    "how long a service does without another, and how long it takes to come back",
  ],
  detect: (file) => {
    if (/^\ufeff?\s*\{/.test(file.text)) {
      const outline = jsonOutline(file);
      for (const prefix of ["", "model.", "discovery."]) {
        const has = (key: string): boolean => outline.has(`${prefix}${key}`);
        if (!has("services[]") || !(has("edges[].from") || has("endpoints[].entry_service"))) continue;
        if (has("endpoints") || outline.has('metadata.source_type="bering"')) return 1;
        if (has("edges[].blocking") || has("edges[].kind")) return 0.9;
      }
      return 0;
    }
    const head = file.text.slice(0, 65_536);
    const lists = /^services:\s*$/m.test(head) && /^(?:edges|endpoints):\s*$/m.test(head);
    if (!lists) return 0;
    return /^\s+(?:- )?entry_service:/m.test(head) || /^\s+blocking:/m.test(head) || /^source:\s*$/m.test(head) ? 1 : 0;
  },
  together: "file",
  read: readBering,
};

/** A caller that does not wait goes on for as long as anything here is computed. */
const WITHOUT_MS = 365 * 86_400_000;

function readBering(files: readonly SourceFile[]): GraphDocument {
  const draft = new GraphDraft(bering.id, files);
  const extras = new Map<string, Extras>();
  for (const source of files) {
    const parsed: Parsed = /^\ufeff?\s*\{/.test(source.text) ? parseJson(source) : parseYaml(source);
    draft.diagnostics.push(...parsed.diagnostics);
    for (const document of parsed.documents) readModel(draft, source, modelIn(document), extras);
  }
  const document = draft.finish("open");
  const empty = emptiness(document, files);
  return {
    ...document,
    dependencies: document.dependencies.map((dependency) => withExtras(dependency, extras)),
    diagnostics: [...document.diagnostics, ...empty],
  };
}

function emptiness(document: GraphDocument, files: readonly SourceFile[]): Diagnostic[] {
  const place = files[0] === undefined ? {} : { location: { file: files[0].name, line: 1, column: 1 } };
  if (document.services.length === 0) {
    return [{ code: "EMPTY_INPUT", severity: "error", message: "The file holds no services.", ...place }];
  }
  if (document.dependencies.length > 0) return [];
  return [
    {
      code: "NO_DEPENDENCIES",
      severity: "warning",
      message: "No edge is declared: nothing can be said about impact.",
      ...place,
      remedy: "This is not a finding of no impact. Give a file that says who needs whom.",
    },
  ];
}

/** What a member keeps beside what a draft knows of. */
interface Extras {
  readonly errorRate?: number;
  readonly retries?: number;
}

/** A snapshot holds the model under `model`, and again with its evidence under `discovery`. */
function modelIn(document: Located): Located {
  for (const key of ["model", "discovery"]) {
    const inner = at(document, key);
    if (inner?.kind === "map" && at(inner, "services") !== undefined) return inner;
  }
  return document;
}

function readModel(draft: GraphDraft, source: SourceFile, model: Located, extras: Map<string, Extras>): void {
  for (const item of itemsOf(at(model, "services"))) readService(draft, source, item);
  const mandatory = new Set<string>();
  for (const endpoint of itemsOf(at(model, "endpoints"))) {
    const entry = textAt(endpoint, "entry_service");
    if (entry === undefined) continue;
    if (!draft.has(entry)) {
      const location = locationOf(source, (at(endpoint, "entry_service") ?? endpoint).at);
      draft.service(entry, inferred("entry_service of an endpoint", location));
    }
    for (const target of targetsOf(endpoint)) mandatory.add(JSON.stringify([entry, target]));
  }
  const waiting: string[] = [];
  for (const item of itemsOf(at(model, "edges"))) {
    const loose = readEdge(draft, source, item, mandatory, extras);
    if (loose !== undefined) waiting.push(loose);
  }
  if (waiting.length > 0) {
    draft.say(
      "INFERRED",
      "note",
      `The caller does not wait in ${waiting.length === 1 ? "1 dependency" : `${waiting.length} dependencies`} (${listed(waiting)}): it is taken to do without.`,
      { remedy: "Give the dependency a tolerance where the caller's users do notice after a while." },
    );
  }
}

function readService(draft: GraphDraft, source: SourceFile, item: Located): void {
  const location = locationOf(source, item.at);
  const id = textAt(item, "id");
  if (id === undefined || id.trim() === "") {
    draft.say("KEY_MISSING", "error", "A service has no id.", { location });
    return;
  }
  // The topology file has these beside the id, the model under metadata.
  const said = (...keys: string[]): Located | undefined => at(item, ...keys) ?? at(item, "metadata", ...keys);
  const name = textAt(item, "name");
  const owner = textOf(said("labels", "team")) ?? textOf(said("labels", "owner"));
  const live = numberOf(said("reliability", "live_probability"));
  draft.service(id, stated(location), {
    ...(name === undefined || name === id ? {} : { label: name }),
    ...(owner === undefined ? {} : { owner }),
    ...(live === undefined || live < 0 || live > 1 ? {} : { failureProbability: Number((1 - live).toPrecision(12)) }),
  });
  const count = numberOf(said("replicas"));
  if (count !== undefined && Number.isInteger(count) && count > 1) {
    const note = declareReplicas(draft, id, { count, by: "replicas", location });
    if (note !== undefined) draft.service(id, stated(location), { note });
  }
  for (const resource of textsOf(said("shared_resource_refs"))) {
    const evidence = "shared_resource_refs";
    draft.service(resource, inferred(evidence, location));
    draft.need(id, resource, { evidence, location });
  }
}

/** Returns `from>to` when the caller does not wait. */
function readEdge(
  draft: GraphDraft,
  source: SourceFile,
  item: Located,
  mandatory: ReadonlySet<string>,
  extras: Map<string, Extras>,
): string | undefined {
  const location = locationOf(source, item.at);
  const from = textAt(item, "from");
  const to = textAt(item, "to");
  if (from === undefined || to === undefined) {
    draft.say("KEY_MISSING", "error", `An edge has no ${from === undefined ? "from" : "to"}.`, { location });
    return undefined;
  }
  for (const [end, key] of [
    [from, "from"],
    [to, "to"],
  ] as const) {
    if (draft.has(end)) continue;
    const place = locationOf(source, at(item, key)!.at);
    draft.say("SERVICE_UNKNOWN", "warning", `"${end}" is not among the services; it is added.`, { location: place });
    draft.service(end, inferred("end of an edge", place));
  }
  const kind = textAt(item, "kind");
  const blocking = textAt(item, "blocking");
  const waits = blocking === undefined ? kind !== "async" : blocking !== "false";
  const needed = waits || mandatory.has(JSON.stringify([from, to]));
  const weight = numberOf(at(item, "weight") ?? at(item, "metadata", "weight"));
  if (weight !== undefined && !(weight > 0 && weight <= 1)) {
    const place = locationOf(source, (at(item, "weight") ?? at(item, "metadata", "weight"))!.at);
    draft.say("VALUE_RANGE", "error", "A weight must be above 0 and at most 1.", { location: place });
  }
  draft.need(from, to, {
    location,
    ...(weight !== undefined && weight > 0 && weight <= 1 ? { weight } : {}),
    ...(waits ? {} : { note: `${kind ?? "edge"}, not blocking` }),
    ...(needed
      ? {}
      : { toleranceMs: WITHOUT_MS, toleranceEvidence: "the caller does not wait: blocking false or async" }),
  });
  const errorRate = numberOf(at(item, "observed", "error_rate"));
  const attempts = numberOf(at(item, "resilience", "retry", "max_attempts"));
  extras.set(JSON.stringify([from, to]), {
    ...(errorRate === undefined || errorRate < 0 || errorRate > 1 ? {} : { errorRate }),
    ...(attempts === undefined || attempts < 1 ? {} : { retries: Math.round(attempts) - 1 }),
  });
  return needed ? undefined : `${from}>${to}`;
}

function targetsOf(endpoint: Located): readonly string[] {
  const semantics = at(endpoint, "semantics") ?? at(endpoint, "metadata", "semantics");
  return textsOf(at(semantics, "mandatory_targets"));
}

function withExtras(dependency: Dependency, extras: ReadonlyMap<string, Extras>): Dependency {
  const [member] = dependency.members;
  if (member === undefined || dependency.members.length !== 1) return dependency;
  const more = extras.get(JSON.stringify([dependency.consumer, member.provider]));
  return more === undefined ? dependency : { ...dependency, members: [{ ...member, ...more }] };
}

function numberOf(node: Located | undefined): number | undefined {
  const text = textOf(node);
  if (text === undefined || text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
