/** Report inputs for tests: small graphs with labels and places, asked for real, without any disk. */
import { answer } from "../../src/engine/answer.js";
import { checkSteps } from "../../src/engine/check.js";
import { compile } from "../../src/engine/compile.js";
import { diffSteps } from "../../src/engine/diff.js";
import type { Policy } from "../../src/model/policy.js";
import { DEFAULT_POLICY } from "../../src/model/policy.js";
import type { CheckResult, CompareResult, DiffResult, ImpactResult } from "../../src/model/result.js";
import type { Scenario } from "../../src/model/scenario.js";
import { sealServiceGraph, type ServiceGraph } from "../../src/model/service-graph.js";
import type { Service } from "../../src/model/service.js";
import type { ReportInput, Subject } from "../../src/reports/report-input.js";
import { fault, graph, need, needAtLeast, type GraphSpec } from "./build.js";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** The same graph with labels, owners and so on, and every service on a line of its own of `graph.yaml`. */
export function described(spec: GraphSpec, more: Readonly<Record<string, Partial<Service>>> = {}): ServiceGraph {
  const plain = graph(spec);
  return sealServiceGraph({
    services: plain.services.map((service, index) => ({
      ...service,
      ...more[service.id],
      origin: {
        how: "stated",
        location: { file: "graph.yaml", line: index + 2, column: 3, length: service.id.length },
      },
    })),
    dependencies: plain.dependencies,
    scenarios: [],
    findings: [],
  });
}

/** dns <- db <- checkout; search needs one of two caches; blog needs nothing. */
export function shop(): ServiceGraph {
  return described(
    {
      dns: {},
      db: { needs: [need("dns", { tolerance: 5 * MINUTE, lag: 10 * MINUTE })] },
      checkout: { needs: [need("db")], users: 1000 },
      "cache-a": { needs: [need("dns")] },
      "cache-b": {},
      search: { needs: [needAtLeast(1, ["cache-a", "cache-b"]), need("db", { weight: 0.4 })], users: 500 },
      blog: { users: 100 },
    },
    {
      dns: { kind: "dns", label: "DNS of the region" },
      db: { kind: "database", owner: "storage" },
      checkout: { tier: "1", owner: "payments", label: "Checkout" },
      search: { tier: "2", label: "Search" },
    },
  );
}

export function outage(more: Partial<Scenario> = {}): Scenario {
  return {
    name: "dns-gone",
    title: "The DNS record is gone",
    startUtcMs: Date.UTC(2025, 9, 20, 6, 48),
    horizonMs: 24 * HOUR,
    faults: [fault("dns", 0, HOUR)],
    throttles: [],
    loads: [],
    actions: [],
    ...more,
  };
}

export function impactOf(checked: ServiceGraph, scenario: Scenario): ImpactResult {
  return answer(compile(checked), { kind: "impact", scenario });
}

export function reportOf(subject: Subject, checked: ServiceGraph, more: Partial<ReportInput> = {}): ReportInput {
  return {
    subject,
    graph: checked,
    graphName: "shop",
    command: "topple report shop --break dns --for 1h",
    digest: "5f1d7a84db00d2fce00b31a7fc73224f",
    version: "0.1.0",
    ...more,
  };
}

export function shopReport(more: Partial<ReportInput> = {}): ReportInput {
  const checked = shop();
  return reportOf(impactOf(checked, outage()), checked, more);
}

export function sweepReport(checked: ServiceGraph): ReportInput {
  const result = answer(compile(checked), { kind: "sweep", forMs: HOUR, horizonMs: 24 * HOUR, order: "single" });
  return reportOf(result, checked);
}

export function checkOf(checked: ServiceGraph, policy: Partial<Policy> = {}, today = "2026-01-01"): CheckResult {
  return finish(checkSteps(compile(checked), { policy: { ...DEFAULT_POLICY, ...policy }, today }));
}

export function diffOf(before: ServiceGraph, after: ServiceGraph): DiffResult {
  return finish(diffSteps(compile(before), compile(after), { forMs: HOUR, horizonMs: 24 * HOUR }));
}

export function compareOf(before: ImpactResult, after: ImpactResult): CompareResult {
  const totals = { before: before.totals, after: after.totals, saved: 0, shortened: 0, lengthened: 0, new: 0, same: 0 };
  return {
    schema: "topple/compare@1",
    scenario: before.scenario,
    changes: [{ kind: "unlink", dependency: "db>dns" }],
    services: before.services.map((service, index) => ({
      id: service.id,
      before: service,
      after: after.services[index]!,
      change: "shortened",
    })),
    totals: { ...totals, shortened: before.services.length },
    findings: [],
  };
}

function finish<R>(steps: Generator<unknown, R, "stop" | undefined>): R {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
