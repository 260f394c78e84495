/**
 * What kind of service a container image is, for the well-known ones. Only the image's own name counts,
 * not its registry or tag; anything else has no kind rather than a guessed one.
 */

const KINDS: readonly (readonly [kind: string, names: string])[] = [
  [
    "database",
    "postgres postgresql postgis timescaledb pgvector mysql mysql-server percona mariadb mongo mongodb cassandra scylla cockroach cockroachdb neo4j couchdb couchbase influxdb clickhouse clickhouse-server mssql oracle-xe arangodb dgraph rethinkdb etcd dynamodb-local tidb yugabyte",
  ],
  ["cache", "redis redis-stack redis-stack-server valkey memcached keydb dragonfly hazelcast varnish"],
  [
    "queue",
    "rabbitmq kafka cp-kafka kafka-native nats nats-server activemq activemq-artemis pulsar redpanda mosquitto nsq emqx rocketmq elasticmq",
  ],
  ["search", "elasticsearch opensearch solr meilisearch typesense zincsearch"],
  ["proxy", "nginx traefik haproxy envoy caddy kong httpd nginx-proxy apisix pgbouncer"],
  [
    "monitoring",
    "prometheus grafana alertmanager jaeger all-in-one zipkin zipkin-slim loki tempo opentelemetry-collector opentelemetry-collector-contrib",
  ],
  ["storage", "minio seaweedfs ceph azurite"],
];

const BY_NAME = new Map(KINDS.flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind] as const)));

/** `docker.io/bitnami/redis:7.2@sha256:...` is a cache; an image that is not well known has no kind. */
export function kindOfImage(image: string): string | undefined {
  const path = image.replace(/@.*$/s, "");
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/:.*$/s, "");
  return BY_NAME.get(name.toLowerCase());
}
