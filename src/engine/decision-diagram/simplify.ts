/**
 * Smaller, equal structure functions: constants folded, equal gates made one, chains of one kind
 * flattened, what a module's root already says removed from inside the module, and variables that
 * always occur together put under a gate of their own (which is then a module).
 */
import { FALSE, gateOf, gatesBelow, parentsIn, TRUE, type Logic, type LogicGate } from "./logic.js";
import { findModules, moduleRoots } from "./modules.js";

const ROUNDS = 20;

/** Changes the logic in place. The top may become a variable or a constant. */
export function simplify(logic: Logic): void {
  for (let round = 0; round < ROUNDS; round++) {
    let changed = rebuild(logic);
    if (gateOf(logic, logic.top) === undefined) return;
    if (flatten(logic)) changed = true;
    if (absorb(logic)) changed = true;
    if (!changed) break;
  }
  for (let round = 0; round < ROUNDS && gateOf(logic, logic.top) !== undefined; round++) {
    if (!groupTogether(logic)) break;
  }
}

/** Constants, doubles, gates of one input, and equal gates. */
function rebuild(logic: Logic): boolean {
  const alias = new Map<number, number>();
  const byContent = new Map<string, number>();
  let changed = false;
  for (const node of gatesBelow(logic, logic.top)) {
    const gate = gateOf(logic, node)!;
    const before = gate.inputs.length;
    const { kind } = gate;
    gate.inputs = gate.inputs.map((input) => alias.get(input) ?? input);
    let same = fold(gate);
    if (same === undefined) {
      const content = `${gate.kind}${gate.kind === "atleast" ? gate.need : ""}:${gate.inputs.toSorted(byNumber).join()}`;
      same = byContent.get(content);
      if (same === undefined) byContent.set(content, node);
    }
    if (same !== undefined) alias.set(node, same);
    if (same !== undefined || gate.inputs.length !== before || gate.kind !== kind) changed = true;
  }
  logic.top = alias.get(logic.top) ?? logic.top;
  return changed;
}

/**
 * Gates used once, by a gate of their own kind, hand their inputs to it. From the top down, so that
 * a chain of thousands is gone through once.
 */
function flatten(logic: Logic): boolean {
  const order = gatesBelow(logic, logic.top);
  const parents = parentsIn(logic, order);
  const dissolves = (node: number, kind: string): boolean =>
    gateOf(logic, node)?.kind === kind && parents.get(node)!.length === 1;
  const gone = new Set<number>();
  for (const node of order.toReversed()) {
    const gate = gateOf(logic, node)!;
    const { kind } = gate;
    if (kind === "atleast" || gone.has(node) || !gate.inputs.some((input) => dissolves(input, kind))) continue;
    const inputs: number[] = [];
    const open = gate.inputs.toReversed();
    while (open.length > 0) {
      const input = open.pop()!;
      if (!dissolves(input, kind)) inputs.push(input);
      else {
        gone.add(input);
        for (const below of gateOf(logic, input)!.inputs.toReversed()) open.push(below);
      }
    }
    gate.inputs = [...new Set(inputs)];
  }
  return gone.size > 0;
}

/** What the gate is equal to when it is no gate of its own; tidies it otherwise. */
function fold(gate: LogicGate): number | undefined {
  const truths = gate.inputs.filter((input) => input === TRUE).length;
  const falsehoods = gate.inputs.filter((input) => input === FALSE).length;
  if (truths + falsehoods > 0) gate.inputs = gate.inputs.filter((input) => input >= 0);
  if (gate.kind === "atleast") {
    gate.need -= truths;
    if (gate.need <= 0) return TRUE;
    if (gate.need > gate.inputs.length) return FALSE;
    if (gate.need === 1) gate.kind = "or";
    else if (gate.need === gate.inputs.length) gate.kind = "and";
    else return undefined;
  } else if (gate.kind === "or" ? truths > 0 : falsehoods > 0) return gate.kind === "or" ? TRUE : FALSE;
  gate.inputs = [...new Set(gate.inputs)];
  if (gate.inputs.length === 0) return gate.kind === "or" ? FALSE : TRUE;
  return gate.inputs.length === 1 ? gate.inputs[0] : undefined;
}

/**
 * Inputs of an `or` at the root of a module may be taken as false everywhere else in it, those of an
 * `and` as true; and gates of the root's kind that it uses are flattened into it.
 */
function absorb(logic: Logic): boolean {
  let changed = false;
  for (const { root, gates } of findModules(logic)) {
    const gate = gateOf(logic, root)!;
    if (gate.kind === "atleast") continue;
    const inner = new Set(gates);
    const direct = new Set<number>();
    const open = [...gate.inputs];
    while (open.length > 0) {
      const input = open.pop()!;
      const below = inner.has(input) ? gateOf(logic, input)! : undefined;
      if (below !== undefined && below.kind === gate.kind) {
        if (!direct.has(input)) for (const lower of below.inputs) open.push(lower);
        direct.add(input);
      } else direct.add(input);
    }
    const flat = [...direct].filter((input) => !inner.has(input) || gateOf(logic, input)!.kind !== gate.kind);
    if (flat.length !== gate.inputs.length) {
      gate.inputs = flat;
      changed = true;
    }
    const constant = gate.kind === "or" ? FALSE : TRUE;
    for (const other of gates) {
      const { kind, inputs } = gateOf(logic, other)!;
      if (other === root || (kind === gate.kind && direct.has(other))) continue;
      for (let at = 0; at < inputs.length; at++) {
        if (!direct.has(inputs[at]!)) continue;
        inputs[at] = constant;
        changed = true;
      }
    }
  }
  return changed;
}

/** Variables and modules with exactly the same users, all of one kind, go under one new gate. */
function groupTogether(logic: Logic): boolean {
  const order = gatesBelow(logic, logic.top);
  const roots = moduleRoots(logic);
  const groups = new Map<string, number[]>();
  for (const [node, parents] of parentsIn(logic, order)) {
    if (node >= logic.variableCount && !roots.has(node)) continue;
    const { kind } = gateOf(logic, parents[0]!)!;
    if (kind === "atleast" || parents.some((parent) => gateOf(logic, parent)!.kind !== kind)) continue;
    const key = parents.toSorted(byNumber).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  let changed = false;
  for (const [key, members] of groups) {
    const parents = key.split(",").map(Number);
    if (members.length < 2 || parents.some((parent) => gateOf(logic, parent)!.inputs.length === members.length)) {
      continue;
    }
    const group = logic.variableCount + logic.gates.length;
    logic.gates.push({ kind: gateOf(logic, parents[0]!)!.kind, need: 0, inputs: members });
    const inGroup = new Set(members);
    for (const parent of parents) {
      const gate = gateOf(logic, parent)!;
      gate.inputs = [...gate.inputs.filter((input) => !inGroup.has(input)), group];
    }
    changed = true;
  }
  return changed;
}

function byNumber(a: number, b: number): number {
  return a - b;
}
