/**
 * Random graph content and two ways to write it, topple.yaml and CSV, so that both readers can be held to the
 * same meaning. Written from the format's description, not with the product's own writers.
 */
import fc from "fast-check";
import { stringify } from "yaml";

export interface WrittenMember {
  readonly dep: string;
  readonly weight?: number;
  readonly trip?: number;
  readonly transfer?: "step" | "linear";
  readonly tolerance?: string;
  readonly lag?: string;
  readonly note?: string;
}

export interface WrittenNeed {
  readonly members: readonly WrittenMember[];
  readonly id: string;
  readonly phase?: "run" | "start";
  readonly need?: number;
  readonly groupLag?: string;
}

export interface WrittenService {
  readonly id: string;
  readonly label?: string;
  readonly kind?: string;
  readonly users?: number;
  readonly crash_at?: number;
  readonly recovery?: readonly { readonly after: string; readonly takes: string }[];
  readonly backlog?: {
    readonly load?: number;
    readonly drain?: number;
    readonly levels?: readonly { over: string; level: number }[];
  };
  readonly needs: readonly WrittenNeed[];
}

const duration = fc.constantFrom("0", "500ms", "3m", "2h37m", "1d", "PT5M");
const share = fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100);
const text = fc
  .string({
    unit: fc.constantFrom("a", "b", " ", ",", '"', "'", "\n", ":", "#", "漢", "-", "é"),
    minLength: 1,
    maxLength: 8,
  })
  .map((s) => s.trim())
  .filter((s) => s !== "");
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

/** Names that are awkward in one format or the other. */
export const NAMES = [
  "web",
  "api",
  "db-1",
  "on",
  "NO",
  "1.10",
  "007",
  "a,b",
  'say "hi"',
  "#tag",
  "- dash",
  "null",
  "漢字",
  "with space",
  "x>y",
  "__proto__",
  "constructor",
];

const member = (dep: string): fc.Arbitrary<WrittenMember> =>
  fc.record({
    dep: fc.constant(dep),
    weight: optional(share),
    trip: optional(share),
    transfer: optional(fc.constantFrom("step" as const, "linear" as const)),
    tolerance: optional(
      fc.oneof(duration, fc.constantFrom("0m..156m/13", "2m..4m", "uniform(2m,4m)", "exponential(20m)")),
    ),
    lag: optional(fc.oneof(duration, fc.constantFrom("1m..3m", "lognormal(5m,0.8)"))),
    note: optional(text),
  }) as fc.Arbitrary<WrittenMember>;

export const graphContent: fc.Arbitrary<readonly WrittenService[]> = fc
  .uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 5 })
  .chain((ids) => fc.tuple(...ids.map((id, place) => service(id, place, ids))));

function service(id: string, place: number, ids: readonly string[]): fc.Arbitrary<WrittenService> {
  return fc.record({
    id: fc.constant(id),
    label: optional(text),
    kind: optional(fc.constantFrom("dns", "x y")),
    users: optional(fc.nat()),
    crash_at: optional(share),
    recovery: optional(
      fc.array(fc.record({ after: duration, takes: fc.oneof(duration, fc.constant("manual")) }), {
        minLength: 1,
        maxLength: 3,
      }),
    ),
    backlog: optional(
      fc.record({
        load: fc.constantFrom(0, 0.5, 0.9),
        drain: optional(share),
        levels: optional(fc.array(fc.record({ over: duration, level: share }), { minLength: 1, maxLength: 3 })),
      }),
    ),
    needs: fc
      .array(needOf(ids), { maxLength: 3 })
      .map((needs) => needs.map((need, index) => ({ ...need, id: `d${place}.${index}` }))),
  }) as fc.Arbitrary<WrittenService>;
}

function needOf(ids: readonly string[]): fc.Arbitrary<Omit<WrittenNeed, "id">> {
  return fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 3 }).chain((providers) =>
    fc.record({
      members: fc.tuple(...providers.map(member)),
      phase: optional(fc.constantFrom("run" as const, "start" as const)),
      need: providers.length === 1 ? fc.constant(undefined) : optional(fc.integer({ min: 1, max: providers.length })),
      groupLag: providers.length === 1 ? fc.constant(undefined) : optional(duration),
    }),
  ) as fc.Arbitrary<Omit<WrittenNeed, "id">>;
}

export function asYaml(services: readonly WrittenService[]): string {
  const written = new Map(
    services.map(({ id, needs, ...rest }) => [
      id,
      {
        ...rest,
        needs: needs.map(({ members, groupLag, ...need }) =>
          members.length === 1 ? { ...need, ...members[0]! } : { ...need, lag: groupLag, of: members },
        ),
      },
    ]),
  );
  return stringify({ services: written }, { keepUndefined: false });
}

export function asJson(services: readonly WrittenService[]): string {
  return JSON.stringify({
    schema: "topple/graph@1",
    services: services.map(({ needs: _, ...rest }) => rest),
    dependencies: dependencyRows(services),
  });
}

export function asTables(services: readonly WrittenService[]): { services: string; dependencies: string } {
  const rows = services.map(({ recovery, backlog, needs: _, ...rest }) => ({
    ...rest,
    recovery: recovery?.map(({ after, takes }) => `${after}:${takes}`).join("; "),
    load: backlog?.load,
    drain: backlog?.drain,
    levels: backlog?.levels?.map(({ over, level }) => `${over}:${level}`).join(";"),
  }));
  const columns = ["id", "label", "kind", "users", "crash_at", "recovery", "load", "drain", "levels"];
  const others = [
    "from",
    "to",
    "group",
    "need",
    "id",
    "phase",
    "weight",
    "trip",
    "transfer",
    "tolerance",
    "lag",
    "note",
    "group_lag",
  ];
  return { services: table(columns, rows), dependencies: table(others, dependencyRows(services)) };
}

function dependencyRows(services: readonly WrittenService[]): Record<string, unknown>[] {
  return services.flatMap(({ id: from, needs }) =>
    needs.flatMap(({ members, id, phase, need, groupLag }) =>
      members.map(({ dep, ...values }, index) => ({
        from,
        to: dep,
        id,
        phase,
        ...(members.length === 1 ? {} : { group: id, need: index === 0 ? need : undefined, group_lag: groupLag }),
        ...values,
      })),
    ),
  );
}

function table(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const cell = (value: unknown): string => {
    if (value === undefined) return "";
    const text = String(value);
    // what a spreadsheet would run as a formula is written with a quote in front
    return `"${/^'*[=+\-@]/.test(text) ? "'" : ""}${text.replaceAll('"', '""')}"`;
  };
  return [columns.join(","), ...rows.map((row) => columns.map((column) => cell(row[column])).join(","))].join("\r\n");
}
