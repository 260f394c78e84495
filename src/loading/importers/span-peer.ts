/**
 * Whom a span talked to, judged from its attributes: the name of a database, queue or service that reports no
 * spans of its own. The old and the new OpenTelemetry names are known, and those of OpenTracing.
 * A name that tells one instance from another (a host) goes before one that does not (a product).
 */
import type { ServiceFields } from "./call-graph.js";

export interface Peer {
  readonly name: string;
  /** The attribute it was taken from. */
  readonly attribute: string;
  /** A message broker: both who sends through it and who receives from it need it. */
  readonly broker: boolean;
  readonly fields: ServiceFields;
}

export type Attributes = ReadonlyMap<string, string>;

/** Undefined when the attributes name nobody; an address in numbers names nobody. */
export function peerOf(attributes: Attributes): Peer | undefined {
  const messaging = attributes.get("messaging.system");
  const database = DATABASE_KEYS.find((key) => attributes.has(key));
  const broker = messaging !== undefined;
  const make = (attribute: string, name: string): Peer => ({
    name,
    attribute,
    broker,
    fields: fieldsOf(attributes, name, broker, database !== undefined),
  });
  const service = attributes.get("peer.service");
  if (service !== undefined) return make("peer.service", service);
  for (const key of HOST_KEYS) {
    const host = hostIn(attributes.get(key));
    if (host !== undefined) return make(key, host);
  }
  for (const key of DATABASE_KEYS) {
    const name = attributes.get(key);
    if (name !== undefined) return make(key, name);
  }
  return messaging === undefined ? undefined : make("messaging.system", messaging);
}

/** The host in `host`, `host:port`, a URL or a connection string; undefined for addresses in numbers and loopback names. */
export function hostIn(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST_ADDRESS) return undefined;
  const authority = /^(?:[a-z][a-z0-9+.-]*:)*\/\/([^/?#\s]*)/i.exec(text)?.[1] ?? (/[/\s]/.test(text) ? "" : text);
  const address = authority.slice(authority.lastIndexOf("@") + 1);
  if (address.startsWith("[") || address.split(":").length > 2) return undefined; // IPv6
  const host = address.replace(/:\d*$/, "");
  if (!/^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?$/u.test(host)) return undefined;
  return /^[\d.]+$/.test(host) || /^localhost$/i.test(host) ? undefined : host;
}

const LONGEST_ADDRESS = 2_000;

const HOST_KEYS = [
  "server.address",
  "net.peer.name",
  "network.peer.address",
  "net.sock.peer.name",
  "peer.hostname",
  "peer.address",
  "db.connection_string",
  "db.instance.host",
  "messaging.url",
  "url.full",
  "http.url",
  "http.host",
] as const;

/** From the name of one database to that of a product, which many databases share. */
const DATABASE_KEYS = ["db.namespace", "db.name", "db.instance", "db.system", "db.system.name", "db.type"] as const;

function fieldsOf(attributes: Attributes, name: string, broker: boolean, database: boolean): ServiceFields {
  if (broker) return { kind: "queue" };
  if (!database) return {};
  const system = attributes.get("db.system") ?? attributes.get("db.system.name") ?? attributes.get("db.type");
  const schema = attributes.get("db.namespace") ?? attributes.get("db.name") ?? attributes.get("db.instance");
  const details = [schema, system].filter((detail) => detail !== undefined && detail !== name);
  return { kind: "database", ...(details.length === 0 ? {} : { label: `${name} (${details.join(", ")})` }) };
}
