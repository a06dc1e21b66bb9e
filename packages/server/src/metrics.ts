import type { OperationName } from '@sotto/protocol';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

type SignInOutcome = 'admitted' | 'throttled' | 'proof-of-work-needed' | 'succeeded' | 'failed';

/** What a server counts, for Prometheus. No label ever names an address, a room, a device or a source. */
export interface Metrics {
  /** The function that it gives books the outcome and the time taken. */
  startRequest(operation: OperationName | 'unknown'): (outcome: 'answered' | 'refused' | 'failed') => void;
  signIn(outcome: SignInOutcome): void;
  handshake(outcome: 'anonymous' | 'account' | 'device' | 'revoked' | 'failed' | 'refused'): void;
  event(): void;
  /** Bytes of blobs that came or went. */
  blobBytes(direction: 'in' | 'out', bytes: number): void;
  /** Prometheus' text format. */
  expose(): Promise<string>;
  readonly contentType: string;
}

/** `connections`, and `replicaLagSeconds` where there is a replica, are read at each exposition. */
export function createMetrics(connections: () => number, replicaLagSeconds?: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'sotto_requests_total',
    help: 'Requests of channels by operation and outcome',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'sotto_request_seconds',
    help: 'Time from taking up a request to its answer',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers,
  });
  const signIns = new Counter({
    name: 'sotto_sign_ins_total',
    help: 'Sign-ins by passphrase by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const handshakes = new Counter({
    name: 'sotto_handshakes_total',
    help: 'Handshakes by kind of session or failure',
    labelNames: ['outcome'],
    registers,
  });
  const blobBytes = new Counter({
    name: 'sotto_blob_bytes_total',
    help: 'Bytes of blobs by direction',
    labelNames: ['direction'],
    registers,
  });
  const events = new Counter({ name: 'sotto_events_total', help: 'Hints to connected accounts', registers });
  registry.registerMetric(connectionsGauge(connections));
  registry.registerMetric(memoryGauge());
  if (replicaLagSeconds !== undefined) registry.registerMetric(replicaGauge(replicaLagSeconds));
  return {
    startRequest(operation) {
      const stop = seconds.startTimer();
      return (outcome) => {
        stop();
        requests.inc({ operation, outcome });
      };
    },
    signIn: (outcome) => signIns.inc({ outcome }),
    handshake: (outcome) => handshakes.inc({ outcome }),
    event: () => events.inc(),
    blobBytes: (direction, bytes) => blobBytes.inc({ direction }, bytes),
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function connectionsGauge(connections: () => number): Gauge {
  return new Gauge({
    name: 'sotto_connections',
    help: 'WebSocket connections that are open',
    registers: [],
    collect() {
      this.set(connections());
    },
  });
}

function replicaGauge(lagSeconds: () => number): Gauge {
  return new Gauge({
    name: 'sotto_replica_lag_seconds',
    help: 'Age of the state that the replica holds',
    registers: [],
    collect() {
      this.set(lagSeconds());
    },
  });
}

function memoryGauge(): Gauge {
  return new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process',
    registers: [],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
}
