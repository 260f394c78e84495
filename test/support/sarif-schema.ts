/**
 * The part of SARIF 2.1.0 that topple writes, as a closed JSON Schema written from the standard's text:
 * everything not listed is refused, so it is narrower than the official schema.
 */
import { Ajv2020 } from "ajv/dist/2020.js";

const text = { type: "string", minLength: 1 };
const message = { type: "object", additionalProperties: false, required: ["text"], properties: { text } };
const index = { type: "integer", minimum: 1 };

const physicalLocation = {
  type: "object",
  additionalProperties: false,
  required: ["artifactLocation", "region"],
  properties: {
    artifactLocation: {
      type: "object",
      additionalProperties: false,
      required: ["uri"],
      // A relative reference of RFC 3986 (no scheme, no leading slash).
      properties: { uri: { type: "string", pattern: "^(?!/)(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+$" } },
    },
    region: {
      type: "object",
      additionalProperties: false,
      required: ["startLine", "startColumn"],
      properties: { startLine: index, startColumn: index, endColumn: index },
    },
  },
};

const result = {
  type: "object",
  additionalProperties: false,
  required: ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
  properties: {
    ruleId: text,
    ruleIndex: { type: "integer", minimum: 0 },
    level: { enum: ["error", "warning", "note"] },
    message,
    locations: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["physicalLocation"],
        properties: { physicalLocation },
      },
    },
    relatedLocations: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["id", "message", "physicalLocation"],
        properties: { id: index, message, physicalLocation },
      },
    },
    partialFingerprints: { type: "object", additionalProperties: text },
    suppressions: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["kind", "status", "justification"],
        properties: { kind: { enum: ["external"] }, status: { enum: ["accepted"] }, justification: text },
      },
    },
  },
};

const schema = {
  type: "object",
  additionalProperties: false,
  required: ["$schema", "version", "runs"],
  properties: {
    $schema: { const: "https://json.schemastore.org/sarif-2.1.0.json" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["tool", "columnKind", "results"],
        properties: {
          columnKind: { const: "utf16CodeUnits" },
          tool: {
            type: "object",
            additionalProperties: false,
            required: ["driver"],
            properties: {
              driver: {
                type: "object",
                additionalProperties: false,
                required: ["name", "semanticVersion", "rules"],
                properties: {
                  name: text,
                  semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
                  rules: {
                    type: "array",
                    uniqueItems: true,
                    items: {
                      type: "object",
                      additionalProperties: false,
                      required: ["id", "shortDescription"],
                      properties: { id: text, shortDescription: message },
                    },
                  },
                },
              },
            },
          },
          results: { type: "array", items: result },
        },
      },
    },
  },
};

const validate = new Ajv2020({ allErrors: true }).compile(schema);

/** Problems as sentences, none when it is valid; each result's rule must be the one its index says. */
export function validateSarif(log: unknown): string[] {
  if (!validate(log))
    return (validate.errors ?? []).map(({ instancePath, message: said }) => `${instancePath} ${said}`);
  const { runs } = log as {
    runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] }[];
  };
  return runs.flatMap(({ tool, results }) =>
    results
      .filter(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id !== ruleId)
      .map(({ ruleId }) => `${ruleId} has a wrong index`),
  );
}
