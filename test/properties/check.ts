/**
 * Runs a property a given share of `FUZZ_RUNS` times and, when it fails, throws the shrunk counterexample
 * as a topple.yaml that can be saved and run. Without FUZZ_RUNS the seed is fixed, so that `npm test` gives
 * the same answer every time; `FUZZ_SEED` sets another.
 */
import fc from "fast-check";
import { graphFileText } from "../support/spec-file.js";
import type { Case } from "./generators.js";

const USUAL_RUNS = 1_200;

const wanted = Number(process.env["FUZZ_RUNS"] ?? USUAL_RUNS);
const seed = process.env["FUZZ_SEED"] ?? (process.env["FUZZ_RUNS"] === undefined ? "20251020" : undefined);

/** How many of the wanted runs a property gets; at least a hundred. */
export function runs(share: number): number {
  return Math.max(100, Math.ceil(wanted * share));
}

export function holds<T>(
  arbitrary: fc.Arbitrary<T>,
  predicate: (value: T) => void,
  options: { readonly share: number; readonly casesOf: (value: T) => Readonly<Record<string, Case>> },
): void {
  const outcome = fc.check(
    fc.property(arbitrary, (value) => {
      predicate(value);
    }),
    {
      numRuns: runs(options.share),
      maxSkipsPerRun: 1_000,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    },
  );
  if (!outcome.failed) return;
  if (outcome.counterexample === null) throw new Error(`too many cases were skipped (seed ${outcome.seed})`);
  const files = Object.entries(options.casesOf(outcome.counterexample[0])).map(
    ([name, found]) =>
      `# ${name}: save as topple.yaml and run \`topple impact topple.yaml\`\n${graphFileText(found.graph, found.scenario)}`,
  );
  const reason = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : String(outcome.errorInstance);
  throw new Error(
    `${reason}\n\nFUZZ_SEED=${outcome.seed}, run ${outcome.numRuns}, path ${outcome.counterexamplePath}\n\n${files.join("\n")}`,
    { cause: outcome.errorInstance },
  );
}

/** The usual case: the value is the case. */
export function holdsForCases(arbitrary: fc.Arbitrary<Case>, predicate: (value: Case) => void, share: number): void {
  holds(arbitrary, predicate, { share, casesOf: (found) => ({ case: found }) });
}
