/** How a report says it was made: the command line, ready to be pasted into a shell, and what the graph is called. */
import { basename, isAbsolute, relative } from "node:path";
import type { World } from "./world.js";

/** Without `-o`, and without paths that only this machine has. */
export function reproduceCommand({ argv = [], cwd }: World): string {
  const words: string[] = [];
  for (let place = 0; place < argv.length; place++) {
    const word = argv[place]!;
    if (word === "-o" || word === "--output") place++;
    else if (!/^(?:--output=|-o.)/.test(word)) words.push(shellWord(portable(word, cwd)));
  }
  return ["topple", ...words].join(" ");
}

/** The operands as the user named them. */
export function graphNameOf(paths: readonly string[], { cwd }: World): string {
  return paths.map((path) => (path === "-" ? "standard input" : portable(path, cwd))).join(" ");
}

function portable(word: string, cwd: string): string {
  if (!isAbsolute(word)) return word;
  const way = relative(cwd, word);
  return way.startsWith("..") || isAbsolute(way) ? basename(word) : way || ".";
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
