/**
 * Timed failure propagation graphs (JSON): failure modes, discrepancies and edges with the time propagation takes.
 * Their edges run from cause to effect, against ours: the effect is what needs its cause to be well.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Location } from "../../diagnostics/location.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import {
  DEPENDENCY_DEFAULTS,
  defaultDependencyId,
  MEMBER_DEFAULTS,
  type Dependency,
  type Gate,
  type Member,
} from "../../model/dependency.js";
import { wholeMilliseconds } from "../../model/duration.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Origin } from "../../model/origin.js";
import { constantSpread } from "../../model/quantity.js";
import { SERVICE_DEFAULTS, type Service } from "../../model/service.js";
import type { Format, ReadContext } from "../format.js";
import { walkJson } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { locationAt } from "./call-graph.js";
import { eachRecord, type PlacedRecord } from "./json-records.js";
import { asNumber, asText, own } from "./plain-values.js";
import { shareDone } from "../share-done.js";

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
    const typed = outline.has('nodes[].type="FailureMode"') || outline.has('nodes[].type="Discrepancy"');
    if (outline.has("edges[].time_min_ms") || outline.has("edges[].time_max_ms")) return typed ? 1 : 0;
    return typed && outline.has("nodes[].gate_type") ? 0.9 : 0;
  },
  together: "file",
  read: readTfpg,
};

type Causes = Map<string, { readonly gate: "or" | "and"; readonly members: Member[]; readonly origin: Origin }>;

function readTfpg(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const reader = new TfpgReader();
  const progress = shareDone(files, context);
  for (const source of files) {
    const problems = walkJson(source, (cursor) => {
      for (const offset of cursor.documents()) {
        if (cursor.kind() !== "object") {
          const location = locationAt({ source, offset });
          reader.say("VALUE_TYPE", "A graph must be an object with nodes and edges.", location);
          continue;
        }
        for (const { key } of cursor.members()) {
          if ((key !== "nodes" && key !== "edges") || cursor.kind() !== "array") continue;
          const use = (record: PlacedRecord): void => {
            if (key === "nodes") reader.node(record);
            else reader.edges.push(record);
            progress(source, record.place.offset);
          };
          eachRecord(cursor, source, use, (place) =>
            reader.say("VALUE_TYPE", `An entry of ${key} must be an object.`, locationAt(place)),
          );
        }
      }
    });
    reader.diagnostics.push(...problems);
  }
  return reader.finish(files);
}

class TfpgReader {
  readonly diagnostics: Diagnostic[] = [];
  /** Edges may stand before the nodes they join. */
  readonly edges: PlacedRecord[] = [];
  private readonly services = new Map<string, Service>();
  private readonly causes: Causes = new Map();

  say(code: Diagnostic["code"], message: string, location: Location): void {
    if (this.diagnostics.length < MOST_DIAGNOSTICS)
      this.diagnostics.push({ code, severity: "error", message, location });
  }

  finish(files: readonly SourceFile[]): GraphDocument {
    for (const record of this.edges) this.edge(record);
    const dependencies = [...this.causes].flatMap(([effect, { gate, members, origin }]) =>
      gate === "and" && members.length > 1
        ? [dependencyOn(effect, members, origin, { kind: "at-least", need: 1 })]
        : members.map((member) => dependencyOn(effect, [member], member.origin, { kind: "all" })),
    );
    const first = files[0] === undefined ? {} : { location: { file: files[0].name, line: 1, column: 1 } };
    if (this.services.size > 0 && dependencies.length === 0) {
      this.diagnostics.push({
        code: "NO_DEPENDENCIES",
        severity: "warning",
        message: "No edge is declared: nothing can be said about impact.",
        ...first,
      });
    }
    return {
      format: tfpg.id,
      files: files.map(({ name }) => name),
      services: [...this.services.values()],
      dependencies,
      scenarios: [],
      names: "closed",
      diagnostics: this.diagnostics,
    };
  }

  node({ value, place }: PlacedRecord): void {
    const location = locationAt(place);
    const id = asText(own(value, "id"));
    if (id === undefined) {
      this.say("KEY_MISSING", "A node has no id.", location);
      return;
    }
    if (this.services.has(id)) {
      this.say("DUPLICATE_SERVICE", `The node "${id}" stands in the file twice.`, location);
      return;
    }
    const origin: Origin = { how: "stated", location };
    const name = asText(own(value, "name"));
    const kind = asText(own(value, "type"));
    this.services.set(id, {
      id,
      ...(name === undefined || name === id ? {} : { label: name }),
      ...(kind === undefined ? {} : { kind: kind === "FailureMode" ? "failure-mode" : kind.toLowerCase() }),
      ...SERVICE_DEFAULTS,
      origin,
    });
    const gate = asText(own(value, "gate_type"))?.toLowerCase() === "and" ? "and" : "or";
    this.causes.set(id, { gate, members: [], origin });
  }

  private edge(record: PlacedRecord): void {
    const { value, place, locate } = record;
    const from = asText(own(value, "from"));
    const to = asText(own(value, "to"));
    if (from === undefined || to === undefined) {
      this.say("KEY_MISSING", `An edge has no ${from === undefined ? "from" : "to"}.`, locationAt(place));
      return;
    }
    const effect = this.causes.get(to);
    if (effect === undefined || !this.causes.has(from)) {
      const [key, name] = effect === undefined ? ["to", to] : ["from", from];
      this.say("SERVICE_UNKNOWN", `An edge names "${name}", which is not a node.`, locate(key));
      return;
    }
    const least = this.time(record, "time_min_ms") ?? 0;
    const most = this.time(record, "time_max_ms") ?? least;
    if (most < least) this.say("VALUE_RANGE", "time_max_ms is below time_min_ms.", locate("time_max_ms"));
    const note = asText(own(value, "description"));
    const origin: Origin = { how: "stated", location: locationAt(place) };
    effect.members.push({
      provider: from,
      ...MEMBER_DEFAULTS,
      tolerance: constantSpread(least),
      ...(note === undefined ? {} : { note }),
      ...(most > least ? { uncertain: { tolerance: { kind: "range", min: least, max: most } } } : {}),
      origin,
      // A time that is stated to be 0 is not one that was left open.
      ...(least === 0 ? { origins: { tolerance: origin } } : {}),
    });
  }

  private time({ value, locate }: PlacedRecord, key: string): number | undefined {
    const written = own(value, key);
    if (written === undefined || written === null) return undefined;
    const time = asNumber(written);
    if (time !== undefined && time >= 0) return wholeMilliseconds(time);
    this.say("VALUE_RANGE", `${key} must be a number of milliseconds, 0 or more.`, locate(key));
    return undefined;
  }
}

const MOST_DIAGNOSTICS = 200;

function dependencyOn(consumer: string, members: readonly Member[], origin: Origin, gate: Gate): Dependency {
  const providers = members.map(({ provider }) => provider);
  return {
    ...DEPENDENCY_DEFAULTS,
    id: defaultDependencyId(consumer, providers, "run"),
    consumer,
    gate,
    members,
    origin,
  };
}
