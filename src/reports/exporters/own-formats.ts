/** Our own formats out: topple.yaml, topple.json, and a folder of tables. Reading them back loses nothing but places. */
import type { Dependency } from "../../model/dependency.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { csvCell } from "../escape.js";
import { dependencyRows, namedGroups, needOf, serviceMap, serviceRow } from "./written-graph.js";
import { editsMap, renderScenario, scenarioMap } from "./written-scenario.js";
import type { Written, WrittenMap } from "./written-values.js";
import { fitsAsKey, yamlText } from "./yaml-text.js";

export interface ExportedFile {
  /** Relative to the folder that is written to. */
  readonly path: string;
  readonly text: string;
}

/** Kinds have given their defaults already; reading back must not give them again where a file said none. */
const HEAD = { version: "1", defaults: "none" } as const;

export function exportYaml(graph: ServiceGraph): string {
  const needs = needsOf(graph);
  const maps = graph.services.map((service): [string, WrittenMap] => {
    const own = (needs.get(service.id) ?? []).map((dependency) => needOf(dependency, service));
    return [service.id, own.length === 0 ? serviceMap(service) : { ...serviceMap(service), needs: own }];
  });
  const areKeys = maps.every(([id]) => fitsAsKey(id));
  // a Map keeps the order of names that look like numbers, and `__proto__` is a name like any other
  const services = areKeys ? new Map(maps) : maps.map(([id, map]) => ({ id, ...map }));
  return yamlText({ ...HEAD, services, ...restOf(graph) });
}

export function exportJson(graph: ServiceGraph): string {
  const object = {
    schema: "topple/graph@1",
    defaults: HEAD.defaults,
    services: graph.services.map((service) => ({ id: service.id, ...serviceMap(service) })),
    dependencies: namedGroups(graph).flatMap(({ dependency, group }) => dependencyRows(dependency, group).map(typed)),
    scenarios: graph.scenarios.map(scenarioMap),
    ...(graph.edits.length === 0 ? {} : { edits: graph.edits.map(editsMap) }),
  };
  return `${JSON.stringify(object, null, 2)}\n`;
}

/** services.csv, dependencies.csv, a file for each scenario and set of edits, and what no table can say. */
export function exportTables(graph: ServiceGraph): ExportedFile[] {
  const services = graph.services.map(serviceRow);
  const dependencies = namedGroups(graph).flatMap(({ dependency, group }) => dependencyRows(dependency, group));
  const names = new Set<string>();
  return [
    { path: "topple.yaml", text: yamlText(HEAD) },
    { path: "services.csv", text: table(["id"], services) },
    { path: "dependencies.csv", text: table(["from", "to"], dependencies) },
    ...graph.scenarios.map((scenario) => ({
      path: `scenarios/${fileName(scenario.name, names)}.yaml`,
      text: renderScenario(scenario),
    })),
    ...graph.edits.map((edits) => ({
      path: `edits/${fileName(edits.name, names)}.yaml`,
      text: yamlText(editsMap(edits)),
    })),
  ];
}

/** Columns in the order they first appear, so that rows of plain values make a narrow table. */
export function table(first: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  const columns = new Set(first);
  for (const row of rows) for (const key of Object.keys(row)) columns.add(key);
  const keys = [...columns];
  const lines = rows.map((row) => keys.map((key) => csvCell(row[key] ?? "")).join(","));
  return `${[keys.join(","), ...lines].join("\r\n")}\r\n`;
}

function needsOf(graph: ServiceGraph): Map<string, Dependency[]> {
  const needs = new Map<string, Dependency[]>();
  for (const dependency of graph.dependencies) {
    const known = needs.get(dependency.consumer);
    if (known === undefined) needs.set(dependency.consumer, [dependency]);
    else known.push(dependency);
  }
  return needs;
}

function restOf({ scenarios, edits }: ServiceGraph): WrittenMap {
  return {
    ...(scenarios.length === 0 ? {} : { scenarios: scenarios.map(scenarioMap) }),
    ...(edits.length === 0 ? {} : { edits: edits.map(editsMap) }),
  };
}

const NUMBERS = new Set(["weight", "trip", "capacity", "need", "share", "retries", "catchup", "calls", "error_rate"]);

/** Cells of a table as JSON has them: numbers as numbers. */
function typed(row: Readonly<Record<string, string>>): WrittenMap {
  const values: Record<string, Written> = {};
  for (const [key, cell] of Object.entries(row)) {
    const isNumber = NUMBERS.has(key.replace(/^group_/, "")) && /^[\d.e+-]+$/i.test(cell) && !cell.includes("..");
    values[key] = isNumber ? Number(cell) : cell;
  }
  return values;
}

function fileName(name: string, taken: Set<string>): string {
  const base =
    name
      .replace(/[^\w.-]+/g, "-")
      .replace(/^[.-]+|[.-]+$/g, "")
      .slice(0, 80) || "scenario";
  let unique = base;
  for (let count = 2; taken.has(unique.toLowerCase()); count++) unique = `${base}-${count}`;
  taken.add(unique.toLowerCase());
  return unique;
}
