/** "Did you mean": the known names nearest to a wrong one. */

/** Beyond these nobody means another name, and comparing would take long. */
const LONGEST = 200;
const MOST_EDITS = 8;

/** At most `limit` names within a third of the length in edits, nearest first, ties in name order. */
export function suggest(wrong: string, known: Iterable<string>, limit = 3): string[] {
  if (wrong === "" || wrong.length > LONGEST) return [];
  const wanted = wrong.toLowerCase();
  const reach = Math.max(1, Math.min(MOST_EDITS, Math.floor(wanted.length / 3)));
  const near: { name: string; distance: number }[] = [];
  for (const name of known) {
    if (Math.abs(name.length - wrong.length) > reach && !name.toLowerCase().includes(wanted)) continue;
    const distance = name.toLowerCase().includes(wanted) ? 1 : editDistance(wanted, name.toLowerCase(), reach);
    if (distance <= reach) near.push({ name, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return near.slice(0, limit).map((item) => item.name);
}

/** A remedy sentence, or undefined when nothing is near. */
export function didYouMean(wrong: string, known: Iterable<string>): string | undefined {
  const names = suggest(wrong, known);
  return names.length === 0 ? undefined : `Did you mean ${names.map((name) => `"${name}"`).join(" or ")}?`;
}

/** Restricted Damerau-Levenshtein distance; stops early and returns `reach + 1` when it exceeds `reach`. */
function editDistance(a: string, b: string, reach: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforePrevious[j - 2]! + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > reach) return reach + 1;
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}
