/**
 * What breaks, as options: `--break X --for D --at T --level L` (each of the last three belongs to the
 * `--break` before it), or a scenario by name or file, or the graph's own first scenario.
 */
import { InvalidArgumentError, type Command } from "commander";
import { didYouMean } from "../../diagnostics/suggest.js";
import { parseDuration, parseInstant } from "../../model/duration.js";
import { DEFAULT_HORIZON_MS, emptyScenario, type Fault, type Scenario } from "../../model/scenario.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { findServices } from "../find-service.js";
import { Problems, UsageError } from "../problems.js";
import { positiveDuration, shareValue } from "./values.js";

export interface BreakOption {
  readonly service: string;
  /** Whole milliseconds from the scenario's start, or a clock time. */
  readonly at?: { readonly offsetMs: number } | { readonly utcMs: number };
  readonly forMs?: number;
  readonly level?: number;
}

export interface ScenarioOptions {
  readonly break?: readonly BreakOption[];
  readonly scenario?: string;
  readonly horizon?: number;
  readonly start?: number;
}

export function declareScenario(command: Command): void {
  const broken: BreakOption[] = [];
  const amend = (flag: string, more: Omit<BreakOption, "service">): void => {
    const last = broken.at(-1);
    if (last === undefined) throw new InvalidArgumentError(`${flag} belongs to the --break before it.`);
    broken[broken.length - 1] = { ...last, ...more };
  };
  command.option("--break <service>", "break a service (id, unique prefix or glob); repeatable", (service) => {
    broken.push({ service });
    return broken;
  });
  command.option("--for <duration>", "how long the --break before it lasts; without it, for ever", (text) =>
    amend("--for", { forMs: positiveDuration(text) }),
  );
  command.option("--at <time>", "when it begins: 5m after the start, or 2025-10-20T06:48Z", (text) =>
    amend("--at", { at: timeValue(text) }),
  );
  command.option("--level <share>", "how badly: 1 is down, 0.4 or 40% is degraded", (text) =>
    amend("--level", { level: shareValue(text) }),
  );
  command.option("--scenario <file|name>", "a scenario file, or one of the graph's by name");
  command.option("--horizon <duration>", "how far ahead to look (default: the scenario's, or 7d)", positiveDuration);
  command.option("--start <time>", "clock time of the start, such as 2025-10-20T06:48Z", instantValue);
}

/** The scenario the options ask for. `named` holds those of the `--scenario` file, when it was one. */
export function chooseScenario(
  graph: ServiceGraph,
  options: ScenarioOptions,
  named: readonly Scenario[] | undefined,
): Scenario {
  const base = baseScenario(graph, options, named);
  const clocks = (options.break ?? []).flatMap(({ at }) => (at !== undefined && "utcMs" in at ? [at.utcMs] : []));
  const startUtcMs = options.start ?? base.startUtcMs ?? (clocks.length > 0 ? Math.min(...clocks) : undefined);
  const added = (options.break ?? []).flatMap((broken) => faultsOf(graph, broken, startUtcMs));
  const lastMs = Math.max(0, ...added.map((fault) => fault.untilMs ?? fault.atMs));
  const horizonMs = options.horizon ?? (lastMs >= base.horizonMs ? lastMs + DEFAULT_HORIZON_MS : base.horizonMs);
  const title = base.title === undefined && base.name === "what-if" ? { title: whatIfTitle(added) } : {};
  return {
    ...base,
    ...title,
    ...(startUtcMs === undefined ? {} : { startUtcMs }),
    horizonMs,
    faults: [...base.faults, ...added],
  };
}

/** Whether a `--scenario` value is a path rather than a name. */
export function isScenarioPath(value: string): boolean {
  return /[\\/]|\.(?:ya?ml|json)$/i.test(value);
}

function baseScenario(graph: ServiceGraph, options: ScenarioOptions, named: readonly Scenario[] | undefined): Scenario {
  if (options.scenario === undefined) {
    if ((options.break ?? []).length > 0) return emptyScenario("what-if");
    const first = graph.scenarios[0];
    if (first !== undefined) return first;
    throw new UsageError(
      "Say what breaks: --break SERVICE --for 10m, or --scenario FILE. This graph has no scenario of its own.",
    );
  }
  if (named !== undefined) {
    const first = named[0];
    if (first !== undefined) return first;
    throw new Problems([
      { code: "SCENARIO_UNKNOWN", severity: "error", message: `"${options.scenario}" holds no scenario.` },
    ]);
  }
  const names = graph.scenarios.map(({ name }) => name);
  const exact = graph.scenarios.find(({ name }) => name === options.scenario);
  const begun = graph.scenarios.filter(({ name }) => name.startsWith(options.scenario!));
  const found = exact ?? (begun.length === 1 ? begun[0] : undefined);
  if (found !== undefined) return found;
  const remedy =
    didYouMean(options.scenario, names) ??
    (names.length === 0
      ? "This graph has no scenarios; name a file."
      : `It has ${names.map((name) => `"${name}"`).join(", ")}.`);
  throw new Problems([
    {
      code: "SCENARIO_UNKNOWN",
      severity: "error",
      message: `This graph has no scenario "${options.scenario}".`,
      remedy,
    },
  ]);
}

function faultsOf(graph: ServiceGraph, broken: BreakOption, startUtcMs: number | undefined): Fault[] {
  const { at } = broken;
  const atMs = at === undefined ? 0 : "offsetMs" in at ? at.offsetMs : at.utcMs - startUtcMs!;
  if (atMs < 0) throw new UsageError(`--at of --break ${broken.service} is before the scenario's start.`);
  return findServices(graph, broken.service).map((service) => ({
    service,
    atMs,
    untilMs: broken.forMs === undefined ? null : atMs + broken.forMs,
    level: broken.level ?? 1,
  }));
}

function whatIfTitle(faults: readonly Fault[]): string {
  const names = [...new Set(faults.map(({ service }) => service))];
  const shown = names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(" and ");
  return `What if ${shown} ${names.length === 1 ? "breaks" : "break"}`;
}

function timeValue(text: string): NonNullable<BreakOption["at"]> {
  const offsetMs = parseDuration(text);
  if (offsetMs !== undefined) return { offsetMs };
  const utcMs = parseInstant(text);
  if (utcMs !== undefined) return { utcMs };
  throw new InvalidArgumentError("Write a time after the start such as 5m, or a clock time such as 2025-10-20T06:48Z.");
}

function instantValue(text: string): number {
  const utcMs = parseInstant(text);
  if (utcMs === undefined) throw new InvalidArgumentError("Write a clock time such as 2025-10-20T06:48Z.");
  return utcMs;
}
