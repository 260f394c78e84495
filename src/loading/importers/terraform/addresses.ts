/**
 * Terraform addresses: `module.app["x"].data.aws_ami.web[0]` is the resource `module.app.data.aws_ami.web`.
 * Instances of one resource (count, for_each) are one node here, as they are in Terraform's own graph.
 */

/** The address without its instance keys; dots inside of keys are not separators. */
export function withoutKeys(address: string): string {
  if (!address.includes("[")) return address;
  let result = "";
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < address.length; index++) {
    const character = address[index]!;
    if (depth > 0 && character === "\\") index++;
    else if (depth > 0 && character === '"') quoted = !quoted;
    else if (!quoted && character === "[") depth++;
    else if (!quoted && character === "]" && depth > 0) depth--;
    else if (depth === 0) result += character;
  }
  return result;
}

export interface Reference {
  /** `module.a.module.b`, or "" for the root module. */
  readonly module: string;
  /** What follows, by its first word: a resource, or something that stands for others. */
  readonly kind: "resource" | "variable" | "output" | "local" | "module" | "provider" | "other";
  /** `aws_vpc.main`, `data.aws_ami.web`, the name of the variable, output or provider. */
  readonly name: string;
}

const NOT_RESOURCES = new Set(["each", "count", "self", "path", "terraform", "meta", "root", "check", "action"]);

/** Splits an address or a reference such as `aws_vpc.main.id`; keys are dropped. */
export function parseReference(text: string): Reference {
  const parts = withoutKeys(text.trim()).split(".");
  let index = 0;
  while (parts[index] === "module" && parts[index + 1] !== undefined) index += 2;
  const module = parts.slice(0, index).join(".");
  const [first, second, third] = parts.slice(index);
  if (first === undefined || first === "") return { module, kind: "module", name: module };
  if (first === "var") return { module, kind: "variable", name: second ?? "" };
  if (first === "local") return { module, kind: "local", name: second ?? "" };
  if (first === "output") return { module, kind: "output", name: second ?? "" };
  if (first === "provider" || first.startsWith("provider[")) return { module, kind: "provider", name: first };
  if ((first === "data" || first === "ephemeral") && third !== undefined) {
    return { module, kind: "resource", name: `${first}.${second}.${third}` };
  }
  if (second !== undefined && !NOT_RESOURCES.has(first))
    return { module, kind: "resource", name: `${first}.${second}` };
  // After a module a single word is one of its outputs: `module.app.ids`.
  if (module !== "" && second === undefined) return { module, kind: "output", name: first };
  return { module, kind: "other", name: first };
}

/** `module.a` and `aws_vpc.main` to one address; either may be empty. */
export function joinAddress(module: string, name: string): string {
  return module === "" ? name : name === "" ? module : `${module}.${name}`;
}
