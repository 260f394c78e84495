/**
 * Intervals that parameters must lie in, narrowed by what was observed (SPEC section 8). A box only ever
 * shrinks; a "one of these" is applied when all its other choices have become impossible, and kept
 * as it is otherwise. Nothing is averaged and nothing is guessed.
 */

export interface Range {
  readonly low: number;
  /** Infinity where nothing bounds it from above. */
  readonly high: number;
}

export interface Choice extends Range {
  readonly parameter: string;
}

export interface Disjunction {
  readonly row: string;
  readonly choices: readonly Choice[];
}

/** Applies `effect` once `parameter` is certain to lie below `below`. */
interface Conditional {
  readonly parameter: string;
  readonly below: number;
  readonly effect: { readonly parameter: string; readonly range: Range; readonly row: string };
  applied: boolean;
}

export class Boxes {
  readonly #ranges = new Map<string, Range>();
  readonly #because = new Map<string, Set<string>>();
  readonly #open: Disjunction[] = [];
  readonly #conditional: Conditional[] = [];
  readonly #unexplained: string[] = [];

  get(parameter: string): Range {
    return this.#ranges.get(parameter) ?? { low: 0, high: Infinity };
  }

  because(parameter: string): readonly string[] {
    return [...(this.#because.get(parameter) ?? [])];
  }

  /** Disjunctions that no other observation has decided. */
  get undecided(): readonly Disjunction[] {
    return this.#open;
  }

  /** Rows whose every choice has become impossible. */
  get unexplained(): readonly string[] {
    return this.#unexplained;
  }

  narrow(parameter: string, range: Range, row: string): boolean {
    const old = this.get(parameter);
    const next = { low: Math.max(old.low, range.low, 0), high: Math.min(old.high, range.high) };
    if (next.low === old.low && next.high === old.high) return false;
    this.#ranges.set(parameter, next);
    const rows = this.#because.get(parameter) ?? new Set();
    this.#because.set(parameter, rows.add(row));
    return true;
  }

  oneOf(row: string, choices: readonly Choice[]): void {
    this.#open.push({ row, choices });
  }

  whenBelow(parameter: string, below: number, effect: Conditional["effect"]): void {
    this.#conditional.push({ parameter, below, effect, applied: false });
  }

  /** Until nothing changes; terminates because each turn decides a disjunction or applies a condition. */
  settle(): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const condition of this.#conditional) {
        if (condition.applied || this.get(condition.parameter).high >= condition.below) continue;
        condition.applied = true;
        const { parameter, range, row } = condition.effect;
        changed = this.narrow(parameter, range, row) || changed;
      }
      for (let i = this.#open.length - 1; i >= 0; i--) {
        const { row, choices } = this.#open[i]!;
        const possible = choices.filter((choice) => meets(this.get(choice.parameter), choice));
        if (possible.length === 0) {
          this.#open.splice(i, 1);
          this.#unexplained.push(row);
          continue;
        }
        const parameters = new Set(possible.map((choice) => choice.parameter));
        if (parameters.size === 1) {
          const hull = {
            low: Math.min(...possible.map((choice) => choice.low)),
            high: Math.max(...possible.map((choice) => choice.high)),
          };
          this.#open.splice(i, 1);
          changed = this.narrow(possible[0]!.parameter, hull, row) || changed;
        } else if (possible.length < choices.length) {
          this.#open[i] = { row, choices: possible };
        }
      }
    }
  }
}

function meets(a: Range, b: Range): boolean {
  return Math.max(a.low, b.low) <= Math.min(a.high, b.high);
}
