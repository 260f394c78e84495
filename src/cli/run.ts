/**
 * The command line, from arguments to exit code. The one place that catches: wrong input becomes
 * diagnostics and 2, a wrong command line a sentence and 64, our own mistakes a sentence and 70.
 * Only the command that was asked for is loaded.
 */
import { CommanderError } from "commander";
import { commands } from "./commands.js";
import type { CommandEntry, CommandModule } from "./command.js";
import { declareCommand } from "./declare-command.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { Problems, UsageError } from "./problems.js";
import type { World } from "./world.js";

/** What `topple [graph]` runs; it has no name to type. */
const dashboardEntry: CommandEntry = {
  name: "",
  summary: "",
  load: async () => (await import("./commands/dashboard.js")).dashboardCommand,
};

/** `argv` without node and script. Never throws and never ends the process. */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await dispatch(argv, { ...world, argv });
  } catch (error) {
    return await explainFailure(error, argv, world);
  }
}

async function dispatch(argv: readonly string[], world: World): Promise<ExitCode> {
  const first = argv.find((argument) => argument === "-" || !argument.startsWith("-"));
  if (first === undefined) {
    if (argv.some((argument) => argument === "--version" || argument === "-V")) return await printVersion(world);
    if (argv.some((argument) => argument === "--help" || argument === "-h")) return await runCommand("help", [], world);
  }
  const entry = commands.find(({ name }) => name === first);
  if (entry !== undefined) return await runEntry(entry, without(argv, argv.indexOf(first!)), world);
  return await runEntry(dashboardEntry, argv, world);
}

async function runCommand(name: string, argv: readonly string[], world: World): Promise<ExitCode> {
  return await runEntry(
    commands.find((entry) => entry.name === name)!,
    argv,
    world,
  );
}

async function runEntry(entry: CommandEntry, argv: readonly string[], world: World): Promise<ExitCode> {
  const module = (await entry.load()) as CommandModule<unknown>;
  const command = declareCommand(entry, module, world);
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    throw error;
  }
  return await module.run(command.args, command.opts(), world);
}

async function printVersion(world: World): Promise<ExitCode> {
  const { version } = await import("../version.js");
  await world.stdout.write(`topple ${version}\n`);
  return EXIT.fine;
}

function without<T>(items: readonly T[], place: number): T[] {
  return items.filter((_, index) => index !== place);
}

async function explainFailure(error: unknown, argv: readonly string[], world: World): Promise<ExitCode> {
  if (error instanceof Problems) {
    const { printProblems } = await import("./print-problems.js");
    await printProblems(error, argv.includes("--json"), world);
    return EXIT.badInput;
  }
  if (error instanceof UsageError) {
    const { printable } = await import("../diagnostics/print-diagnostic.js");
    await world.stderr.write(`topple: ${printable(error.message)}\n`);
    return EXIT.usage;
  }
  const { printBug } = await import("./print-bug.js");
  await printBug(error, world);
  return EXIT.internal;
}
