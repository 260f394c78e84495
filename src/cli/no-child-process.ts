/**
 * Stands in for `node:child_process` in the compiled commands. commander asks for it to start subcommands that are programs
 * of their own; topple has none, and loading Node's takes as long as reading a graph.
 */
export function spawn(): never {
  throw new Error("topple starts no programs");
}
