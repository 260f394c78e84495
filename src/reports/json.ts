/**
 * An answer as JSON: one object with its schema's name and version first, indented, ending in a line
 * break. Numbers that JSON cannot hold do not occur in results: what is infinite is null or a word.
 */

/** The same value gives the same bytes; key order is that of the result. */
export function renderJson(result: object): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
