/**
 * Modules: gates whose variables occur nowhere else, so that each can be solved by itself and stands
 * as one variable in the rest. Found by one walk and one pass over visit times (Dutuit, Rauzy 1996).
 */
import { gateOf, gatesBelow, type Logic } from "./logic.js";

/** One module without what lies inside the modules below it. */
export interface Module {
  /** A gate. */
  readonly root: number;
  /** Inputs before the gates that use them; the root comes last. */
  readonly gates: readonly number[];
  /** Variables, and roots of other modules, in the order they are met. */
  readonly leaves: readonly number[];
}

/** Modules below the top, inner ones first; the top itself is the last. None when the top is no gate. */
export function findModules(logic: Logic): Module[] {
  if (gateOf(logic, logic.top) === undefined) return [];
  const roots = moduleRoots(logic);
  const found: Module[] = [];
  for (const root of gatesBelow(logic, logic.top)) {
    if (roots.has(root)) found.push(moduleAt(logic, root, roots));
  }
  return found;
}

/** Gates that are modules; the top is always one. */
export function moduleRoots(logic: Logic): Set<number> {
  const { variableCount, gates, top } = logic;
  const count = variableCount + gates.length;
  const first = new Int32Array(count);
  const last = new Int32Array(count);
  const closed = new Int32Array(gates.length);
  let time = 1;
  first[top] = last[top] = time;
  const path = [top];
  const next = [0];
  const order: number[] = [];
  while (path.length > 0) {
    const node = path.at(-1)!;
    const { inputs } = gates[node - variableCount]!;
    const at = next[next.length - 1]!++;
    if (at === inputs.length) {
      closed[node - variableCount] = last[node] = ++time;
      order.push(node);
      path.pop();
      next.pop();
      continue;
    }
    const input = inputs[at]!;
    last[input] = ++time;
    if (first[input] !== 0) continue;
    first[input] = time;
    if (input < variableCount) continue;
    path.push(input);
    next.push(0);
  }
  // A gate is a module when everything below it is visited within its own first visit.
  const earliest = new Int32Array(gates.length);
  const latest = new Int32Array(gates.length);
  const roots = new Set([top]);
  for (const node of order) {
    let from = time;
    let to = 0;
    for (const input of gates[node - variableCount]!.inputs) {
      from = Math.min(from, first[input]!);
      to = Math.max(to, last[input]!);
      if (input < variableCount) continue;
      from = Math.min(from, earliest[input - variableCount]!);
      to = Math.max(to, latest[input - variableCount]!);
    }
    earliest[node - variableCount] = from;
    latest[node - variableCount] = to;
    if (from > first[node]! && to < closed[node - variableCount]!) roots.add(node);
  }
  return roots;
}

function moduleAt(logic: Logic, root: number, roots: ReadonlySet<number>): Module {
  const gates = gatesBelow(logic, root, (node) => roots.has(node));
  const inner = new Set(gates);
  const leaves = new Set<number>();
  const seen = new Set([root]);
  const open = [root];
  // Depth first, first input first: the order people wrote things down in.
  while (open.length > 0) {
    const node = open.pop()!;
    if (!inner.has(node)) {
      leaves.add(node);
      continue;
    }
    const { inputs } = gateOf(logic, node)!;
    for (let at = inputs.length - 1; at >= 0; at--) {
      const input = inputs[at]!;
      if (leaves.has(input) || (inner.has(input) && seen.has(input))) continue;
      seen.add(input);
      open.push(input);
    }
  }
  return { root, gates, leaves: [...leaves] };
}
