import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import { type OperationName, operations, request } from '@sotto/protocol';
import { format } from '../../../packages/protocol/src/format.ts';
import { bytes } from '../../../packages/protocol/src/samples.fixture.ts';
import type { Parser, Target } from '../target.ts';

const names = Object.keys(operations) as OperationName[];
const inputs = new Map(names.map((name) => [name, format<unknown>(name, operations[name].input)]));
const outputs = new Map(names.map((name) => [name, format<unknown>(name, operations[name].output)]));

/** Members that many operations have, for changes to begin with. */
const common = {
  address: 'ann@example.org',
  room: bytes(32),
  from: 0,
  limit: 10,
  account: bytes(32),
  statement: bytes(60),
  signatures: [bytes(64)],
};

/** Inputs and outputs of every operation: what a client says to the server, and a server to its clients. */
export const operation: Target = {
  name: 'operation',
  sources: [
    ...['account', 'admin', 'blob', 'contact', 'device', 'enrol', 'presence', 'profile', 'restored', 'room'],
    'transparency',
  ].map((name) => `packages/protocol/src/operations/${name}.ts`),
  parsers: [
    {
      name: 'request',
      shape: 'cbor',
      seeds: names.flatMap((operation) =>
        [{}, common].map((input) => request.encode({ id: 1, operation, input: input as unknown as CborValue })),
      ),
      parse: (input) => {
        const { id, operation, input: given } = request.parse(input);
        const checked = inputs.get(operation as OperationName)?.check(given) ?? given;
        return request.encode({ id, operation, input: checked as CborValue });
      },
    },
    answer(),
  ],
};

/** [name of the operation, output]. */
function answer(): Parser {
  return {
    name: 'answer',
    shape: 'cbor',
    seeds: names.flatMap((name) => [{}, common].map((output) => encodeCbor([name, output as unknown as CborValue]))),
    parse: (input) => {
      const value = decodeCbor(input);
      if (!Array.isArray(value) || value.length !== 2) return null;
      const checked = outputs.get(value[0] as OperationName)?.check(value[1]);
      return checked === undefined ? null : encodeCbor([value[0] as string, checked as CborValue]);
    },
  };
}
