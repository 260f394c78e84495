/** The gate in CI, on the graph that is shipped: what stops a pull request, and where it points. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { CheckResult } from "../../src/model/result.js";
import { runCli, withFolder, type CliRun } from "../support/cli.js";
import { validateSarif } from "../support/sarif-schema.js";

const ROOT = join(import.meta.dirname, "..", "..");
const AWS = "graphs/aws-us-east-1";

/** The text at a place of a shipped file. */
function textAt({
  file,
  line,
  column,
  length = 0,
}: {
  file: string;
  line: number;
  column: number;
  length?: number;
}): string {
  const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
  return lines[line - 1]!.slice(column - 1, column - 1 + length);
}

describe("topple check on the outage of October 2025", () => {
  let run: CliRun;
  let result: CheckResult;

  beforeAll(async () => {
    run = await runCli(["check", AWS, "--json"], { cwd: ROOT });
    result = JSON.parse(run.stdout) as CheckResult;
  });

  it("exits 1 and names the DNS record as the worst single point of failure, with the chain", () => {
    expect(run.code).toBe(1);
    expect(result.singlePoints[0]).toMatchObject({ service: "dynamodb-dns" });
    expect(result.singlePoints[0]!.takesDown.length).toBeGreaterThan(20);
    const finding = result.findings.find(
      ({ code, services }) => code === "SINGLE_POINT_OF_FAILURE" && services[0] === "dynamodb-dns",
    );
    expect(finding?.message).toContain(`along ${result.singlePoints[0]!.chain.join(" > ")}.`);
    expect(textAt(finding!.location as never)).toBe("dynamodb-dns");
  });

  it("points to the limit in the policy and to the dependency in the graph", () => {
    const budget = result.budgets.find(({ name }) => name === "connect")!;
    const breach = budget.breaches.find(
      ({ broken, service }) => broken === "dynamodb-dns" && service === "connect-chat",
    )!;
    expect(breach.chain).toEqual(["dynamodb-dns", "dynamodb", "connect-chat"]);
    expect(breach.location?.file).toBe(`${AWS}/policy.yaml`);
    expect(textAt(breach.location as never)).toBe("0");
    expect(breach.graphLocation?.file).toBe(`${AWS}/topple.yaml`);
    expect(readFileSync(join(ROOT, AWS, "topple.yaml"), "utf8").split("\n")[breach.graphLocation!.line - 1]).toContain(
      "dep: dynamodb-dns",
    );
  });

  it("keeps what is kept, and waives what is waived until its day", async () => {
    expect(result.budgets.map(({ name, ok }) => [name, ok])).toEqual([
      ["blast-radius", false],
      ["sign-in-after-databases", true],
      ["connect", false],
    ]);
    const waived = result.budgets[2]!.breaches.filter((breach) => breach.waived !== undefined);
    expect(waived.map(({ broken }) => broken)).toEqual(["lambda-capacity"]);
    const later = await runCli(["check", AWS, "--json", "--today", "2027-01-01"], { cwd: ROOT });
    expect((JSON.parse(later.stdout) as CheckResult).findings.map(({ code }) => code)).toContain("WAIVER_EXPIRED");
  });

  it("writes SARIF that validates, with relative places only", async () => {
    const { code, stdout } = await runCli(["check", AWS, "--format", "sarif"], { cwd: ROOT });
    expect(code).toBe(1);
    expect(validateSarif(JSON.parse(stdout))).toEqual([]);
    expect(stdout).not.toContain(ROOT);
    expect(stdout).toContain(`"uri": "${AWS}/policy.yaml"`);
  });

  it("writes no absolute path in any format, even when it was given one", async () => {
    for (const format of ["html", "markdown", "summary", "csv", "svg", "dot", "mermaid", "junit", "sarif"]) {
      const { stdout } = await runCli(["check", join(ROOT, AWS), "--format", format], { cwd: ROOT });
      expect(stdout.includes(ROOT), format).toBe(false);
    }
  });

  it("calls a policy that names an unknown service wrong input, with a way out", async () => {
    const policy = "budgets:\n  - name: a\n    protect: {service: chekout}\n    at_most: {back: 1m}\n";
    const files = {
      "services.csv": "id\ncheckout\ndb\n",
      "dependencies.csv": "from,to\ncheckout,db\n",
      "policy.yaml": policy,
    };
    const { code, stderr } = await withFolder(files, (cwd) => runCli(["check", "."], { cwd }));
    expect(code).toBe(2);
    expect(stderr).toContain('policy.yaml:3:24: error SERVICE_UNKNOWN: "chekout" is not a service of this graph.');
    expect(stderr).toContain('Did you mean "checkout"?');
  });
});
