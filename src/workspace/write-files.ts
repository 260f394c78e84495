/**
 * The only writer to a disk. A file is written whole or not at all: to a temporary file beside it,
 * which is then renamed; of several files none is renamed before all are written.
 */
import { mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

export interface OutputFile {
  /** Relative to `folder`. */
  readonly path: string;
  readonly text: string;
}

/** Throws the system's error (with its `code`) when something cannot be written; nothing is then left behind. */
export async function writeFiles(folder: string, files: readonly OutputFile[]): Promise<void> {
  const pending: { readonly from: string; readonly to: string }[] = [];
  try {
    for (const { path, text } of files) {
      const to = await realTarget(resolve(folder, path));
      await mkdir(dirname(to), { recursive: true });
      if (await isSpecial(to)) {
        await writeFile(to, text); // a pipe or a device cannot be replaced
        continue;
      }
      const from = join(dirname(to), `.topple-${process.pid}-${pending.length}.tmp`);
      pending.push({ from, to });
      await writeFile(from, text);
    }
    for (const { from, to } of pending) await rename(from, to);
  } catch (error) {
    await Promise.all(pending.map(({ from }) => rm(from, { force: true })));
    throw error;
  }
}

/** Behind a symbolic link the file itself is replaced, not the link. */
async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

async function isSpecial(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}
