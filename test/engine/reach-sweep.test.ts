/** All services at once against a plain walk from each alone. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { sweepReach } from "../../src/engine/reach-sweep.js";
import { graph, need, type GraphSpec } from "../support/build.js";

it("reaches from every service what a walk from it alone reaches", () => {
  const arrows = fc.array(fc.tuple(fc.nat(149), fc.nat(149)), { maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 150 }), arrows, (size, pairs) => {
      const consumers = new Map<number, Set<number>>();
      for (const [consumer, provider] of pairs) {
        if (!consumers.has(provider % size)) consumers.set(provider % size, new Set());
        consumers.get(provider % size)!.add(consumer % size);
      }
      const spec: Record<string, GraphSpec[string]> = {};
      for (let v = 0; v < size; v++) {
        const providers = [...consumers].filter(([, all]) => all.has(v)).map(([provider]) => provider);
        spec[`s${v}`] = { users: v + 1, needs: providers.map((p) => need(`s${p}`, { id: `${v}-${p}` })) };
      }
      const compiled = compile(graph(spec));
      const users = Float64Array.from(compiled.serviceOf, (place) => place + 1);
      const swept = sweepReach(compiled, users);
      for (let v = 0; v < size; v++) {
        const walked = new Set([v]);
        for (const u of walked) for (const w of consumers.get(u) ?? []) walked.add(w);
        const node = compiled.nodeOf[v]!;
        expect(swept.services[node]).toBe(walked.size);
        expect(swept.users[node]).toBe([...walked].reduce((sum, u) => sum + u + 1, 0));
      }
    }),
  );
});
