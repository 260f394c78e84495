/**
 * The same operations with a stack of their own, for diagrams with more levels than the stack of
 * the language bears. A third slower, so only used there; a test holds the two equal.
 */
import { AND, Diagram, HIGH, LOW, MINIMAL, NODE, OR, WITHOUT } from "./diagram.js";

/** Numbers in a frame: operation, both operands, level, low result, stage. */
const FRAME = 6;

export class DeepDiagram extends Diagram {
  private stack = new Int32Array(FRAME * 256);

  override and(f: number, g: number): number {
    return this.evaluate(AND, f, g);
  }

  override or(f: number, g: number): number {
    return this.evaluate(OR, f, g);
  }

  override minimal(f: number): number {
    return this.evaluate(MINIMAL, f, 0);
  }

  override without(sets: number, f: number): number {
    return this.evaluate(WITHOUT, sets, f);
  }

  private evaluate(operation: number, first: number, second: number): number {
    let { stack } = this;
    let top = 0;
    let op = operation;
    let a = first;
    let b = second;
    for (;;) {
      if (op <= OR && a > b) [a, b] = [b, a];
      let result = settled(op, a, b);
      if (result < 0) result = this.find(a, b * 4 + op);
      if (result < 0) {
        if (top + FRAME > stack.length) {
          const larger = new Int32Array(stack.length * 2);
          larger.set(stack);
          this.stack = stack = larger;
        }
        const { nodes } = this;
        const aLevel = nodes[a * NODE]!;
        const bLevel = op === MINIMAL ? aLevel : nodes[b * NODE]!;
        const level = Math.min(aLevel, bLevel);
        stack[top] = op;
        stack[top + 1] = a;
        stack[top + 2] = b;
        stack[top + 3] = level;
        stack[top + 5] = op === WITHOUT && bLevel < aLevel ? 3 : 0;
        top += FRAME;
        if (aLevel === level) a = nodes[a * NODE + LOW]!;
        if (op !== MINIMAL && bLevel === level) b = nodes[b * NODE + LOW]!;
        continue;
      }
      // The result is known: hand it to the frames that wait, until one needs another evaluation.
      for (;;) {
        if (top === 0) return result;
        const frame = top - FRAME;
        const { nodes } = this;
        op = stack[frame]!;
        a = stack[frame + 1]!;
        b = stack[frame + 2]!;
        const level = stack[frame + 3]!;
        const low = stack[frame + 4]!;
        const stage = stack[frame + 5]!++;
        if (stage === 0) {
          stack[frame + 4] = result;
          if (nodes[a * NODE] === level) a = nodes[a * NODE + HIGH]!;
          if (op !== MINIMAL && nodes[b * NODE] === level) b = nodes[b * NODE + HIGH]!;
          break;
        }
        if (stage === 1 && op === MINIMAL) {
          op = WITHOUT;
          b = nodes[a * NODE + LOW]!;
          a = result;
          break;
        }
        if (stage < 3) {
          const reduced = op <= OR ? result === low : result === 0;
          result = reduced ? low : this.make(level, low, result);
        }
        this.remember(a, b * 4 + op, result);
        top = frame;
      }
    }
  }
}

/** The result where it needs no work, else -1. For the symmetric operations `a` is the smaller. */
function settled(op: number, a: number, b: number): number {
  switch (op) {
    case AND:
      return a === b || a === 0 ? a : a === 1 ? b : -1;
    case OR:
      return a === b || a === 1 ? a : a === 0 ? b : -1;
    case MINIMAL:
      return a <= 1 ? a : -1;
    default:
      return a === 0 || b === 1 ? 0 : b === 0 || a === 1 ? a : -1;
  }
}
