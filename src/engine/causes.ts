/**
 * Why a signal changed, packed into one integer so that the hot path can store it:
 * a kind, and the number of the pressure, edge, stage or act behind it.
 */

export const CAUSE = {
  none: 0,
  /** index: pressure */
  fault: 1,
  throttle: 2,
  /** index: edge */
  dependency: 3,
  /** index: stage */
  restart: 4,
  /** index: node */
  backlog: 5,
  collapse: 6,
  /** index: edge whose dependency was cut or mended */
  cut: 7,
} as const;

export type CauseKind = (typeof CAUSE)[keyof typeof CAUSE];

const KINDS = 8;

export function packCause(kind: CauseKind, index: number): number {
  return index * KINDS + kind;
}

export function causeKind(packed: number): CauseKind {
  return (packed % KINDS) as CauseKind;
}

export function causeIndex(packed: number): number {
  return Math.floor(packed / KINDS);
}
