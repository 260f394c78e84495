/**
 * Verdicts as JUnit XML, the dialect that CI systems read: a suite a budget, a case a breach or service.
 * What is waived is skipped, notes pass, and no time is claimed because none was measured.
 */
import { escapeXml } from "./escape.js";
import { shownFile } from "./names.js";
import { outlineOf } from "./outline/outline.js";
import type { ReportInput } from "./report-input.js";
import { verdictsOf, type Verdict } from "./verdicts.js";

export function renderJunit(input: ReportInput): string {
  const suites = groupUp(verdictsOf(input));
  const all = suites.flatMap(({ verdicts }) => verdicts);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(outlineOf(input).title)}" ${counts(all)}>`,
    ...suites.map(
      ({ name, verdicts }) =>
        `  <testsuite name="${escapeXml(name)}" ${counts(verdicts)}>\n${verdicts.map(testCase).join("\n")}\n  </testsuite>`,
    ),
    "</testsuites>",
    "",
  ];
  return lines.join("\n");
}

function groupUp(verdicts: readonly Verdict[]): { name: string; verdicts: Verdict[] }[] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const same = groups.get(verdict.group);
    if (same === undefined) groups.set(verdict.group, [verdict]);
    else same.push(verdict);
  }
  return [...groups].map(([name, members]) => ({ name, verdicts: members }));
}

function counts(verdicts: readonly Verdict[]): string {
  const failures = verdicts.filter(isFailure).length;
  const skipped = verdicts.filter(({ waived }) => waived !== undefined).length;
  return `tests="${verdicts.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
}

function isFailure({ result, waived }: Verdict): boolean {
  return waived === undefined && (result === "error" || result === "warning");
}

function testCase(verdict: Verdict): string {
  const { location } = verdict;
  const place = location === undefined ? "" : ` file="${escapeXml(shownFile(location.file))}" line="${location.line}"`;
  const open = `    <testcase classname="${escapeXml(verdict.group)}" name="${escapeXml(verdict.name)}"${place}`;
  if (verdict.waived !== undefined) {
    const why = `Waived until ${verdict.waived.until}: ${verdict.waived.reason}`;
    return `${open}><skipped message="${escapeXml(why)}"/></testcase>`;
  }
  if (!isFailure(verdict)) return `${open}/>`;
  const where = (verdict.related ?? []).map(
    (each) => `\n${shownFile(each.location.file)}:${each.location.line} ${each.message}`,
  );
  const at = location === undefined ? "" : `\n${shownFile(location.file)}:${location.line}`;
  const detail = `${verdict.message}${at}${where.join("")}`;
  return `${open}><failure type="${escapeXml(verdict.rule)}" message="${escapeXml(verdict.message)}">${escapeXml(detail)}</failure></testcase>`;
}
