/**
 * Verdicts as SARIF 2.1.0, for code scanning: each result has a rule, a place in the graph or the policy,
 * and a fingerprint that stays the same while lines move. What is waived is suppressed with its reason.
 */
import type { Location } from "../diagnostics/location.js";
import { sha256Base64 } from "./html/sha256.js";
import { shownFile } from "./names.js";
import type { ReportInput } from "./report-input.js";
import { ruleTexts, verdictsOf, type Verdict } from "./verdicts.js";

export const SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

export function renderSarif(input: ReportInput): string {
  const found = verdictsOf(input).filter(({ result }) => result !== "pass");
  const rules = [...new Set(found.map(({ rule }) => rule))].sort();
  const fallback = input.graph.services.find(({ origin }) => origin.location !== undefined)?.origin.location;
  const log = {
    $schema: SARIF_SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "topple",
            semanticVersion: input.version,
            rules: rules.map((id) => ({ id, shortDescription: { text: ruleTexts[id] ?? id } })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: found.map((verdict) => resultOf(verdict, rules, fallback)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(verdict: Verdict, rules: readonly string[], fallback: Location | undefined): object {
  // A result nobody can place is shown at the top of the graph: code scanners drop those without a place.
  const location =
    verdict.location ?? (fallback === undefined ? undefined : { file: fallback.file, line: 1, column: 1 });
  return {
    ruleId: verdict.rule,
    ruleIndex: rules.indexOf(verdict.rule),
    level: verdict.result,
    message: { text: wellFormed(verdict.message) },
    ...(location === undefined ? {} : { locations: [{ physicalLocation: physical(location) }] }),
    ...(verdict.related === undefined
      ? {}
      : {
          relatedLocations: verdict.related.map((each, index) => ({
            id: index + 1,
            message: { text: wellFormed(each.message) },
            physicalLocation: physical(each.location),
          })),
        }),
    partialFingerprints: { "topple/v1": sha256Base64(`${verdict.rule}\n${verdict.group}\n${verdict.name}`) },
    ...(verdict.waived === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: wellFormed(`Waived until ${verdict.waived.until}: ${verdict.waived.reason}`),
            },
          ],
        }),
  };
}

function physical({ file, line, column, length }: Location): object {
  return {
    artifactLocation: { uri: uriOf(file) },
    region: {
      startLine: line,
      startColumn: column,
      ...(length === undefined ? {} : { endColumn: column + length }),
    },
  };
}

/** A relative reference; a colon in its first part would make it a scheme. */
function uriOf(file: string): string {
  const parts = wellFormed(shownFile(file)).split(/[\\/]/).map(encodeURIComponent);
  return parts.join("/").replace(/%40/g, "@");
}

/** Lone halves of surrogate pairs have no place in a JSON text that others decode, nor in a URI. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
