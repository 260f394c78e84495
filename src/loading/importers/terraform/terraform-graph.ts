/**
 * The format of `terraform graph`, in both dialects: the full graph with `[root] ` in front of every name, and
 * the resources-only graph of Terraform 1.7 and later. Variables, outputs, locals, providers and modules are
 * followed to the resources behind them and are not services.
 */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { withoutComments } from "../dot.js";
import { parseDot, type DotEdge, type DotGraph } from "../../syntax/dot.js";
import { locationOf } from "../../syntax/located.js";
import { joinAddress, parseReference } from "./addresses.js";
import { TERRAFORM_DIRECTION, TERRAFORM_UNKNOWN, TerraformDraft } from "./terraform-draft.js";
import { append } from "../../append.js";

export const terraformGraph: Format = {
  id: "terraform-graph",
  title: "terraform graph (DOT)",
  direction: TERRAFORM_DIRECTION,
  mapping: [
    ["resource or data source", "a service; `[root] ` and ` (expand)` are left off its address"],
    ["edge between resources", "a run dependency, inferred"],
    ["var, local, output, provider, module nodes", "followed to the resources behind them; not services"],
    ["nodes and edges of a destruction (`(destroy)`)", "left out: their order is that of taking down"],
    ["module in the address", "part of"],
    ["type in the address", "kind"],
  ],
  unknown: [
    ...TERRAFORM_UNKNOWN,
    "In the resources-only graph: direct dependencies that follow from others; Terraform leaves them out.",
  ],
  detect,
  read,
};

/** Resources remembered behind other nodes in all, before a graph is called too large. */
const MOST_KEPT = 5_000_000;

function detect(file: SourceFile): number {
  const start = withoutComments(file.text.slice(0, 50_000));
  if (!/^(?:strict\s+)?digraph\b/i.test(start)) return 0;
  if (/"\[root\] /.test(start)) return 1;
  return /rankdir\s*=\s*"RL"\s*;?\s*node\s*\[\s*shape\s*=\s*rect\s*,\s*fontname\s*=\s*"sans-serif"\s*\]/.test(start)
    ? 1
    : 0;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const terraform = new TerraformDraft("terraform-graph", files);
  for (const file of files) {
    const { graphs, diagnostics } = parseDot(file, context.onProgress);
    append(terraform.draft.diagnostics, diagnostics);
    for (const graph of graphs) addGraph(terraform, file, graph);
  }
  return terraform.finish();
}

interface Step {
  readonly to: string;
  readonly edge: DotEdge;
}

function addGraph(terraform: TerraformDraft, file: SourceFile, graph: DotGraph): void {
  const resources = new Map<string, string>();
  for (const { id, at } of graph.nodes) {
    if (isDestruction(id)) continue;
    const { module, kind, name } = parseReference(addressOf(id));
    if (kind !== "resource") continue;
    const address = joinAddress(module, name);
    resources.set(id, address);
    terraform.resource(address, module, name.split(".").at(-2)!, locationOf(file, at));
  }
  const out = new Map<string, Step[]>();
  for (const edge of graph.edges) {
    if (isDestruction(edge.from) || isDestruction(edge.to)) continue;
    const step = { to: edge.to, edge };
    if (out.get(edge.from)?.push(step) === undefined) out.set(edge.from, [step]);
  }
  follow(terraform, file, resources, out);
}

/** From each resource to the next, through whatever is not a resource. */
function follow(
  terraform: TerraformDraft,
  file: SourceFile,
  resources: ReadonlyMap<string, string>,
  out: ReadonlyMap<string, readonly Step[]>,
): void {
  const behind = new ResourcesBehind(resources, out);
  for (const [start, consumer] of resources) {
    for (const { to, edge } of out.get(start) ?? []) {
      const direct = resources.get(to);
      const providers = direct === undefined ? behind.find(to) : [direct];
      const evidence = direct === undefined ? `refers to it through ${addressOf(to)}` : "refers to it";
      if (behind.isTooMuch) {
        const message = "Variables, outputs and modules stand for too many resources; the rest is left out.";
        terraform.draft.say("LIMIT_EXCEEDED", "error", message, { location: locationOf(file, edge.at) });
        return;
      }
      for (const provider of providers) {
        if (!terraform.need(consumer, provider, evidence, locationOf(file, edge.at))) return;
      }
    }
  }
}

/** The resources that nodes which are not resources stand for, worked out once for each. */
class ResourcesBehind {
  private readonly known = new Map<string, ReadonlySet<string>>();
  private kept = 0;

  constructor(
    private readonly resources: ReadonlyMap<string, string>,
    private readonly out: ReadonlyMap<string, readonly Step[]>,
  ) {}

  get isTooMuch(): boolean {
    return this.kept > MOST_KEPT;
  }

  /** A node that is met again on the way to itself adds nothing; Terraform's graphs have no circles. */
  find(start: string): ReadonlySet<string> {
    const path = [{ id: start, next: 0 }];
    const open = new Set([start]);
    for (let here = path.at(-1); here !== undefined && !this.isTooMuch; here = path.at(-1)) {
      const step = this.known.has(here.id) ? undefined : this.out.get(here.id)?.[here.next++];
      if (step === undefined) {
        if (!this.known.has(here.id)) this.known.set(here.id, this.gathered(here.id));
        open.delete(here.id);
        path.pop();
      } else if (!this.resources.has(step.to) && !this.known.has(step.to) && !open.has(step.to)) {
        open.add(step.to);
        path.push({ id: step.to, next: 0 });
      }
    }
    return this.known.get(start) ?? NONE;
  }

  private gathered(id: string): ReadonlySet<string> {
    const parts = (this.out.get(id) ?? []).flatMap(({ to }) => {
      const address = this.resources.get(to);
      const found = address === undefined ? this.known.get(to) : new Set([address]);
      return found === undefined || found.size === 0 ? [] : [found];
    });
    const distinct = [...new Set(parts)];
    if (distinct.length < 2) return distinct[0] ?? NONE; // shared, so that long chains cost nothing
    const all = new Set<string>();
    for (const part of distinct) for (const address of part) all.add(address);
    this.kept += all.size;
    return all;
  }
}

const NONE: ReadonlySet<string> = new Set();

/** `[root] module.app.aws_vpc.main (expand)` is `module.app.aws_vpc.main`. */
function addressOf(id: string): string {
  return id.replace(/^\[root\] /, "").replace(/ \([^()]*\)$/, "");
}

function isDestruction(id: string): boolean {
  return / \((?:destroy|clean up|forget|orphan|deposed)[^()]*\)$/.test(id);
}
