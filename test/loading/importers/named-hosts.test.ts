import { describe, expect, it } from "vitest";
import {
  hostsInCommand,
  hostsInSetting,
  hostsInText,
  isTelemetry,
} from "../../../src/loading/importers/named-hosts.js";

const inSetting = (key: string, value: string) => hostsInSetting(key, value).map(({ host }) => host);
const inCommand = (...words: string[]) => hostsInCommand(words).map(({ host, phase }) => `${host} ${phase}`);

describe("hosts named by a setting", () => {
  it.each([
    ["DATABASE_URL", "postgres://me:pa%24s@db:5432/app?sslmode=disable", ["db"]],
    ["SPRING_DATASOURCE_URL", "jdbc:mysql://mysql-db:3306/x", ["mysql-db"]],
    ["DB", "jdbc:sqlserver://sql;databaseName=x", ["sql"]],
    ["DB", "jdbc:oracle:thin:@ora:1521:xe", ["ora"]],
    ["DSN", "root:secret@tcp(db:3306)/app", ["db"]],
    ["DSN", "host=db port=5432 user=cache", ["db"]],
    ["ConnectionStrings__Default", "Server=sqldata,1433;Database=Basket;User Id=sa", ["sqldata"]],
    ["CART_SERVICE_ADDR", "cartservice:7070", ["cartservice"]],
    ["AMQP", "amqp://rabbitmq", ["rabbitmq"]],
    ["REDIS_HOST", "redis", ["redis"]],
    ["PGHOST", "db", ["db"]],
    ["EventBusConnection", "rabbitmq", ["rabbitmq"]],
    ["ConnectionString", "basketdata", ["basketdata"]],
    ["ELASTICSEARCH_HOSTS", '["http://es1:9200","http://es2:9200"]', ["es1", "es2"]],
    ["CONFIG", '{"db": {"host": "db", "port": 1}}', ["db"]],
    ["spring.redis.host", "redis", ["redis"]],
    ["redisHost", "redis", ["redis"]],
    ["API", "http://api.prod.svc.cluster.local/v1", ["api.prod.svc.cluster.local"]],
    ["ENDPOINT", "//api/v1", ["api"]],
    ["ZOO_SERVERS", "server.1=zoo1:2888:3888 server.2=zoo2:2888:3888", ["zoo1", "zoo2"]],
    ["JAVA_OPTS", "-Xmx1g -Ddb.host=db -Durl=http://api:80", ["db", "api"]],
  ])("%s=%s", (key, value, hosts) => expect(inSetting(key, value)).toEqual(hosts));

  it.each([
    ["MYSQL_USER", "zipkin"],
    ["POSTGRES_DB", "db"],
    ["CACHE_DRIVER", "redis"],
    ["OTEL_SERVICE_NAME", "cart"],
    ["NO_PROXY", "localhost,db,redis"],
    ["CORS_ORIGINS", "http://web:3000"],
    ["ALLOWED_HOSTS", "web,nginx"],
    ["REDIS_IMAGE", "redis:7"],
    ["DB_PASSWORD", "db"],
    ["DB_CONNECTION", "mysql"],
    ["BASIC_AUTH", "db:1234"],
    ["PATH_PREFIX", "/api/v1"],
    ["MESSAGE", "the db is down"],
    ["EMPTY", ""],
  ])("does not take %s=%s for a host", (key, value) => expect(inSetting(key, value)).toEqual([]));

  it("keeps the entries of one list together as alternatives", () => {
    for (const value of [
      "k1:9092,k2:9092",
      "kafka://k1,k2/x",
      "http://k1:9092, http://k2:9092",
      "m://u:p@k1:1,k2:2/d?a=b",
    ]) {
      expect(hostsInSetting("BROKERS", value)).toEqual([
        { host: "k1", oneOf: ["k1", "k2"], phase: "run", by: "BROKERS" },
        { host: "k2", oneOf: ["k1", "k2"], phase: "run", by: "BROKERS" },
      ]);
    }
    expect(hostsInSetting("X", "a=http://k1:1 b=http://k2:1").map(({ oneOf }) => oneOf)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("takes linear time over hostile values", () => {
    for (const piece of ["a:", "a.", "://", "@", "a=", "-", " ", ",", "host=", "a:1", "x://a,"]) {
      hostsInSetting("DB_URL", piece.repeat(20_000 / piece.length));
      hostsInText(`${piece.repeat(9_000 / piece.length)}\n`.repeat(20), "x");
      hostsInCommand([piece.repeat(20_000 / piece.length)]);
    }
  });
});

describe("hosts named by a command", () => {
  it("reads flags, addresses and assignments", () => {
    expect(inCommand("-d", "60", "-r", "200", "-h", "edge-router")).toEqual(["edge-router run"]);
    expect(inCommand("app", "--db-host=db", "--api", "http://api:80", "--name", "cache")).toEqual([
      "db run",
      "api run",
    ]);
    expect(inCommand("sh", "-c", "export REDIS_HOST=redis && exec server --url=amqp://mq")).toEqual([
      "redis run",
      "mq run",
    ]);
    expect(inCommand("redis-server", "--replicaof", "redis-master", "6379")).toEqual([]);
  });

  it("tells what is waited for from what is used", () => {
    expect(inCommand("./wait-for-it.sh", "db:5432", "--", "app", "--api=http://api")).toContain("api run");
    expect(inCommand("./wait-for-it.sh", "db:5432", "--", "app")).toContain("db start");
    expect(inCommand("sh", "-c", "until nc -z mq 5672; do sleep 1; done; exec app --db=db:1")).toEqual(
      expect.arrayContaining(["mq start", "db run"]),
    );
    expect(inCommand("dockerize", "-wait", "tcp://db:3306", "-timeout", "60s", "app", "http://api")).toEqual([
      "db start",
      "api run",
    ]);
    expect(inCommand("sh", "-c", "until pg_isready -h db; do sleep 1; done")).toContain("db start");
  });
});

describe("hosts named by a configuration file", () => {
  it("reads nginx, properties, YAML and JSON lines and passes over comments", () => {
    const text = [
      "upstream u { server backend:8080; }",
      "proxy_pass http://web;",
      "# proxy_pass http://old;",
      "spring.redis.host=redis",
      '  "host": "mongo",',
      "  - url: http://loki:3100",
      "title: shipping",
    ].join("\n");
    expect(hostsInText(text, "c").map(({ host }) => host)).toEqual(["backend", "web", "redis", "mongo", "loki"]);
  });

  it("does not take a scraper's targets for what it needs", () => {
    expect(hostsInText("scrape_configs:\n- targets: ['a:1']", "c")).toEqual([]);
  });
});

it("knows telemetry by the name of the setting", () => {
  expect(["OTEL_EXPORTER_OTLP_ENDPOINT", "JAEGER_HOST", "COLLECTOR_SERVICE_ADDR"].map(isTelemetry)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["DB_HOST", "HOTEL_URL", "CAPTRACED"].map(isTelemetry)).toEqual([false, false, false]);
});
