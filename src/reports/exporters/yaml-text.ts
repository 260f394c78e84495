/**
 * YAML out of plain values, small and readable: block maps and lists, short inner maps on one line. A string
 * that is not plainly harmless is written as JSON, which YAML reads as the same string; no other style is used.
 */
import type { Written, WrittenMap } from "./written-values.js";

const WIDEST_FLOW = 100;
/** YAML allows no longer key without a `?` before it. */
const LONGEST_KEY = 500;

export function yamlText(value: WrittenMap): string {
  return `${blockMap(value, "").join("\n")}\n`;
}

/** Whether a name can stand as a key of a map. */
export function fitsAsKey(name: string): boolean {
  return name.length <= LONGEST_KEY;
}

function blockMap(map: AnyMap, indent: string): string[] {
  return entriesOf(map).flatMap(([key, value]) => entryLines(`${indent}${scalar(key)}:`, value, indent));
}

function entryLines(head: string, value: Written, indent: string): string[] {
  if (typeof value !== "object") return [`${head} ${scalar(value)}`];
  if (isList(value)) {
    if (value.length === 0) return [`${head} []`];
    if (value.every((item) => typeof item !== "object")) {
      const flow = flowOf(value);
      if (head.length + flow.length < WIDEST_FLOW) return [`${head} ${flow}`];
    }
    return [head, ...value.flatMap((item) => itemLines(item, `${indent}  `))];
  }
  if (entriesOf(value).length === 0) return [`${head} {}`];
  return [head, ...blockMap(value, `${indent}  `)];
}

/** An item of a list: on one line where it fits, else a block behind its dash. */
function itemLines(item: Written, indent: string): string[] {
  const flow = flowOf(item);
  if (typeof item !== "object" || isList(item) || indent.length + flow.length + 2 <= WIDEST_FLOW) {
    return [`${indent}- ${flow}`];
  }
  const [first = "", ...rest] = blockMap(item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function flowOf(value: Written): string {
  if (typeof value !== "object") return scalar(value);
  if (isList(value)) return `[${value.map(flowOf).join(", ")}]`;
  const entries = entriesOf(value).map(([key, inner]) => `${scalar(key)}: ${flowOf(inner)}`);
  return `{${entries.length === 0 ? "" : ` ${entries.join(", ")} `}}`;
}

/** Words that YAML 1.1 or 1.2 takes for something else than text. */
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i;
const HARMLESS = /^[A-Za-z_][\w./>-]*$|^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;

function scalar(value: string | number): string {
  if (typeof value === "number") return String(value);
  if (HARMLESS.test(value) && !RESERVED.test(value) && value.length <= 200) return value;
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

type AnyMap = WrittenMap | ReadonlyMap<string, WrittenMap>;

function entriesOf(map: AnyMap): (readonly [string, Written])[] {
  return map instanceof Map ? [...(map as ReadonlyMap<string, WrittenMap>)] : Object.entries(map as WrittenMap);
}

function isList(value: Written): value is readonly Written[] {
  return Array.isArray(value);
}
