/**
 * The smallest sets of failures that take a service down (SPEC 7.5). For good and at all: exact, by
 * decision diagrams, counted whole however many are listed. For longer than some time: by trying
 * sets on the event engine, complete up to an order that the result names.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { toDamage } from "../../model/quantity.js";
import type { CutSetsQuestion } from "../../model/question.js";
import type { CutSetsResult } from "../../model/result.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { boundedSets } from "../decision-diagram/bounded-families.js";
import { solve, type CutSets, type GaveUp, type Solution } from "../decision-diagram/solve.js";
import { faultTreeOf } from "../fault-tree-of-graph.js";
import type { FaultTree } from "../fault-tree.js";
import { nodeFinder } from "../plan.js";
import { longOutageSteps } from "./long-outages.js";
import type { Progress } from "../many-runs.js";

/** Throws RangeError when the target is no service of the graph. Only the timed question takes long. */
export function* cutSetsSteps(
  graph: CompiledGraph,
  question: CutSetsQuestion,
): Generator<Progress, CutSetsResult, "stop" | undefined> {
  const target = nodeFinder(graph)(question.target);
  const level = Math.max(1, toDamage(question.level));
  if (question.longerThanMs !== undefined) return yield* longOutageSteps(graph, target, level, question);
  const { tree, findings } = faultTreeOf(graph, target, level);
  if (tree !== undefined) return answerTree(tree, question, graph.graph.findings);
  const tried = yield* longOutageSteps(graph, target, level, question);
  return { ...tried, findings: [...tried.findings, ...findings] };
}

export function answerCutSets(graph: CompiledGraph, question: CutSetsQuestion): CutSetsResult {
  const steps = cutSetsSteps(graph, question);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function answerTree(tree: FaultTree, question: CutSetsQuestion, findings: readonly Diagnostic[]): CutSetsResult {
  const solution = solve(tree);
  if (solution.kind === "gave-up") return answerInPart(tree, question, solution, null, findings);
  const probability = probabilityOf(tree, solution);
  const sets = solution.cutSets();
  if (sets.kind === "gave-up") return answerInPart(tree, question, sets, probability, findings);
  const listed = listSets(tree, sets, question);
  return {
    schema: "topple/cut-sets@1",
    target: question.target,
    total: String(sets.total),
    byOrder: inDecimals(sets.byOrder),
    probability,
    listed,
    complete: BigInt(listed.length) === sets.total,
    leftOut: String(sets.total - BigInt(listed.length)),
    findings: [...findings],
  };
}

/** Without the diagram of the whole: the sets by themselves, all of them or up to an order. */
function answerInPart(
  tree: FaultTree,
  question: CutSetsQuestion,
  { leaves, gates, nodeLimit }: GaveUp,
  probability: number | null,
  findings: readonly Diagnostic[],
): CutSetsResult {
  const sets = boundedSets(tree, question.order);
  const listed = listSets(tree, sets, question);
  const all = sets.completeUpTo === Infinity;
  const total = [...sets.byOrder.values()].reduce((sum, count) => sum + count, 0n);
  const tooLarge = `${leaves} failures under ${gates} conditions came to more than ${nodeLimit} nodes of a diagram in every order tried`;
  return {
    schema: "topple/cut-sets@1",
    target: question.target,
    total: all ? String(total) : null,
    byOrder: inDecimals(sets.byOrder),
    probability,
    listed,
    complete: all && BigInt(listed.length) === total,
    leftOut: all ? String(total - BigInt(listed.length)) : "",
    findings: [
      ...findings,
      {
        code: "BUDGET_EXHAUSTED",
        severity: "warning",
        message: all
          ? `The probability was not worked out: ${tooLarge}. The sets are all counted.`
          : `The sets could not be counted as a whole: ${tooLarge}. They are complete up to order ${sets.completeUpTo}; larger ones were not looked for.`,
        remedy:
          all || sets.completeUpTo < question.order
            ? "Ask about a service closer to the failures."
            : "Ask for a higher --order, or about a service closer to the failures.",
      },
    ],
  };
}

function inDecimals(byOrder: ReadonlyMap<number, bigint>): Record<string, string> {
  return Object.fromEntries([...byOrder].map(([order, count]) => [String(order), String(count)]));
}

/** By order, and within one order by the place of their members in the files. */
function listSets(
  tree: FaultTree,
  cutSets: Pick<CutSets, "byOrder" | "setsOfOrder">,
  { order, limit }: CutSetsQuestion,
): string[][] {
  const listed: string[][] = [];
  for (const size of cutSets.byOrder.keys()) {
    if (size > order || listed.length >= limit) break;
    const sets: (readonly number[])[] = [];
    for (const set of cutSets.setsOfOrder(size)) {
      sets.push(set);
      if (sets.length >= limit - listed.length) break;
    }
    sets.sort(byMembers);
    for (const set of sets) listed.push(set.map((variable) => tree.variables[variable]!.name));
  }
  return listed;
}

function byMembers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((member, index) => member !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** Null where a failure that matters has no probability. */
function probabilityOf(tree: FaultTree, solution: Solution): number | null {
  for (const variable of solution.support) if (tree.variables[variable]!.probability === null) return null;
  return solution.probability((variable) => tree.variables[variable]!.probability!);
}
