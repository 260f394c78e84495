/** What the dashboard asks of the outside: answers, edits, sweeps in slices, files, and word of changed files. */
import type { DashboardOptions } from "../dashboard/start.js";
import { applyChanges } from "../validation/apply-changes.js";
import { ask, askInSlices } from "../workspace/ask.js";
import { openGraph } from "../workspace/open-graph.js";
import { watchPaths } from "../workspace/watch-paths.js";
import type { GraphOptions } from "./options/output.js";
import type { World } from "./world.js";

export function dashboardHost(
  paths: readonly string[],
  options: GraphOptions,
  world: World,
): Required<Pick<DashboardOptions, "host" | "watch">> {
  const from = options.from === undefined ? {} : { from: options.from };
  return {
    host: {
      impact: (graph, scenario) => ask(graph, { kind: "impact", scenario }),
      edit: applyChanges,
      sweep: askInSlices,
      saveScenario: () => Promise.reject(new Error("scenarios cannot be saved yet")),
      exportReport: () => Promise.reject(new Error("reports cannot be written yet")),
    },
    watch: (onChange) =>
      watchPaths(paths, world.cwd, async () => {
        onChange(await openGraph(paths, { cwd: world.cwd, stdin: world.stdin }, from));
      }),
  };
}
