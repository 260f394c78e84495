/**
 * Word of changed files. Editors write in many ways (in place, by rename, in two steps), so folders are
 * watched rather than files, and word is given once things have been quiet for a moment.
 */
import { statSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname, resolve } from "node:path";

const QUIET_MS = 120;

/** Returns how to stop. Standard input and paths that cannot be watched are passed over. */
export function watchPaths(paths: readonly string[], cwd: string, onChange: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  const notice = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void onChange(), QUIET_MS);
  };
  const watchers: FSWatcher[] = [];
  for (const path of paths) {
    if (path === "-") continue;
    try {
      const full = resolve(cwd, path);
      if (statSync(full).isDirectory()) watchers.push(watch(full, { recursive: true }, notice));
      else watchers.push(watch(dirname(full), (_event, name) => name === basename(full) && notice()));
    } catch {
      // a file system that cannot be watched: the dashboard works, it only does not follow changes
    }
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
