/** A disk made of memory: absolute paths to contents; a link is written as `{ to: path }`. */
import type { FileSystem } from "../../src/workspace/file-system.js";

export type MemoryEntry = string | Uint8Array | { readonly to: string };

export function memoryFiles(entries: Readonly<Record<string, MemoryEntry>>): FileSystem & { readonly reads: string[] } {
  const paths = Object.keys(entries);
  const reads: string[] = [];
  const isFolder = (path: string): boolean => path === "/" || paths.some((other) => other.startsWith(`${path}/`));
  /** Follows links anywhere along the path. */
  const real = (path: string): string => {
    let done = "";
    for (const part of path.split("/").slice(1)) {
      const here = `${done}/${part}`;
      const entry = entries[here];
      done = typeof entry === "object" && "to" in entry ? real(entry.to) : here;
    }
    if (entries[done] === undefined && !isFolder(done)) throw new Error(`ENOENT ${path}`);
    return done;
  };
  const contentOf = (path: string): string | Uint8Array | undefined => {
    try {
      const entry = entries[real(path)];
      return typeof entry === "object" && "to" in entry ? undefined : entry;
    } catch {
      return undefined;
    }
  };
  return {
    reads,
    kind: (path) => {
      const content = contentOf(path);
      if (content !== undefined) return { kind: "file", size: content.length };
      try {
        return isFolder(real(path)) ? { kind: "folder", size: 0 } : undefined;
      } catch {
        return undefined;
      }
    },
    list: (path) => {
      const folder = real(path);
      const inside = paths.filter((other) => other.startsWith(folder === "/" ? "/" : `${folder}/`));
      return [
        ...new Set(inside.map((other) => other.slice(folder === "/" ? 1 : folder.length + 1).split("/")[0]!)),
      ].sort();
    },
    read: (path) => {
      reads.push(path);
      const content = contentOf(path);
      if (content === undefined) throw new Error(`ENOENT ${path}`);
      return typeof content === "string" ? new TextEncoder().encode(content) : content;
    },
    real,
    isLink: (path) => {
      const entry = entries[path];
      return typeof entry === "object" && "to" in entry;
    },
  };
}
