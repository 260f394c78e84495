/**
 * JSON Schemas (2020-12) of everything `--json` prints. Fields not named here may stand beside those that are;
 * the closed form, which allows none, is for tests that keep schemas and results together.
 */
import * as z from "zod";
import { resultSchemas } from "./results.js";

export type ResultSchemaName = keyof typeof resultSchemas;

export const resultSchemaNames = Object.keys(resultSchemas) as readonly ResultSchemaName[];

export function resultJsonSchema(name: ResultSchemaName, fields: "open" | "closed" = "open"): Record<string, unknown> {
  const { schema, title } = resultSchemas[name];
  const made = z.toJSONSchema(schema, { io: fields === "open" ? "input" : "output", reused: "ref" });
  return { ...made, title: `${name}: ${title}` } as Record<string, unknown>;
}
