/** A long question with progress on stderr and Ctrl-C: then the answer holds what was known. */
import type { SliceOptions } from "../workspace/ask.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import type { OutputOptions } from "./options/output.js";
import { progressLine } from "./progress.js";
import type { World } from "./world.js";

export interface Sliced<R> {
  readonly result: R;
  /** `interrupted` when the user stopped it, else `fine`. */
  readonly exit: ExitCode;
}

export async function runSliced<R>(
  what: string,
  options: OutputOptions,
  world: World,
  work: (slices: SliceOptions) => Promise<R>,
): Promise<Sliced<R>> {
  let isInterrupted = false;
  const stopListening = world.onInterrupt(() => (isInterrupted = true));
  const progress = progressLine(world, options, what);
  try {
    const result = await work({
      onProgress: ({ done, total }) => progress.update(done, total),
      shouldStop: () => isInterrupted,
    });
    return { result, exit: isInterrupted ? EXIT.interrupted : EXIT.fine };
  } finally {
    progress.clear();
    stopListening();
  }
}
