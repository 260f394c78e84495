/** A redundancy group can be met by its members, and asks for at least one of them. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Dependency } from "../../model/dependency.js";
import { at, type Rule } from "../rule.js";

export const groups: Rule = ({ dependencies }) => dependencies.filter(isGroup).flatMap(checkGroup);

/** A plain dependency on one provider has nothing to meet. */
function isGroup({ gate, members }: Dependency): boolean {
  return gate.kind !== "all" || members.length !== 1;
}

function checkGroup(dependency: Dependency): Diagnostic[] {
  const { gate, members, consumer } = dependency;
  const say = (message: string, remedy: string): Diagnostic => ({
    code: "GROUP_NEED",
    severity: "error",
    message,
    ...at(dependency.origin),
    remedy,
  });
  if (members.length === 0)
    return [say(`A group of "${consumer}" has no members.`, "Name its providers, or remove it.")];
  const repeated = members.find(
    ({ provider }, index) => members.findIndex((other) => other.provider === provider) !== index,
  );
  const problems: Diagnostic[] = [];
  if (repeated !== undefined) {
    problems.push({
      code: "GROUP_MIXED",
      severity: "error",
      message: `"${repeated.provider}" is in a group of "${consumer}" twice; it cannot stand in for itself.`,
      ...at(repeated.origin),
      remedy: "Declare the replicas as services of their own.",
    });
  }
  switch (gate.kind) {
    case "all":
      break;
    case "at-least":
      if (!Number.isInteger(gate.need) || gate.need < 1 || gate.need > members.length) {
        const remedy = members.length === 1 ? "Write 1." : `Write a whole number from 1 to ${members.length}.`;
        problems.push(say(`A group of "${consumer}" needs ${gate.need} of ${members.length} members.`, remedy));
      }
      break;
    case "capacity": {
      const total = members.reduce((sum, member) => sum + (member.capacity ?? 0), 0);
      // Decimal capacities such as three times 0.1 add up with binary noise.
      if (!(gate.need > 0) || gate.need > total * (1 + 1e-9)) {
        const remedy = `Write at most ${Number(total.toPrecision(12))}, or give the members more capacity.`;
        problems.push(
          say(
            `A group of "${consumer}" needs a capacity of ${gate.need}; its members bring ${Number(total.toPrecision(12))}.`,
            remedy,
          ),
        );
      }
      break;
    }
  }
  return problems;
}
