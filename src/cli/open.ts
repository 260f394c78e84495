/**
 * From operands and options to a checked graph with its what-if edits applied, and the scenario that
 * was asked for. Whatever is wrong with the input ends the command here, all of it at once.
 */
import { isAbsolute, relative, resolve, sep } from "node:path";
import { hasErrors } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { readDocument } from "../loading/read-document.js";
import type { Change } from "../model/change.js";
import type { GraphDocument } from "../model/graph-document.js";
import type { Scenario } from "../model/scenario.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { applyChanges } from "../validation/apply-changes.js";
import { openGraph } from "../workspace/open-graph.js";
import type { EditOptions } from "./options/edits.js";
import type { GraphOptions } from "./options/output.js";
import { chooseScenario, isScenarioPath, type ScenarioOptions } from "./options/scenario.js";
import { Problems } from "./problems.js";
import { progressLine } from "./progress.js";
import type { World } from "./world.js";

export interface OpenedGraph {
  readonly graph: ServiceGraph;
  readonly sources: readonly SourceFile[];
  /** Fingerprint of what was read, for reports. */
  readonly digest: () => Promise<string>;
}

export interface Opened extends OpenedGraph {
  /** What-if edits, not applied. */
  readonly changes: readonly Change[];
}

export interface OpenedScenario extends Opened {
  /** The scenario that was asked for, in this graph or an edited one. */
  readonly choose: (graph: ServiceGraph) => Scenario;
}

/** Reads and checks; throws `Problems` with everything that is wrong. */
export async function openOperands(
  paths: readonly string[],
  options: GraphOptions,
  world: World,
): Promise<OpenedGraph> {
  const progress = progressLine(world, options, "reading");
  const opened = await openGraph(
    paths.map((path) => fromHere(path, world)),
    { cwd: world.cwd, stdin: world.stdin },
    {
      ...(options.from === undefined ? {} : { from: options.from }),
      onProgress: (share: number) => progress.update(share * 100, 100),
    },
  );
  progress.clear();
  const { graph, diagnostics, sources, digest } = opened;
  if (graph === null || hasErrors(diagnostics)) throw new Problems(diagnostics, sources);
  return { graph, sources, digest };
}

/** Absolute paths as seen from here, so that no answer holds a path that only this machine has. */
function fromHere(path: string, { cwd }: World): string {
  return isAbsolute(path) ? relative(cwd, path) || "." : path;
}

/** The graph, and the edits that the options name, apart. */
export async function openWithEdits(
  paths: readonly string[],
  options: GraphOptions & EditOptions,
  world: World,
): Promise<Opened> {
  const files = (options.edits ?? []).filter(isScenarioPath);
  const opened = await openOperands([...paths, ...outside(files, paths, world)], options, world);
  const changes: Change[] = [];
  for (const name of options.edits ?? []) {
    const sets = isScenarioPath(name) ? (documentOf(name, opened, world)?.edits ?? []) : namedEdits(opened.graph, name);
    changes.push(...sets.flatMap((set) => set.changes));
  }
  return { ...opened, changes: [...changes, ...(options.change ?? [])] };
}

/** The same with the edits applied. */
export async function openEdited(
  paths: readonly string[],
  options: GraphOptions & EditOptions,
  world: World,
): Promise<OpenedGraph> {
  const { changes, ...opened } = await openWithEdits(paths, options, world);
  return { ...opened, graph: applyEdits(opened.graph, changes, opened.sources) };
}

export function applyEdits(
  graph: ServiceGraph,
  changes: readonly Change[],
  sources: readonly SourceFile[],
): ServiceGraph {
  if (changes.length === 0) return graph;
  const edited = applyChanges(graph, changes);
  if (edited.graph === null || hasErrors(edited.diagnostics)) throw new Problems(edited.diagnostics, sources);
  return edited.graph;
}

/** Graph, edits and a way to the scenario; the edits are not applied. */
export async function openScenario(
  paths: readonly string[],
  options: GraphOptions & EditOptions & ScenarioOptions,
  world: World,
): Promise<OpenedScenario> {
  const file = options.scenario !== undefined && isScenarioPath(options.scenario) ? options.scenario : undefined;
  const files = file === undefined ? [] : outside([file], paths, world);
  const opened = await openWithEdits([...paths, ...files], options, world);
  const document = file === undefined ? undefined : documentOf(file, opened, world);
  const names = file === undefined ? undefined : (document?.scenarios ?? []).map(({ name }) => name);
  const choose = (graph: ServiceGraph): Scenario =>
    chooseScenario(
      graph,
      options,
      names === undefined ? undefined : graph.scenarios.filter(({ name }) => names.includes(name)),
    );
  return { ...opened, choose };
}

/** Graph with its edits applied, and scenario: an edit may add the very service that is broken. */
export async function openEditedScenario(
  paths: readonly string[],
  options: GraphOptions & EditOptions & ScenarioOptions,
  world: World,
): Promise<OpenedGraph & { readonly scenario: Scenario }> {
  const { graph, changes, choose, sources, digest } = await openScenario(paths, options, world);
  const edited = applyEdits(graph, changes, sources);
  return { graph: edited, sources, digest, scenario: choose(edited) };
}

/** Files that no operand already covers; they are read together with the graph, so that their names are checked. */
function outside(files: readonly string[], paths: readonly string[], world: World): string[] {
  const covered = paths.filter((path) => path !== "-").map((path) => resolve(world.cwd, path));
  return files.filter((file) => {
    const at = resolve(world.cwd, file);
    return !covered.some((path) => at === path || at.startsWith(path + sep));
  });
}

/** What one of the files that were read says by itself. */
function documentOf(file: string, { sources }: OpenedGraph, world: World): GraphDocument | undefined {
  const at = resolve(world.cwd, file);
  const source = sources.find(({ name }) => resolve(world.cwd, name) === at);
  return source === undefined ? undefined : readDocument([source], {});
}

function namedEdits(graph: ServiceGraph, name: string): readonly { readonly changes: readonly Change[] }[] {
  const found = graph.edits.filter((set) => set.name === name);
  if (found.length > 0) return found;
  const names = graph.edits.map((set) => `"${set.name}"`);
  throw new Problems([
    {
      code: "SCENARIO_UNKNOWN",
      severity: "error",
      message: `This graph has no set of edits "${name}".`,
      remedy: names.length === 0 ? "It has none; name a file." : `It has ${names.join(", ")}.`,
    },
  ]);
}
