/** What the dashboard asks of the outside: answers, edits, sweeps in slices, files, and word of changed files. */
import type { DashboardOptions } from "../dashboard/start.js";
import { askInSlices, editInSlices } from "../workspace/ask.js";
import { openGraph } from "../workspace/open-graph.js";
import { usualWorkers } from "../workspace/pool.js";
import { watchPaths } from "../workspace/watch-paths.js";
import { formatOfFile } from "./options/format.js";
import type { OpenedGraph } from "./open.js";
import type { GraphOptions } from "./options/output.js";
import { saveFiles } from "./output.js";
import { aboutGraph, renderReport } from "./print-report.js";
import type { World } from "./world.js";

export function dashboardHost(
  digest: OpenedGraph["digest"],
  paths: readonly string[],
  options: GraphOptions,
  world: World,
): Required<Pick<DashboardOptions, "host" | "watch">> {
  const from = options.from === undefined ? {} : { from: options.from };
  return {
    host: {
      impact: (graph, scenario, slices) => askInSlices(graph, { kind: "impact", scenario }, slices),
      edit: editInSlices,
      // on the other cores, so that this thread is free for keys
      sweep: (graph, question, slices) => askInSlices(graph, question, { ...slices, workers: usualWorkers() }),
      async saveScenario(path, scenario) {
        const { renderScenario } = await import("../reports/exporters/written-scenario.js");
        await saveFiles(world.cwd, [{ path, text: renderScenario(scenario) }]);
      },
      async exportReport(path, graph, scenario) {
        const { gatherImpactReport } = await import("../workspace/gather-report.js");
        const input = await gatherImpactReport(await aboutGraph({ graph, digest }, paths, world), scenario);
        await saveFiles(world.cwd, [{ path, text: await renderReport(formatOfFile(path) ?? "html", input) }]);
      },
    },
    watch: (onChange) =>
      watchPaths(paths, world.cwd, async () => {
        onChange(await openGraph(paths, { cwd: world.cwd, stdin: world.stdin }, from));
      }),
  };
}
