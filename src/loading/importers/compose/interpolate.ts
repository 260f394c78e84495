/**
 * `$NAME` and `${NAME:-default}` as docker compose fills them in. Names without a value are remembered
 * and become nothing, as compose does. What a value may grow to is limited, so that variables that
 * double each other end in a cut value instead of an endless one.
 */

export const LONGEST_VALUE = 32_768;
const DEEPEST = 20;

export interface Variables {
  readonly get: (name: string) => string | undefined;
  /** Names that were asked for in vain. */
  readonly missing: Set<string>;
}

export function interpolate(text: string, variables: Variables, depth = 0): string {
  if (!text.includes("$")) return text;
  const closing = closingBraces(text);
  const parts: string[] = [];
  let length = 0;
  let position = 0;
  while (position < text.length && length <= LONGEST_VALUE) {
    const dollar = text.indexOf("$", position);
    if (dollar < 0) break;
    const filled = placeholder(text, dollar, closing, variables, depth);
    const part = text.slice(position, dollar) + filled.text;
    parts.push(part);
    length += part.length;
    position = filled.end;
  }
  if (length <= LONGEST_VALUE) parts.push(text.slice(position));
  return parts.join("").slice(0, LONGEST_VALUE + text.length);
}

/** What stands at a dollar sign, filled in, and where it ends. */
function placeholder(
  text: string,
  dollar: number,
  closing: ReadonlyMap<number, number>,
  variables: Variables,
  depth: number,
): { readonly text: string; readonly end: number } {
  const next = text[dollar + 1];
  if (next === "$") return { text: "$", end: dollar + 2 };
  if (next === "{") {
    const end = closing.get(dollar + 2);
    if (end === undefined || depth >= DEEPEST) return { text: "${", end: dollar + 2 };
    return { text: expression(text.slice(dollar + 2, end), variables, depth), end: end + 1 };
  }
  NAME.lastIndex = dollar + 1;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return { text: "$", end: dollar + 1 };
  return { text: value(name, variables), end: dollar + 1 + name.length };
}

const NAME = /[A-Za-z_]\w*/y;

/** What stands between the braces: `NAME`, `NAME:-default`, `NAME-default`, `NAME:?error`, `NAME:+instead`. */
function expression(inner: string, variables: Variables, depth: number): string {
  const match = /^([A-Za-z_]\w*)(?:(:?[-?+])(.*))?$/s.exec(inner);
  if (match === null) return "";
  const [, name, operator, operand = ""] = match;
  const known = variables.get(name!);
  const given = operator?.startsWith(":") === true ? known !== undefined && known !== "" : known !== undefined;
  switch (operator?.at(-1)) {
    case "-":
      return given ? known! : interpolate(operand, variables, depth + 1);
    case "+":
      return given ? interpolate(operand, variables, depth + 1) : "";
    default:
      return value(name!, variables);
  }
}

function value(name: string, variables: Variables): string {
  const known = variables.get(name);
  if (known === undefined) variables.missing.add(name);
  return known ?? "";
}

/** For each `${` that is closed: where its content starts, and where its brace stands. */
function closingBraces(text: string): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: mark, index } of text.matchAll(/\$\{|\}/g)) {
    if (mark === "${") open.push(index + 2);
    else if (open.length > 0) closing.set(open.pop()!, index);
  }
  return closing;
}
