/**
 * The real program, for tests that need a process of its own: `dist/main.js`, built again when a source
 * is newer. Test files run in parallel, so one of them builds while the others wait.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");
export const MAIN = join(ROOT, "dist", "main.js");

/** The thread that helps with long questions, as built. */
export const WORKER = join(ROOT, "dist", "workspace", "worker.js");

/** Path of an up-to-date `dist/main.js`. */
export async function builtMain(): Promise<string> {
  const lock = join(ROOT, "node_modules", ".topple-build-lock");
  const startMs = Date.now();
  while (isStale()) {
    try {
      mkdirSync(lock);
    } catch {
      // a lock that outlives any build was left behind by a process that was killed
      if (Date.now() - startMs > 60_000) rmdirSync(lock);
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      execFileSync("npm", ["run", "-s", "build:js"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
    } finally {
      rmdirSync(lock);
    }
  }
  return MAIN;
}

function isStale(): boolean {
  if (!existsSync(MAIN)) return true;
  const builtMs = statSync(MAIN).mtimeMs;
  const src = join(ROOT, "src");
  return readdirSync(src, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).mtimeMs > builtMs,
  );
}
