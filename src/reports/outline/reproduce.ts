/** How to get the same page again, and what it was made from. */
import type { ReportInput } from "../report-input.js";
import { plural } from "../text/words.js";
import type { Section } from "./outline-model.js";

export function reproduceSection(input: ReportInput): Section {
  const { graph } = input;
  return {
    id: "reproduce",
    heading: "How to get this page again",
    blocks: [
      { kind: "code", label: "Command", text: input.command },
      {
        kind: "list",
        ordered: "no",
        items: [
          `Graph: ${input.graphName}, ${plural(graph.ids.length, "service")}, ${plural(graph.dependencies.length, "dependency", "dependencies")}`,
          `Fingerprint of its files: ${input.digest}`,
          `topple ${input.version}, answer ${input.subject.schema}`,
          "The same files and command give the same page, byte for byte.",
        ],
      },
    ],
  };
}
