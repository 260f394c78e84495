/** What-if edits as an edits file: the YAML that `--edits` reads back. */
import type { Change } from "../model/change.js";

/** Every string is written as JSON, which is YAML too, so that no name can end its line or its quotes. */
export function renderEdits(changes: readonly Change[], name = "edits"): string {
  const lines = [`name: ${JSON.stringify(name)}`];
  if (changes.length === 0) return `${lines[0]}\nchanges: []\n`;
  lines.push("changes:");
  for (const change of changes) lines.push(...changeLines(change));
  return `${lines.join("\n")}\n`;
}

function changeLines(change: Change): string[] {
  switch (change.kind) {
    case "set":
      return [`  - set: ${JSON.stringify(`${change.target}.${change.key}=${change.value}`)}`];
    case "link":
      return [`  - link: ${JSON.stringify(`${change.consumer}>${change.provider}`)}`, ...withLines(change.values)];
    case "unlink":
      return [`  - unlink: ${JSON.stringify(change.dependency)}`];
    case "add":
      return [`  - add: ${JSON.stringify(change.service)}`, ...withLines(change.values)];
    case "remove":
      return [`  - remove: ${JSON.stringify(change.service)}`];
  }
}

function withLines(values: Readonly<Record<string, string>> | undefined): string[] {
  const entries = Object.entries(values ?? {});
  if (entries.length === 0) return [];
  return ["    with:", ...entries.map(([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)}`)];
}
