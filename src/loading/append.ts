/** Adds many items to a list; `push(...items)` would put each on the stack, which has no room for a million. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
