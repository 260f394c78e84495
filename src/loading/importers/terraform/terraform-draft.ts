/**
 * What the Terraform formats share: resources as services, and their order of creation taken as needs at run
 * time, which is an inference and is marked as one.
 */
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import { GraphDraft, listed, stated } from "../draft.js";
import { reportSilence } from "../silence.js";

export const TERRAFORM_DIRECTION =
  "A -> B means that A is created after B, because A refers to B or says `depends_on`: A needs B at creation time. " +
  "That A also needs B while running is inferred: true of a subnet and its network, not of every reference.";

export const TERRAFORM_UNKNOWN = [
  "Calls between what runs on the resources: Terraform knows what was created with what, not who calls whom.",
  "Whether a reference matters after creation.",
  "Tolerances, weights; whether instances of one resource stand in for each other.",
] as const;

/** More dependencies than this, or than a large file has room for, come from a file made to hurt. */
const MOST_DEPENDENCIES = 1_000_000;
const CHARACTERS_A_DEPENDENCY = 20;

export class TerraformDraft {
  readonly draft: GraphDraft;
  private readonly unknown = new Map<string, Location>();
  private readonly instances = new Map<string, Set<string>>();
  private dependencies = 0;
  private readonly most: number;

  constructor(
    format: string,
    private readonly files: readonly SourceFile[],
  ) {
    this.draft = new GraphDraft(format, files);
    const length = files.reduce((sum, { text }) => sum + text.length, 0);
    this.most = Math.max(MOST_DEPENDENCIES, Math.floor(length / CHARACTERS_A_DEPENDENCY));
  }

  resource(address: string, module: string, type: string, location: Location): void {
    this.draft.service(address, stated(location), { kind: type, ...(module === "" ? {} : { partOf: module }) });
  }

  /** One of the instances of a resource, by a key that is its own. */
  instance(address: string, key: string): void {
    const known = this.instances.get(address);
    if (known === undefined) this.instances.set(address, new Set([key]));
    else known.add(key);
  }

  /** Returns false once there are too many. */
  need(consumer: string, provider: string, evidence: string, location: Location): boolean {
    if (this.dependencies > this.most) return false;
    if (++this.dependencies > this.most) {
      const message = `There are more than ${this.most} dependencies; the rest is left out.`;
      this.draft.say("LIMIT_EXCEEDED", "error", message, { location });
      return false;
    }
    if (!this.draft.has(provider)) {
      if (!this.unknown.has(provider)) this.unknown.set(provider, location);
      this.draft.service(provider, stated(location), { note: "named as a dependency, not itself in the file" });
    }
    this.draft.need(consumer, provider, { evidence, location });
    return true;
  }

  finish(): GraphDocument {
    const { draft } = this;
    for (const [address, { size }] of this.instances) {
      const { origin } = draft.get(address)!;
      if (size > 1) draft.service(address, origin, { note: `${size} instances` });
    }
    const location = this.files[0] && { file: this.files[0].name, line: 1, column: 1 };
    if (this.unknown.size > 0) {
      const [first] = this.unknown.values();
      const message = `Named as dependencies, but not themselves in the file: ${listed(this.unknown.keys(), 10)}.`;
      draft.say("SERVICE_UNKNOWN", "warning", message, { location: first });
    }
    const consumers = draft.consumers("run");
    if (consumers.size > 0) {
      draft.say(
        "INFERRED",
        "note",
        "Terraform orders creation; that its dependencies hold while running is inferred.",
        {
          location,
        },
      );
    }
    if (consumers.size > 0) return draft.finish();
    reportSilence(draft, {
      services: draft.serviceIds(),
      naming: consumers,
      instead: "no resource refers to another",
      remedy: "State who needs whom in a dependencies.csv (`from,to`) and give it beside this file.",
      location,
    });
    return draft.finish();
  }
}
