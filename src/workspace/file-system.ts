/** The few things the workspace asks of a disk, so that tests can hand in one made of memory. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from "node:fs";

export interface FileSystem {
  /** What stands at an absolute path, links followed; undefined when nothing readable does. */
  readonly kind: (path: string) => { readonly kind: "file" | "folder" | "other"; readonly size: number } | undefined;
  /** Names in a folder, sorted. */
  readonly list: (path: string) => readonly string[];
  readonly read: (path: string) => Uint8Array;
  /** The same in pieces, each valid until the next is asked for; where there is none, large files are read whole. */
  readonly pieces?: (path: string) => Iterable<Uint8Array>;
  /** The path with every link resolved. */
  readonly real: (path: string) => string;
  readonly isLink: (path: string) => boolean;
}

export const disk: FileSystem = {
  kind: (path) => {
    try {
      const found = statSync(path);
      const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
      return { kind, size: found.size };
    } catch {
      return undefined;
    }
  },
  list: (path) => readdirSync(path).sort(),
  read: (path) => readFileSync(path),
  pieces,
  real: (path) => realpathSync(path),
  isLink: (path) => lstatSync(path).isSymbolicLink(),
};

const PIECE_BYTES = 1 << 18;

function* pieces(path: string): Iterable<Uint8Array> {
  const file = openSync(path, "r");
  try {
    const bytes = new Uint8Array(PIECE_BYTES);
    for (;;) {
      const length = readSync(file, bytes);
      if (length === 0) return;
      yield bytes.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
