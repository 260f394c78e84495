/**
 * The docker compose format: files, layers and `.env` to a graph. Start order is stated, needs at run time are
 * inferred; a project that names no need at run time says so instead of looking safe.
 */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { GraphDraft, listed } from "../draft.js";
import { MOST_REPLICAS } from "../replicas.js";
import { reportSilence } from "../silence.js";
import { addProject } from "./compose-graph.js";
import { readProjects, type Project } from "./compose-project.js";
import { append } from "../../append.js";

export const compose: Format = {
  id: "compose",
  title: "docker compose",
  direction:
    "`depends_on` points from the service that starts later to the one that starts first: it becomes a start " +
    "dependency, which matters when the consumer restarts. Needs at run time are inferred from links, shared " +
    "namespaces, environment and commands, and point from the one that names to the one that is named.",
  mapping: [
    ["services.*", "a service; several files are layers of one project, merged in the order given as docker does"],
    ["depends_on (short or long)", "a start dependency; the condition is its note, `required: false` is noted"],
    ["links, external_links", "a start dependency (stated) and a run dependency (inferred)"],
    ["network_mode / pid / ipc: service:x", "a run and a start dependency: it runs inside x"],
    ["volumes_from", "a start dependency"],
    [
      "environment, env_file: URL, host:port or host of another service",
      "a run dependency, inferred from that setting",
    ],
    ["configs whose content stands in the file: the same", "a run dependency, inferred from that config"],
    ["command, entrypoint: the same", "a run dependency, or a start dependency when it is only waited for"],
    [
      "labels of traefik and caddy, VIRTUAL_HOST of nginx-proxy",
      "a run dependency of the proxy, inferred, weighted alike among its backends",
    ],
    ["one setting that lists several services", "a group of which any one is taken to be enough"],
    [
      "a host in a telemetry setting (OTEL_*, JAEGER_*, ...)",
      "a run dependency that is done without (tolerance 1 year)",
    ],
    [
      "deploy.replicas, scale",
      `n replicas as services of their own, any one enough; above ${MOST_REPLICAS}, or for mode global, a note`,
    ],
    ["extends, include, anchors, merge keys, .env, ${VAR:-default}", "resolved, from the given files only"],
    ["profiles", "all profiles are read; a service's are its note"],
    ["image", "the kind, where the image is a well-known one"],
  ],
  unknown: [
    "Which of the services that start first are also needed while running: compose does not say.",
    "Whether a container that lost what it needs crashes; docker itself restarts it without regard to depends_on.",
    "Calls whose target is in code or in a mounted configuration file.",
    "Tolerances, retries, and whether one replica carries the load of all.",
    "Variables that come from the shell instead of `.env`.",
  ],
  detect,
  read,
};

const NAMED = /(?:^|[/\\])(?:docker-)?compose[^/\\]*\.(?:ya?ml|json)$/i;
const SERVICE_KEYS =
  "image|build|extends|depends_on|environment|env_file|ports|expose|volumes|command|entrypoint|links|networks|network_mode|deploy|container_name|restart|healthcheck|profiles|labels|scale|volumes_from|hostname|secrets|configs|logging|platform|user|stdin_open|tty";
const IN_YAML = new RegExp(
  `^(["']?)services\\1\\s*:[^\\n]*\\n(?:[^\\S\\n]*(?:#[^\\n]*)?\\n)*[^\\S\\n]+[^\\s#-][^\\n]*:`,
  "m",
);
const YAML_KEY = new RegExp(`^[^\\S\\n]{2,}["']?(?:${SERVICE_KEYS})["']?\\s*:|^\\s+<<\\s*:`, "m");
const IN_FLOW = /^(["']?)services\1\s*:\s*(?:#[^\n]*\n\s*)*(?:\{|[^\n{]+:\s*\{)|^\{\s*["']?services["']?\s*:\s*\{/m;
const FLOW_KEY = new RegExp(`[{,]\\s*["']?(?:${SERVICE_KEYS}|<<)["']?\\s*:`);
const IN_JSON = /^\s*\{[^]*"services"\s*:\s*\{/;
const JSON_KEY = new RegExp(`"(?:${SERVICE_KEYS})"\\s*:`);
const FIRST_FORMAT = /^[A-Za-z0-9][\w.-]*:\s*(?:#[^\n]*)?\n(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]+(?:image|build):\s*\S/m;

function detect(file: SourceFile): number {
  const start = file.text.slice(0, 100_000).replaceAll("\r", "");
  const named = NAMED.test(file.name);
  if (/^apiVersion\s*:|^[ \t]*"apiVersion"\s*:/m.test(start)) return 0;
  if (IN_YAML.test(start)) {
    if (/^["']?schema["']?\s*:\s*["']?topple\//m.test(start) || /^dependencies\s*:/m.test(start)) return 0;
    if (YAML_KEY.test(start)) return named ? 1 : 0.9;
    if (IN_FLOW.test(start) && FLOW_KEY.test(start)) return named ? 1 : 0.8;
    return named ? 0.8 : 0;
  }
  if (IN_JSON.test(start) && JSON_KEY.test(start)) return named ? 1 : 0.7;
  if (IN_FLOW.test(start) && FLOW_KEY.test(start) && !/["']?schema["']?\s*:\s*["']?topple\//.test(start)) {
    return named ? 1 : 0.7;
  }
  if (/^include\s*:/m.test(start) && named) return 0.9;
  if (FIRST_FORMAT.test(start) && !/^[ \t]*(?:stages|jobs|script|on)\s*:/m.test(start)) {
    // Without its name, only what no other tool's jobs say tells it.
    if (named) return 0.7;
    if (/^[^\S\n]+(?:links|volumes_from|expose)\s*:/m.test(start)) return 0.6;
  }
  return 0;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new GraphDraft("compose", files);
  const projects = files.length === 0 ? [] : readProjects(files, context);
  const ids = serviceIds(projects);
  for (const [index, project] of projects.entries()) {
    append(draft.diagnostics, project.diagnostics);
    addProject(draft, project, (name) => ids[index]!.get(name) ?? name, context);
    describe(draft, project);
  }
  findings(draft, files);
  return draft.finish();
}

/** Names as they are; where several projects share one, the project's name stands in front. */
function serviceIds(projects: readonly Project[]): readonly ReadonlyMap<string, string>[] {
  const owners = new Map<string, number>();
  for (const project of projects)
    for (const name of project.services.keys()) owners.set(name, (owners.get(name) ?? 0) + 1);
  return projects.map(({ services, name: projectName }, index) => {
    const prefix = projectName === "" ? `project${index + 1}` : projectName;
    return new Map([...services.keys()].map((name) => [name, owners.get(name) === 1 ? name : `${prefix}/${name}`]));
  });
}

function describe(draft: GraphDraft, { layers, variables, alsoRead }: Project): void {
  if (layers.length > 1) {
    draft.say(
      "INFERRED",
      "note",
      `Read as layers of one project, in this order: ${listed(
        layers.map(({ name }) => name),
        20,
      )}.`,
      { remedy: "Give only the files you start together; a later one changes an earlier one." },
    );
  }
  if (alsoRead.length > 0)
    draft.say("INFERRED", "note", `Read for \`extends\` or \`include\`: ${listed(alsoRead, 20)}.`);
  if (variables.missing.size > 0) {
    const names = listed(
      [...variables.missing].map((name) => `$${name}`),
      10,
    );
    draft.say("VARIABLE_UNSET", "note", `Not set in \`.env\`, so taken as empty: ${names}.`, {
      remedy: "If one of them holds the address of a service, put it into a `.env` beside the file.",
    });
  }
}

function findings(draft: GraphDraft, files: readonly SourceFile[]): void {
  reportSilence(draft, {
    services: draft.serviceIds().filter((id) => draft.get(id)?.kind !== "replica"),
    naming: draft.consumers("run"),
    instead: draft.consumers("start").size > 0 ? "only the order of starting is declared" : "nothing is declared",
    remedy: "State what is needed while running in a dependencies.csv (`from,to`) and give it beside the compose file.",
    location: files[0] && { file: files[0].name, line: 1, column: 1 },
  });
}
