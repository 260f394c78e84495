/** `topple help`: the overview, one command's help, or one of the tables that commands refer to. */
import { diagnosticCodes } from "../../diagnostics/codes.js";
import { didYouMean } from "../../diagnostics/suggest.js";
import { renderTable } from "../../reports/text/table.js";
import type { CommandModule } from "../command.js";
import { commands } from "../commands.js";
import { declareCommand } from "../declare-command.js";
import { EXIT, exitCodeWords } from "../exit-codes.js";
import { UsageError } from "../problems.js";
import type { World } from "../world.js";

const TOPICS: Readonly<Record<string, readonly [summary: string, lines: (width: number) => string[]]>> = {
  codes: [
    "every diagnostic code and what it means",
    (width) =>
      renderTable([{ title: "CODE" }, { title: "MEANING", shrink: 40 }], Object.entries(diagnosticCodes), { width }),
  ],
  "exit-codes": [
    "what a script learns from the exit code",
    (width) =>
      renderTable(
        [{ title: "CODE", align: "right" }, { title: "MEANING" }],
        exitCodeWords.map(([code, meaning]) => [String(code), meaning]),
        { width },
      ),
  ],
  time: ["how durations and clock times are written", timeLines],
};

export const helpCommand: CommandModule = {
  declare(command) {
    command.argument("[topic]", `a command, or one of: ${Object.keys(TOPICS).join(", ")}`);
  },
  async run([topic], _options, world) {
    if (topic === undefined) await world.stdout.write(overview(world));
    else await printTopic(topic, world);
    return EXIT.fine;
  },
};

async function printTopic(name: string, world: World): Promise<void> {
  const topic = TOPICS[name];
  if (topic !== undefined && Object.hasOwn(TOPICS, name)) {
    await world.stdout.write(`${topic[1](world.columns ?? 200).join("\n")}\n`);
    return;
  }
  const entry = commands.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const known = [...commands.map((candidate) => candidate.name), ...Object.keys(TOPICS)];
    throw new UsageError(`There is no command "${name}". ${didYouMean(name, known) ?? "topple help lists them."}`);
  }
  const command = declareCommand(entry, await entry.load(), world);
  command.outputHelp(); // with what commands add below their options, which helpInformation leaves out
}

function overview(world: World): string {
  const width = world.columns ?? 100;
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  const topics = Object.entries(TOPICS).map(([name, [summary]]) => [`  help ${name}`, summary]);
  return [
    "topple says which services fail, when, how badly and for how long when one of them breaks, and why.",
    "",
    "Usage: topple [graph]                 the dashboard on a terminal, otherwise the graph's own scenario",
    "       topple <command> <graph...>    a graph is a folder, files in any known format, or - for stdin",
    "",
    ...renderTable([{ title: "" }, { title: "", shrink: 30 }], [...rows, ["", ""], ...topics], { width }),
    "",
    "For example: topple impact graphs/aws-us-east-1 --break dynamodb-dns --for 2h37m",
    "Every command: --json, -o FILE, --quiet, --no-color. More on one: topple help <command>",
    "",
  ].join("\n");
}

function timeLines(): string[] {
  return [
    "Durations: 90s, 10m, 2h37m, 1d4h, 500ms, 1.5h, or ISO 8601: PT2H37M.",
    "Clock times: ISO 8601 with a zone: 2025-10-20T06:48Z, 2025-10-19T23:48:00-07:00.",
    "topple computes in whole milliseconds; a duration that is not zero never rounds to zero.",
    "An outage of exactly the tolerance does not pass: a tolerance of 5m survives 5m, not 5m and 1ms.",
  ];
}
