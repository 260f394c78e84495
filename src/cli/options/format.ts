/**
 * `--format`: reports instead of the terminal's text. The names stand here so that no reporter is loaded
 * before it is needed; a test holds them equal to the registry.
 */
import { Option, type Command } from "commander";

/** Formats that every answer reports can be made of has. */
export const ANSWER_FORMATS = [
  "html",
  "markdown",
  "summary",
  "text",
  "json",
  "csv",
  "svg",
  "dot",
  "mermaid",
  "junit",
  "sarif",
] as const;

/** Formats that make sense of one outage only. */
export const OUTAGE_FORMATS = ["status", "chaos-mesh", "litmus", "aws-fis"] as const;

export interface FormatOptions {
  readonly format?: string;
}

export function declareFormat(command: Command, of: "any" | "outage" = "any"): void {
  const ids: string[] = of === "any" ? [...ANSWER_FORMATS] : [...ANSWER_FORMATS, ...OUTAGE_FORMATS];
  command.addOption(new Option("--format <format>", `as a report: ${ids.join(", ")}`).choices(ids));
}

/** What a file's name says about the format it wants. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  html: "html",
  htm: "html",
  md: "markdown",
  txt: "text",
  json: "json",
  csv: "csv",
  svg: "svg",
  dot: "dot",
  gv: "dot",
  mmd: "mermaid",
  xml: "junit",
  sarif: "sarif",
};

export function formatOfFile(path: string): string | undefined {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
}
