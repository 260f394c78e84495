/**
 * What-if edits as options, in the order they stand on the command line, and from an edits file or a
 * named set of edits of the graph (`--edits`), which come first.
 */
import { InvalidArgumentError, type Command } from "commander";
import type { Change } from "../../model/change.js";

export interface EditOptions {
  /** All of `--set`, `--link`, `--unlink`, `--add` and `--remove`, in order. */
  readonly change?: readonly Change[];
  readonly edits?: readonly string[];
}

export function declareEdits(command: Command): void {
  const changes: Change[] = [];
  // commander keeps one value an option; the order between options is kept here, under a name of its own
  const push = (change: Change): void => {
    changes.push(change);
    command.setOptionValue("change", changes);
  };
  command.option("--set <value>", "change a value: lambda.crash_at=0.5, lambda>dynamodb.tolerance=30m", (text) =>
    push(parseSet(text)),
  );
  command.option("--link <dependency>", "add a dependency a>b; values may follow: 'a>b tolerance=5m lag=1m'", (text) =>
    push(parseLink(text)),
  );
  command.option("--unlink <dependency>", "remove a dependency, by id or a>b", (text) =>
    push({ kind: "unlink", dependency: text.trim() }),
  );
  command.option("--add <service>", "add a service; values may follow: 'cache users=100'", (text) =>
    push(parseAdd(text)),
  );
  command.option("--remove <service>", "remove a service and what hangs on it alone", (text) =>
    push({ kind: "remove", service: text.trim() }),
  );
  command.option(
    "--edits <file|name>",
    "edits from a file, or a set of the graph's by name; repeatable",
    (value, before: readonly string[] = []) => [...before, value],
  );
}

/** `target.key=value`; the key is what stands between the last dot before `=` and it. */
export function parseSet(text: string): Change {
  const match = /^(.+)\.([A-Za-z_][\w[\]]*)\s*=(.*)$/s.exec(text);
  const target = match?.[1]?.trim();
  if (match === null || target === undefined || target === "") {
    throw new InvalidArgumentError("Write SERVICE.KEY=VALUE or 'CONSUMER>PROVIDER.KEY=VALUE'.");
  }
  return { kind: "set", target, key: match[2]!, value: match[3]!.trim() };
}

export function parseLink(text: string): Change {
  const { head, values } = splitValues(text);
  const place = head.indexOf(">");
  const consumer = head.slice(0, Math.max(0, place)).trim();
  const provider = head.slice(place + 1).trim();
  if (place < 0 || consumer === "" || provider === "") {
    throw new InvalidArgumentError("Write 'CONSUMER>PROVIDER', quoted; the consumer needs the provider.");
  }
  return { kind: "link", consumer, provider, ...values };
}

export function parseAdd(text: string): Change {
  const { head, values } = splitValues(text);
  if (head === "") throw new InvalidArgumentError("Write the id of the new service.");
  return { kind: "add", service: head, ...values };
}

/** `name key=value, key=value`: values run up to the next `key=`. */
function splitValues(text: string): { head: string; values: { values?: Readonly<Record<string, string>> } } {
  const parts = text.split(/[\s,]+(?=[A-Za-z_]\w*=)/);
  const head = parts[0]!.trim();
  if (parts.length === 1) return { head, values: {} };
  const values: Record<string, string> = {};
  for (const part of parts.slice(1)) {
    const place = part.indexOf("=");
    values[part.slice(0, place)] = part.slice(place + 1).trim();
  }
  return { head, values: { values } };
}
