/** Scalars of plain YAML: where they end, and what the core schema of YAML 1.2 makes of them. */
import type { LocatedScalar } from "./located.js";

/** Thrown and caught by the readers of plain YAML: the library is to read this file. */
export class NotPlain extends Error {}

/** Signs with which a plain scalar can begin whatever follows: no indicators. */
const STARTS = /[\w./+~$()^<=;\u00a1-\u1fff\u2030-\ud7ff\ud800-\udfff\uf900-\ufdcf]/;

export function isPlainStart(text: string, at: number): boolean {
  const first = text[at] ?? "";
  return first === "-" ? /[\w.]/.test(text[at + 1] ?? "") : STARTS.test(first);
}

/** Whether a colon here ends a key. */
export function isKeyEnd(text: string, at: number): boolean {
  if (text[at] !== ":") return false;
  const next = text[at + 1];
  return next === " " || next === "\n" || next === undefined;
}

/** Whether nothing but a comment follows; spaces have been skipped. */
export function isLineEnd(text: string, at: number): boolean {
  const sign = text[at];
  return sign === undefined || sign === "\n" || (sign === "#" && text[at - 1] === " ");
}

/** Behind the quote that closes the text that opens here. */
export function quotedEnd(text: string, at: number): number {
  const quote = text[at]!;
  for (let end = text.indexOf(quote, at + 1); end !== -1; end = text.indexOf(quote, end + 2)) {
    if (quote === "'" && text[end + 1] === "'") continue;
    const inside = text.slice(at + 1, end);
    if (inside.includes("\n") || (quote === '"' && inside.includes("\\"))) break;
    return end + 1;
  }
  throw new NotPlain();
}

export function quotedScalar(text: string, start: number, end: number): LocatedScalar {
  const inside = text.slice(start + 1, end - 1);
  const value = text[start] === "'" ? inside.replaceAll("''", "'") : inside;
  return { kind: "scalar", value, text: value, at: { start, end } };
}

export function plainScalar(text: string, start: number, end: number): LocatedScalar {
  const written = text.slice(start, end);
  return { kind: "scalar", value: valueOf(written), text: written, at: { start, end } };
}

function valueOf(written: string): LocatedScalar["value"] {
  // Most texts are words and begin with a letter that no number or constant begins with.
  if (!/^[-+.~\dfntFNT]/.test(written)) return written;
  if (/^(?:~|[Nn]ull|NULL)$/.test(written)) return null;
  if (/^(?:[Tt]rue|TRUE)$/.test(written)) return true;
  if (/^(?:[Ff]alse|FALSE)$/.test(written)) return false;
  if (/^[-+]?\d+$/.test(written)) return parseInt(written, 10);
  if (/^0o[0-7]+$/.test(written)) return parseInt(written.slice(2), 8);
  if (/^0x[\da-fA-F]+$/.test(written)) return parseInt(written.slice(2), 16);
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(written)) return parseFloat(written);
  if (/^(?:\.nan|\.NaN|\.NAN)$/.test(written)) return NaN;
  const infinite = /^([-+]?)\.(?:inf|Inf|INF)$/.exec(written);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  return written;
}
