/** The JSON Schema of our files, for editors, from the schema that reads them. */
import * as z from "zod";
import { graphFile, scenarioFile } from "../model/file-schema.js";

/** JSON Schema, draft 2020-12, of topple.yaml (also topple.json) or of a file of scenarios/. */
export function jsonSchemaOf(file: "graph" | "scenario"): Record<string, unknown> {
  return z.toJSONSchema(file === "graph" ? graphFile : scenarioFile, { io: "input" }) as Record<string, unknown>;
}
