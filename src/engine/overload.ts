/**
 * The static overload certificate of SPEC Ext-L: could retries and wasted work keep a service
 * overloaded although the demand of its users is back to normal? Whole ten-thousandths throughout.
 */
import { FULL } from "../model/quantity.js";

export interface Caller {
  /** Share of the service's normal load that comes from this consumer. */
  readonly share: number;
  /** Extra attempts per request. */
  readonly retries: number;
}

/**
 * Capacity over normal load (headroom) below which an overload can sustain itself:
 * the maximum over 0 < d <= 1 of (1-d)^(1/waste) times the load that damage d causes. At most 1: never.
 */
export function criticalHeadroom(callers: readonly Caller[], waste: number): number {
  let critical = 0;
  for (let damage = 1; damage <= FULL; damage++) {
    const load = loadAt(callers, damage) / FULL;
    critical = Math.max(critical, Math.pow(1 - damage / FULL, 1 / waste) * load);
  }
  return critical;
}

/** Damage that the overload settles at from above, 0 when it cannot sustain itself (the gfp of SPEC T5 with Ext-L). */
export function sustainedOverload(callers: readonly Caller[], headroom: number, waste: number): number {
  const capacity = Math.round(headroom * FULL);
  let damage = FULL;
  for (;;) {
    const load = loadAt(callers, damage);
    const served = load <= capacity ? FULL : Math.ceil((FULL * Math.pow(capacity, waste)) / Math.pow(load, waste));
    const next = Math.max(0, FULL - served);
    if (next >= damage) return damage;
    damage = next;
  }
}

/** Load in ten-thousandths of normal when this share of requests fails: A_r of Ext-L, each term floored from the last. */
function loadAt(callers: readonly Caller[], damage: number): number {
  let rest = FULL;
  let load = 0;
  for (const { share, retries } of callers) {
    const part = Math.round(share * FULL);
    rest -= part;
    let attempts = FULL;
    let term = FULL;
    for (let attempt = 0; attempt < retries; attempt++) {
      term = Math.floor((term * damage) / FULL);
      attempts += term;
    }
    load += Math.floor((part * attempts) / FULL);
  }
  return load + Math.max(0, rest);
}
