/** The Social Network of DeathStarBench while containers are killed, against the exact values beside its data. */
import { describe, expect, it } from "vitest";
import { replicaLoss } from "../../src/engine/replica-loss.js";
import { readDocument } from "../../src/loading/read-document.js";
import { validate } from "../../src/validation/validate.js";
import { graph, need } from "../support/build.js";
import { datasetFile, hasDatasets } from "../support/datasets.js";

interface Oracle {
  readonly client: string;
  readonly endpoints: Readonly<Record<string, { readonly targets: readonly string[]; readonly weight: number }>>;
  readonly replicas_in_repl_mode: Readonly<Record<string, number>>;
  readonly results: readonly {
    readonly mode: "norepl" | "repl";
    readonly p_fail: number;
    readonly containers: number;
    readonly killed: number;
    readonly R_ep: Readonly<Record<string, number>>;
    readonly R_model_exact: number;
    readonly published_R_live_measured: number;
  }[];
}

describe("the share of requests that succeed while replicas are killed", () => {
  it("counts a loop of callers as no way in", () => {
    const calls = graph({ web: { needs: [need("a")] }, a: { needs: [need("b")] }, b: { needs: [need("a")] } });
    const { succeed } = replicaLoss(calls, {
      client: "web",
      endpoints: [{ name: "b", weight: 1, targets: ["b"] }],
      replicas: { a: 2 },
    });
    // Four containers; b is reached when web, b and one of the two a are left.
    expect(succeed).toEqual([1, 0.5, 0, 0, 0]);
  });

  it.skipIf(!hasDatasets)("is the exact model of the Social Network, with and without replicas", () => {
    const folder = "jaeger-dependencies";
    const oracle = JSON.parse(datasetFile(`${folder}/dsb-socialnetwork-resilience.oracle.json`).text) as Oracle;
    const checked = validate(readDocument([datasetFile(`${folder}/dsb-socialnetwork-deps.json`)])).graph!;
    const endpoints = Object.entries(oracle.endpoints).map(([name, rest]) => ({ name, ...rest }));
    const lines = ["mode    killed  model   live (as published; draws from other containers, so nothing is claimed)"];
    for (const row of oracle.results) {
      const replicas = row.mode === "repl" ? oracle.replicas_in_repl_mode : {};
      const { containers, succeed, byEndpoint } = replicaLoss(checked, { client: oracle.client, endpoints, replicas });
      expect(containers).toBe(row.containers);
      expect(Math.ceil(row.p_fail * containers - 1e-9)).toBe(row.killed);
      expect(succeed[row.killed]).toBeCloseTo(row.R_model_exact, 6);
      for (const [name, share] of Object.entries(row.R_ep)) expect(byEndpoint[name]![row.killed]).toBeCloseTo(share, 6);
      const killed = `${row.killed}/${containers}`.padEnd(7);
      lines.push(
        `${row.mode.padEnd(7)} ${killed} ${succeed[row.killed]!.toFixed(4)}  ${row.published_R_live_measured}`,
      );
    }
    expect(oracle.results).toHaveLength(10);
    console.log(lines.join("\n"));
  });
});
