/**
 * Which keys a JSON text uses, judged from its first part alone: the paths of keys, such as
 * `data[].spans[].spanID`, and short texts as `schema="topple/graph@1"`. Made for telling formats
 * apart: cheap, tolerant of a text that is cut off, and never throws.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";

/** Paths of keys in the first 64 KB, at most eight levels deep; empty when the text is not JSON. */
export function jsonOutline(file: SourceFile): ReadonlySet<string> {
  const known = outlines.get(file);
  if (known !== undefined) return known;
  const outline = outlineOf(file.text.slice(0, WINDOW));
  outlines.set(file, outline);
  return outline;
}

const WINDOW = 65_536;
const DEEPEST = 8;
const LONGEST_VALUE = 80;

const outlines = new WeakMap<SourceFile, ReadonlySet<string>>();

function outlineOf(text: string): ReadonlySet<string> {
  const paths = new Set<string>();
  if (!/^\ufeff?\s*[[{]/.test(text)) return paths;
  // Where we are: the path of each open bracket, and the key whose value comes next.
  const open: { readonly path: string; readonly list: boolean }[] = [];
  let key: string | undefined;
  const here = (): string => {
    const top = open.at(-1);
    if (top === undefined) return "";
    if (top.list) return `${top.path}[]`;
    return top.path === "" ? (key ?? "") : `${top.path}.${key ?? ""}`;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    const shallow = open.length <= DEEPEST;
    if (character === "{" || character === "[") {
      open.push({ path: here(), list: character === "[" });
      if (shallow) paths.add(character === "[" ? `${open.at(-1)!.path}[]` : open.at(-1)!.path);
      key = undefined;
    } else if (character === "}" || character === "]") {
      open.pop();
      key = undefined;
    } else if (character === '"') {
      const end = closingQuote(text, at);
      if (end === -1) break; // cut off within a text
      const content = text.slice(at + 1, end);
      at = end;
      if (open.at(-1)?.list === false && /^\s*:/.test(text.slice(end + 1, end + 20))) {
        key = content;
        if (shallow) paths.add(here());
      } else if (shallow && content.length <= LONGEST_VALUE) {
        paths.add(`${here()}="${content}"`);
      }
    }
  }
  paths.delete("");
  return paths;
}

function closingQuote(text: string, open: number): number {
  let end = text.indexOf('"', open + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}
