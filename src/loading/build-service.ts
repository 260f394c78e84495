/** Services of the model out of what a file says of them: a map of topple.yaml or a row of services.csv. */
import type { Location } from "../diagnostics/location.js";
import type { Uncertainty } from "../model/quantity.js";
import {
  BACKLOG_DEFAULTS,
  SERVICE_DEFAULTS,
  type Backlog,
  type RecoveryStage,
  type Service,
} from "../model/service.js";
import { note, present } from "./build-dependency.js";
import { NO_ORIGIN, originOf, originsOf, type OriginSpec } from "./origins.js";
import { dependencyRow, serviceRow, type BacklogInput, type ServiceInput } from "../model/file-schema.js";

export interface ServiceSource {
  readonly id: string;
  readonly values: Omit<ServiceInput, "needs" | "origin">;
  readonly location: Location;
  readonly origin: OriginSpec;
}

const TEXTS = ["label", "kind", "part_of", "owner", "tier", "population"] as const;

export function buildService({ id, values, location, origin }: ServiceSource): Service {
  const written: Record<string, "default" | "other"> = {};
  const uncertain: Record<string, Uncertainty> = {};
  note("users", values.users, SERVICE_DEFAULTS.users, written, uncertain);
  note("organisations", values.organisations, undefined, written, uncertain);
  note("crash_at", values.crash_at, SERVICE_DEFAULTS.crashAt, written, uncertain);
  note("mtbf", values.mtbf, undefined, written, uncertain);
  note("mttr", values.mttr, undefined, written, uncertain);
  note("failure_probability", values.failure_probability, undefined, written, uncertain);
  note("headroom", values.headroom, undefined, written, uncertain);
  note("waste", values.waste, undefined, written, uncertain);
  // A text may have an origin of its own too: a kind that an importer read off an image's name.
  for (const key of TEXTS) if (values[key] !== undefined) written[key] = "other";
  const recovery = values.recovery === undefined ? undefined : stages(values.recovery, written, uncertain);
  const backlog = values.backlog === undefined ? undefined : buildBacklog(values.backlog, written, uncertain);
  const optional = {
    label: values.label,
    kind: values.kind,
    partOf: values.part_of,
    owner: values.owner,
    tier: values.tier,
    note: values.note,
    source: values.source,
    population: values.population,
    organisations: values.organisations?.value,
    backlog,
    mtbfMs: values.mtbf?.value,
    mttrMs: values.mttr?.value,
    failureProbability: values.failure_probability?.value,
    headroom: values.headroom?.value,
    waste: values.waste?.value,
  };
  return {
    id,
    ...present(optional),
    users: values.users?.value ?? SERVICE_DEFAULTS.users,
    crashAt: values.crash_at?.value ?? SERVICE_DEFAULTS.crashAt,
    recovery: recovery ?? SERVICE_DEFAULTS.recovery,
    ...(Object.keys(uncertain).length === 0 ? {} : { uncertain }),
    origin: originOf(origin, NO_ORIGIN, location),
    ...originsOf(ownKeys(origin), NO_ORIGIN, location, written),
  };
}

/** A service may also say where the values of its needs come from; those are none of its own. */
function ownKeys(origin: OriginSpec): OriginSpec {
  const isOwn = (key: string): boolean =>
    Object.hasOwn(serviceRow.shape, key) || !Object.hasOwn(dependencyRow.shape, key);
  return { ...origin, keys: Object.fromEntries(Object.entries(origin.keys).filter(([key]) => isOwn(key))) };
}

function stages(
  input: NonNullable<ServiceInput["recovery"]>,
  written: Record<string, "default" | "other">,
  uncertain: Record<string, Uncertainty>,
): RecoveryStage[] {
  written["recovery"] = input.length === 0 ? "default" : "other";
  return input.map((stage, index) => {
    if (stage.after?.uncertain !== undefined) uncertain[`recovery[${index}].after`] = stage.after.uncertain;
    if (stage.takes?.uncertain !== undefined) uncertain[`recovery[${index}].takes`] = stage.takes.uncertain;
    return { afterMs: stage.after?.value ?? 0, takes: stage.takes?.value ?? 0 };
  });
}

function buildBacklog(
  input: BacklogInput,
  written: Record<string, "default" | "other">,
  uncertain: Record<string, Uncertainty>,
): Backlog {
  note("load", input.load, BACKLOG_DEFAULTS.load, written, uncertain);
  note("keep", input.keep, BACKLOG_DEFAULTS.keep, written, uncertain);
  note("surge", input.surge, BACKLOG_DEFAULTS.surge, written, uncertain);
  note("drain", input.drain, undefined, written, uncertain);
  note("collapse_at", input.collapse_at, undefined, written, uncertain);
  if (input.level !== undefined || input.levels !== undefined) written["levels"] = "other";
  return {
    load: input.load?.value ?? BACKLOG_DEFAULTS.load,
    keep: input.keep?.value ?? BACKLOG_DEFAULTS.keep,
    surge: input.surge?.value ?? BACKLOG_DEFAULTS.surge,
    ...present({ drain: input.drain?.value, collapseAtMs: input.collapse_at?.value }),
    levels: queueLevels(input),
    ...(input.force === "yes" || input.force === "true" ? { isForced: true as const } : {}),
  };
}

function queueLevels({ level, levels }: BacklogInput): Backlog["levels"] {
  if (levels !== undefined) return levels.map((item) => ({ overMs: item.over.value, level: item.level.value }));
  return level === undefined ? BACKLOG_DEFAULTS.levels : [{ overMs: 0, level: level.value }];
}
