/** Services and dependencies as the keys of our own files, nested as in YAML or flat as in a table. */
import {
  DEPENDENCY_DEFAULTS,
  defaultDependencyId,
  MEMBER_DEFAULTS,
  type Dependency,
  type Member,
} from "../../model/dependency.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { BACKLOG_DEFAULTS, SERVICE_DEFAULTS, type Backlog, type Service } from "../../model/service.js";
import {
  duration,
  Fields,
  originCell,
  uncertainText,
  type WithOrigins,
  type Written,
  type WrittenMap,
} from "./written-values.js";

/** Keys of `services.<id>` but for `needs`. */
export function serviceMap(service: Service): WrittenMap {
  const fields = serviceFields(service);
  const { recovery, uncertain } = service;
  if (recovery.length > 0) {
    fields.values["recovery"] = recovery.map((stage, index) => ({
      after: timeOr(uncertain?.[`recovery[${index}].after`], stage.afterMs),
      takes: stage.takes === "manual" ? "manual" : timeOr(uncertain?.[`recovery[${index}].takes`], stage.takes),
    }));
  }
  if (service.backlog !== undefined) fields.values["backlog"] = backlogMap(service, service.backlog, fields.implied);
  fields.origin();
  return fields.values;
}

/** A row of services.csv. */
export function serviceRow(service: Service): Record<string, string> {
  const { recovery, uncertain, backlog } = service;
  const fields = serviceFields(service);
  if (recovery.length > 0) {
    fields.values["recovery"] = recovery
      .map((stage, index) => {
        const after = timeOr(uncertain?.[`recovery[${index}].after`], stage.afterMs);
        const takes =
          stage.takes === "manual" ? "manual" : timeOr(uncertain?.[`recovery[${index}].takes`], stage.takes);
        return `${after}:${takes}`;
      })
      .join("; ");
  }
  if (backlog !== undefined) {
    const { levels, ...rest } = backlogMap(service, backlog, fields.implied) as WrittenMap & {
      levels?: readonly WrittenMap[];
    };
    Object.assign(fields.values, rest);
    if (levels !== undefined) {
      fields.values["levels"] = levels.map(({ over, level }) => `${String(over)}:${String(level)}`).join("; ");
    }
  }
  fields.origin();
  return toCells({ id: service.id, ...fields.values });
}

function serviceFields(service: Service): Fields {
  const fields = new Fields(service);
  fields.text("label", service.label);
  fields.text("kind", service.kind);
  fields.text("part_of", service.partOf);
  fields.text("owner", service.owner);
  fields.text("tier", service.tier);
  fields.amount("users", service.users, SERVICE_DEFAULTS.users, "number");
  fields.text("population", service.population);
  fields.amount("organisations", service.organisations, undefined, "number");
  fields.amount("crash_at", service.crashAt, SERVICE_DEFAULTS.crashAt, "number");
  fields.amount("mtbf", service.mtbfMs, undefined, "time");
  fields.amount("mttr", service.mttrMs, undefined, "time");
  fields.amount("failure_probability", service.failureProbability, undefined, "number");
  fields.amount("headroom", service.headroom, undefined, "number");
  fields.amount("waste", service.waste, undefined, "number");
  fields.text("note", service.note);
  fields.text("source", service.source);
  return fields;
}

/** Never empty: in a table its columns are all that says there is a queue. */
function backlogMap(service: Service, backlog: Backlog, implied: Set<string>): WrittenMap {
  const fields = new Fields(service, implied);
  fields.amount("load", backlog.load, BACKLOG_DEFAULTS.load, "number");
  fields.amount("keep", backlog.keep, BACKLOG_DEFAULTS.keep, "number");
  fields.amount("surge", backlog.surge, BACKLOG_DEFAULTS.surge, "number");
  fields.amount("drain", backlog.drain, undefined, "number");
  fields.amount("collapse_at", backlog.collapseAtMs, undefined, "time");
  const isDefault = JSON.stringify(backlog.levels) === JSON.stringify(BACKLOG_DEFAULTS.levels);
  if (!isDefault || service.origins?.["levels"] !== undefined || Object.keys(fields.values).length === 0) {
    fields.values["levels"] = backlog.levels.map(({ overMs, level }) => ({ over: duration(overMs), level }));
  }
  if (backlog.isForced === true) fields.values["force"] = "yes";
  return fields.values;
}

/** An item of `needs:`; a bare name where there is nothing else to say. `around` is the service it belongs to. */
export function needOf(dependency: Dependency, around: WithOrigins): Written {
  const { members } = dependency;
  if (isPlain(dependency)) {
    const fields = memberFields(members[0]!, "dep", around);
    const keys = Object.keys(fields);
    const head = headOf(dependency);
    return keys.length === 1 && Object.keys(head).length === 0 ? members[0]!.provider : reorder({ ...head, ...fields });
  }
  const of = members.map((member) => {
    const fields = memberFields(member, "dep", around);
    return Object.keys(fields).length === 1 ? member.provider : fields;
  });
  const fields = groupFields(dependency);
  fields.origin(around);
  return { ...headOf(dependency), of, ...fields.values };
}

/** Rows of dependencies.csv, one a member. `group` names the group among the dependencies of its consumer. */
export function dependencyRows(dependency: Dependency, group: string): Record<string, string>[] {
  const { consumer, members } = dependency;
  if (isPlain(dependency)) {
    return [toCells({ from: consumer, ...headOf(dependency), ...memberFields(members[0]!, "to") })];
  }
  const fields = groupFields(dependency);
  fields.origin();
  const { need, origin: own, ...rest } = fields.values;
  // Of a group of one the reader takes the origin to be that of the one, unless it is said.
  const origin = own ?? (members.length === 1 ? "stated" : undefined);
  const said = Object.fromEntries(Object.entries(rest).map(([key, value]) => [`group_${key}`, value]));
  return members.map((member, index) => {
    const first =
      index > 0
        ? {}
        : {
            ...headOf(dependency, "always"),
            ...(need === undefined ? {} : { need }),
            ...said,
            ...(origin === undefined ? {} : { group_origin: originCell(origin)! }),
          };
    return toCells({ from: consumer, group, ...first, ...memberFields(member, "to") });
  });
}

/** Every dependency with the name its group has in a table. */
export function namedGroups(graph: ServiceGraph): { readonly dependency: Dependency; readonly group: string }[] {
  const counts = new Map<string, number>();
  return graph.dependencies.map((dependency) => {
    if (isPlain(dependency)) return { dependency, group: "" };
    const number = (counts.get(dependency.consumer) ?? 0) + 1;
    counts.set(dependency.consumer, number);
    return { dependency, group: `g${number}` };
  });
}

/** One provider and nothing said of the dependency as a whole. */
export function isPlain({ members, gate, toleranceMs, lagMs, weight, uncertain }: Dependency): boolean {
  return (
    members.length === 1 &&
    gate.kind === "all" &&
    toleranceMs === DEPENDENCY_DEFAULTS.toleranceMs &&
    lagMs === DEPENDENCY_DEFAULTS.lagMs &&
    weight === DEPENDENCY_DEFAULTS.weight &&
    (uncertain === undefined || Object.keys(uncertain).length === 0)
  );
}

/** The id where it is not the one that follows from the names, and the phase where it is not `run`. */
function headOf({ id, consumer, members, phase }: Dependency, ids: "needed" | "always" = "needed"): WrittenMap {
  const providers = members.map(({ provider }) => provider);
  const isDefault = ids === "needed" && id === defaultDependencyId(consumer, providers, phase);
  return { ...(isDefault ? {} : { id }), ...(phase === DEPENDENCY_DEFAULTS.phase ? {} : { phase }) };
}

function groupFields(dependency: Dependency): Fields {
  const fields = new Fields(dependency);
  if (dependency.gate.kind !== "all") fields.amount("need", dependency.gate.need, undefined, "number");
  fields.amount("tolerance", dependency.toleranceMs, DEPENDENCY_DEFAULTS.toleranceMs, "time");
  fields.amount("lag", dependency.lagMs, DEPENDENCY_DEFAULTS.lagMs, "time");
  fields.amount("weight", dependency.weight, DEPENDENCY_DEFAULTS.weight, "number");
  return fields;
}

function memberFields(member: Member, name: "dep" | "to", around?: WithOrigins): WrittenMap {
  const fields = new Fields(member);
  fields.text(name, member.provider);
  fields.amount("weight", member.weight, MEMBER_DEFAULTS.weight, "number");
  fields.amount("trip", member.trip, MEMBER_DEFAULTS.trip, "number");
  if (member.transfer !== MEMBER_DEFAULTS.transfer || member.origins?.["transfer"] !== undefined) {
    fields.values["transfer"] = member.transfer;
  }
  fields.spread("tolerance", member.tolerance);
  fields.spread("lag", member.lag);
  fields.amount("capacity", member.capacity, undefined, "number");
  fields.amount("share", member.share, undefined, "number");
  fields.amount("retries", member.retries, undefined, "number");
  fields.amount("retry_memory", member.retryMemoryMs, undefined, "time");
  fields.amount("catchup", member.catchup, undefined, "number");
  fields.amount("calls", member.calls, undefined, "number");
  fields.amount("error_rate", member.errorRate, undefined, "number");
  fields.text("note", member.note);
  fields.text("source", member.source);
  fields.origin(around);
  return fields.values;
}

/** The provider first, as people write it. */
function reorder({ dep, ...rest }: WrittenMap): WrittenMap {
  return dep === undefined ? rest : { dep, ...rest };
}

function timeOr(uncertain: Parameters<typeof uncertainText>[0] | undefined, ms: number): string {
  return uncertain === undefined ? duration(ms) : uncertainText(uncertain, "time");
}

function toCells(values: WrittenMap): Record<string, string> {
  const cells: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [key, value] of Object.entries(values)) {
    cells[key] = key === "origin" || key === "group_origin" ? originCell(value)! : String(value);
  }
  return cells;
}
