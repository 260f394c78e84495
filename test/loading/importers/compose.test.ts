import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { SourceFile } from "../../../src/diagnostics/source-file.js";
import { compose } from "../../../src/loading/importers/compose/compose.js";
import type { GraphDocument } from "../../../src/model/graph-document.js";
import { DAMAGE_RUNS, damaged, withWrongValues } from "../../support/damaged.js";

type Files = Readonly<Record<string, string>>;

/** Reads the named files; the others can only be reached as siblings. */
function readFiles(files: Files, names: readonly string[] = [Object.keys(files)[0]!]): GraphDocument {
  const source = (name: string): SourceFile | undefined =>
    Object.hasOwn(files, name) ? { name, text: files[name]! } : undefined;
  return compose.read(
    names.map((name) => source(name)!),
    { sibling: source },
  );
}

const read = (text: string, files: Files = {}) => readFiles({ "compose.yaml": text, ...files });

/** `a>b run: evidence (note)` for each dependency. */
function needs({ dependencies }: GraphDocument): string[] {
  return dependencies.map(({ id, gate, members, origin }) => {
    const { note } = members[0]!;
    const how = origin.how === "inferred" ? origin.evidence : origin.how;
    return `${id}${gate.kind === "at-least" ? ` ${gate.need} of ${members.length}` : ""}: ${how}${note === undefined ? "" : ` (${note})`}`;
  });
}

const ids = ({ services }: GraphDocument) => services.map(({ id }) => id);
const noteOf = ({ services }: GraphDocument, id: string) => services.find((service) => service.id === id)?.note;
const problems = ({ diagnostics }: GraphDocument) =>
  diagnostics
    .filter(({ severity }) => severity !== "note")
    .map(
      ({ code, severity, location }) => `${location?.file}:${location?.line}:${location?.column} ${severity} ${code}`,
    );

describe("order of starting", () => {
  it("makes a start dependency of each entry of depends_on, short or long", () => {
    const document = read(`services:
  web: {image: a, depends_on: [api]}
  api:
    image: a
    depends_on:
      db: {condition: service_healthy, restart: true}
      cache: {condition: service_started, required: false}
  db: {image: postgres:16}
  cache: {image: "docker.io/library/redis@sha256:00"}
`);
    expect(needs(document)).toEqual([
      "web>api:start: stated (condition service_started)",
      "api>db:start: stated (condition service_healthy)",
      "api>cache:start: stated (condition service_started, not required)",
    ]);
    expect(document.dependencies.every(({ phase }) => phase === "start")).toBe(true);
    expect(document.dependencies[1]!.origin).toEqual({
      how: "stated",
      location: { file: "compose.yaml", line: 6, column: 7, length: 2 },
    });
    expect(document.services.map(({ kind }) => kind)).toEqual([undefined, undefined, "database", "cache"]);
  });

  it("takes a service that others wait for to complete as a job", () => {
    const document = read(`services:
  app: {image: a, depends_on: {migrate: {condition: service_completed_successfully}}}
  migrate: {image: postgres}
`);
    expect(document.services[1]).toMatchObject({ id: "migrate", kind: "job" });
  });

  it("says that nothing is known of needs at run time when only the start is ordered", () => {
    const document = read("services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x}\n");
    expect(problems(document)).toEqual(["compose.yaml:1:1 warning NO_DEPENDENCIES"]);
    expect(document.diagnostics[0]!.message).toContain("only the order of starting");
    expect(problems(read("services:\n  a: {image: x}\n"))).toEqual(["compose.yaml:1:1 warning NO_DEPENDENCIES"]);
  });

  it("keeps a service that is needed and not declared, and says so", () => {
    const document = read(
      "services:\n  a: {image: x, depends_on: [b], environment: [URL=http://c]}\n  c: {image: y}\n",
    );
    expect(ids(document)).toEqual(["a", "c", "b"]);
    expect(noteOf(document, "b")).toBe("not declared in the given files");
    expect(problems(document)).toEqual(["compose.yaml:2:30 warning SERVICE_UNKNOWN"]);
    const optional = read(
      "services:\n  a: {image: x, depends_on: {b: {condition: service_started, required: false}}}\n",
    );
    expect(ids(optional)).toEqual(["a"]);
  });

  it("orders the start by volumes_from, links and shared namespaces", () => {
    const document = read(`services:
  a:
    image: x
    links: [b, "c:database"]
    network_mode: "service:d"
    volumes_from: ["b:ro", "container:old"]
    external_links: ["legacy:mq"]
    pid: container:c_one
    environment: {DB_HOST: database}
  b: {image: x}
  c: {image: x, container_name: c_one}
  d: {image: x}
`);
    expect(needs(document)).toEqual([
      "a>b:start: stated (mounts its volumes (volumes_from); links order the start)",
      "a>old:start: stated (mounts its volumes (volumes_from))",
      "a>b: links",
      "a>c:start: stated (links order the start; runs inside it (pid))",
      "a>c: stated (runs inside it (pid))",
      "a>legacy: external_links",
      "a>d: stated (runs inside it (network_mode))",
      "a>d:start: stated (runs inside it (network_mode))",
    ]);
    expect(document.services.filter(({ kind }) => kind === "external").map(({ id }) => id)).toEqual(["old", "legacy"]);
  });
});

describe("needs at run time", () => {
  it("infers them from environment, command and entrypoint, with the evidence and its place", () => {
    const document = read(`services:
  app:
    build: .
    environment:
      DATABASE_URL: postgres://app:hunter2@db:5432/app
      CACHE_HOST: cache
      MYSQL_USER: db
    entrypoint: ./wait-for-it.sh mq:5672 -- app
    command: ["--search", "http://search:9200", "--name", "cache"]
  db: {image: x}
  cache: {image: x}
  mq: {image: x}
  search: {image: x}
`);
    expect(needs(document)).toEqual([
      "app>db: environment DATABASE_URL",
      "app>cache: environment CACHE_HOST",
      "app>mq:start: entrypoint (waited for before the start)",
      "app>search: command --search",
    ]);
    expect(document.dependencies[0]!.origin).toMatchObject({ location: { line: 5, column: 7 } });
    expect(JSON.stringify(document)).not.toContain("hunter2");
  });

  it("knows a service by its other names", () => {
    const document = read(`services:
  app:
    image: x
    networks: [back]
    environment:
      - A_HOST=database
      - B_HOST=cache.back
      - C_URL=http://shop-mq-1:80
      - D_URL=http://shop_search_1
      - E_HOST=es-node
      - F_HOST=www.example.com
  db: {image: x, container_name: database}
  cache: {image: x}
  mq: {image: x}
  search: {image: x}
  es: {image: x, networks: {back: {aliases: [ES-node]}}}
`);
    expect(needs(document).map((need) => need.split(":")[0])).toEqual([
      "app>db",
      "app>cache",
      "app>mq",
      "app>search",
      "app>es",
    ]);
  });

  it("takes any one of a list to be enough, and a list that holds the service itself for its peers", () => {
    const document = read(`services:
  app: {image: x, environment: {BROKERS: "k1:9092,k2:9092"}}
  k1: {image: x, environment: {PEERS: "k1:1,k2:1", SEED_HOSTS: k2}}
  k2: {image: x}
`);
    expect(needs(document)).toEqual([
      "app>(k1|k2) 1 of 2: environment BROKERS names 2 services, any one is taken to do",
      "k1>k2: environment SEED_HOSTS",
    ]);
  });

  it("takes telemetry to be done without, unless the same service is needed for something else", () => {
    const document = read(`services:
  a: {image: x, environment: {OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4317"}}
  b: {image: x, environment: {JAEGER_HOST: c, REPORTS_URL: "http://c"}}
  c: {image: x}
`);
    const [a, b] = document.dependencies;
    expect(a!.members[0]).toMatchObject({
      tolerance: { minMs: 31_536_000_000 },
      note: "telemetry: taken to be done without",
    });
    expect(a!.members[0]!.origins!["tolerance"]).toMatchObject({ how: "inferred" });
    expect(b!.members[0]!.tolerance.minMs).toBe(0);
  });

  it("lets monitoring do without what it watches, but not without what it keeps its data in", () => {
    const document = read(`services:
  otel-collector: {image: x, environment: {FRONTEND_ADDR: "web:80", ES_URL: "http://es"}}
  prom: {image: prom/prometheus, command: ["--web=http://web", "--remote=http://es2"]}
  web: {image: x}
  es: {image: x}
  es2: {image: elasticsearch}
`);
    expect(document.dependencies.map(({ id, members }) => [id, members[0]!.note])).toEqual([
      ["otel-collector>web", "watched by monitoring: taken to be done without"],
      ["otel-collector>es", undefined],
      ["prom>web", "watched by monitoring: taken to be done without"],
      ["prom>es2", undefined],
    ]);
  });

  it("lets a proxy that finds its backends by labels or variables need them by their share", () => {
    const document = read(`services:
  proxy: {image: "traefik:v3"}
  a: {image: x, labels: ["traefik.http.routers.a.rule=Host(\`a\`)"]}
  b: {image: x, labels: {traefik.enable: "true"}}
  c: {image: x, labels: {traefik.enable: "false", traefik.http.routers.c.rule: x}}
  old: {image: nginxproxy/nginx-proxy}
  d: {image: x, environment: {VIRTUAL_HOST: d.example}}
`);
    expect(document.dependencies.map(({ id, members }) => [id, members[0]!.weight])).toEqual([
      ["proxy>a", 0.5],
      ["proxy>b", 0.5],
      ["old>d", 1],
    ]);
  });

  it("reads defaults by anchor and merge key in several steps, as large projects write them", () => {
    const document = read(`x-restart: &restart {restart: always}
x-healthy: &healthy {condition: service_healthy}
x-base: &base
  <<: [*restart, {pull_policy: never}]
  image: app
  depends_on:
    redis: {<<: *healthy}
    kafka: {<<: *healthy, required: true}
  environment: {REDIS_HOST: redis}
services:
  redis: {<<: *restart, image: redis}
  kafka: {image: kafka}
  web: {<<: *base, command: run web}
  worker:
    <<: *base
    environment: {DEFAULT_BROKERS: "kafka:9092"}
`);
    expect(needs(document)).toEqual([
      "web>redis:start: stated (condition service_healthy)",
      "web>kafka:start: stated (condition service_healthy)",
      "web>redis: environment REDIS_HOST",
      "worker>redis:start: stated (condition service_healthy)",
      "worker>kafka:start: stated (condition service_healthy)",
      "worker>kafka: environment DEFAULT_BROKERS",
    ]);
  });

  it("never makes a service need itself", () => {
    expect(
      needs(read("services:\n  a: {image: x, links: [a], depends_on: [a], environment: {URL: http://a}}\n")),
    ).toEqual([]);
  });
});

describe("replicas", () => {
  it("become services of which any one is enough", () => {
    const document = read("services:\n  web: {image: x, deploy: {replicas: 3}}\n  api: {image: x, scale: '2'}\n");
    expect(ids(document)).toEqual(["web", "web#1", "web#2", "web#3", "api", "api#1", "api#2"]);
    expect(document.services[1]).toMatchObject({ kind: "replica", partOf: "web" });
    expect(needs(document)).toEqual([
      "web>replicas 1 of 3: deploy.replicas 3, any one is taken to be enough",
      "api>replicas 1 of 2: deploy.replicas 2, any one is taken to be enough",
    ]);
    expect(noteOf(document, "web")).toBe("3 replicas");
  });

  it("stay a note when they are none, too many, or one on each node", () => {
    const document = read(`services:
  a: {image: x, deploy: {replicas: 0}}
  b: {image: x, deploy: {replicas: 500}}
  c: {image: x, deploy: {mode: global}}
  d: {image: x, deploy: {replicas: 1}, profiles: [debug, dev]}
`);
    expect(ids(document)).toEqual(["a", "b", "c", "d"]);
    expect(ids(document).map((id) => noteOf(document, id))).toEqual([
      "deploy.replicas is 0: not running unless scaled up",
      "500 replicas (deploy.replicas), kept as one service",
      "one on each node of the swarm; how many is not in the file",
      "only with profile debug or dev",
    ]);
  });
});

describe("variables", () => {
  it("are filled in from .env, with defaults, and are reported when nothing sets them", () => {
    const document = read(
      `services:
  app:
    image: \${IMAGE:-nginx}
    environment:
      - DB_HOST
      - CACHE_URL=redis://\${CACHE:-cache}:6379
      - MQ_URL=\${MQ_URL?needed}
      - SHELL_ONLY
      - X=\${NOWHERE}
    deploy: {replicas: "\${COPIES:-2}"}
  db: {image: x}
  cache: {image: x}
  mq: {image: x}
`,
      { ".env": "# comment\nHOST=db\nDB_HOST=${HOST}\nMQ_URL='amqp://mq'\n" },
    );
    expect(needs(document)).toEqual([
      "app>replicas 1 of 2: deploy.replicas 2, any one is taken to be enough",
      "app>db: environment DB_HOST",
      "app>cache: environment CACHE_URL",
      "app>mq: environment MQ_URL",
    ]);
    expect(document.services[0]!.kind).toBe("proxy");
    expect(document.diagnostics.filter(({ code }) => code === "VARIABLE_UNSET").map(({ message }) => message)).toEqual([
      "Not set in `.env`, so taken as empty: $SHELL_ONLY, $NOWHERE.",
    ]);
  });

  it("come from env_file, below environment", () => {
    const document = read(
      `services:
  app:
    image: x
    env_file: [one.env, {path: two.env, required: false}, {path: gone.env, required: false}, missing.env]
    environment: {B_HOST: c}
  a: {image: x}
  b: {image: x}
  c: {image: x}
`,
      { "one.env": "A_HOST=b\nB_HOST=b\n", "two.env": "\n  A_HOST=a\n" },
    );
    expect(needs(document)).toEqual(["app>a: env_file two.env A_HOST", "app>c: environment B_HOST"]);
    expect(document.dependencies[0]!.origin).toMatchObject({ location: { file: "two.env", line: 2, column: 3 } });
    expect(problems(document)).toEqual(["compose.yaml:4:94 warning FILE_NOT_FOUND"]);
  });

  it("that double each other end in a cut value, soon", () => {
    const doubling = Array.from({ length: 40 }, (_, index) => `A${index + 1}=\${A${index}}\${A${index}}`).join("\n");
    expect(ids(read("services:\n  a: {image: x, environment: [A40]}\n", { ".env": `A0=x\n${doubling}` }))).toEqual([
      "a",
    ]);
  });
});

describe("several files", () => {
  const base =
    "services:\n  web:\n    image: nginx\n    depends_on: [api]\n    environment: {API: http://api, X: http://old}\n  api: {image: x}\n  old: {image: x}\n";

  it("are layers: maps merge by key, lists grow, single values are replaced", () => {
    const document = readFiles(
      {
        "compose.prod.yaml":
          "services:\n  web:\n    image: caddy\n    depends_on: {api: {condition: service_healthy}, mq: {condition: service_started}}\n    environment: [X=http://mq]\n  mq: {image: x}\n",
        "compose.yaml": base,
      },
      ["compose.prod.yaml", "compose.yaml"],
    );
    expect(ids(document)).toEqual(["web", "api", "old", "mq"]);
    expect(needs(document)).toEqual([
      "web>api:start: stated (condition service_healthy)",
      "web>mq:start: stated (condition service_started)",
      "web>api: environment API",
      "web>mq: environment X",
    ]);
    expect(
      document.diagnostics.some(({ message }) => message.includes("in this order: compose.yaml, compose.prod.yaml")),
    ).toBe(true);
    expect(document.files).toEqual(["compose.prod.yaml", "compose.yaml"]);
  });

  it("obey !reset and !override", () => {
    const document = readFiles(
      {
        "compose.yaml": base,
        "compose.override.yaml":
          "services:\n  web:\n    depends_on: !override\n      - old\n    environment: !reset {}\n",
      },
      ["compose.yaml", "compose.override.yaml"],
    );
    expect(needs(document)).toEqual(["web>old:start: stated (condition service_started)"]);
  });

  it("in folders of their own stay projects of their own", () => {
    const document = readFiles(
      {
        "shop/compose.yaml": "services:\n  web: {image: x, environment: {DB_HOST: db}}\n  db: {image: x}\n",
        "blog/docker-compose.yml":
          "name: news\nservices:\n  db: {image: x}\n  feed: {image: x, environment: {DB_HOST: db}}\n",
      },
      ["shop/compose.yaml", "blog/docker-compose.yml"],
    );
    expect(ids(document)).toEqual(["web", "shop/db", "news/db", "feed"]);
    expect(needs(document)).toEqual(["web>shop/db: environment DB_HOST", "feed>news/db: environment DB_HOST"]);
  });

  it("are read for extends and include without becoming layers", () => {
    const files = {
      "compose.yaml": `include:
  - infra/compose.yaml
  - {path: [mq/base.yaml, mq/more.yaml], env_file: mq/mq.env}
services:
  app:
    extends: {file: common.yml, service: base}
    environment: {B: http://b}
  b: {extends: app, environment: {URL: http://redis}}
`,
      "common.yml": "services:\n  base: {image: x, environment: {DB_HOST: db}, depends_on: [db]}\n",
      "infra/compose.yaml": "services:\n  db: {image: postgres, environment: [CACHE]}\n  redis: {image: x}\n",
      "infra/.env": "CACHE=redis://redis\n",
      "mq/base.yaml": "services:\n  mq: {image: x, environment: {NEXT: $NEXT_URL}}\n",
      "mq/more.yaml": "services:\n  mq: {depends_on: [db]}\n",
      "mq/mq.env": "NEXT_URL=http://app\n",
    };
    const expected = [
      "db>redis: environment CACHE",
      "mq>db:start: stated (condition service_started)",
      "mq>app: environment NEXT",
      "app>db:start: stated (condition service_started)",
      "app>db: environment DB_HOST",
      "app>b: environment B",
      "b>db:start: stated (condition service_started)",
      "b>db: environment DB_HOST",
      "b>redis: environment URL",
    ];
    const alone = readFiles(files);
    expect(problems(alone)).toEqual([]);
    expect(needs(alone)).toEqual(expected);
    const together = readFiles(files, [
      "common.yml",
      "compose.yaml",
      "infra/compose.yaml",
      "mq/base.yaml",
      "mq/more.yaml",
    ]);
    expect(ids(together)).toEqual(["db", "redis", "mq", "app", "b"]);
    expect(needs(together)).toEqual(expected);
  });

  it("are never looked for outside of the folder or on the network", () => {
    const asked: string[] = [];
    const text = `include: [/etc/compose.yaml, "oci://registry/x:1", ../../../up.yaml]
services:
  a: {image: x, extends: {file: ../secret.yml, service: s}, env_file: [../../.env, ~/.env, /etc/passwd, "C:\\\\x.env", "https://evil/x"]}
`;
    const file = { name: "shop/compose.yaml", text };
    const document = compose.read([file], {
      sibling: (path) => {
        asked.push(path);
        return undefined;
      },
    });
    expect(asked.every((path) => !path.startsWith("..") && !path.startsWith("/"))).toBe(true);
    expect(problems(document).filter((problem) => problem.includes("OUTSIDE_FOLDER"))).toHaveLength(7);
    expect(problems(document).filter((problem) => problem.includes("FILE_NOT_FOUND"))).toHaveLength(2);
  });

  it("that lead back to themselves end with a diagnostic", () => {
    const extending = read("services:\n  a: {extends: b}\n  b: {extends: {service: c}}\n  c: {extends: a}\n");
    expect(problems(extending)).toContain("compose.yaml:2:16 error LIMIT_EXCEEDED");
    const including = read("include: [b.yaml]\nservices: {a: {image: x}}\n", { "b.yaml": "include: [compose.yaml]\n" });
    expect(problems(including)).toContain("b.yaml:1:11 error LIMIT_EXCEEDED");
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `f${index}.yaml`,
        `include: [f${index + 1}.yaml, f${index + 1}.yaml]\nservices: {s${index}: {image: x}}\n`,
      ]),
    );
    expect(ids(readFiles({ ...many, "f40.yaml": "services: {z: {image: x}}\n" }, ["f0.yaml"]))).toHaveLength(41);
  });
});

describe("files of any make", () => {
  it("reads anchors, merge keys and the format without `services`", () => {
    const anchored = read(`x-env: &env {DB_HOST: db}
x-base: &base
  image: x
  environment:
    <<: *env
    MQ_HOST: mq
services:
  a: {<<: *base}
  db: {image: x}
  mq: {image: x}
`);
    expect(needs(anchored)).toEqual(["a>mq: environment MQ_HOST", "a>db: environment DB_HOST"]);
    expect(needs(read("web:\n  image: x\n  links: [db]\ndb:\n  build: .\n"))).toEqual([
      "web>db:start: stated (links order the start)",
      "web>db: links",
    ]);
  });

  it("reads CRLF, a byte order mark and JSON", () => {
    expect(
      ids(read("\ufeffservices:\r\n  a:\r\n    image: x\r\n    depends_on:\r\n      - b\r\n  b:\r\n    image: y\r\n")),
    ).toEqual(["a", "b"]);
    const json = JSON.stringify({ services: { a: { image: "x", depends_on: ["b"] }, b: { image: "y" } } });
    expect(needs(read(json))).toEqual(["a>b:start: stated (condition service_started)"]);
  });

  it("reports values of the wrong type with their place and reads the rest", () => {
    const document = read(`services:
  a: text
  b: {image: x, depends_on: [[c], d], environment: [[], X=1], deploy: {replicas: many}, extends: {}}
  d: {image: y, environment: {URL: [http://b]}}
`);
    expect(ids(document)).toEqual(["b", "d"]);
    expect(problems(document).filter((problem) => problem.includes("VALUE_TYPE"))).toEqual([
      "compose.yaml:2:6 warning VALUE_TYPE",
      "compose.yaml:3:82 warning VALUE_TYPE",
      "compose.yaml:3:98 warning VALUE_TYPE",
      "compose.yaml:3:53 warning VALUE_TYPE",
      "compose.yaml:3:30 warning VALUE_TYPE",
      "compose.yaml:4:36 warning VALUE_TYPE",
    ]);
  });

  it("refuses a billion laughs", () => {
    const laughs = Array.from(
      { length: 30 },
      (_, index) => `x-${index + 1}: &l${index + 1} [*l${index}, *l${index}, *l${index}]`,
    );
    const document = read(`x-0: &l0 [a]\n${laughs.join("\n")}\nservices: {a: {image: x, environment: *l30}}\n`);
    expect(document.diagnostics.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
  });

  const sample = `name: shop
include: [{path: other.yaml, env_file: [a.env]}]
services:
  web:
    image: nginx
    build: {context: .}
    extends: {file: common.yml, service: base}
    depends_on: {api: {condition: service_healthy, required: true}}
    links: ["api:backend"]
    external_links: [x]
    network_mode: "service:api"
    volumes_from: [api]
    environment: {URL: "http://api:80", LIST: "a:1,api:2"}
    env_file: [{path: a.env, required: false}, b.env]
    command: ["--db-host", api]
    entrypoint: sh -c "until nc -z api 80; do sleep 1; done"
    deploy: {replicas: 2, mode: replicated}
    networks: {default: {aliases: [www]}}
    profiles: [x]
    labels: {a: b}
  api: {image: x, environment: [A=b], scale: 3}
`;

  it("never throws, whatever the types", () => {
    for (const wrong of withWrongValues(parse(sample))) {
      expect(Array.isArray(read(JSON.stringify(wrong)).services)).toBe(true);
      compose.detect({ name: "compose.yaml", text: JSON.stringify(wrong) });
    }
  });

  it("never throws, whatever the damage", () => {
    fc.assert(
      fc.property(damaged(sample), (text) => {
        compose.detect({ name: "x", text });
        expect(
          Array.isArray(read(text, { "common.yml": text, "other.yaml": text, "a.env": text, ".env": text }).services),
        ).toBe(true);
      }),
      { numRuns: DAMAGE_RUNS },
    );
  });

  it("is recognised by what it says, not only by its name", () => {
    const detect = (text: string, name = "x.yaml") => compose.detect({ name, text });
    expect(detect("services:\n  a:\n    image: x\n")).toBeGreaterThan(0.8);
    expect(detect("services:\r\n\r\n# c\r\n  a:\r\n    build: .\r\n")).toBeGreaterThan(0.8);
    expect(detect("services:\n  a:\n    deploy: {}\n", "docker-compose.prod.yml")).toBe(1);
    expect(detect('{"services": {"a": {"image": "x"}}}')).toBeGreaterThan(0.5);
    expect(detect("include:\n  - a.yaml\n", "compose.yaml")).toBeGreaterThan(0.5);
    expect(detect("web:\n  image: x\n", "docker-compose.yml")).toBeGreaterThan(0.5);
    expect(detect("schema: topple/graph@1\nservices:\n  a:\n    needs: [b]\n")).toBe(0);
    expect(detect("services:\n  a:\n    needs: [{dep: b}]\n")).toBe(0);
    expect(detect("services:\n  - id: a\n")).toBe(0);
    expect(detect("apiVersion: v1\nkind: Service\nspec: {}\n")).toBe(0);
    expect(detect("id,label\nservices,x\n", "services.csv")).toBe(0);
    expect(detect("")).toBe(0);
  });
});

describe("a compose file of the size and the habits of large self-hosted systems", () => {
  // 57 services that share four anchors: each service uses two or three, some by an anchor that merges another.
  const consumers = Array.from({ length: 40 }, (_, n) => `events-consumer-${n}`);
  const stores = ["postgres", "pgbouncer", "redis", "memcached", "kafka", "clickhouse", "smtp", "symbols", "relay"];
  const others = ["web", "cron", "worker", "nginx", "uptime-checker", "taskbroker", "vroom", "snuba-api"];
  const plain = stores.map(
    (name) => `  ${name}:\n    <<: *restart\n    image: example/${name}\n    healthcheck:\n      <<: *healthcheck\n`,
  );
  const app = [...others, ...consumers].map(
    (name) =>
      `  ${name}:\n    <<: [*app, *pull]\n    command: run ${name}\n    ulimits: *limits\n    healthcheck:\n      <<: *healthcheck\n      test: "true"\n`,
  );
  const text = `x-restart: &restart
  restart: unless-stopped
x-pull: &pull
  pull_policy: never
x-healthcheck: &healthcheck
  interval: 30s
  retries: 10
x-limits: &limits
  nofile: {soft: 262144, hard: 262144}
x-app: &app
  <<: *restart
  image: example/app
  depends_on: &needed
    redis: &healthy
      condition: service_healthy
    kafka:
      <<: *healthy
    postgres:
      <<: *healthy
    memcached: {condition: service_started}
  environment: &settings
    PYTHONUSERBASE: /data/custom
    SNUBA: http://snuba-api:1218
    REDIS_HOST: redis
    DEFAULT_BROKERS: kafka:9092
services:
${plain.join("")}${app.join("")}`;
  const document = readFiles({ "docker-compose.yml": text });
  const ends = (phase: string): string[] =>
    document.dependencies
      .filter((dependency) => dependency.phase === phase)
      .flatMap(({ consumer, members }) => members.map(({ provider }) => `${consumer}>${provider}`))
      .sort();
  const each = (names: readonly string[], providers: readonly string[]): string[] =>
    names.flatMap((name) => providers.filter((to) => to !== name).map((to) => `${name}>${to}`)).sort();

  it("is read whole, though it uses more aliases than parsers allow by default", () => {
    expect(text.match(/\*\w+/g)!.length).toBeGreaterThan(200);
    expect(document.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(document.services.map(({ id }) => id)).toEqual([...stores, ...others, ...consumers]);
    expect(document.services).toHaveLength(57);
  });

  it("gives each service what its anchors say, at the start and while running", () => {
    expect(ends("start")).toEqual(each([...others, ...consumers], ["redis", "kafka", "postgres", "memcached"]));
    expect(ends("run")).toEqual(each([...others, ...consumers], ["snuba-api", "redis", "kafka"]));
  });
});
