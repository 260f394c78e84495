/** Progress of reading several files, told now and then as a share 0..1 of all their text. */
import type { SourceFile } from "../diagnostics/source-file.js";
import type { ReadContext } from "./format.js";

/** Characters between two reports: a fraction of a second with any format. */
const STEP = 200_000;

/** Call it as often as you like with the offset reached; it reports now and then. */
export function shareDone(
  files: readonly SourceFile[],
  { onProgress }: ReadContext,
): (file: SourceFile, offset: number) => void {
  if (onProgress === undefined) return () => {};
  const before = new Map<SourceFile, number>();
  let total = 0;
  for (const file of files) {
    before.set(file, total);
    total += file.text.length;
  }
  let next = STEP;
  return (file, offset) => {
    const done = (before.get(file) ?? 0) + offset;
    if (done < next) return;
    next = done + STEP;
    onProgress(Math.min(1, done / total));
  };
}
