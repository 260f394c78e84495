/**
 * A structure function: which combinations of basic failures make the top event happen.
 * Monotone by construction (there is no negation) and free of cycles. Nodes are numbered:
 * variables first, in order, then gates; an input is the number of a variable or of a gate.
 */
export interface FaultTreeVariable {
  readonly name: string;
  /** Probability of being failed; null when nobody said. */
  readonly probability: number | null;
}

/** `and` without inputs is true, `or` without inputs is false. */
export type FaultTreeGate =
  | { readonly kind: "and" | "or"; readonly inputs: readonly number[] }
  | { readonly kind: "atleast"; readonly need: number; readonly inputs: readonly number[] };

export interface FaultTree {
  readonly variables: readonly FaultTreeVariable[];
  readonly gates: readonly FaultTreeGate[];
  /** Number of the node whose failure is asked about. */
  readonly top: number;
}
