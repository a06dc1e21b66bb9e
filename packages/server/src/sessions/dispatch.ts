import { type CborValue, Fault } from '@sotto/bytes';
import {
  MAX_DATA_BYTES,
  type OperationName,
  operations,
  ProtocolPolicyFault,
  ProtocolUsageFault,
  ProtocolWireFault,
  type Request,
  type ServerMessage,
  serverMessage,
} from '@sotto/protocol';
import { checkScope } from '../accounts/scope.ts';
import type { HandlerContext, Handlers } from '../handler.ts';
import { errorFacts, type Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';

export interface DispatchOptions {
  readonly handlers: Handlers;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Answers one request of a session: scope, schema, handler; gives the encoded message. A fault becomes an answer too;
 * nothing is thrown.
 */
export async function dispatch(
  { handlers, logger, metrics }: DispatchOptions,
  context: HandlerContext,
  { id, operation, input }: Request,
): Promise<Uint8Array> {
  const name = isOperation(operation) ? operation : null;
  const stopTimer = metrics.startRequest(name ?? 'unknown');
  try {
    const output = await answer(handlers, context, { name, input });
    const encoded = encode({ type: 'output', id, output });
    stopTimer('answered');
    return encoded;
  } catch (error) {
    if (error instanceof Fault && error.blame !== 'bug') {
      stopTimer('refused');
      return encodeFault(id, error);
    }
    stopTimer('failed');
    const incident = incidentId(context);
    logger.error('request-failed', { incident, operation: name ?? 'unknown', ...errorFacts(error) });
    const detail = { incident };
    return encodeFault(id, new ProtocolUsageFault('server-error', 'the server failed; its log has more', { detail }));
  }
}

export function encodeFault(id: number, { code, message, detail }: Fault): Uint8Array {
  return serverMessage.encode({ type: 'fault', id, code, message: message.slice(0, 1024), detail });
}

/** The refusal of one who asks too often. */
export function slowDown(
  retryAfterSeconds: number,
  message: string = 'too many requests from this address',
): ProtocolPolicyFault {
  return new ProtocolPolicyFault('throttled', message, { detail: { retryAfterSeconds } });
}

function encode(message: ServerMessage): Uint8Array {
  const bytes = serverMessage.encode(message);
  if (bytes.length <= MAX_DATA_BYTES) return bytes;
  throw new ProtocolUsageFault('message-too-long', 'the answer does not fit: ask for less');
}

async function answer(
  handlers: Handlers,
  context: HandlerContext,
  { name, input }: { readonly name: OperationName | null; readonly input: CborValue },
): Promise<CborValue> {
  if (name === null) throw new ProtocolUsageFault('operation-unknown', 'this server knows no such operation');
  await checkScope(context.store, context.session, name);
  const parsed = operations[name].input.safeParse(input);
  if (!parsed.success) throw new ProtocolWireFault('format-malformed', `malformed input of ${name}`);
  // The name ties the input to its own handler; a union of handlers cannot say so.
  const handler = handlers[name] as unknown as (input: unknown, context: HandlerContext) => Promise<CborValue>;
  return handler(parsed.data, context);
}

function incidentId({ primitives }: HandlerContext): string {
  return [...primitives.randomBytes(6)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}
