/** Every command there is, in the order help lists them. A new command is one line here and one file beside. */
import type { CommandEntry, CommandModule } from "./command.js";

/** Each file types its own options; the table does not need to know them. */
function entry(name: string, summary: string, load: () => Promise<CommandModule<never>>): CommandEntry {
  return { name, summary, load };
}

export const commands: readonly CommandEntry[] = [
  entry(
    "impact",
    "which services fail, when, how badly, for how long, through whom",
    async () => (await import("./commands/impact.js")).impactCommand,
  ),
  entry(
    "explain",
    "why one service failed: the chains that fixed its start and its end",
    async () => (await import("./commands/explain.js")).explainCommand,
  ),
  entry(
    "compare",
    "before and after a what-if change, service by service",
    async () => (await import("./commands/compare.js")).compareCommand,
  ),
  entry(
    "diff",
    "two graphs: what got worse, ranked; a budget for CI",
    async () => (await import("./commands/diff.js")).diffCommand,
  ),
  entry(
    "sweep",
    "every single failure, or pair, ranked by harm",
    async () => (await import("./commands/sweep.js")).sweepCommand,
  ),
  entry(
    "cut-sets",
    "the smallest sets of failures that take a service down",
    async () => (await import("./commands/cut-sets.js")).cutSetsCommand,
  ),
  entry(
    "availability",
    "expected time down a year, and the importance of each service",
    async () => (await import("./commands/availability.js")).availabilityCommand,
  ),
  entry(
    "recommend",
    "which single change saves the most",
    async () => (await import("./commands/recommend.js")).recommendCommand,
  ),
  entry(
    "structure",
    "what could stay down by itself: loops, start-up deadlocks, overload",
    async () => (await import("./commands/structure.js")).structureCommand,
  ),
  entry(
    "replay",
    "a prediction beside what was observed",
    async () => (await import("./commands/replay.js")).replayCommand,
  ),
  entry("fit", "parameters that explain what was observed", async () => (await import("./commands/fit.js")).fitCommand),
  entry(
    "check",
    "problems in the graph and budgets exceeded, for CI",
    async () => (await import("./commands/check.js")).checkCommand,
  ),
  entry(
    "report",
    "a page to keep: html, markdown, svg, sarif and more",
    async () => (await import("./commands/report.js")).reportCommand,
  ),
  entry(
    "import",
    "other tools' files into topple's own format",
    async () => (await import("./commands/import.js")).importCommand,
  ),
  entry(
    "export",
    "the graph in other tools' formats",
    async () => (await import("./commands/export.js")).exportCommand,
  ),
  entry(
    "formats",
    "what can be read and written, and what is lost on the way",
    async () => (await import("./commands/formats.js")).formatsCommand,
  ),
  entry(
    "completion",
    "completion for bash, zsh or fish",
    async () => (await import("./commands/completion.js")).completionCommand,
  ),
  entry(
    "help",
    "help on a command, on codes, on exit codes",
    async () => (await import("./commands/help.js")).helpCommand,
  ),
];
