/**
 * What-if edits as options, in the order they stand on the command line, and from an edits file or a
 * named set of edits of the graph (`--edits`), which come first.
 */
import { InvalidArgumentError, type Command } from "commander";
import { parseAdd, parseLink, parseSet, type Change } from "../../model/change.js";

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
    push(setOf(text)),
  );
  command.option("--link <dependency>", "add a dependency a>b; values may follow: 'a>b tolerance=5m lag=1m'", (text) =>
    push(linkOf(text)),
  );
  command.option("--unlink <dependency>", "remove a dependency, by id or a>b", (text) =>
    push({ kind: "unlink", dependency: text.trim() }),
  );
  command.option("--add <service>", "add a service; values may follow: 'cache users=100'", (text) => push(addOf(text)));
  command.option("--remove <service>", "remove a service and what hangs on it alone", (text) =>
    push({ kind: "remove", service: text.trim() }),
  );
  command.option(
    "--edits <file|name>",
    "edits from a file, or a set of the graph's by name; repeatable",
    (value, before: readonly string[] = []) => [...before, value],
  );
}

function setOf(text: string): Change {
  const change = parseSet(text);
  if (change === undefined) throw new InvalidArgumentError("Write SERVICE.KEY=VALUE or 'CONSUMER>PROVIDER.KEY=VALUE'.");
  return change;
}

function linkOf(text: string): Change {
  const change = parseLink(withCommas(text));
  if (change === undefined) {
    throw new InvalidArgumentError("Write 'CONSUMER>PROVIDER', quoted; the consumer needs the provider.");
  }
  return change;
}

function addOf(text: string): Change {
  const change = parseAdd(withCommas(text));
  if (change === undefined || change.service === "") throw new InvalidArgumentError("Write the id of the new service.");
  return change;
}

/** Values may follow a space as well as a comma: `a>b tolerance=5m lag=1m`. */
function withCommas(text: string): string {
  return text.replace(/[\s,]+(?=[a-z_]+=)/g, ",");
}
