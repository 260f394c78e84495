/**
 * Random graphs with every value the model can hold, written in each of our own formats and read back through
 * reading and checking: the same to the last origin. Places in files are the only thing left out.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../../src/loading/read-document.js";
import { defaultDependencyId, type Dependency, type Gate, type Member } from "../../../src/model/dependency.js";
import type { Origin } from "../../../src/model/origin.js";
import type { Spread, Uncertainty } from "../../../src/model/quantity.js";
import type { Action, Fault, Scenario, Timing } from "../../../src/model/scenario.js";
import type { Backlog, Service } from "../../../src/model/service.js";
import type { ServiceGraph } from "../../../src/model/service-graph.js";
import { exporters } from "../../../src/reports/exporters/exporters.js";
import { validate } from "../../../src/validation/validate.js";

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });
const present = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

const ms = fc.oneof(fc.constantFrom(0, 1, 999, 1_000, 61_001, 3_600_000, 90_061_001), fc.nat(10_000_000_000));
const someMs = ms.map((value) => Math.max(1, value));
const share = fc.oneof(
  fc.constantFrom(0.5, 1, 0.25, 0.0001),
  fc.integer({ min: 1, max: 10_000 }).map((n) => n / 10_000),
);
const amount = fc.oneof(
  fc.nat(1_000_000),
  fc.integer({ min: 1, max: 9_999 }).map((n) => n / 1_000),
);
const words = fc.oneof(
  fc.constantFrom(
    "plain",
    "=1+1",
    "'=x",
    "a, b",
    'say "x"',
    "#x",
    "two\nlines",
    "a: b; c: d",
    "{x}",
    "yes",
    "1.10",
    "é漢",
  ),
  fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).map((text) => `w${text.replace(/\r/g, "")}w`),
);
const origin: fc.Arbitrary<Origin> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Origin>({ how: "stated" }) },
  words.map((evidence): Origin => ({ how: "inferred", evidence })),
  fc.constantFrom("dns", "a b").map((kind): Origin => ({ how: "default", kind })),
  fc.constantFrom("aws-2025-10-20").map((incident): Origin => ({ how: "fitted", incident })),
  fc.constantFrom("F12", "events.csv 06:48 trigger").map((fact): Origin => ({ how: "sourced", fact })),
);

/** A value as the reader takes it: the worse end of a range, the middle or mean of a distribution. */
interface Value {
  readonly value: number;
  readonly uncertain?: Uncertainty;
}
const certain = (values: fc.Arbitrary<number>): fc.Arbitrary<Value> => values.map((value) => ({ value }));

function quantity(values: fc.Arbitrary<number>, worse: "up" | "down", whole: boolean): fc.Arbitrary<Value> {
  const middle = (value: number): number => (whole ? Math.floor(value + 0.5) : value);
  const pair = fc.tuple(values, values).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));
  return fc.oneof(
    { weight: 4, arbitrary: certain(values) },
    pair.map(({ min, max }) => ({
      value: worse === "up" ? max : min,
      uncertain: { kind: "range" as const, min, max },
    })),
    pair.map(({ min, max }) => ({ value: middle((min + max) / 2), uncertain: { kind: "uniform" as const, min, max } })),
    values.map((mean) => ({ value: mean, uncertain: { kind: "exponential" as const, mean } })),
    values.map((median) => ({ value: median, uncertain: { kind: "lognormal" as const, median, sigma: 0.8 } })),
    values.map((mean) => ({ value: mean, uncertain: { kind: "normal" as const, mean, sd: mean } })),
  );
}

/** Splits values off their uncertainty, and gives some of the written ones an origin of their own. */
function item(values: Readonly<Record<string, Value | undefined>>, origins: Readonly<Record<string, Origin>>) {
  const numbers: Record<string, number> = {};
  const uncertain: Record<string, Uncertainty> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    numbers[key] = value.value;
    if (value.uncertain !== undefined) uncertain[key] = value.uncertain;
  }
  return {
    numbers,
    ...(Object.keys(uncertain).length === 0 ? {} : { uncertain }),
    ...(Object.keys(origins).length === 0 ? {} : { origins }),
  };
}

const ids = ["api", "db", "=cmd", "-x", "'@y", "1.10", "on", "#tag", "a>b", "a, b", "__proto__", "漢 字"];

/** What a default that was written gets as its origin when nothing else is said: that of the item. */
const implied = (
  own: Origin,
  said: Readonly<Record<string, Origin>>,
  defaults: readonly string[],
): Record<string, Origin> =>
  Object.fromEntries([...defaults.map((key) => [key, own] as const), ...Object.entries(said)]);

const spread = (worse: "up" | "down") =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: quantity(ms, worse, true).map(({ value, uncertain }) => ({
        spread: { minMs: value, maxMs: value, cohorts: 1 },
        uncertain,
      })),
    },
    fc.tuple(ms, ms, fc.integer({ min: 2, max: 20 })).map(([a, b, cohorts]) => ({
      spread: { minMs: Math.min(a, b), maxMs: Math.max(a, b), cohorts },
      uncertain: undefined as Uncertainty | undefined,
    })),
  );

const NONE: Spread = { minMs: 0, maxMs: 0, cohorts: 1 };

function member(provider: string, capacity: boolean): fc.Arbitrary<Member> {
  return fc
    .record({
      own: origin,
      weight: maybe(quantity(share, "up", false)),
      trip: maybe(quantity(share, "down", false)),
      transfer: fc.constantFrom("linear" as const, "step" as const),
      tolerance: maybe(spread("down")),
      lag: maybe(spread("up")),
      capacity: capacity
        ? quantity(
            amount.map((n) => n + 1),
            "down",
            false,
          )
        : fc.constant(undefined),
      share: maybe(quantity(amount, "up", false)),
      retries: maybe(quantity(fc.nat(5), "up", false)),
      retry_memory: maybe(quantity(ms, "up", true)),
      catchup: maybe(quantity(amount, "up", false)),
      calls: maybe(certain(fc.nat(1_000_000))),
      error_rate: maybe(quantity(share, "up", false)),
      note: maybe(words),
      source: maybe(words),
      keyed: maybe(origin),
      picks: fc.subarray(["weight", "trip", "tolerance", "lag", "share", "error_rate"]),
    })
    .map(({ own, transfer, tolerance, lag, note, source, keyed, picks, ...values }) => {
      const written: Record<string, boolean> = {};
      for (const [key, value] of Object.entries(values)) written[key] = value !== undefined;
      written["tolerance"] = tolerance !== undefined;
      written["lag"] = lag !== undefined;
      const said =
        keyed === undefined ? {} : Object.fromEntries(picks.filter((key) => written[key]).map((key) => [key, keyed]));
      const defaults = [
        ...(values.weight?.value === 1 ? ["weight"] : []),
        ...(values.trip?.value === 0 ? ["trip"] : []),
        ...(tolerance !== undefined && tolerance.spread.maxMs === 0 ? ["tolerance"] : []),
        ...(lag !== undefined && lag.spread.maxMs === 0 ? ["lag"] : []),
      ];
      const { numbers, ...rest } = item(
        {
          ...values,
          ...(tolerance?.uncertain === undefined ? {} : { tolerance: { value: 0, uncertain: tolerance.uncertain } }),
          ...(lag?.uncertain === undefined ? {} : { lag: { value: 0, uncertain: lag.uncertain } }),
        },
        implied(own, said, defaults),
      );
      return present({
        provider,
        weight: numbers["weight"] ?? 1,
        trip: numbers["trip"] ?? 0,
        transfer,
        tolerance: tolerance?.spread ?? NONE,
        lag: lag?.spread ?? NONE,
        capacity: numbers["capacity"],
        share: numbers["share"],
        retries: numbers["retries"],
        retryMemoryMs: numbers["retry_memory"],
        catchup: numbers["catchup"],
        calls: numbers["calls"],
        errorRate: numbers["error_rate"],
        note,
        source,
        ...rest,
        origin: own,
      }) as Member;
    });
}

function dependency(consumer: string, providers: readonly string[], index: number): fc.Arbitrary<Dependency> {
  return fc.constantFrom<Gate["kind"]>("all", "at-least", "capacity").chain((kind) =>
    fc
      .record({
        members: fc.tuple(...providers.map((provider) => member(provider, kind === "capacity"))),
        phase: fc.constantFrom("run" as const, "start" as const),
        need: fc.integer({ min: 1, max: providers.length }),
        named: fc.boolean(),
        own: origin,
        tolerance: maybe(quantity(ms, "down", true)),
        lag: maybe(quantity(ms, "up", true)),
        weight: maybe(quantity(share, "up", false)),
        keyed: maybe(origin),
      })
      .map(({ members, phase, need, named, own, tolerance, lag, weight, keyed }): Dependency => {
        const isGroup = members.length > 1 || kind !== "all";
        const whole = isGroup ? { tolerance, lag, weight } : {};
        const written = Object.entries(whole).filter(([, value]) => value !== undefined);
        const said = keyed === undefined ? {} : Object.fromEntries(written.map(([key]) => [key, keyed]));
        const defaults = written
          .filter(([key, value]) => value!.value === (key === "weight" ? 1 : 0))
          .map(([key]) => key);
        const from = isGroup ? own : members[0]!.origin;
        const { numbers, ...rest } = item(whole, implied(from, said, defaults));
        return {
          id: named ? `d${index} of ${consumer}` : defaultDependencyId(consumer, providers, phase),
          consumer,
          phase,
          gate: kind === "all" ? { kind } : { kind, need: kind === "capacity" ? 1 : need },
          members,
          toleranceMs: numbers["tolerance"] ?? 0,
          lagMs: numbers["lag"] ?? 0,
          weight: numbers["weight"] ?? 1,
          ...rest,
          origin: from,
        };
      }),
  );
}

const backlog: fc.Arbitrary<{ backlog: Backlog; values: Record<string, Value> }> = fc
  .record({
    load: maybe(
      quantity(
        fc.integer({ min: 0, max: 90 }).map((n) => n / 100),
        "up",
        false,
      ),
    ),
    keep: maybe(quantity(share, "up", false)),
    drain: maybe(
      quantity(
        amount.map((n) => n + 1),
        "down",
        false,
      ),
    ),
    collapse_at: maybe(quantity(someMs, "down", true)),
    levels: maybe(
      fc.uniqueArray(fc.record({ overMs: ms, level: share }), {
        minLength: 1,
        maxLength: 3,
        selector: ({ overMs }) => overMs,
      }),
    ),
  })
  .map(({ levels, ...values }) => ({
    backlog: present({
      load: values.load?.value ?? 0.47,
      keep: values.keep?.value ?? 1,
      surge: 1,
      drain: values.drain?.value,
      collapseAtMs: values.collapse_at?.value,
      levels: levels ?? [{ overMs: 0, level: 1 }],
    }) as Backlog,
    values: present(values) as Record<string, Value>,
  }));

function service(id: string): fc.Arbitrary<Service> {
  return fc
    .record({
      own: origin,
      texts: fc.record(
        {
          label: words,
          kind: words,
          partOf: words,
          owner: words,
          tier: words,
          note: words,
          source: words,
          population: words,
        },
        { requiredKeys: [] },
      ),
      users: maybe(quantity(fc.nat(1_000), "up", false)),
      organisations: maybe(certain(fc.nat(100))),
      crash_at: maybe(quantity(share, "down", false)),
      recovery: fc.array(
        fc.tuple(quantity(ms, "down", true), fc.oneof(fc.constant("manual" as const), quantity(someMs, "up", true))),
        { maxLength: 3 },
      ),
      queue: maybe(backlog),
      mtbf: maybe(quantity(someMs, "down", true)),
      mttr: maybe(quantity(someMs, "up", true)),
      failure_probability: maybe(quantity(share, "up", false)),
      headroom: maybe(
        quantity(
          amount.map((n) => n + 1),
          "down",
          false,
        ),
      ),
      waste: maybe(
        quantity(
          amount.map((n) => n + 1),
          "up",
          false,
        ),
      ),
      keyed: maybe(origin),
    })
    .map(({ own, texts, recovery, queue, keyed, ...values }) => {
      const staged: Record<string, Value> = {};
      recovery.forEach(([after, takes], index) => {
        if (after.uncertain !== undefined) staged[`recovery[${index}].after`] = after;
        if (takes !== "manual" && takes.uncertain !== undefined) staged[`recovery[${index}].takes`] = takes;
      });
      const all = { ...values, ...queue?.values };
      const said: Record<string, Origin> = {};
      if (keyed !== undefined) {
        for (const [key, value] of Object.entries(all)) if (value !== undefined) said[key] = keyed;
        if (texts.kind !== undefined) said["kind"] = keyed;
      }
      const isDefault: Readonly<Record<string, number>> = { users: 0, crash_at: 1, load: 0.47, keep: 1 };
      const defaults = Object.entries(all)
        .filter(([key, value]) => value !== undefined && isDefault[key] === value.value)
        .map(([key]) => key);
      const { numbers, uncertain, origins } = item({ ...all, ...staged }, implied(own, said, defaults));
      return present({
        id,
        ...texts,
        users: numbers["users"] ?? 0,
        organisations: numbers["organisations"],
        crashAt: numbers["crash_at"] ?? 1,
        recovery: recovery.map(([after, takes]) => ({
          afterMs: after.value,
          takes: takes === "manual" ? takes : takes.value,
        })),
        backlog: queue?.backlog,
        mtbfMs: numbers["mtbf"],
        mttrMs: numbers["mttr"],
        failureProbability: numbers["failure_probability"],
        headroom: numbers["headroom"],
        waste: numbers["waste"],
        uncertain,
        origins,
        origin: own,
      }) as Service;
    });
}

function scenario(services: readonly string[], dependencies: readonly string[], name: string): fc.Arbitrary<Scenario> {
  const anyService = fc.constantFrom(...services);
  const remarks = fc
    .record({ note: maybe(words), origin })
    .map((given) => present(given) as { readonly note?: string; readonly origin: Origin });
  const timing: fc.Arbitrary<Timing> = fc.oneof(
    ms.map((atMs): Timing => ({ kind: "at", atMs })),
    fc
      .record({ service: anyService, level: share, forMs: ms, delayMs: someMs })
      .map((when): Timing => ({ kind: "when", when: { ...when, origin: { how: "stated" } } })),
  );
  const fault: fc.Arbitrary<Fault> = fc
    .record({
      service: anyService,
      at: quantity(ms, "down", true),
      length: fc.option(quantity(someMs, "up", true)),
      level: share,
      remarks,
    })
    .map(({ service: of, at, length, level, remarks: more }) => {
      const uncertain = present({ at: at.uncertain, for: length?.uncertain });
      return present({
        service: of,
        atMs: at.value,
        untilMs: length === null ? null : at.value + length.value,
        level,
        uncertain: Object.keys(uncertain).length === 0 ? undefined : uncertain,
        ...more,
      }) as Fault;
    });
  const action: fc.Arbitrary<Action> = fc
    .record({
      kind: fc.constantFrom<Action["kind"]>("cut", "restore", "fix", "throttle", "load"),
      of: anyService,
      timing,
      end: fc.option(someMs),
      level: share,
      load: fc.constantFrom(0, 0.5),
      remarks,
    })
    .filter(({ kind }) => kind !== "cut" || dependencies.length > 0)
    .map(({ kind, of, timing: at, end, level, load, remarks: more }): Action => {
      switch (kind) {
        case "cut": {
          const toMs = end === null ? null : at.kind === "at" ? at.atMs + end : end;
          return { kind, dependency: dependencies[0]!, timing: at, toMs, ...more };
        }
        case "restore":
          return { kind, service: of, timing: at, takesMs: end ?? 0, purge: level, ...more };
        case "fix":
          return { kind, service: of, timing: at, ...more };
        case "throttle":
          return { kind, service: of, timing: at, forMs: end, level, ...more };
        case "load":
          return { kind, service: of, timing: at, load, ...more };
      }
    });
  return fc
    .record({
      title: maybe(words),
      description: maybe(words),
      startUtcMs: maybe(fc.constantFrom(1_760_943_000_000, 1_760_943_000_123)),
      horizonMs: someMs,
      faults: fc.array(fault, { minLength: 1, maxLength: 3 }),
      throttles: fc.array(
        fc
          .record({ service: anyService, fromMs: ms, end: fc.option(someMs), level: share, remarks })
          .map(({ end, remarks: more, ...rest }) => ({
            ...rest,
            toMs: end === null ? null : rest.fromMs + end,
            ...more,
          })),
        { maxLength: 2 },
      ),
      actions: fc.array(action, { maxLength: 3 }),
    })
    .map((parts) => ({ name, ...present(parts), loads: [] }) as Scenario);
}

const graph: fc.Arbitrary<ServiceGraph> = fc
  .uniqueArray(fc.constantFrom(...ids), { minLength: 2, maxLength: 5 })
  .chain((names) =>
    fc
      .array(
        fc.tuple(fc.constantFrom(...names), fc.subarray(names, { minLength: 1, maxLength: Math.min(3, names.length) })),
        { maxLength: 4 },
      )
      .chain((pairs) =>
        fc
          .record({
            services: fc.tuple(...names.map(service)),
            dependencies: fc.tuple(
              ...pairs.map(([consumer, providers], index) => dependency(consumer, providers, index)),
            ),
          })
          .chain((parts) =>
            fc
              .tuple(
                ...["first", "a/b"].map((name) =>
                  scenario(
                    names,
                    parts.dependencies.map(({ id }) => id),
                    name,
                  ),
                ),
              )
              .map((scenarios) => ({ ...parts, scenarios })),
          ),
      ),
  )
  .map(({ services, dependencies, scenarios }) =>
    validate({
      format: "test",
      files: [],
      services,
      dependencies: dependencies.filter(
        ({ id }, index) => dependencies.findIndex((other) => other.id === id) === index,
      ),
      scenarios,
      edits: [
        {
          name: "faster",
          changes: [
            { kind: "set", target: services[0]!.id, key: "crash_at", value: "0.5" },
            { kind: "add", service: "new, one", values: { kind: "cache" } },
          ],
        },
      ],
      names: "closed",
      defaults: "none",
      diagnostics: [],
    }),
  )
  .filter((validated) => validated.graph !== null)
  .map((validated) => validated.graph!);

/** Everything the graph holds but places; dependencies by id, because files that nest them sort them by consumer. */
function content(of: ServiceGraph): unknown {
  const sorted = <T>(items: readonly T[], key: (item: T) => string): T[] =>
    items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const withoutPlaces = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(withoutPlaces)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([key, inner]) => key !== "location" && inner !== undefined)
              .map(([key, inner]) => [key, withoutPlaces(inner)]),
          )
        : value;
  return withoutPlaces({
    services: of.services,
    dependencies: sorted(of.dependencies, ({ id }) => id),
    scenarios: sorted(of.scenarios, ({ name }) => name).map(({ origin: _, ...rest }) => rest),
    edits: of.edits,
  });
}

describe("a graph with every kind of value", () => {
  it.each(["yaml", "json", "csv"])("is the same after %s", (format) => {
    const exporter = exporters.find(({ id }) => id === format)!;
    fc.assert(
      fc.property(graph, (before) => {
        const files = exporter.write(before).map(({ path, text }) => ({ name: `out/${path}`, text }));
        const read = readDocument(files, { isFound: () => true });
        const again = validate(read);
        expect(again.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(read.defaults).toBe("none");
        expect(content(again.graph!)).toEqual(content(before));
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 150) },
    );
  });
});
