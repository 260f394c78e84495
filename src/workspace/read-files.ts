/**
 * The only reader of a disk. A path is a file, `-` for standard input, or a folder: one of ours holds topple.yaml
 * or services.csv and dependencies.csv, with scenarios/ and edits/; of any other every text file is taken.
 * Nothing outside a given folder is read, not even through a link; sizes are bounded.
 */
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { decode } from "./decode.js";
import { disk, type FileSystem } from "./file-system.js";
import { LARGE_FILE, largeFile } from "./large-file.js";

export interface FileIo {
  /** Relative paths are looked up from here. */
  readonly cwd: string;
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  /** The disk when absent. */
  readonly files?: FileSystem;
}

export const READ_LIMITS = {
  /** Bytes of one file; a JavaScript text can hold little more. */
  fileBytes: 500_000_000,
  /** Files taken from a folder that is not one of ours. */
  folderFiles: 20_000,
  folderDepth: 20,
} as const;

export interface ReadFiles {
  readonly sources: readonly SourceFile[];
  /** Names of those that were found in a folder and not named. */
  readonly found: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
  /** Paths where nothing is, and what is said of them. */
  readonly missing: ReadonlyMap<string, Diagnostic>;
  /** A file beside the given ones, by its path as the user would write it; only from their folders. */
  readonly sibling: (path: string) => SourceFile | undefined;
  /** Files that were read through `sibling`, and what was refused. */
  readonly afterwards: () => { readonly sources: readonly SourceFile[]; readonly diagnostics: readonly Diagnostic[] };
}

export async function readFiles(paths: readonly string[], io: FileIo): Promise<ReadFiles> {
  const reader = new Reader(io);
  for (const path of paths) await reader.take(path);
  return reader.result();
}

/** One file that was named, such as a table of observations. */
export async function readTextFile(
  path: string,
  io: FileIo,
): Promise<{ readonly source?: SourceFile; readonly diagnostics: readonly Diagnostic[] }> {
  const { sources, diagnostics } = await readFiles([path], { ...io, files: withoutFolders(io.files ?? disk) });
  const [source] = sources;
  return source === undefined ? { diagnostics } : { source, diagnostics };
}

function withoutFolders(files: FileSystem): FileSystem {
  return {
    ...files,
    kind: (path) => {
      const found = files.kind(path);
      return found?.kind === "folder" ? { ...found, kind: "other" } : found;
    },
  };
}

const OWN_FILES = ["topple.yaml", "topple.yml", "topple.json", "services.csv", "dependencies.csv"];
const OWN_FOLDERS = ["scenarios", "edits"];
const PASSED_OVER = new Set(["node_modules", ".git", ".hg", ".svn", ".terraform", "__pycache__"]);

class Reader {
  private readonly files: FileSystem;
  private readonly sources: SourceFile[] = [];
  private readonly found = new Set<string>();
  private readonly diagnostics: Diagnostic[] = [];
  /** Absolute paths that were read, so that none is read twice. */
  private readonly seen = new Set<string>();
  /** Absolute folders that siblings may come from. */
  private readonly roots = new Set<string>();
  private readonly missing = new Map<string, Diagnostic>();
  private readonly siblings = new Map<string, SourceFile | undefined>();
  private readonly later: Diagnostic[] = [];
  private taken = 0;

  constructor(private readonly io: FileIo) {
    this.files = io.files ?? disk;
  }

  result(): ReadFiles {
    return {
      sources: this.sources,
      found: this.found,
      diagnostics: this.diagnostics,
      missing: this.missing,
      sibling: (path) => this.sibling(path),
      afterwards: () => ({
        sources: [...this.siblings.values()].filter((source) => source !== undefined),
        diagnostics: this.later,
      }),
    };
  }

  async take(path: string): Promise<void> {
    if (path === "-") {
      await this.takeInput();
      return;
    }
    const full = resolve(this.io.cwd, path);
    const what = this.files.kind(full);
    if (what === undefined || what.kind === "other") {
      const message = what === undefined ? `"${path}" does not exist or cannot be read.` : `"${path}" is not a file.`;
      const problem: Diagnostic = { code: "FILE_NOT_FOUND", severity: "error", message, remedy: this.remedyFor(full) };
      this.diagnostics.push(problem);
      this.missing.set(path, problem);
    } else if (what.kind === "file") {
      this.roots.add(dirname(full));
      this.takeFile(path, full, "named");
    } else {
      this.roots.add(full);
      this.takeFolder(path, full);
    }
  }

  /** A name that differs in a few letters, from the folder where the file should be. */
  private remedyFor(full: string): string {
    const otherwise = "Give a file, a folder, or - for standard input.";
    const folder = dirname(full);
    if (this.files.kind(folder)?.kind !== "folder") return otherwise;
    const wanted = basename(full).toLowerCase();
    const near = this.files.list(folder).filter((name) => {
      const other = name.toLowerCase();
      return other.startsWith(wanted) || (wanted.length > 3 && other.slice(0, 4) === wanted.slice(0, 4));
    });
    if (near.length === 0) return otherwise;
    const names = near.slice(0, 5).map((name) => `"${name}"`);
    return `In that folder: ${names.join(", ")}.`;
  }

  private async takeInput(): Promise<void> {
    if (this.seen.has("-")) return;
    this.seen.add("-");
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of this.io.stdin ?? []) {
      const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
      size += bytes.length;
      if (size > READ_LIMITS.fileBytes) {
        this.tooLarge("-");
        return;
      }
      parts.push(bytes);
    }
    this.add("-", Buffer.concat(parts), "named");
  }

  private takeFolder(path: string, full: string): void {
    const own = OWN_FILES.filter((name) => this.files.kind(join(full, name))?.kind === "file");
    if (own.length === 0) {
      this.takeTree(path, full, 0);
      return;
    }
    for (const name of own) this.takeInside(join(path, name), full, join(full, name), "named");
    for (const folder of OWN_FOLDERS) {
      const inner = join(full, folder);
      if (this.files.kind(inner)?.kind !== "folder") continue;
      for (const name of this.files.list(inner)) {
        if (!/\.(?:ya?ml|json)$/i.test(name)) continue;
        this.takeInside(join(path, folder, name), full, join(inner, name), "named");
      }
    }
  }

  private takeTree(path: string, full: string, depth: number): void {
    if (depth > READ_LIMITS.folderDepth) return;
    for (const name of this.files.list(full)) {
      const child = join(full, name);
      const shown = join(path, name);
      const what = this.files.kind(child);
      if (what?.kind === "folder" && !PASSED_OVER.has(name) && !this.files.isLink(child)) {
        this.takeTree(shown, child, depth + 1);
      } else if (what?.kind === "file" && !name.startsWith(".")) {
        if (++this.taken === READ_LIMITS.folderFiles + 1) this.tooMany(path);
        if (this.taken <= READ_LIMITS.folderFiles) this.takeInside(shown, full, child, "found");
      }
    }
  }

  /** A file of a folder; one that is a link out of it is refused. */
  private takeInside(path: string, folder: string, full: string, how: "named" | "found"): void {
    if (this.isInside(folder, full)) this.takeFile(path, full, how);
    else if (how === "named") this.diagnostics.push(outside(path));
  }

  private isInside(folder: string, full: string): boolean {
    try {
      const way = relative(this.files.real(folder), this.files.real(full));
      return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(way) !== way;
    } catch {
      return false;
    }
  }

  private takeFile(path: string, full: string, how: "named" | "found"): void {
    if (this.seen.has(full)) return;
    this.seen.add(full);
    const size = this.files.kind(full)?.size ?? 0;
    if (size > READ_LIMITS.fileBytes) {
      if (how === "named") this.tooLarge(path);
      return;
    }
    const large = size >= LARGE_FILE && isTable(full) ? largeFile(nameOf(path), full, size, this.files) : undefined;
    if (large !== undefined) {
      this.sources.push(large);
      if (how === "found") this.found.add(large.name);
      return;
    }
    const bytes = this.bytesOf(full);
    if (bytes !== undefined) this.add(nameOf(path), bytes, how);
    else this.diagnostics.push({ code: "FILE_NOT_FOUND", severity: "error", message: `"${path}" cannot be read.` });
  }

  private bytesOf(full: string): Uint8Array | undefined {
    try {
      return this.files.read(full);
    } catch {
      return undefined;
    }
  }

  private add(name: string, bytes: Uint8Array, how: "named" | "found"): void {
    const decoded = decode(name, bytes);
    if ("source" in decoded) {
      this.sources.push(decoded.source);
      if (how === "found") this.found.add(name);
    } else if (how === "named") {
      this.diagnostics.push(decoded.problem);
    }
  }

  private sibling(path: string): SourceFile | undefined {
    if (this.siblings.has(path)) return this.siblings.get(path);
    const source = this.readSibling(path);
    this.siblings.set(path, source);
    return source;
  }

  private readSibling(path: string): SourceFile | undefined {
    const full = resolve(this.io.cwd, path);
    const what = this.files.kind(full);
    if (what?.kind !== "file") return undefined;
    if (![...this.roots].some((root) => this.isInside(root, full))) {
      this.later.push(outside(path));
      return undefined;
    }
    if (what.size > READ_LIMITS.fileBytes) {
      this.later.push(tooLargeProblem(path));
      return undefined;
    }
    const bytes = this.bytesOf(full);
    if (bytes === undefined) return undefined;
    const decoded = decode(nameOf(path), bytes);
    if ("source" in decoded) return decoded.source;
    this.later.push(decoded.problem);
    return undefined;
  }

  private tooLarge(path: string): void {
    this.diagnostics.push(tooLargeProblem(path));
  }

  private tooMany(path: string): void {
    this.diagnostics.push({
      code: "LIMIT_EXCEEDED",
      severity: "error",
      message: `The folder holds more than ${READ_LIMITS.folderFiles} files.`,
      remedy: `Name the files that matter, or a folder inside "${path}".`,
    });
  }
}

function tooLargeProblem(path: string): Diagnostic {
  return {
    code: "FILE_TOO_LARGE",
    severity: "error",
    message: `"${path}" is larger than ${READ_LIMITS.fileBytes / 1_000_000} MB.`,
    remedy: "Split it, or export less.",
  };
}

function outside(path: string): Diagnostic {
  return {
    code: "OUTSIDE_FOLDER",
    severity: "error",
    message: `"${path}" leads out of the folder it was given in and is not read.`,
    remedy: "Copy the file into the folder, or name it yourself.",
  };
}

/** Tables are what may be read without being held. */
function isTable(path: string): boolean {
  return ["services.csv", "dependencies.csv"].includes(basename(path));
}

/** With forward slashes everywhere, so that output is the same on every system. */
function nameOf(path: string): string {
  return sep === "/" ? path : path.split(sep).join("/");
}
