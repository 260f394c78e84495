/**
 * Models of Bering and Sheaft: services, edges and endpoints, as a model, inside a snapshot, or as the topology
 * file Bering is fed with (JSON or YAML). Sheaft's reports and journeys hold no graph and are not read.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import { DEPENDENCY_DEFAULTS, MEMBER_DEFAULTS } from "../../model/dependency.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Origin } from "../../model/origin.js";
import { constantSpread } from "../../model/quantity.js";
import type { Format, ReadContext } from "../format.js";
import { walkJson, type JsonCursor } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { locationOf, toPlain, valueAt, type Located } from "../syntax/located.js";
import { parseYaml } from "../syntax/yaml.js";
import { CallGraph, locationAt, type Place } from "./call-graph.js";
import { eachRecord, type PlacedRecord } from "./json-records.js";
import { asList, asNumber, asObject, asText, own } from "./plain-values.js";
import { MOST_REPLICAS } from "./replicas.js";
import { shareDone } from "../share-done.js";

export const bering: Format = {
  id: "bering",
  title: "Bering or Sheaft model (JSON or YAML)",
  direction: "An edge goes from the caller to the called: from needs to.",
  mapping: [
    ["services: id, name, labels.team", "service, its label, its owner"],
    ["replicas", `the service needs any one of so many replicas, each a service of its own (up to ${MOST_REPLICAS})`],
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
  detect: (file) => (/^\ufeff?\s*\{/.test(file.text) ? detectJson(file) : detectYaml(file)),
  together: "file",
  read: readBering,
};

function detectJson(file: SourceFile): number {
  const outline = jsonOutline(file);
  if (outline.has('metadata.schema.name="io.mb3r.bering.model"')) return 1;
  for (const prefix of ["", "model.", "discovery."]) {
    const has = (key: string): boolean => outline.has(`${prefix}${key}`);
    if (has("edges[].from") && (has("edges[].blocking") || has("edges[].kind"))) {
      return has("services") || has("endpoints") ? 1 : 0.9;
    }
    if (!has("services[].id")) continue;
    if (has("endpoints[].entry_service")) return 1;
    // A long list of services comes first; what follows it shows at the end of the file.
    if (/"(?:blocking|entry_service|success_predicate_ref)"\s*:|"endpoints"\s*:/.test(file.text.slice(-65_536)))
      return 0.9;
  }
  return 0;
}

function detectYaml(file: SourceFile): number {
  const head = file.text.slice(0, 65_536);
  if (!/^services:\s*$/m.test(head) || !/^(?:edges|endpoints):\s*$/m.test(head)) return 0;
  return /^[ \t]+(?:- )?entry_service:/m.test(head) || /^[ \t]+blocking:/m.test(head) || /^source:\s*$/m.test(head)
    ? 1
    : 0;
}

/** A caller that does not wait goes on for as long as anything here is computed. */
const DONE_WITHOUT = constantSpread(365 * 86_400_000);

const LISTS = ["services", "endpoints", "edges"] as const;
type List = (typeof LISTS)[number];

function readBering(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(bering.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const model = new ModelReader(graph);
    const refuse = (place: Place): void =>
      graph.report({
        code: "VALUE_TYPE",
        severity: "error",
        message: "An entry of services, edges or endpoints must be an object.",
        location: locationAt(place),
      });
    if (/^\ufeff?\s*\{/.test(source.text)) {
      const problems = walkJson(source, (cursor) => {
        for (const offset of cursor.documents()) {
          if (offset >= 0) readJson(cursor, source, model, refuse, (at) => progress(source, at));
        }
      });
      for (const problem of problems) graph.report(problem);
    } else readYaml(source, graph, model, refuse);
    model.finish();
  }
  if (graph.serviceCount === 0) {
    const place = files[0] === undefined ? {} : { location: { file: files[0].name, line: 1, column: 1 } };
    graph.report({ code: "EMPTY_INPUT", severity: "error", message: "The file holds no services.", ...place });
  }
  return graph.finish();
}

/** A snapshot holds the model under `model`, and again with its evidence under `discovery`; one of them is enough. */
function readJson(
  cursor: JsonCursor,
  source: SourceFile,
  model: ModelReader,
  refuse: (place: Place) => void,
  progress: (offset: number) => void,
): void {
  if (cursor.kind() !== "object") return;
  for (const { key } of cursor.members()) {
    if (isList(key) && cursor.kind() === "array") {
      eachRecord(
        cursor,
        source,
        (record) => {
          model.take(key, record);
          progress(record.place.offset);
        },
        refuse,
      );
    } else if ((key === "model" || key === "discovery") && cursor.kind() === "object" && !model.isStarted) {
      readJson(cursor, source, model, refuse, progress);
    }
  }
}

function readYaml(source: SourceFile, graph: CallGraph, model: ModelReader, refuse: (place: Place) => void): void {
  const parsed = parseYaml(source);
  for (const problem of parsed.diagnostics) graph.report(problem);
  for (const root of parsed.documents) {
    for (const list of LISTS) {
      const node = valueAt(root, list);
      for (const item of node?.kind === "list" ? node.items : []) {
        const value = asObject(toPlain(item));
        const place = { source, offset: item.at.start };
        if (value === undefined) refuse(place);
        else model.take(list, { value, place, locate: (...path) => locationOf(source, under(item, path).at) });
      }
    }
  }
}

function under(node: Located, path: readonly string[]): Located {
  let here = node;
  for (const key of path) here = valueAt(here, key) ?? here;
  return here;
}

function isList(key: string): key is List {
  return (LISTS as readonly string[]).includes(key);
}

/** Endpoints say which edges are needed although nobody waits, and may come after them: edges wait for the end. */
class ModelReader {
  isStarted = false;
  private readonly mandatory = new Set<string>();
  private readonly edges: PlacedRecord[] = [];
  private readonly declared = new Set<string>();

  constructor(private readonly graph: CallGraph) {}

  take(list: List, record: PlacedRecord): void {
    this.isStarted = true;
    switch (list) {
      case "services":
        this.service(record);
        break;
      case "endpoints":
        this.endpoint(record);
        break;
      case "edges":
        this.edges.push(record);
    }
  }

  finish(): void {
    const waiting = this.edges.flatMap((record) => this.edge(record) ?? []);
    if (waiting.length === 0) return;
    const names = waiting.slice(0, 5).join(", ") + (waiting.length > 5 ? ` and ${waiting.length - 5} more` : "");
    this.graph.report({
      code: "INFERRED",
      severity: "note",
      message: `The caller does not wait in ${waiting.length === 1 ? "1 dependency" : `${waiting.length} dependencies`} (${names}): it is taken to do without.`,
      remedy: "Give the dependency a tolerance where the caller's users do notice after a while.",
    });
  }

  private service({ value, place, locate }: PlacedRecord): void {
    const id = asText(own(value, "id"));
    if (id === undefined) {
      this.graph.report({
        code: "KEY_MISSING",
        severity: "error",
        message: "A service has no id.",
        location: locationAt(place),
      });
      return;
    }
    this.declared.add(id);
    // The topology file has these beside the id, the model under metadata.
    const metadata = asObject(own(value, "metadata")) ?? {};
    const said = (key: string): unknown => own(value, key) ?? own(metadata, key);
    const labels = asObject(said("labels")) ?? {};
    const owner = asText(own(labels, "team")) ?? asText(own(labels, "owner"));
    const name = asText(own(value, "name"));
    const live = asNumber(own(asObject(said("reliability")) ?? {}, "live_probability"));
    if (live !== undefined && !(live >= 0 && live <= 1))
      this.outside("live_probability", "from 0 to 1", locate("reliability"));
    const replicas = asNumber(said("replicas"));
    this.graph.service(id, place, {
      ...(name === undefined || name === id ? {} : { label: name }),
      ...(owner === undefined ? {} : { owner }),
      ...(live === undefined || !(live >= 0 && live <= 1)
        ? {}
        : { failureProbability: Number((1 - live).toPrecision(12)) }),
      ...(replicas === undefined || replicas === 1 ? {} : { note: `${replicas} replicas` }),
    });
    if (replicas !== undefined && Number.isInteger(replicas) && replicas > 1 && replicas <= MOST_REPLICAS) {
      this.replicas(id, replicas, place);
    }
    for (const resource of asList(said("shared_resource_refs")) ?? []) {
      const shared = asText(resource);
      if (shared !== undefined) this.graph.call(id, shared, place, { evidence: "shared_resource_refs" });
    }
  }

  private replicas(id: string, count: number, place: Place): void {
    const evidence = `replicas ${count}, any one is taken to be enough`;
    const origin: Origin = { how: "inferred", evidence, location: locationAt(place) };
    const members = Array.from({ length: count }, (_, index) => `${id}#${index + 1}`);
    for (const member of members) this.graph.service(member, place, { kind: "replica", partOf: id }, evidence);
    this.graph.group({
      ...DEPENDENCY_DEFAULTS,
      id: `${id}>replicas`,
      consumer: id,
      gate: { kind: "at-least", need: 1 },
      members: members.map((provider) => ({ provider, ...MEMBER_DEFAULTS, origin })),
      origin,
    });
  }

  private endpoint({ value, place }: PlacedRecord): void {
    const entry = asText(own(value, "entry_service"));
    if (entry === undefined) return;
    this.graph.service(entry, place, {}, "entry_service of an endpoint");
    this.declared.add(entry);
    const metadata = asObject(own(value, "metadata")) ?? {};
    const semantics = asObject(own(value, "semantics") ?? own(metadata, "semantics")) ?? {};
    for (const target of asList(own(semantics, "mandatory_targets")) ?? []) {
      this.mandatory.add(JSON.stringify([entry, target]));
    }
  }

  /** Returns `from>to` when the caller does not wait. */
  private edge({ value, place, locate }: PlacedRecord): string | undefined {
    const from = asText(own(value, "from"));
    const to = asText(own(value, "to"));
    if (from === undefined || to === undefined) {
      this.graph.report({
        code: "KEY_MISSING",
        severity: "error",
        message: `An edge has no ${from === undefined ? "from" : "to"}.`,
        location: locationAt(place),
      });
      return undefined;
    }
    if (!this.declared.has(from)) this.addUndeclared(from, place, locate("from"));
    if (!this.declared.has(to)) this.addUndeclared(to, place, locate("to"));
    const kind = asText(own(value, "kind"));
    const blocking = own(value, "blocking");
    const waits = typeof blocking === "boolean" ? blocking : kind !== "async";
    const needed = waits || this.mandatory.has(JSON.stringify([from, to]));
    const weight = asNumber(own(value, "weight") ?? own(asObject(own(value, "metadata")) ?? {}, "weight"));
    const isWeight = weight !== undefined && weight > 0 && weight <= 1;
    if (weight !== undefined && !isWeight) this.outside("weight", "above 0 and at most 1", locate("weight"));
    const errorRate = asNumber(own(asObject(own(value, "observed")) ?? {}, "error_rate"));
    const retry = asObject(own(asObject(own(value, "resilience")) ?? {}, "retry")) ?? {};
    const attempts = asNumber(own(retry, "max_attempts"));
    this.graph.call(from, to, place, {
      weight: isWeight ? weight : undefined,
      note: waits ? undefined : `${kind ?? "edge"}, not blocking`,
      tolerance: needed ? undefined : DONE_WITHOUT,
      errorRate: errorRate !== undefined && errorRate >= 0 && errorRate <= 1 ? errorRate : undefined,
      retries: attempts === undefined || attempts < 1 ? undefined : Math.round(attempts) - 1,
    });
    return needed ? undefined : `${from}>${to}`;
  }

  private addUndeclared(id: string, place: Place, location: ReturnType<typeof locationAt>): void {
    this.declared.add(id);
    this.graph.service(id, place, {}, "end of an edge");
    this.graph.report({
      code: "SERVICE_UNKNOWN",
      severity: "warning",
      message: `"${id}" is not among the services; it is added.`,
      location,
    });
  }

  private outside(key: string, range: string, location: ReturnType<typeof locationAt>): void {
    this.graph.report({ code: "VALUE_RANGE", severity: "error", message: `${key} must be ${range}.`, location });
  }
}
