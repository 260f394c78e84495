/** The answer on its way out: as text or JSON, to stdout or whole into a file. */
import type { CheckResult, DiffResult, Result } from "../model/result.js";
import { renderJson } from "../reports/json.js";
import { renderText } from "../reports/text/render-text.js";
import { plainTheme, type TextOptions, type Theme } from "../reports/text/theme.js";
import type { OutputOptions } from "./options/output.js";
import { Problems } from "./problems.js";
import type { World } from "./world.js";

export interface AnswerOptions extends OutputOptions {
  /** Rows of a ranked list; 0 for all. */
  readonly top?: number;
}

/** Rows of a ranking that are shown when nobody says how many. */
export const DEFAULT_TOP = 25;

export async function printAnswer(
  result: Result | DiffResult | CheckResult,
  options: AnswerOptions,
  world: World,
  top: number = Infinity,
): Promise<void> {
  const text =
    options.json === true
      ? renderJson(result)
      : renderText(result, await textOptions(options, world, options.top ?? top));
  await printText(text, options, world);
}

/** To stdout, or to the file that `-o` names. */
export async function printText(text: string, options: OutputOptions, world: World): Promise<void> {
  if (options.output === undefined || options.output === "-") {
    await world.stdout.write(text);
    return;
  }
  await saveFiles(world.cwd, [{ path: options.output, text }]);
}

/** Writes whole files or none; what the system refuses is a diagnostic that names the file. */
export async function saveFiles(
  folder: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  const { writeFiles } = await import("../workspace/write-files.js");
  try {
    await writeFiles(folder, files);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Problems([
      {
        code: "NOT_WRITTEN",
        severity: "error",
        message: `"${files.map(({ path }) => path).join('", "')}" cannot be written (${reason}).`,
        remedy: "Nothing was written.",
      },
    ]);
  }
}

export async function textOptions(options: OutputOptions, world: World, top: number): Promise<TextOptions> {
  const toTerminal = world.isTty.stdout && (options.output === undefined || options.output === "-");
  return {
    width: toTerminal ? (world.columns ?? 80) : null,
    theme: wantsColour(options, world, toTerminal) ? await colourTheme() : plainTheme,
    top: top === 0 ? Infinity : top,
    notes: options.quiet === true ? "hidden" : "shown",
  };
}

function wantsColour(options: OutputOptions, { env }: World, toTerminal: boolean): boolean {
  if (options.color === false || (env["NO_COLOR"] ?? "") !== "") return false;
  if ((env["FORCE_COLOR"] ?? "0") !== "0") return true;
  return toTerminal && env["TERM"] !== "dumb";
}

async function colourTheme(): Promise<Theme> {
  const { createColors } = (await import("picocolors")).default;
  const { bold, dim, red, yellow, green } = createColors(true);
  return { bold, dim, bad: red, warn: yellow, good: green };
}
