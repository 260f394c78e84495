/** What an answer must be read with: findings by code, and how many of its numbers were not stated. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { OriginCount } from "../../model/result.js";
import type { TextOptions } from "./theme.js";
import { count, plural, wrap } from "./words.js";

/** So many findings of one code are printed in full; `topple check` prints all. */
const SHOWN_OF_A_CODE = 2;

export function findingLines(findings: readonly Diagnostic[], options: TextOptions): string[] {
  if (options.notes === "hidden" || findings.length === 0) return [];
  const byCode = new Map<string, Diagnostic[]>();
  for (const finding of findings) {
    const same = byCode.get(finding.code);
    if (same === undefined) byCode.set(finding.code, [finding]);
    else same.push(finding);
  }
  const lines: string[] = [""];
  for (const same of byCode.values()) {
    const shown = same.length === SHOWN_OF_A_CODE + 1 ? same : same.slice(0, SHOWN_OF_A_CODE);
    for (const finding of shown) lines.push(...findingLine(finding, options));
    if (same.length > shown.length) {
      const { severity, code } = same[0]!;
      lines.push(`${severity} ${code}: ${count(same.length - shown.length)} more like these; topple check lists all.`);
    }
  }
  return lines;
}

function findingLine(finding: Diagnostic, { theme, width }: TextOptions): string[] {
  const style = finding.severity === "note" ? theme.dim : theme.warn;
  const place = finding.location === undefined ? "" : ` (${finding.location.file}:${finding.location.line})`;
  const text = `${finding.severity} ${finding.code}: ${finding.message}${place}`;
  const remedy = finding.remedy === undefined ? [] : wrap(`  ${printable(finding.remedy)}`, width, "  ");
  return [...wrap(printable(text), width, "  "), ...remedy].map(style);
}

/** One sentence about where the numbers came from; empty when all were stated. */
export function originLines(origins: OriginCount, options: TextOptions): string[] {
  if (options.notes === "hidden") return [];
  const parts: string[] = [];
  const total = origins.stated + origins.sourced + origins.default + origins.fitted + origins.inferred;
  if (origins.sourced > 0) parts.push(`${count(origins.sourced)} from a named source`);
  if (origins.default > 0) parts.push(`${count(origins.default)} defaults`);
  if (origins.fitted > 0) parts.push(`${count(origins.fitted)} fitted to an incident`);
  if (origins.inferred > 0) parts.push(`${count(origins.inferred)} inferred`);
  const sentences: string[] = [];
  if (parts.length > 0) sentences.push(`Of ${plural(total, "value")} behind this: ${parts.join(", ")}.`);
  if (origins.optimisticLags > 0) {
    const are = origins.optimisticLags === 1 ? "lag is" : "lags are";
    sentences.push(`${count(origins.optimisticLags)} ${are} 0 because nobody said otherwise: optimistic.`);
  }
  return sentences.length === 0 ? [] : wrap(sentences.join(" "), options.width).map(options.theme.dim);
}
