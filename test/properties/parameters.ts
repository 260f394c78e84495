/**
 * Every number of a case that has a worse and a better direction (SPEC section 11, T2), as a list of
 * places that can be read and rewritten. One table serves the one-directional properties P3-P9 and the
 * corner runs of P17.
 */
import type { Fault, Throttle } from "../../src/model/scenario.js";
import type { Delay } from "../support/build.js";
import type { Case } from "./generators.js";

export interface Parameter {
  /** The property it belongs to, such as `P4`. */
  readonly property: string;
  readonly what: string;
  readonly path: Path;
  readonly value: number;
  /** Values that can only make things worse, and only better; either may be empty. */
  readonly worse: readonly number[];
  readonly better: readonly number[];
}

export type Path = readonly (string | number)[];

export function parametersOf(input: Case): Parameter[] {
  const found: Parameter[] = [];
  const add = (property: string, path: Path, value: number, worse: readonly number[], better: readonly number[]) =>
    found.push({
      property,
      what: path.join("."),
      path,
      value,
      worse: worse.filter((candidate) => candidate !== value),
      better: better.filter((candidate) => candidate !== value),
    });

  const up = (value: number, most = Infinity) => [1, 2, 5, 30].map((step) => Math.min(most, value + step));
  const down = (value: number, least = 0) => [1, 2, 5, 30].map((step) => Math.max(least, value - step));
  const share = (value: number, least = 0) => ({
    more: [1, round((value + 1) / 2)].filter((candidate) => candidate > value),
    less: [round((value + least) / 2), least].filter((candidate) => candidate < value && candidate > 0),
  });
  /** A delay that may be absent, one number, or a spread whose two ends move apart from each other. */
  const delay = (path: Path, value: Delay | undefined, worseIs: "longer" | "shorter") => {
    const ends: [Path, number, number, number][] =
      typeof value === "object"
        ? [
            [[...path, "min"], value.min, 0, value.max],
            [[...path, "max"], value.max, value.min, Infinity],
          ]
        : [[path, value ?? 0, 0, Infinity]];
    for (const [place, at, least, most] of ends) {
      const [longer, shorter] = [up(at, most), down(at, least)];
      if (worseIs === "longer") add("P4", place, at, longer, shorter);
      else add("P4", place, at, shorter, longer);
    }
  };

  for (const [id, service] of Object.entries(input.graph)) {
    const here: Path = ["graph", id];
    for (const [n, need] of (service.needs ?? []).entries()) {
      const at: Path = [...here, "needs", n];
      // What a capacity group has beyond its need; below it the consumer would be down without a cause.
      const spare = round(need.members.reduce((sum, member) => sum + (member.capacity ?? 0), -(need.capacity ?? 0)));
      for (const [m, member] of need.members.entries()) {
        const edge: Path = [...at, "members", m];
        const weight = share(member.weight ?? 1);
        add("P5", [...edge, "weight"], member.weight ?? 1, weight.more, weight.less);
        const trip = share(member.trip ?? 0);
        add("P4", [...edge, "trip"], member.trip ?? 0, [...trip.less, 0], trip.more);
        delay([...edge, "tolerance"], member.tolerance, "shorter");
        delay([...edge, "lag"], member.lag, "longer");
        if (need.capacity !== undefined) {
          const brought = member.capacity!;
          add(
            "P5",
            [...edge, "capacity"],
            brought,
            [round(brought - spare), round(brought - spare / 3)].filter((less) => less > 0),
            [brought + 0.5],
          );
        }
      }
      const grouped = need.members.length > 1 || need.need !== undefined || need.capacity !== undefined;
      if (grouped) {
        const weight = share(need.weight ?? 1);
        add("P5", [...at, "weight"], need.weight ?? 1, weight.more, weight.less);
        delay([...at, "tolerance"], need.tolerance, "shorter");
        delay([...at, "lag"], need.lag, "longer");
      }
      if (need.need !== undefined) {
        add(
          "P5",
          [...at, "need"],
          need.need,
          need.need < need.members.length ? [need.need + 1] : [],
          need.need > 1 ? [need.need - 1] : [],
        );
      }
      if (need.capacity !== undefined) {
        add(
          "P5",
          [...at, "capacity"],
          need.capacity,
          [round(need.capacity + spare), round(need.capacity + spare / 3)],
          [round(need.capacity / 2)],
        );
      }
    }
    const crash = share(service.crashAt ?? 1, 0.1);
    add("P7", [...here, "crashAt"], service.crashAt ?? 1, crash.less, crash.more);
    for (const [s, [after, takes]] of (service.recovery ?? []).entries()) {
      const stage: Path = [...here, "recovery", s];
      add("P7", [...stage, 0], after, down(after), up(after));
      if (takes !== "manual") add("P7", [...stage, 1], takes, up(takes), down(takes));
    }
    if (service.backlog !== undefined) {
      const { load, keep, surge, drain, levels, collapseAt } = service.backlog;
      const at: Path = [...here, "backlog"];
      // Never above the surge: validation refuses a service that is overloaded before anything happens.
      const room = round((surge ?? 1) - load);
      add("P8", [...at, "load"], load, [round(load + room / 2), round(load + room / 8)], [round(load * 0.7), 0]);
      add("P8", [...at, "keep"], keep ?? 1, share(keep ?? 1).more, [round((keep ?? 1) / 2), 0]);
      add("P8", [...at, "surge"], surge ?? 1, [round(load + room / 2)], [round((surge ?? 1) * 1.5)]);
      if (drain !== undefined) add("P8", [...at, "drain"], drain, [round(drain * 0.6)], [round(drain * 2)]);
      for (const [l, [over, level]] of (levels ?? []).entries()) {
        add("P8", [...at, "levels", l, 0], over, down(over), up(over));
        add("P8", [...at, "levels", l, 1], level, share(level).more, share(level).less);
      }
      if (collapseAt !== undefined) add("P8", [...at, "collapseAt"], collapseAt, down(collapseAt, 1), up(collapseAt));
    }
  }
  for (const list of ["faults", "throttles"] as const) {
    for (const [f, item] of (input.scenario[list] ?? []).entries()) {
      const { from, to, keys } = window(item);
      const at: Path = ["scenario", list, f];
      // An open fault that begins earlier may be there when a fix comes; one that ends is not touched by it.
      if (to !== null) {
        add("P3", [...at, keys[0]], from, down(from), up(from, to - 1));
        add("P3", [...at, keys[1]], to, up(to), down(to, from + 1));
      }
      add("P3", [...at, "level"], item.level, share(item.level).more, share(item.level).less);
    }
  }
  for (const [l, change] of (input.scenario.loads ?? []).entries()) {
    add("P8", ["scenario", "loads", l, "load"], change.load, [round(change.load + 0.3)], [round(change.load * 0.5)]);
  }
  for (const [a, action] of (input.scenario.actions ?? []).entries()) {
    if (action.timing.kind !== "at") continue;
    const at: Path = ["scenario", "actions", a];
    if (action.kind === "restore" && action.purge === 0) {
      add("P9", [...at, "timing", "atMs"], action.timing.atMs, up(action.timing.atMs), down(action.timing.atMs));
      add("P9", [...at, "takesMs"], action.takesMs, up(action.takesMs), down(action.takesMs));
    }
    if (action.kind === "cut") {
      const from = action.timing.atMs;
      add("P6", [...at, "timing", "atMs"], from, up(from, (action.toMs ?? 60) - 1), down(from));
      if (action.toMs !== null) add("P6", [...at, "toMs"], action.toMs, down(action.toMs, from + 1), up(action.toMs));
    }
  }
  return found;
}

/** Six decimals at most: what a file would say. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function window(item: Fault | Throttle) {
  return "atMs" in item
    ? { from: item.atMs, to: item.untilMs, keys: ["atMs", "untilMs"] as const }
    : { from: item.fromMs, to: item.toMs, keys: ["fromMs", "toMs"] as const };
}

/** A copy of the case with some of its values replaced. */
export function withValues(input: Case, edits: readonly { readonly path: Path; readonly value: number }[]): Case {
  // Not structuredClone: it would keep lists shared by two services shared.
  const copy = JSON.parse(JSON.stringify(input)) as Case;
  for (const { path, value } of edits) {
    let at: any = copy;
    for (const key of path.slice(0, -1)) at = at[key];
    at[path.at(-1)!] = value;
  }
  return copy;
}
