import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { kubernetes } from "../../../src/loading/importers/kubernetes/kubernetes.js";
import { DAMAGE_RUNS, damaged, withWrongValues } from "../../support/damaged.js";
import { idsOf, needsOf, noteOf, notesOf, problemsOf, readWith } from "../../support/read-document.js";

const read = (...documents: readonly string[]) => readWith(kubernetes, { "k.yaml": documents.join("\n---\n") });

/** A deployment whose pods are labelled `app: name`; `pod` is YAML of its pod spec in flow style, without braces. */
const workload = (name: string, pod = "", more = "", kind = "Deployment", namespace = "") =>
  `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}, spec: {${more && `${more}, `}template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: x}]${pod && `, ${pod}`}}}}}`;

const container = (name: string, fields: string, more = "") =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {${more}template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: x, ${fields}}]}}}}`;

const service = (name: string, app = name, namespace = "") =>
  `{apiVersion: v1, kind: Service, metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}, spec: {selector: {app: ${app}}, ports: [{port: 80}]}}`;

describe("workloads and Services", () => {
  it("a Service of a workload's name is that workload, any other a service that needs what it selects", () => {
    const document = read(
      workload("web"),
      service("web"),
      service("public", "web"),
      service("lost"),
      workload("db", "", "", "StatefulSet"),
    );
    expect(document.services.map(({ id, kind, note }) => [id, kind, note])).toEqual([
      ["web", undefined, "Deployment"],
      ["db", undefined, "StatefulSet"],
      ["public", "address", "Service"],
      ["lost", "address", "Service"],
    ]);
    expect(needsOf(document)).toEqual(["public>web: stated (selected by the Service)"]);
  });

  it("a Service that selects several workloads needs any one of them", () => {
    const blue = workload("blue").replace("app: blue", "app: web, color: blue");
    const green = workload("green").replace("app: green", "app: web, color: green");
    const document = read(blue, green, service("web"), container("a", "env: [{name: WEB_HOST, value: web}]"));
    expect(needsOf(document)).toEqual([
      "web>(blue|green) 1 of 2: stated (selected by the Service)",
      "a>web: env WEB_HOST",
    ]);
  });

  it("a Service that shares a workload's name and selects more leads to all it selects", () => {
    const canary = workload("web-canary").replace("app: web-canary", "app: web");
    const document = read(
      workload("web"),
      canary,
      service("web"),
      container("a", "env: [{name: URL, value: 'http://web'}]"),
    );
    expect(needsOf(document)).toEqual(["a>(web|web-canary) 1 of 2: env URL names 2 services, any one is taken to do"]);
  });

  it("reads every kind that has a pod template, and knows jobs and images", () => {
    const document = read(
      "{apiVersion: v1, kind: Pod, metadata: {name: pod}, spec: {containers: [{image: 'redis:7'}]}}",
      "{apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: postgres, env: [{name: DB_HOST, value: pod}]}]}}}}}}",
      workload("roll", "", "", "Rollout"),
      "{apiVersion: x.io/v1, kind: Thing, metadata: {name: thing}, spec: {template: {spec: {containers: [{image: x}]}}}}",
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {}}",
    );
    expect(document.services.map(({ id, kind }) => [id, kind])).toEqual([
      ["pod", "cache"],
      ["nightly", "job"],
      ["roll", undefined],
      ["thing", undefined],
    ]);
    expect(needsOf(document)).toEqual(["nightly>pod: env DB_HOST"]);
  });

  it("takes owner and product from labels", () => {
    const labelled = workload("web").replace(
      "{name: web}",
      "{name: web, labels: {team: shop, app.kubernetes.io/part-of: store}}",
    );
    expect(read(labelled).services[0]).toMatchObject({ owner: "shop", partOf: "store" });
  });

  it("tells names apart by namespace and kind only where they clash", () => {
    const document = read(
      workload("api", "", "", "Deployment", "a"),
      workload("api", "", "", "Deployment", "b"),
      workload("only", "", "", "Deployment", "b"),
      workload("api", "", "", "CronJob", "b"),
    );
    expect(idsOf(document)).toEqual(["a/api", "b/api", "only", "b/cronjob/api"]);
  });

  it("reads an object that is given twice as one, the later on top", () => {
    const document = readWith(kubernetes, {
      "base.yaml": [
        container("web", "env: [{name: A_HOST, value: a}]", "replicas: 5, "),
        service("a"),
        service("b"),
      ].join("\n---\n"),
      "patch.yaml": container("web", "env: [{name: B_HOST, value: b}]", "replicas: 2, "),
    });
    expect(needsOf(document)).toEqual([
      "web>replicas 1 of 2: spec.replicas 2, any one is taken to be enough",
      "web>a: env A_HOST",
      "web>b: env B_HOST",
    ]);
    expect(notesOf(document)[0]).toBe("Given more than once and read as one, the later on top: Deployment web.");
  });
});

describe("what workloads are told", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"].map((name) => service(name));

  it("names Services in env, args, ConfigMaps and Secrets", () => {
    const document = read(
      container(
        "web",
        "env: [{name: A_HOST, value: a}, {name: B, valueFrom: {configMapKeyRef: {name: conf, key: url}}}, {name: C_URL, valueFrom: {secretKeyRef: {name: sec, key: dsn}}}, {name: PART, value: d}, {name: D_URL, value: 'http://$(PART):80'}, {name: ESCAPED_URL, value: 'http://$$(PART)'}], envFrom: [{configMapRef: {name: all}, prefix: P_}], args: ['--f=http://$(F_SERVICE_HOST)']",
      ),
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf}, data: {url: 'http://b:1', unused_url: 'http://g'}}",
      `{apiVersion: v1, kind: Secret, metadata: {name: sec}, data: {dsn: ${btoa("mysql://u:topsecret@c:3306/x")}, bad: '%%%'}}`,
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: all}, data: {E_URL: 'http://e'}}",
      ...names,
    );
    expect(needsOf(document)).toEqual([
      "web>e: ConfigMap all E_URL",
      "web>a: env A_HOST",
      "web>b: ConfigMap conf as B",
      "web>c: Secret sec as C_URL",
      "web>d: env D_URL",
      "web>f: args --f",
    ]);
    expect(JSON.stringify(document)).not.toContain("topsecret");
  });

  it("names Services in mounted configuration", () => {
    const document = read(
      workload(
        "web",
        "volumes: [{name: v, configMap: {name: nginx}}, {name: w, projected: {sources: [{secret: {name: sec}}]}}]",
      ),
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: nginx}, data: {default.conf: "upstream x { server a:80; }\\n proxy_pass http://b;\\n"}}',
      "{apiVersion: v1, kind: Secret, metadata: {name: sec}, stringData: {app.properties: 'redis.host=c'}}",
      ...names,
    );
    expect(needsOf(document)).toEqual([
      "web>a: ConfigMap nginx default.conf",
      "web>b: ConfigMap nginx default.conf",
      "web>c: Secret sec app.properties redis.host",
    ]);
  });

  it("waits in init containers for the start only, unless they are sidecars", () => {
    const document = read(
      workload(
        "web",
        "initContainers: [{image: busybox, command: [sh, -c, 'until nc -z a 80; do sleep 1; done']}, {image: x, env: [{name: B_HOST, value: b}]}, {image: x, restartPolicy: Always, env: [{name: C_HOST, value: c}]}]",
      ),
      ...names,
    );
    expect(document.dependencies.map(({ id, phase }) => `${id} ${phase}`)).toEqual([
      "web>a:start start",
      "web>b:start start",
      "web>c run",
    ]);
  });

  it("resolves names as the cluster's DNS does", () => {
    const hosts =
      "db, db.data, db.data.svc, db.data.svc.cluster.local., db-0.db.data.svc.cluster.local, db.com, db.example.com".split(
        ", ",
      );
    const document = read(
      ...hosts.map((host, index) =>
        container(`c${index}`, `env: [{name: URL, value: 'http://${host}:80'}]`).replace(
          `{name: c${index}}`,
          `{name: c${index}, namespace: data}`,
        ),
      ),
      service("db", "db", "data"),
      container("other", "env: [{name: DB_HOST, value: db}, {name: X_HOST, value: db.data}]"),
    );
    expect(needsOf(document).map((need) => need.split(":")[0])).toEqual([
      "c0>db",
      "c1>db",
      "c2>db",
      "c3>db",
      "c4>db",
      "other>db",
    ]);
    expect(needsOf(document).at(-1)).toBe("other>db: env X_HOST");
  });

  it("takes the workload itself where its Service is not given", () => {
    expect(needsOf(read(workload("db"), container("web", "env: [{name: DB_HOST, value: db}]")))).toEqual([
      "web>db: env DB_HOST",
    ]);
  });

  it("says what was used and not given, and who named nothing", () => {
    const document = read(
      container(
        "web",
        "env: [{name: A_ADDR, value: 'a:80'}, {name: GONE_ADDR, value: 'gone:80'}], envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: maybe, optional: true}}]",
      ),
      workload("quiet"),
      service("a"),
    );
    expect(notesOf(document)).toEqual([
      "Used by containers, but not in the given files: ConfigMap settings.",
      "Settings name hosts that no given file declares; no dependency is made of them: gone.",
      "1 of 2 services name what they need while running; nothing is known of quiet.",
    ]);
    expect(problemsOf(read(workload("a", "", "replicas: 3"), service("a"), service("b", "a")))).toEqual([
      "k.yaml:1:1 warning NO_DEPENDENCIES",
    ]);
    expect(problemsOf(read(service("a")))).toEqual(["k.yaml:1:1 warning NO_DEPENDENCIES"]);
  });
});

describe("replicas", () => {
  it("are services of which any one is enough, or as many as a disruption budget keeps", () => {
    const budget = (name: string, keeps: string) =>
      `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: ${name}}, spec: {selector: {matchLabels: {app: ${name}}}, ${keeps}}}`;
    const document = read(
      workload("a", "", "replicas: 3"),
      workload("b", "", "replicas: 3"),
      budget("b", "minAvailable: 2"),
      workload("c", "", "replicas: 4"),
      budget("c", "maxUnavailable: 25%"),
      workload("d"),
      "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: d}, spec: {minReplicas: 2, maxReplicas: 9, scaleTargetRef: {kind: Deployment, name: d}}}",
      workload("e", "", "replicas: 0"),
      workload("f", "", "", "DaemonSet"),
      workload("g", "", "replicas: 1"),
    );
    expect(needsOf(document)).toEqual([
      "a>replicas 1 of 3: spec.replicas 3, any one is taken to be enough",
      "b>replicas 2 of 3: spec.replicas 3, its PodDisruptionBudget asks for 2",
      "c>replicas 3 of 4: spec.replicas 4, its PodDisruptionBudget asks for 3",
      "d>replicas 1 of 2: minReplicas of its HorizontalPodAutoscaler 2, any one is taken to be enough",
    ]);
    expect(["e", "f", "g"].map((id) => noteOf(document, id))).toEqual([
      "Deployment, spec.replicas is 0: not running unless scaled up",
      "DaemonSet, one on each node of the cluster; how many is not in the files",
      "Deployment",
    ]);
  });

  it("are not services of their own when the pods of a workload are listed too", () => {
    const pod = (name: string, owner: string) =>
      `{kind: Pod, metadata: {name: ${name}, labels: {app: web, pod-template-hash: abc}, ownerReferences: [{kind: ReplicaSet, name: ${owner}}]}, spec: {containers: [{image: x}]}}`;
    const set =
      "{kind: ReplicaSet, metadata: {name: web-abc, labels: {pod-template-hash: abc}, ownerReferences: [{kind: Deployment, name: web}]}, spec: {replicas: 2, template: {spec: {containers: []}}}}";
    const pods = [pod("web-abc-1", "web-abc"), pod("web-abc-2", "web-abc")];
    expect(idsOf(read(workload("web"), set, ...pods))).toEqual(["web"]);
    const alone = read(`{apiVersion: v1, kind: List, items: [${pods.join(", ")}]}`);
    expect(needsOf(alone)).toEqual(["web>replicas 1 of 2: pods listed 2, any one is taken to be enough"]);
    expect(noteOf(alone, "web")).toBe("Deployment, 2 replicas");
  });
});

describe("ways in", () => {
  it("reads an Ingress of any version as a service that needs its backends by their share of the rules", () => {
    const document = read(
      workload("web"),
      service("web"),
      service("api"),
      "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}, spec: {rules: [{host: shop.example, http: {paths: [{path: /, backend: {service: {name: web}}}, {path: /x, backend: {service: {name: web}}}, {path: /api, backend: {service: {name: api}}}]}}], defaultBackend: {service: {name: gone}}}}",
      "{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: old}, spec: {backend: {serviceName: api, servicePort: 80}}}",
    );
    expect(idsOf(document)).toEqual(["web", "api", "ingress/web", "gone", "old"]);
    expect(noteOf(document, "ingress/web")).toBe("Ingress for shop.example");
    expect(needsOf(document)).toEqual([
      "ingress/web>web: stated x0.5",
      "ingress/web>api: stated x0.25",
      "ingress/web>gone: stated x0.25",
      "old>api: stated",
    ]);
    expect(document.dependencies[0]!.members[0]!.origins!["weight"]).toMatchObject({ how: "inferred" });
    expect(problemsOf(document)[0]).toMatch(/^k.yaml:7:\d+ warning SERVICE_UNKNOWN$/);
  });

  it("reads Gateway API, Istio, OpenShift and Traefik routes", () => {
    const document = read(
      ...["a", "b"].map((name) => service(name)),
      "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: gw}}",
      "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: h}, spec: {parentRefs: [{name: gw}], hostnames: [x.y], rules: [{backendRefs: [{name: a, weight: 9}, {name: b, weight: 1}]}]}}",
      "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: v}, spec: {hosts: [x], gateways: [mesh, gw], http: [{route: [{destination: {host: a.default.svc.cluster.local}}]}]}}",
      "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: inside}, spec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}}",
      "{apiVersion: route.openshift.io/v1, kind: Route, metadata: {name: o}, spec: {host: q, to: {kind: Service, name: a, weight: 100}, alternateBackends: [{name: b, weight: 300}]}}",
      "{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: t}, spec: {routes: [{match: Host(`x`), services: [{name: a}]}, {services: [{name: b}]}]}}",
    );
    expect(needsOf(document)).toEqual([
      "h>a: stated x0.9",
      "h>b: stated x0.1",
      "h>gw: stated (comes in through it)",
      "v>a: stated",
      "v>gw: stated (comes in through it)",
      "o>a: stated x0.25",
      "o>b: stated x0.75",
      "t>a: stated x0.5",
      "t>b: stated x0.5",
    ]);
  });

  it("reads ExternalName", () => {
    const external =
      "{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {type: ExternalName, externalName: db.example.com}}";
    const inside =
      "{apiVersion: v1, kind: Service, metadata: {name: alias}, spec: {type: ExternalName, externalName: web.default.svc.cluster.local}}";
    const document = read(external, inside, workload("web"), container("a", "env: [{name: DB_HOST, value: db}]"));
    expect(document.services.map(({ id, kind, note }) => [id, kind, note]).slice(2)).toEqual([
      ["db", "external", "ExternalName db.example.com"],
      ["alias", "external", "ExternalName web.default.svc.cluster.local"],
    ]);
    expect(needsOf(document)).toEqual([
      "alias>web: stated (ExternalName web.default.svc.cluster.local)",
      "a>db: env DB_HOST",
    ]);
  });
});

describe("files of any make", () => {
  it("reads JSON, lists within lists, typed lists, CRLF and a byte order mark", () => {
    const item = { metadata: { name: "a" }, spec: { template: { spec: { containers: [{ image: "x" }] } } } };
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [
        { kind: "DeploymentList", items: [item] },
        { ...item, kind: "StatefulSet", metadata: { name: "b" } },
      ],
    };
    expect(idsOf(readWith(kubernetes, { "a.json": `\ufeff${JSON.stringify(list)}` }))).toEqual(["a", "b"]);
    expect(idsOf(read("\ufeffapiVersion: apps/v1\r\nkind: Deployment\r\nmetadata:\r\n  name: a\r\n"))).toEqual(["a"]);
    const template = `{apiVersion: template.openshift.io/v1, kind: Template, objects: [${workload("t")}, ${service("t")}]}`;
    expect(idsOf(read(template))).toEqual(["t"]);
    expect(idsOf(read("---", "# nothing", "null", workload("a"), "...", "text"))).toEqual(["a"]);
  });

  it("finds a Service among many without looking at each workload for each", () => {
    const many = Array.from(
      { length: 1_000 },
      (_, index) => `${workload(`w${index}`)}\n---\n${service(`s${index}`, `w${index}`)}`,
    );
    expect(needsOf(read(...many))).toHaveLength(1_000);
    const all = [
      ...Array.from({ length: 300 }, (_, index) => workload(`w${index}`).replace(`app: w${index}`, "app: same")),
      service("s", "same"),
    ];
    const document = read(...all);
    expect(document.dependencies[0]!.members).toHaveLength(200);
    expect(problemsOf(document)).toContain("k.yaml:601:50 warning LIMIT_EXCEEDED");
  });

  const sample = `apiVersion: v1
kind: List
items:
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: n, labels: {team: t}, ownerReferences: [{kind: X, name: y}]}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          initContainers: [{image: x, command: [sh, -c, "nc -z db 1"]}]
          containers: [{image: "redis:7", env: [{name: A_HOST, value: db}, {name: B, valueFrom: {configMapKeyRef: {name: c, key: k}}}], envFrom: [{secretRef: {name: s}, prefix: P}], args: [a]}]
          volumes: [{configMap: {name: c}}, {projected: {sources: [{secret: {name: s}}]}}]
  - {apiVersion: v1, kind: Service, metadata: {name: db, namespace: n}, spec: {selector: {app: web}, externalName: x.y, type: T}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: n}, data: {k: "http://db"}}
  - {apiVersion: v1, kind: Secret, metadata: {name: s, namespace: n}, data: {k: aGk=}, stringData: {x: y}}
  - {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p, namespace: n}, spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}}
  - {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, namespace: n}, spec: {minReplicas: 2, scaleTargetRef: {kind: Deployment, name: web}}}
  - {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: n}, spec: {rules: [{host: h, http: {paths: [{backend: {service: {name: db}}}]}}]}}
  - {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {parentRefs: [{name: g, namespace: n}], rules: [{backendRefs: [{name: db, weight: 1}]}]}}
`;

  it("never throws, whatever the types", () => {
    for (const wrong of withWrongValues(parse(sample))) {
      const text = JSON.stringify(wrong);
      kubernetes.detect({ name: "k.json", text });
      expect(Array.isArray(readWith(kubernetes, { "k.json": text }).services)).toBe(true);
    }
  });

  it("never throws, whatever the damage", () => {
    fc.assert(
      fc.property(damaged(sample), (text) => {
        kubernetes.detect({ name: "k.yaml", text });
        expect(Array.isArray(read(text).services)).toBe(true);
      }),
      { numRuns: DAMAGE_RUNS },
    );
  });

  it("is recognised by its kinds, not by those of others", () => {
    const detect = (text: string) => kubernetes.detect({ name: "x", text });
    expect(detect("# c\n---\napiVersion: apps/v1\nkind: Deployment\n")).toBe(1);
    expect(detect("kind: ConfigMap\r\napiVersion: v1\r\n")).toBe(1);
    expect(detect('{"apiVersion": "v1", "kind": "List"}')).toBe(1);
    expect(detect("- apiVersion: v1\n  kind: Service\n")).toBe(1);
    expect(detect("apiVersion: example.com/v1\nkind: Thing\n")).toBe(0.4);
    expect(detect("apiVersion: backstage.io/v1alpha1\nkind: Component\n")).toBe(0);
    expect(detect("services:\n  a: {image: x}\n")).toBe(0);
    expect(detect("")).toBe(0);
  });
});
