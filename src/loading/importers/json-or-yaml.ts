/**
 * A file that may be JSON or YAML, which both can begin with a bracket: JSON first, because it is faster and
 * its errors are clearer, then YAML.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import { parseJson } from "../syntax/json.js";
import type { Parsed } from "../syntax/located.js";
import { parseYaml } from "../syntax/yaml.js";

export function parseJsonOrYaml(file: SourceFile, onOffset?: (offset: number) => void): Parsed {
  if (!/^[\s\ufeff]*[{[]/.test(file.text.slice(0, 1_000))) return parseYaml(file, { onOffset });
  const json = parseJson(file, onOffset);
  if (json.documents.length > 0 || /\.json$/i.test(file.name)) return json;
  return parseYaml(file, { onOffset });
}
