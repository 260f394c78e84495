/**
 * Static unavailability, exact by decision diagrams: how likely a service is to be down at a random
 * instant when every failure is felt at once and only while it lasts. And what each service's own
 * failures have to do with it. Solving stops after so much work; targets come first.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { FULL } from "../model/quantity.js";
import type { Importance } from "../model/result.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { solve, type Sensitivity, type Solution } from "./decision-diagram/solve.js";
import { faultTreeOf } from "./fault-tree-of-graph.js";
import type { FaultTree } from "./fault-tree.js";
import { steadyProbability } from "./steady-probability.js";

/** Work on static unavailability, in nodes made, after which only targets have one. */
const STATIC_WORK = 20_000_000;
/** A single diagram for a service that is not a target. */
const STATIC_NODES = 1_000_000;

/** Unavailability by place, as far as the allowed work goes, and importance for a target. */
export class StaticFigures {
  readonly unavailability = new Map<number, number>();
  private readonly solved = new Map<string, { readonly tree: FaultTree; readonly solution: Solution }>();
  private readonly withoutFigures = new Set<string>();
  private readonly tooMuch: string[] = [];
  private work = 0;

  constructor(
    private readonly graph: CompiledGraph,
    private readonly targets: ReadonlySet<string>,
  ) {}

  add(place: number): void {
    const { graph, targets } = this;
    const service = graph.graph.services[place]!;
    const node = graph.nodeOf[place]!;
    const isTarget = targets.has(service.id);
    if (!isTarget && graph.groupStart[node + 1] === graph.groupStart[node] && graph.backlogOf[node]! < 0) {
      const own = steadyProbability(service);
      if (own !== null) this.unavailability.set(place, own);
      return;
    }
    const { tree } = this.work > STATIC_WORK && !isTarget ? {} : faultTreeOf(graph, node, FULL);
    const solution = tree && solve(tree, isTarget ? {} : { nodeLimit: STATIC_NODES });
    if (tree === undefined || solution === undefined || solution.kind === "gave-up") {
      this.tooMuch.push(service.id);
      this.work += STATIC_NODES;
      return;
    }
    this.work += tree.variables.length + tree.gates.length + solution.diagramNodes();
    if (isTarget) this.solved.set(service.id, { tree, solution });
    const support = [...solution.support].map((variable) => tree.variables[variable]!);
    for (const { name, probability } of support) if (probability === null) this.withoutFigures.add(name);
    if (support.every(({ probability }) => probability === null)) return;
    this.unavailability.set(place, solution.probability(probabilityIn(tree)));
  }

  /** By service; undefined when the target could not be worked out or nothing has a figure. */
  importance(target: string): ReadonlyMap<string, Importance> | undefined {
    const known = this.solved.get(target);
    if (known === undefined) return undefined;
    const { tree, solution } = known;
    const ofVariable = probabilityIn(tree);
    if ([...solution.support].every((variable) => tree.variables[variable]!.probability === null)) return undefined;
    const top = solution.probability(ofVariable);
    const sensitivities = solution.sensitivities(ofVariable);
    return new Map(
      tree.variables.map(({ name }, variable) => [
        name,
        importanceOf(top, ofVariable(variable), sensitivities.get(variable) ?? { ifFailed: top, ifWorking: top }),
      ]),
    );
  }

  findings(): Diagnostic[] {
    const findings: Diagnostic[] = [];
    if (this.withoutFigures.size > 0) {
      findings.push({
        code: "INFERRED",
        severity: "note",
        message: `Taken never to fail by themselves, because they have no failure figures: ${someOf([...this.withoutFigures])}.`,
        remedy: "Give them mtbf and mttr, or a failure_probability.",
      });
    }
    if (this.tooMuch.length > 0) {
      findings.push({
        code: "BUDGET_EXHAUSTED",
        severity: "warning",
        message: `Static unavailability was not worked out for ${someOf(this.tooMuch)}: the diagrams grew too large.`,
        remedy: "Ask for one of them with --target.",
      });
    }
    return findings;
  }
}

function probabilityIn(tree: FaultTree): (variable: number) => number {
  return (variable) => tree.variables[variable]!.probability ?? 0;
}

/**
 * Birnbaum: the difference a service makes. Criticality: the share of the target's unavailability that
 * would go if it never failed, which is Fussell-Vesely importance as risk studies define it, 1 - 1/RRW.
 * Diagnostic: how likely it is failed when the target is (DIF in SCRAM and Storm), its own probability
 * times RAW. RAW and RRW: how much worse with it failed and how much better with it never failing.
 */
function importanceOf(top: number, own: number, { ifFailed, ifWorking }: Sensitivity): Importance {
  const birnbaum = ifFailed - ifWorking;
  const diagnostic = top === 0 ? 0 : (ifFailed * own) / top;
  return {
    birnbaum,
    criticality: top === 0 ? 0 : (birnbaum * own) / top,
    diagnostic,
    fussellVesely: diagnostic,
    raw: ratio(ifFailed, top),
    rrw: ratio(top, ifWorking),
  };
}

function ratio(a: number, b: number): number | "infinity" {
  if (b > 0) return a / b;
  return a > 0 ? "infinity" : 1;
}

/** Names for a sentence, a few of them. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
