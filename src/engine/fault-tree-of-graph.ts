/**
 * When is a service at some level or worse, if others fail for good? As a structure function over
 * "service j fails by itself". Under failures that last, every delay runs out and every signal only
 * rises, so what is left of SPEC D8-D16 is its steady state: weights, trips, steps, k of n,
 * capacities, and queues that grow without end. Start dependencies and restarts play no part: they
 * hold up a return, and nothing returns.
 * One Boolean equation per service and damage threshold that matters, made on demand from the
 * target's; loops keep their least solution.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { FULL } from "../model/quantity.js";
import { basicFailures, failsByItself } from "./basic-failures.js";
import { MILLION, type CompiledGraph } from "./compiled-graph.js";
import { withoutLoops } from "./fault-tree-loops.js";
import type { FaultTree, FaultTreeGate } from "./fault-tree.js";

export interface GraphFaultTree {
  /** Absent when the graph is beyond what is built; `findings` says why. */
  readonly tree?: FaultTree;
  readonly findings: readonly Diagnostic[];
}

/** Equations and gates a graph may come to. */
const GATE_LIMIT = 2_000_000;
/** Different damages of one service that capacity groups are reckoned with. */
const VALUE_LIMIT = 64;

/** @param target node number  @param level damage that counts, 1..FULL */
export function faultTreeOf(graph: CompiledGraph, target: number, level: number): GraphFaultTree {
  try {
    const looped = new Equations(graph).treeOf(target, level);
    const tree = withoutLoops(looped);
    if (tree !== undefined) return { tree, findings: [] };
    return tooLarge("a loop of services takes too many steps to be followed to its end");
  } catch (error) {
    if (error instanceof TooLarge) return tooLarge(error.message);
    throw error;
  }
}

class TooLarge extends Error {}

function tooLarge(why: string): GraphFaultTree {
  return {
    findings: [
      {
        code: "LIMIT_EXCEEDED",
        severity: "warning",
        message: `The sets of failures cannot be worked out as a whole: ${why}.`,
        remedy: "Ask about a service with fewer providers.",
      },
    ],
  };
}

class Equations {
  private readonly variables: FaultTree["variables"];
  private readonly variableOf: Int32Array;
  private readonly gates: FaultTreeGate[] = [];
  private readonly numberOf = new Map<number, number>();
  private readonly open: { readonly node: number; readonly level: number; readonly gate: number }[] = [];
  private readonly never: number;
  private values: readonly ReadonlySet<number>[] | undefined;

  constructor(private readonly graph: CompiledGraph) {
    ({ variables: this.variables, variableOf: this.variableOf } = basicFailures(graph));
    this.never = this.add({ kind: "or", inputs: [] });
  }

  treeOf(target: number, level: number): FaultTree {
    const top = this.atLevel(target, level);
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) {
      this.gates[next.gate] = { kind: "or", inputs: this.causesOf(next.node, next.level) };
    }
    return { variables: this.variables, gates: this.gates, top };
  }

  /** The equation "damage of the node is at least this". */
  private atLevel(node: number, level: number): number {
    const key = node * (FULL + 1) + level;
    const known = this.numberOf.get(key);
    if (known !== undefined) return known;
    const number = this.add({ kind: "or", inputs: [] });
    this.numberOf.set(key, number);
    this.open.push({ node, level, gate: number - this.variables.length });
    return number;
  }

  private causesOf(node: number, level: number): number[] {
    const { graph } = this;
    const needed = Math.min(level, growsFrom(graph, node, level));
    if (needed === 0) return [this.add({ kind: "and", inputs: [] })];
    const inputs: number[] = [];
    if (this.variableOf[node] !== -1) inputs.push(this.variableOf[node]!);
    for (let g = graph.groupStart[node]!; g < graph.groupStart[node + 1]!; g++) {
      if (graph.groupIsStart[g] === 1) continue;
      const cause = this.groupAt(g, needed);
      if (cause !== this.never) inputs.push(cause);
    }
    return inputs;
  }

  private groupAt(g: number, level: number): number {
    const { graph } = this;
    const before = beforeWeight(level, graph.groupWeight[g]!);
    if (before > FULL) return this.never;
    const first = graph.edgeStart[g]!;
    const end = graph.edgeStart[g + 1]!;
    if (graph.groupCapacity[g]! > 0) return this.capacityAt(g, before);
    const inputs: number[] = [];
    for (let e = first; e < end; e++) {
      const member = this.memberAt(e, before);
      if (member !== this.never) inputs.push(member);
    }
    const need = end - first - graph.groupRank[g]!;
    if (need > inputs.length) return this.never;
    if (inputs.length === 1) return inputs[0]!;
    if (need === 1) return this.add({ kind: "or", inputs });
    return this.add(need === inputs.length ? { kind: "and", inputs } : { kind: "atleast", need, inputs });
  }

  /** "Member e brings damage of at least this into its group." */
  private memberAt(e: number, level: number): number {
    const { graph } = this;
    const weight = graph.edgeWeight[e]!;
    const needed = graph.edgeIsStep[e] === 1 ? (weight >= level ? 1 : FULL + 1) : beforeWeight(level, weight);
    const felt = Math.max(needed, graph.edgeTrip[e]!, 1);
    return felt > FULL ? this.never : this.atLevel(graph.edgeProvider[e]!, felt);
  }

  /** The lost capacity of the members exceeds what the group can spare at this level. */
  private capacityAt(g: number, level: number): number {
    const { graph } = this;
    const members: { readonly capacity: number; readonly losses: readonly { damage: number; gate: number }[] }[] = [];
    let whole = 0;
    for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
      const capacity = graph.edgeCapacity[e]!;
      whole += capacity * FULL;
      const losses = [...this.feltValues(e)]
        .sort((a, b) => b - a)
        .map((damage) => ({ damage, gate: this.memberAt(e, damage) }));
      if (losses.length > 0 && capacity > 0) members.push({ capacity, losses });
    }
    const spare = whole - graph.groupCapacity[g]! * (FULL - level + 1);
    const known = new Map<string, number>();
    const rest = Array.from({ length: members.length + 1 }, () => 0);
    members.sort((a, b) => b.capacity - a.capacity);
    for (let at = members.length - 1; at >= 0; at--) {
      rest[at] = rest[at + 1]! + members[at]!.capacity * members[at]!.losses[0]!.damage;
    }
    const exceeds = (at: number, left: number): number => {
      if (left < 0) return this.add({ kind: "and", inputs: [] });
      if (rest[at]! <= left) return this.never;
      const key = `${at} ${left}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const { capacity, losses } = members[at]!;
      const inputs = [exceeds(at + 1, left)];
      for (const { damage, gate } of losses) {
        const further = exceeds(at + 1, left - capacity * damage);
        if (further !== this.never) inputs.push(this.add({ kind: "and", inputs: [gate, further] }));
      }
      const gate = this.add({ kind: "or", inputs });
      known.set(key, gate);
      return gate;
    };
    return exceeds(0, spare);
  }

  /** Damages other than 0 that a member of a capacity group may bring. */
  private feltValues(e: number): Set<number> {
    this.values ??= possibleDamages(this.graph);
    return feltFrom(this.graph, e, this.values[this.graph.edgeProvider[e]!]!);
  }

  private add(gate: FaultTreeGate): number {
    if (this.gates.length >= GATE_LIMIT) throw new TooLarge(`the graph comes to more than ${GATE_LIMIT} conditions`);
    return this.variables.length + this.gates.push(gate) - 1;
  }
}

/** Smallest damage that weighs at least `level`; above FULL when none does. */
function beforeWeight(level: number, weight: number): number {
  return weight === 0 ? FULL + 1 : Math.ceil((level * FULL) / weight);
}

/**
 * Damage from which the node's queue grows for ever and, in the end, shows this level or more
 * (SPEC D13); above FULL without such a queue.
 */
function growsFrom(graph: CompiledGraph, node: number, level: number): number {
  const row = graph.backlogOf[node]!;
  if (row < 0) return FULL + 1;
  let shown = graph.backlogCollapse[row]! < Infinity ? FULL : 0;
  for (let l = graph.levelStart[row]!; l < graph.levelStart[row + 1]!; l++) {
    shown = Math.max(shown, graph.levelDamage[l]!);
  }
  if (shown < level) return FULL + 1;
  const grows = (lost: number): boolean => {
    const capacity = (graph.backlogSurge[row]! * (FULL - lost)) / FULL;
    const load = graph.backlogLoad[row]!;
    return capacity <= load && Math.round((graph.backlogKeep[row]! * (load - capacity)) / MILLION) > 0;
  };
  let low = 0;
  let high = FULL + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (middle > FULL || grows(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Every damage each service may come to, or more; iterated until nothing is added. */
function possibleDamages(graph: CompiledGraph): ReadonlySet<number>[] {
  const values = Array.from({ length: graph.nodeCount }, () => new Set<number>());
  for (let node = 0; node < graph.nodeCount; node++) if (failsByItself(graph, node)) values[node]!.add(FULL);
  for (let changed = true; changed;) {
    changed = false;
    for (let node = 0; node < graph.nodeCount; node++) {
      const own = values[node]!;
      const before = own.size;
      for (let g = graph.groupStart[node]!; g < graph.groupStart[node + 1]!; g++) {
        if (graph.groupIsStart[g] === 1) continue;
        for (const out of groupValues(graph, g, values)) {
          const z = Math.floor((graph.groupWeight[g]! * out) / FULL);
          if (z > 0) own.add(z);
        }
      }
      const row = graph.backlogOf[node]!;
      if (row >= 0) {
        for (let l = graph.levelStart[row]!; l < graph.levelStart[row + 1]!; l++) own.add(graph.levelDamage[l]!);
        if (graph.backlogCollapse[row]! < Infinity) own.add(FULL);
        own.delete(0);
      }
      if (own.size > VALUE_LIMIT) {
        throw new TooLarge(`a service takes more than ${VALUE_LIMIT} different damages in front of a capacity group`);
      }
      if (own.size !== before) changed = true;
    }
  }
  return values;
}

function groupValues(graph: CompiledGraph, g: number, values: readonly ReadonlySet<number>[]): Set<number> {
  const first = graph.edgeStart[g]!;
  const end = graph.edgeStart[g + 1]!;
  const out = new Set<number>();
  if (!(graph.groupCapacity[g]! > 0)) {
    for (let e = first; e < end; e++) {
      for (const value of feltFrom(graph, e, values[graph.edgeProvider[e]!]!)) out.add(value);
    }
    return out;
  }
  let available = new Set([0]);
  for (let e = first; e < end; e++) {
    const capacity = graph.edgeCapacity[e]!;
    const felt = [0, ...feltFrom(graph, e, values[graph.edgeProvider[e]!]!)];
    const next = new Set<number>();
    for (const sum of available) for (const value of felt) next.add(sum + capacity * (FULL - value));
    if (next.size > 100_000) throw new TooLarge("a capacity group has too many different capacities");
    available = next;
  }
  for (const sum of available) out.add(Math.max(0, FULL - Math.floor(sum / graph.groupCapacity[g]!)));
  out.delete(0);
  return out;
}

function feltFrom(graph: CompiledGraph, e: number, damages: ReadonlySet<number>): Set<number> {
  const felt = new Set<number>();
  for (const damage of damages) {
    if (damage < graph.edgeTrip[e]!) continue;
    const weight = graph.edgeWeight[e]!;
    const value = graph.edgeIsStep[e] === 1 ? weight : Math.floor((weight * damage) / FULL);
    if (value > 0) felt.add(value);
  }
  return felt;
}
