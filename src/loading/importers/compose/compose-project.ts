/**
 * Compose files to projects, as docker compose puts them together: `.env` of the project's folder, layers in
 * order, `include`, `extends`. Files in several folders that each hold a project of their own stay apart.
 * Files referred to are taken from the given ones only; circles end with a diagnostic.
 */
import type { Diagnostic } from "../../../diagnostics/diagnostic.js";
import type { Location } from "../../../diagnostics/location.js";
import { locate, type SourceFile } from "../../../diagnostics/source-file.js";
import type { ReadContext } from "../../format.js";
import { locationOf } from "../../syntax/located.js";
import { shareDone } from "../../share-done.js";
import { findSibling, folderOf, joinPath } from "../sibling-files.js";
import { readComposeFile, type ComposeFile } from "./compose-file.js";
import { overlay, type ComposeService } from "./compose-service.js";
import { readEnvFile } from "./env-file.js";
import type { Variables } from "./interpolate.js";
import { append } from "../../append.js";

export interface Project {
  /** `name:` of the files, or that of the folder. */
  readonly name: string;
  readonly folder: string;
  readonly layers: readonly SourceFile[];
  readonly services: ReadonlyMap<string, ComposeService>;
  readonly variables: Variables;
  /** Files read for `include` and `extends`, besides the layers. */
  readonly alsoRead: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Includes and extensions deeper than this are taken for a circle. */
const DEEPEST = 50;

const BASE = /^(?:docker-)?compose\.(?:ya?ml|json)$/i;
const OVERRIDE = /^(?:docker-)?compose\.override\.(?:ya?ml|json)$/i;

export function readProjects(files: readonly SourceFile[], context: ReadContext): readonly Project[] {
  const groups = groupByProject(files, referredFiles(files));
  const progress = shareDone(files, context);
  return groups.map((layers) => new ProjectReader(layers, context, progress).read());
}

/** One list of layers for each project, base files first, overrides right behind them. */
function groupByProject(files: readonly SourceFile[], referred: ReadonlySet<string>): readonly SourceFile[][] {
  const own = files.filter((file) => !referred.has(joinPath("", file.name) ?? file.name));
  const layers = own.length > 0 ? own : files;
  const withBase = [
    ...new Set(layers.filter(({ name }) => BASE.test(baseName(name))).map(({ name }) => folderOf(name))),
  ];
  const homes = withBase.length > 1 ? withBase : [withBase[0] ?? folderOf(layers[0]?.name ?? "")];
  const groups = new Map<string, SourceFile[]>(homes.map((home) => [home, []]));
  for (const file of layers) {
    const home = homes.filter((folder) => isWithin(folderOf(file.name), folder)).sort((a, b) => b.length - a.length)[0];
    groups.get(home ?? homes[0]!)!.push(file);
  }
  const rank = ({ name }: SourceFile) => (BASE.test(baseName(name)) ? 0 : OVERRIDE.test(baseName(name)) ? 1 : 2);
  return [...groups.values()].map((group) => group.sort((a, b) => rank(a) - rank(b)));
}

/**
 * Given files that others include, or extend without being a project themselves: they are read where they
 * are referred to, not as layers.
 */
function referredFiles(files: readonly SourceFile[]): ReadonlySet<string> {
  const referred = new Set<string>();
  if (files.length < 2) return referred;
  const noVariables: Variables = { get: () => undefined, missing: new Set() };
  for (const file of files) {
    if (!/\b(?:include|extends)\b/.test(file.text)) continue;
    const { includes, services } = readComposeFile(file, noVariables);
    const extended = [...services.values()].flatMap(({ extends: base }) => base?.value.file ?? []);
    const named = extended.filter((path) => !BASE.test(baseName(path)));
    for (const path of [...includes.flatMap(({ paths }) => paths), ...named]) {
      const joined = joinPath(folderOf(file.name), path);
      if (joined !== undefined && joined !== joinPath("", file.name)) referred.add(joined);
    }
  }
  return referred;
}

class ProjectReader {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly parsed = new Map<string, ComposeFile>();
  /** Services of a file with all it includes and extends, so that a file named often is worked out once. */
  private readonly complete = new Map<string, ReadonlyMap<string, ComposeService>>();
  private readonly alsoRead = new Set<string>();
  private readonly folder: string;
  private readonly variables: Variables;

  constructor(
    private readonly layers: readonly SourceFile[],
    private readonly context: ReadContext,
    private readonly progress: (file: SourceFile, offset: number) => void,
  ) {
    this.folder = folderOf(layers[0]!.name);
    this.variables = this.environment(this.folder, [], { get: () => undefined, missing: new Set() });
  }

  read(): Project {
    let services: ReadonlyMap<string, ComposeService> = new Map();
    let name: string | undefined;
    for (const layer of this.layers) {
      const file = this.parse(layer, this.variables);
      name = file.name ?? name;
      services = merge(services, this.servicesOf(file, this.variables, []));
    }
    return {
      name: name ?? baseName(this.folder),
      folder: this.folder,
      layers: this.layers,
      services,
      variables: this.variables,
      alsoRead: [...this.alsoRead].filter((path) => this.layers.every((layer) => layer.name !== path)),
      diagnostics: this.diagnostics,
    };
  }

  /** The services of a file with what it includes and extends. */
  private servicesOf(
    file: ComposeFile,
    variables: Variables,
    chain: readonly string[],
  ): ReadonlyMap<string, ComposeService> {
    const known = this.complete.get(file.file.name);
    if (known !== undefined) return known;
    const included = this.included(file, variables, [...chain, file.file.name]);
    const own = new Map<string, ComposeService>();
    for (const [name, service] of file.services) own.set(name, this.extended(service, file, variables, []));
    const services = merge(included, own);
    this.complete.set(file.file.name, services);
    return services;
  }

  private included(file: ComposeFile, variables: Variables, chain: readonly string[]): Map<string, ComposeService> {
    const services = new Map<string, ComposeService>();
    for (const include of file.includes) {
      const location = locationOf(file.file, include.at);
      const here = folderOf(file.file.name);
      const found = include.paths.flatMap((path) => this.find(here, path, location) ?? []);
      const circle = found.find(({ name }) => chain.includes(name));
      if (circle !== undefined || chain.length > DEEPEST) {
        this.circle(`\`include\` leads back to ${circle?.name ?? "itself"}.`, location);
        continue;
      }
      if (found.length === 0) continue;
      const home = include.projectDirectory ?? ".";
      const folder =
        include.projectDirectory === undefined
          ? folderOf(found[0]!.name)
          : (joinPath(here, home) ?? folderOf(found[0]!.name));
      const envFiles = include.envFiles.flatMap((path) => this.find(here, path, location) ?? []);
      const inner = this.environment(folder, envFiles, variables);
      let merged: ReadonlyMap<string, ComposeService> = new Map();
      for (const path of found) {
        this.alsoRead.add(path.name);
        merged = merge(merged, this.servicesOf(this.parse(path, inner), inner, chain));
      }
      for (const [name, service] of merged) services.set(name, service);
    }
    return services;
  }

  /** The service with the one it extends below it, and what that extends below that. */
  private extended(
    service: ComposeService,
    file: ComposeFile,
    variables: Variables,
    chain: readonly string[],
  ): ComposeService {
    if (service.extends === undefined) return service;
    const { value, location } = service.extends;
    const key = `${file.file.name}\n${service.name}`;
    if (chain.includes(key) || chain.length > DEEPEST) {
      this.circle(`\`extends\` leads back to service \`${service.name}\`.`, location);
      return service;
    }
    let from: ComposeFile = file;
    if (value.file !== undefined) {
      const found = this.find(folderOf(file.file.name), value.file, location);
      if (found === undefined) return service;
      this.alsoRead.add(found.name);
      from = this.parse(found, variables);
    }
    const base = from.services.get(value.service);
    if (base === undefined) {
      const message = `\`${from.file.name}\` has no service \`${value.service}\` to extend.`;
      this.diagnostics.push({ code: "SERVICE_UNKNOWN", severity: "warning", message, location });
      return service;
    }
    return overlay(this.extended(base, from, variables, [...chain, key]), service);
  }

  /** What the given env files set, or else the folder's `.env`, below what is set around them. */
  private environment(folder: string, given: readonly SourceFile[], outer: Variables): Variables {
    const usual = given.length > 0 ? undefined : this.context.sibling(joinPath(folder, ".env") ?? ".env");
    const values = new Map<string, string>();
    const variables: Variables = { get: (name) => outer.get(name) ?? values.get(name), missing: outer.missing };
    for (const file of usual === undefined ? given : [usual]) {
      for (const [name, { value }] of readEnvFile(file, variables)) values.set(name, value);
    }
    return variables;
  }

  private find(folder: string, path: string, location: Location): SourceFile | undefined {
    const found = findSibling(this.context, folder, path, location);
    if ("file" in found) return found.file;
    this.diagnostics.push(found.problem);
    return undefined;
  }

  private parse(file: SourceFile, variables: Variables): ComposeFile {
    const known = this.parsed.get(file.name);
    if (known !== undefined) return known;
    const parsed = readComposeFile(file, variables, (offset) => this.progress(file, offset));
    append(this.diagnostics, parsed.diagnostics);
    this.parsed.set(file.name, parsed);
    return parsed;
  }

  private circle(message: string, location: Location): void {
    this.diagnostics.push({ code: "LIMIT_EXCEEDED", severity: "error", message, location });
  }
}

/** The settings of a service's `env_file`s below those of its `environment`. */
export function withEnvFiles(
  service: ComposeService,
  variables: Variables,
  context: ReadContext,
  report: (problem: Diagnostic) => void,
): ComposeService["environment"] {
  if (service.envFiles.length === 0) return service.environment;
  const environment = new Map<string, { readonly value: string; readonly location: Location }>();
  for (const { path, required, folder, location } of service.envFiles) {
    const found = findSibling(context, folder, path, location);
    if ("problem" in found) {
      if (required || found.problem.code === "OUTSIDE_FOLDER") report(found.problem);
      continue;
    }
    for (const [name, { value, offset }] of readEnvFile(found.file, variables)) {
      environment.set(name, { value, location: locate(found.file, offset, name.length) });
    }
  }
  return new Map([...environment, ...service.environment]);
}

function merge(
  base: ReadonlyMap<string, ComposeService>,
  over: ReadonlyMap<string, ComposeService>,
): ReadonlyMap<string, ComposeService> {
  const merged = new Map(base);
  for (const [name, service] of over) {
    const below = base.get(name);
    merged.set(name, below === undefined ? service : overlay(below, service));
  }
  return merged;
}

function isWithin(folder: string, home: string): boolean {
  return home === "" || folder === home || folder.startsWith(`${home}/`);
}

function baseName(path: string): string {
  const tidy = path.replaceAll("\\", "/").replace(/\/$/, "");
  return tidy.slice(tidy.lastIndexOf("/") + 1);
}
