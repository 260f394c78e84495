/**
 * A structure function with loops, made into an equal one without: its least solution, in which
 * nothing fails without a cause outside the loop (SPEC 7.5, G36). Loops of one kind of gate fall
 * together. Of the others a few gates are cut out and the loop is gone through again until those
 * cannot change any more, which is once per cut gate.
 */
import { findComponents, type Components } from "./components.js";
import type { FaultTree, FaultTreeGate } from "./fault-tree.js";

/** Gates the unrolled loops may come to. */
export const UNROLLED_LIMIT = 400_000;

/** The tree without loops; undefined when unrolling them would take more than `limit` gates. */
export function withoutLoops(tree: FaultTree, limit = UNROLLED_LIMIT): FaultTree | undefined {
  const merged = mergeUniformLoops(tree);
  const { gates } = merged;
  const first = tree.variables.length;
  const components = componentsOf(merged, () => true);
  const out: FaultTreeGate[] = [];
  /** Number in the result of each gate of `merged`. */
  const place = new Int32Array(gates.length).fill(-1);
  const add = (gate: FaultTreeGate): number => first + out.push(gate) - 1;
  const nothing = add({ kind: "or", inputs: [] });
  const settled = (input: number): number => (input < first ? input : place[input - first]!);
  for (let c = 0; c < components.count; c++) {
    const members = components.members.subarray(components.start[c]!, components.start[c + 1]!);
    if (!isLoop(merged, members)) {
      const gate = gates[members[0]!]!;
      place[members[0]!] = add({ ...gate, inputs: gate.inputs.map(settled) });
      continue;
    }
    const { cut, order } = cutLoop(merged, members);
    if (out.length + (cut.length + 1) * order.length > limit) return undefined;
    const own = new Set(order);
    let before = new Map(cut.map((gate) => [gate, nothing]));
    for (let round = 0; round <= cut.length; round++) {
      const now = new Map<number, number>();
      for (const at of order) {
        const gate = gates[at]!;
        const inputs = gate.inputs.map((input) => {
          const inner = input - first;
          if (input < first || !own.has(inner)) return settled(input);
          return before.get(inner) ?? now.get(inner)!;
        });
        now.set(at, add({ ...gate, inputs }));
      }
      before = new Map(cut.map((gate) => [gate, now.get(gate)!]));
      for (const [at, number] of now) place[at] = number;
    }
  }
  return { variables: tree.variables, gates: out, top: settled(merged.top) };
}

/** Gates of a loop of `or`s are all the `or` of what comes in from outside; those of a loop of `and`s never fail. */
function mergeUniformLoops(tree: FaultTree): FaultTree {
  const first = tree.variables.length;
  let gates = tree.gates;
  for (const kind of ["or", "and"] as const) {
    const current: FaultTree = { ...tree, gates };
    const components = componentsOf(current, (gate) => gate.kind === kind);
    const merged = [...gates];
    for (let c = 0; c < components.count; c++) {
      const members = components.members.subarray(components.start[c]!, components.start[c + 1]!);
      if (gates[members[0]!]!.kind !== kind || !isLoop(current, members)) continue;
      const inside = new Set(members);
      const outside = new Set<number>();
      for (const member of members) {
        for (const input of gates[member]!.inputs) if (!inside.has(input - first)) outside.add(input);
      }
      const [head, ...others] = members;
      merged[head!] = { kind: "or", inputs: kind === "or" ? [...outside] : [] };
      for (const other of others) merged[other] = { kind: "or", inputs: [head! + first] };
    }
    gates = merged;
  }
  return { ...tree, gates };
}

/** Components of the arrows between gates that both satisfy `counts`. */
function componentsOf(tree: FaultTree, counts: (gate: FaultTreeGate) => boolean): Components {
  const first = tree.variables.length;
  const rowStart = new Int32Array(tree.gates.length + 1);
  const targets: number[] = [];
  for (const [at, gate] of tree.gates.entries()) {
    if (counts(gate)) {
      for (const input of gate.inputs) {
        if (input >= first && counts(tree.gates[input - first]!)) targets.push(input - first);
      }
    }
    rowStart[at + 1] = targets.length;
  }
  return findComponents(rowStart, Int32Array.from(targets));
}

function isLoop(tree: FaultTree, members: Int32Array): boolean {
  return members.length > 1 || tree.gates[members[0]!]!.inputs.includes(members[0]! + tree.variables.length);
}

/** Gates whose removal leaves no loop, most tangled first, and all gates with inputs before users once those are cut. */
function cutLoop(tree: FaultTree, members: Int32Array): { cut: number[]; order: number[] } {
  const first = tree.variables.length;
  const cut = new Set<number>();
  const innerOf = (at: number, inside: ReadonlySet<number>): number[] =>
    tree.gates[at]!.inputs.map((input) => input - first).filter((inner) => inside.has(inner));
  const open: number[][] = [[...members]];
  while (open.length > 0) {
    const part = open.pop()!;
    const inside = new Set(part);
    const uses = new Map(part.map((at) => [at, 0]));
    for (const at of part) for (const inner of innerOf(at, inside)) uses.set(inner, uses.get(inner)! + 1);
    const tangle = (at: number): number => uses.get(at)! * innerOf(at, inside).length;
    const worst = part.reduce((most, at) => (tangle(at) > tangle(most) ? at : most));
    cut.add(worst);
    const left = part.filter((at) => at !== worst);
    open.push(...loopsAmong(left, innerOf));
  }
  const all = new Set(members);
  const order: number[] = [];
  const done = new Set<number>();
  for (const start of members) visit(start);
  return { cut: [...cut], order };

  function visit(start: number): void {
    const path: { readonly at: number; readonly inputs: Iterator<number> }[] = [];
    const enter = (at: number): void => {
      if (done.has(at)) return;
      done.add(at);
      path.push({ at, inputs: innerOf(at, all).values() });
    };
    enter(start);
    while (path.length > 0) {
      const { at, inputs } = path.at(-1)!;
      const next = inputs.next();
      if (next.done === true) {
        order.push(at);
        path.pop();
      } else if (!cut.has(next.value)) enter(next.value);
    }
  }
}

/** The loops that are left among these gates. */
function loopsAmong(
  part: readonly number[],
  innerOf: (at: number, inside: ReadonlySet<number>) => number[],
): number[][] {
  const inside = new Set(part);
  const number = new Map(part.map((at, index) => [at, index]));
  const rowStart = new Int32Array(part.length + 1);
  const targets: number[] = [];
  for (const [index, at] of part.entries()) {
    for (const inner of innerOf(at, inside)) targets.push(number.get(inner)!);
    rowStart[index + 1] = targets.length;
  }
  const components = findComponents(rowStart, Int32Array.from(targets));
  const loops: number[][] = [];
  for (let c = 0; c < components.count; c++) {
    const members = [...components.members.subarray(components.start[c]!, components.start[c + 1]!)].map(
      (index) => part[index]!,
    );
    if (members.length > 1 || innerOf(members[0]!, inside).includes(members[0]!)) loops.push(members);
  }
  return loops;
}
