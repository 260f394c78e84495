/**
 * Waveforms as people write them: `[0,10) [10,20)@.5 [30,oo)`. No level means fully down, `oo` means
 * to the end of the run. Neighbours of one level are joined, so two spellings of a waveform are equal.
 */

export interface Stretch {
  readonly from: number;
  /** null: still so at the end of the run. */
  readonly to: number | null;
  /** Damage, 1..10000. */
  readonly level: number;
}

export function parseStretches(text: string): Stretch[] {
  const found = [...text.matchAll(/\[(\d+),(\d+|oo)\)(?:@(\d*\.?\d+))?/g)].map(([, from, to, level]): Stretch => ({
    from: Number(from),
    to: to === "oo" ? null : Number(to),
    level: level === undefined ? 10_000 : Math.round(Number(level) * 10_000),
  }));
  const rest = text.replaceAll(/\[(\d+),(\d+|oo)\)(?:@(\d*\.?\d+))?/g, "").trim();
  if (rest !== "" && rest !== "none") throw new Error(`not intervals: ${text}`);
  return join(found);
}

export function formatStretches(stretches: readonly Stretch[]): string {
  if (stretches.length === 0) return "none";
  return stretches
    .map(({ from, to, level }) => `[${from},${to ?? "oo"})${level === 10_000 ? "" : `@${level / 10_000}`}`)
    .join(" ");
}

/** From one value a tick. */
export function stretchesOf(damage: readonly number[]): Stretch[] {
  return join(damage.flatMap((level, t) => (level > 0 ? [{ from: t, to: end(t + 1, damage.length), level }] : [])));
}

/** From change points, as an engine run keeps them. */
export function stretchesOfChanges(
  changes: readonly { readonly atMs: number; readonly damage: number }[],
  horizon: number,
): Stretch[] {
  return join(
    changes.flatMap(({ atMs, damage }, index) => {
      const until = Math.min(changes[index + 1]?.atMs ?? horizon, horizon);
      return damage > 0 && atMs < horizon ? [{ from: atMs, to: end(until, horizon), level: damage }] : [];
    }),
  );
}

/** One value a tick, from change points. */
export function sample(
  changes: readonly { readonly atMs: number; readonly damage: number }[],
  length: number,
): number[] {
  const values: number[] = Array.from({ length }, () => 0);
  for (const [index, { atMs, damage }] of changes.entries()) {
    values.fill(damage, atMs, Math.min(length, changes[index + 1]?.atMs ?? length));
  }
  return values;
}

function end(at: number, horizon: number): number | null {
  return at >= horizon ? null : at;
}

function join(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last !== undefined && last.to === stretch.from && last.level === stretch.level) {
      joined[joined.length - 1] = { ...last, to: stretch.to };
    } else joined.push(stretch);
  }
  return joined;
}
