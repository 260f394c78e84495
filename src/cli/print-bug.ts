/** What a person sees when we made a mistake: one sentence and how to report it; a stack only when asked. */
import { printable } from "../diagnostics/print-diagnostic.js";
import { version } from "../version.js";
import type { World } from "./world.js";

export async function printBug(error: unknown, world: World): Promise<void> {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  await world.stderr.write(
    `topple: this is a mistake of ours, not of yours: ${name}: ${printable(message)}\n` +
      `Please report it with the command you ran and, if you may, the files: see "Reporting a mistake" in README.md ` +
      `(topple ${version}, node ${process.version}). TOPPLE_DEBUG=1 shows where it happened.\n`,
  );
  if ((world.env["TOPPLE_DEBUG"] ?? "") !== "") await world.stderr.write(`${stack ?? ""}\n`);
}
