/** Adds items one by one: `push(...items)` puts them all on the stack, which a hundred thousand overflow. */
export function append<T>(target: T[], items: Iterable<T>): void {
  for (const item of items) target.push(item);
}
